//! The 8254 interval timer and port 61h, which gates its counter 2 and switches the speaker.
//!
//! Nothing ticks: counters catch up with virtual time when they are touched, and one deadline stands at the next change
//! of OUT0. The refresh toggle of port 61h follows the clock whether or not counter 1 is programmed, as the chipset
//! refreshes by itself.

mod counter;
pub mod spec;
#[cfg(test)]
mod tests;
mod view;

use crate::bus::view::RegisterGroup;
use crate::bus::{Cx, Device, Field, Line, LineOut, LoadError, Wiring, fields_of, load_state, save_state};
use crate::time::{NEVER, Ns, TimerId, ns_of_ticks, ticks};
use counter::Counter;
use serde::{Deserialize, Serialize};
use spec::*;

/// The interval timer. OUT0 drives ISA interrupt 0; tones go to `cx.out.speaker`.
#[derive(Default)]
pub struct Pit {
    out_0: Option<LineOut>,
    timer: Option<TimerId>,
    state: State,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct State {
    counters: [Counter; 3],
    /// Clocks that have gone by.
    tick: u64,
    /// What was written to port 61h.
    port_61: u8,
    /// Frequency the speaker was last told, in mHz; 0 is silence.
    tone: u64,
}

impl Pit {
    /// A timer whose counters are not programmed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Catches up with virtual time, showing every edge of OUT0 on its line.
    fn catch_up(&mut self, cx: &mut Cx) {
        let now = ticks(cx.now, HZ);
        let mut left = now.saturating_sub(self.state.tick);
        self.state.tick = now;
        let [counter_0, others @ ..] = &mut self.state.counters;
        for counter in others {
            counter.advance(left);
        }
        // The deadline keeps counter 0 current; only a forged snapshot is further behind, and must not cost hours.
        counter_0.advance(left.saturating_sub(HZ));
        left = left.min(HZ);
        while let Some(step) = counter_0.next_change().map(u64::from).filter(|&step| step <= left) {
            counter_0.advance(step);
            left -= step;
            if let Some(line) = self.out_0 {
                cx.lines.set(line, counter_0.out());
            }
        }
        counter_0.advance(left);
    }

    /// After a change from outside: OUT0's level and its next change.
    fn update(&mut self, cx: &mut Cx) {
        let counter_0 = &self.state.counters[0];
        if let Some(line) = self.out_0 {
            cx.lines.set(line, counter_0.out());
        }
        if let Some(timer) = self.timer {
            let at = counter_0
                .next_change()
                .map_or(NEVER, |step| ns_of_ticks(self.state.tick.saturating_add(u64::from(step)), HZ));
            cx.timers.set(timer, at);
        }
    }

    /// Tells the speaker when the tone it hears is another. Only steady waves count as tones.
    fn update_tone(&mut self, cx: &mut Cx) {
        let counter = &self.state.counters[2];
        let through = self.state.port_61 & (GATE_2 | SPEAKER_DATA) == GATE_2 | SPEAKER_DATA;
        let tone = if through && counter.is_periodic() && counter.reload() > 1 {
            HZ * 1000 / u64::from(counter.reload())
        } else {
            0
        };
        if tone != self.state.tone {
            self.state.tone = tone;
            cx.out.speaker.push((cx.now, tone));
        }
    }

    fn write_control(&mut self, value: u8) {
        let select = value >> 6;
        if select == READ_BACK {
            for (n, counter) in self.state.counters.iter_mut().enumerate() {
                if value >> 1 & 1 << n == 0 {
                    continue;
                }
                if value & READ_BACK_NO_COUNT == 0 {
                    counter.latch_count();
                }
                if value & READ_BACK_NO_STATUS == 0 {
                    counter.latch_status();
                }
            }
        } else if let Some(counter) = self.state.counters.get_mut(usize::from(select)) {
            match value & 0x30 {
                0 => counter.latch_count(),
                _ => counter.write_control(value),
            }
        }
    }

    fn read_61(&self) -> u8 {
        let refresh = if self.state.tick / REFRESH_TICKS % 2 == 1 { REFRESH } else { 0 };
        let out_2 = if self.state.counters[2].out() { OUT_2 } else { 0 };
        self.state.port_61 | refresh | out_2
    }
}

impl Device for Pit {
    fn name(&self) -> &'static str {
        "8254"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(COUNTER_0, CONTROL, 1);
        wiring.ports(PORT_61, PORT_61, 1);
        self.out_0 = Some(wiring.drive(Line::isa(0)));
        self.timer = Some(wiring.timer());
    }

    fn reset(&mut self, cx: &mut Cx) {
        let tone = self.state.tone;
        self.state = State { tick: ticks(cx.now, HZ), tone, ..State::default() };
        for counter in &mut self.state.counters[..2] {
            counter.set_gate(true);
        }
        self.update(cx);
        self.update_tone(cx);
    }

    fn port_read(&mut self, cx: &mut Cx, port: u16, _size: u8) -> u32 {
        self.catch_up(cx);
        let value = match port {
            PORT_61 => self.read_61(),
            CONTROL => 0xFF,
            _ => self.state.counters.get_mut(usize::from(port & 3)).map_or(0xFF, Counter::read),
        };
        self.update(cx);
        u32::from(value)
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, _size: u8, value: u32) {
        self.catch_up(cx);
        let value = value as u8;
        match port {
            PORT_61 => {
                self.state.port_61 = value & PORT_61_WRITABLE;
                self.state.counters[2].set_gate(value & GATE_2 != 0);
            }
            CONTROL => self.write_control(value),
            _ => {
                if let Some(counter) = self.state.counters.get_mut(usize::from(port & 3)) {
                    counter.write(value);
                }
            }
        }
        self.update(cx);
        self.update_tone(cx);
    }

    fn timer(&mut self, cx: &mut Cx, _timer: TimerId) {
        self.catch_up(cx);
        self.update(cx);
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, _cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        self.state = load_state(self.name(), bytes)?;
        Ok(())
    }

    fn title(&self) -> &'static str {
        "8254 interval timer"
    }

    fn view(&self, _cx: &Cx, now: Ns) -> Vec<RegisterGroup> {
        self.groups(now)
    }
}
