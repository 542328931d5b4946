//! Ways through the past.

use super::moments::{LEAST_GAP, LIVE_GAP, wanted_gap};
use super::{Arrived, History, Stamp, drop_output};
use crate::machine::{Machine, RestoreError, Stop, Until};
use crate::time::Ns;
use crate::x86::cpu::NS_PER_STEP;

/// Virtual time that an instruction executed on a journey may take on average, sleep included, before the journey pauses.
const NS_OF_A_STEP: Ns = 10_000;

impl History {
    /// Goes to an instruction, backwards or forwards, at most to the end of what has been; executes at most about
    /// `steps` instructions on the way. What the machine says on the way is dropped: it has said it before.
    ///
    /// # Errors
    /// None as long as all that happened went through here.
    pub fn go_to(
        &mut self,
        machine: &mut Machine,
        instruction: u64,
        steps: u64,
    ) -> Result<Arrived, RestoreError> {
        let target = instruction.clamp(self.start().instruction, self.end.instruction);
        self.rewind(machine, target)?;
        Ok(self.travel(machine, Until::instruction(target), steps))
    }

    /// Goes to a virtual time, as [`History::go_to`] goes to an instruction: to the first instruction that begins then or
    /// later, or into the CPU's sleep; at the very end of what has been also past the inputs that were given there.
    ///
    /// # Errors
    /// None as long as all that happened went through here.
    pub fn go_to_time(
        &mut self,
        machine: &mut Machine,
        time: Ns,
        steps: u64,
    ) -> Result<Arrived, RestoreError> {
        let target = time.clamp(self.start().time, self.end.time);
        let Some((at, kept)) = self.kept.iter().rev().find(|(_, kept)| kept.moment.time <= target) else {
            return Ok(Arrived::There);
        };
        if machine.time() > target || *at > machine.instructions() {
            machine.restore(&kept.moment)?;
            self.given = kept.inputs;
            self.late.clear();
        }
        let arrived = self.travel(machine, Until::time(target), steps);
        if arrived == Arrived::There && Stamp::of(machine) == self.end {
            self.give_rest(machine);
        }
        Ok(arrived)
    }

    /// Runs forwards through the past, and keeps moments on the way, the closer the nearer to where it ends.
    fn travel(&mut self, machine: &mut Machine, target: Until, steps: u64) -> Arrived {
        let last = machine.instructions().saturating_add(steps.max(1));
        // Sleep costs no instructions, and a future that somebody else wrote down may sleep for ever.
        let patience = machine.time().saturating_add(steps.max(1).saturating_mul(NS_OF_A_STEP));
        let target = Until { time: target.time.min(self.end.time), ..target };
        let mut arrived = Arrived::There;
        while machine.instructions() < target.instruction && machine.time() < target.time {
            let here = machine.instructions();
            // Asleep, time goes faster: the target is at most so many instructions away.
            let most = (target.time - machine.time()).div_ceil(NS_PER_STEP);
            let focus = target.instruction.min(here.saturating_add(most));
            let gap = wanted_gap(focus - here).min(LIVE_GAP);
            let pause = (here / LEAST_GAP + 1) * LEAST_GAP + gap - LEAST_GAP;
            let instruction = pause.min(target.instruction).min(last);
            let stop = self.run(machine, Until { instruction, time: target.time.min(patience) });
            // The exit port ends a run, not the machine: whoever ran it went on.
            if !matches!(stop, Stop::Limit | Stop::ExitPort(_)) {
                arrived = Arrived::Stopped(stop);
                break;
            }
            if machine.instructions() < target.instruction && machine.time() < target.time {
                // Asleep, the machine came to this instruction before.
                if machine.time() < patience {
                    self.keep(machine, focus);
                }
                if machine.instructions() >= last || machine.time() >= patience {
                    arrived = Arrived::OutOfSteps;
                    break;
                }
            }
        }
        drop_output(machine);
        arrived
    }

    /// Where the last moment kept before an instruction stands.
    pub fn kept_before(&self, instruction: u64) -> Option<u64> {
        self.kept.range(..instruction).next_back().map(|(at, _)| *at)
    }

    /// Goes to the last moment kept at or before an instruction, unless the machine stands between the two.
    fn rewind(&mut self, machine: &mut Machine, instruction: u64) -> Result<(), RestoreError> {
        let Some((at, kept)) = self.kept.range(..=instruction).next_back() else { return Ok(()) };
        let here = machine.instructions();
        // At the very instruction time may have gone on, with the CPU asleep: the first such point is meant.
        if here > instruction || *at > here || here == instruction && *at == here {
            machine.restore(&kept.moment)?;
            self.given = kept.inputs;
            self.late.clear();
        }
        Ok(())
    }
}
