//! The debugger on whole guests: stops on text and interrupts, states that do not change, and what stops cost.

use emu_core::debugger::{Command, Debugger, Detail, Outcome, StopSpec};
use emu_core::machine::{Machine, Until};
use glassbox_tests::{Guest, Pc, Random};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

fn stop(kind: &str, at: &str) -> StopSpec {
    StopSpec { kind: kind.into(), at: at.into(), ..StopSpec::default() }
}

fn set(machine: &mut Machine, stops: &[StopSpec]) -> Debugger {
    let mut debugger = Debugger::new();
    debugger.set_stops(machine, stops.to_vec()).unwrap_or_else(|errors| panic!("{errors:?}"));
    debugger
}

/// Runs in slices until something other than the end of a slice.
fn run(debugger: &mut Debugger, machine: &mut Machine, slice: u64, end: u64) -> Outcome {
    let mut command = Command::Continue;
    loop {
        let until = Until::instruction(end.min(machine.instructions() + slice));
        let outcome = debugger.run(machine, command, until);
        if outcome != Outcome::OutOfBudget || machine.instructions() >= end {
            return outcome;
        }
        command = Command::Resume;
    }
}

#[test]
fn text_on_the_screen_stops_at_the_same_instruction_however_the_run_is_cut() {
    let guest = Guest::own("hello");
    let mut found = Vec::new();
    for slice in [50_000_000, 77_777] {
        let mut machine = Pc::boot(&guest).machine;
        let spec = StopSpec { text: "SeaBIOS (version".into(), ..stop("screen", "") };
        let mut debugger = set(&mut machine, &[spec]);
        let outcome = run(&mut debugger, &mut machine, slice, 200_000_000);
        let Outcome::Stopped(hits) = outcome else { panic!("{outcome:?}") };
        assert_eq!(hits[0].detail, Detail::Text);
        let rows = machine.text_screen().expect("a text mode").rows;
        assert!(rows.iter().any(|row| row.contains("SeaBIOS (version")), "{rows:?}");
        found.push((machine.instructions(), machine.time()));
    }
    assert_eq!(found[0], found[1]);
}

/// Stops of all kinds that are met often, and never hold the machine up.
fn busy_stops() -> Vec<StopSpec> {
    let mut stops = vec![
        stop("execute", "f000:fea5"),
        stop("execute", "phys:7c00"),
        StopSpec { length: 4, ..stop("access", "46c") },
        StopSpec { length: 0x1000, ..stop("change", "phys:7000") },
        stop("port", "20-21"),
        stop("portRead", "1f0-1f7"),
        stop("interrupt", ""),
        stop("exception", ""),
        stop("mode", ""),
        stop("cpl", ""),
        stop("control", ""),
        StopSpec { text: "never seen".into(), ..stop("screen", "") },
        StopSpec { text: "never seen".into(), ..stop("serial", "") },
    ];
    let mut random = Random::new(7);
    stops.extend((0..50).map(|_| stop("execute", &format!("{:x}", 0xF_0000 + random.below(0x1_0000)))));
    stops.iter_mut().for_each(|stop| stop.log = "{eip:x} {cs:x}".into());
    stops
}

#[test]
fn guests_go_through_the_same_states_under_a_debugger() {
    const CHECKPOINT: u64 = 3_000_000;
    for name in ["timer", "paging", "v86", "ring3", "protected"] {
        let guest = Guest::own(name);
        let (mut plain, mut watched) = (Pc::boot(&guest).machine, Pc::boot(&guest).machine);
        let mut debugger = set(&mut watched, &busy_stops());
        for count in 1..=12 {
            plain.run(Until::instruction(count * CHECKPOINT));
            run(&mut debugger, &mut watched, 1 << 20, count * CHECKPOINT);
            let places = [&plain, &watched].map(|m| (m.instructions(), m.time(), m.registers().linear_ip));
            assert_eq!(places[0], places[1], "{name}, checkpoint {count}");
            assert_eq!(plain.state_hash(), watched.state_hash(), "{name}, checkpoint {count}: {places:?}");
        }
        let hits: u64 = debugger.stops().iter().map(|stop| stop.hits).sum();
        assert!(hits > 100, "{name}: {hits}");
    }
}

/// Time of the processor that this thread took; on systems that do not tell, the time that passed.
fn processor_time() -> Duration {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    let begin = BEGIN.get_or_init(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ns = told.and_then(|text| text.split(' ').next()?.parse().ok());
    ns.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

/// Time that Linux takes for its first instructions.
fn boot_time(stops: &[StopSpec], debugged: bool) -> Duration {
    const INSTRUCTIONS: u64 = 400_000_000;
    let mut machine = Pc::boot(&Guest::find("linux").expect("made at set-up")).machine;
    // The same warm caches for all: the kernel has been unpacked.
    machine.run(Until::instruction(100_000_000));
    let mut debugger = set(&mut machine, stops);
    let begin = processor_time();
    if debugged {
        run(&mut debugger, &mut machine, 500_000, 100_000_000 + INSTRUCTIONS);
    } else {
        machine.run(Until::instruction(100_000_000 + INSTRUCTIONS));
    }
    processor_time() - begin
}

/// `cargo test --profile quick -p glassbox-tests --test debugger -- --ignored --nocapture` prints what stops cost.
#[test]
#[ignore = "a measurement: needs a quiet machine and an optimised build"]
fn a_hundred_breakpoints_cost_at_most_a_fifth() {
    let mut random = Random::new(1);
    let breakpoints: Vec<StopSpec> = (0..100)
        .map(|_| StopSpec {
            condition: "0".into(),
            ..stop("execute", &format!("{:x}", 0xC100_0000u32 + random.below(0x60_0000) as u32))
        })
        .collect();
    let mut best = [Duration::MAX; 3];
    for _ in 0..3 {
        for (best, (stops, debugged)) in
            best.iter_mut().zip([(&[][..], false), (&[][..], true), (&breakpoints[..], true)])
        {
            *best = (*best).min(boot_time(stops, debugged));
        }
    }
    let ratio = |i: usize| best[0].as_secs_f64() / best[i].as_secs_f64();
    println!("speed under the debugger: without stops {:.3}, with 100 breakpoints {:.3}", ratio(1), ratio(2));
    assert!(ratio(1) > 0.95 && ratio(2) >= 0.8);
}
