//! How much a walk backwards executes again: instructions, not time, so that it is the same on every machine.

use crate::programs::Case;
use evm_core::fork::Fork;
use evm_core::trace::debugger::{Arrived, Condition, Debugger};
use evm_peer::cases::asm;
use evm_peer::fuzz::Random;

/// A loop without end around `body`, after `start`.
fn endless(start: &str, body: &str) -> Vec<u8> {
    let start = asm(start);
    let end = [0x60, start.len() as u8, 0x56];
    [&start[..], &[0x5B], &asm(body), &end].concat()
}

/// Little state; memory of which all changes; storage in order and out of it; the deepest calls.
fn programs() -> Vec<Vec<u8>> {
    vec![
        endless("6000", "6001 01"),
        endless("6000 621fffe0 51 50", "6020 01 80 80 621fffff 16 52"),
        endless("6000", "6001 01 80 80 6101ff 16 55 80 80 613fff 16 5d"),
        endless("6000", "6001 01 80 80 63045d9f3b 02 613fff 16 5d"),
        endless("5a 6107e0 52", "6000 80 80 80 80 30 5a f1 50"),
    ]
}

fn debugger(code: &[u8], budget: usize) -> Debugger {
    Debugger::new(Case::of_code(code, Fork::Osaka, 1 << 40).setup(), budget).unwrap()
}

/// Steps back, each of which executes again no more than `most`.
fn back(debugger: &mut Debugger, count: u64, most: u64) {
    for _ in 0..count {
        let (begun, from) = (debugger.executed(), debugger.position());
        assert_eq!(debugger.back(), Arrived::There);
        assert_eq!(debugger.position(), from - 1);
        let executed = debugger.executed() - begun;
        assert!(executed <= most, "{executed} instructions for the step back from {from}");
    }
}

/// So many instructions take a few milliseconds. The distance of coarse checkpoints is many times as large here.
const MOST: u64 = 1 << 17;

#[test]
fn a_step_back_executes_little_again_wherever_it_is() {
    let steps = 6_000_000;
    for code in programs() {
        // Small enough that the coarse checkpoints of these states are a million instructions apart.
        let mut debugger = debugger(&code, 6 << 20);
        debugger.go_to(steps);
        back(&mut debugger, 2000, MOST);
        let mut random = Random::new(7);
        for _ in 0..12 {
            // At random, and just after where a coarse checkpoint is if there is one at all.
            let place = random.below(steps);
            for place in [place, (place >> 19 << 19) + 2] {
                debugger.go_to(place);
                back(&mut debugger, 20.min(place), MOST);
            }
        }
        let (bytes, _) = debugger.memory_use();
        assert!(bytes <= 24 << 20, "{bytes}");
    }
}

#[test]
fn a_long_walk_back_crosses_every_border_cheaply() {
    for code in programs().into_iter().take(1) {
        let mut debugger = debugger(&code, Debugger::BUDGET);
        debugger.go_to(1_000_000);
        back(&mut debugger, 100_000, 8192);
        // Of each step the mean is half the distance between fine checkpoints.
        let begun = debugger.executed();
        back(&mut debugger, 10_000, 8192);
        assert!((debugger.executed() - begun) / 10_000 < 1024);
    }
}

#[test]
fn a_search_that_stops_somewhere_can_be_stepped_back_from() {
    for code in programs() {
        let mut debugger = debugger(&code, 6 << 20);
        // There is no such depth.
        assert_eq!(debugger.forwards(&Condition::Depth(2000), 3_000_001), Arrived::OutOfSteps);
        back(&mut debugger, 50, 1 << 19);
        back(&mut debugger, 50, MOST);
    }
}

#[test]
fn the_end_is_stepped_back_from_as_cheaply() {
    for body in ["6001 01", "6001 01 80 80 613fff 16 5d"] {
        // Until gas is out.
        let case = Case::of_code(&endless("6000", body), Fork::Osaka, 20_000_000);
        let mut debugger = Debugger::new(case.setup(), 6 << 20).unwrap();
        assert_eq!(debugger.run(), Arrived::There);
        assert!(debugger.is_at_end() && debugger.length() > Some(900_000));
        back(&mut debugger, 500, MOST);
    }
}
