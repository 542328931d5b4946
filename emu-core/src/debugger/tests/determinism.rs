//! Stops, steps and slices change nothing: the state at each instruction is that of a machine without a debugger.

use super::programs::{protected_machine, real_machine};
use super::*;
use crate::machine::Stop;

/// A stop of every kind, most of them met, all with a log so that the machine goes on.
fn many() -> Vec<StopSpec> {
    let mut stops = vec![
        stop("execute", "7c0f"),
        stop("execute", "phys:7c5a"),
        stop("execute", "8:7c38"),
        stop("execute", "0:7c48"),
        StopSpec { length: 0x4000, ..stop("access", "0") },
        StopSpec { length: 0x3000, ..stop("change", "phys:10000") },
        StopSpec { length: 8, ..stop("access", "401000") },
        stop("port", "0-ffff"),
        stop("interrupt", ""),
        stop("exception", ""),
        stop("mode", ""),
        stop("cpl", ""),
        stop("control", ""),
        StopSpec { text: "login".into(), ..stop("screen", "") },
        StopSpec { text: "login".into(), ..stop("serial", "") },
        stop("instructions", "17"),
        stop("time", "333"),
    ];
    stops.iter_mut().for_each(|stop| stop.log = "{eip:x} {byte[0x600]}".into());
    stops
}

/// Hashes of the state after each instruction, until the machine stops.
fn hashes(mut advance: impl FnMut(u64) -> Option<(u128, Stop)>) -> Vec<u128> {
    let mut all = Vec::new();
    for count in 1..2000 {
        match advance(count) {
            Some((hash, stop)) => {
                all.push(hash);
                if stop != Stop::Limit {
                    return all;
                }
            }
            None => return all,
        }
    }
    all
}

fn plain(mut machine: Machine) -> Vec<u128> {
    hashes(|count| {
        let stop = machine.run(Until::instruction(count));
        Some((machine.state_hash(), stop))
    })
}

fn debugged(machine: Machine, spread: u64) -> Vec<u128> {
    let mut bench = Bench::with(machine, &many());
    let all = hashes(|count| {
        let until = Until::instruction(count);
        let command = if count % spread == 1 { Command::Continue } else { Command::Resume };
        let outcome = bench.debugger.run(&mut bench.machine, command, until);
        let stop = match outcome {
            Outcome::Machine(stop) => stop,
            Outcome::OutOfBudget => Stop::Limit,
            other => panic!("{other:?}"),
        };
        Some((bench.machine.state_hash(), stop))
    });
    assert!(bench.debugger.take_log().len() > 20);
    all
}

#[test]
fn the_state_is_the_same_after_every_instruction() {
    for make in [real_machine, protected_machine] {
        let wanted = plain(make());
        assert!(wanted.len() > 30, "{}", wanted.len());
        assert_eq!(debugged(make(), 1), wanted);
        assert_eq!(debugged(make(), 7), wanted);
    }
}

/// Stopping before each instruction that is met leaves no trace either, not even of the page walk of its fetch.
#[test]
fn the_state_at_a_stop_is_that_at_its_count_of_instructions() {
    for make in [real_machine, protected_machine] {
        let mut stops: Vec<StopSpec> = (0x7C00..0x7C90).map(at).collect();
        stops.extend((0x7C00..0x7C90).map(|phys| stop("execute", &format!("phys:{phys:x}"))));
        let mut bench = Bench::with(make(), &stops);
        let mut count = 0;
        loop {
            let outcome = bench.run(Command::Continue);
            let Outcome::Stopped(hits) = outcome else { break };
            assert_eq!(hits.len(), 2);
            let mut other = make();
            other.run(Until::instruction(bench.machine.instructions()));
            assert_eq!(bench.machine.state_hash(), other.state_hash(), "{:x}", bench.ip());
            count += 1;
        }
        assert!(count > 20, "{count}");
    }
}

#[test]
fn hits_do_not_depend_on_slices() {
    let run = |slice: u64| {
        let mut bench = Bench::with(protected_machine(), &many());
        let mut command = Command::Continue;
        loop {
            let until = Until::instruction(bench.machine.instructions() + slice);
            if bench.debugger.run(&mut bench.machine, command, until) != Outcome::OutOfBudget {
                let hits: Vec<u64> = bench.debugger.stops().iter().map(|stop| stop.hits).collect();
                return (hits, bench.debugger.take_log());
            }
            command = Command::Resume;
        }
    };
    let whole = run(100_000);
    for slice in [1, 2, 5] {
        assert_eq!(run(slice), whole);
    }
}
