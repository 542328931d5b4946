//! Stops and steps on small programs, against what their sources say.

mod determinism;
mod expressions;
mod programs;
mod steps;
mod stops;
mod words;

use super::{Command, Debugger, Detail, Hit, Outcome, StopSpec};
use crate::machine::{Machine, Until};

/// Instructions that any test may take.
const ENOUGH: u64 = 200_000;

/// A stop with a kind and a place.
fn stop(kind: &str, at: &str) -> StopSpec {
    StopSpec { kind: kind.into(), at: at.into(), ..StopSpec::default() }
}

/// A stop on execution.
fn at(address: u32) -> StopSpec {
    stop("execute", &format!("{address:x}"))
}

/// A machine and its debugger.
struct Bench {
    machine: Machine,
    debugger: Debugger,
}

impl Bench {
    fn new(machine: Machine) -> Self {
        Self { machine, debugger: Debugger::new() }
    }

    fn with(machine: Machine, stops: &[StopSpec]) -> Self {
        let mut bench = Self::new(machine);
        bench.debugger.set_stops(&mut bench.machine, stops.to_vec()).expect("good stops");
        bench
    }

    fn run(&mut self, command: Command) -> Outcome {
        let until = Until { instruction: self.machine.instructions() + ENOUGH, time: u64::MAX };
        self.debugger.run(&mut self.machine, command, until)
    }

    /// The one stop that is met next.
    fn hit(&mut self) -> Hit {
        match self.run(Command::Continue) {
            Outcome::Stopped(hits) => {
                assert_eq!(hits.len(), 1, "{hits:?}");
                hits.into_iter().next().expect("one")
            }
            other => panic!("{other:?} at {:x}", self.ip()),
        }
    }

    /// What the next stop is about, and the linear address of the instruction that did it.
    fn met(&mut self) -> (Detail, Option<u32>) {
        let hit = self.hit();
        assert_eq!(hit.error, None);
        (hit.detail, hit.by.map(|by| by.linear))
    }

    /// Nothing more is met until the machine stops by itself.
    fn nothing_more(&mut self) {
        let outcome = self.run(Command::Continue);
        assert!(matches!(outcome, Outcome::Machine(_)), "{outcome:?} at {:x}", self.ip());
    }

    fn ip(&self) -> u32 {
        self.machine.engine.cpu.linear_ip()
    }

    fn done(&mut self, command: Command) -> u32 {
        let outcome = self.run(command);
        assert_eq!(outcome, Outcome::Done, "at {:x}", self.ip());
        self.ip()
    }
}
