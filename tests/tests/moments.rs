//! Moments: a machine goes back to any of them, or another machine to one of its, and goes on as it did.

use emu_core::machine::{Input, Machine, Moment, RestoreError, Stop, Until};
use glassbox_tests::determinism::Script;
use glassbox_tests::{Guest, Random, keys_of};

fn machine(guest: &Guest) -> Machine {
    Machine::new(guest.config()).unwrap_or_else(|e| panic!("{}: {e}", guest.name))
}

/// Runs on to an instruction, with the inputs of the script that are due from here on, each before the instruction that
/// it is stamped with. Why the run ended before, if it did.
fn advance(machine: &mut Machine, script: &Script, to: u64) -> Option<Stop> {
    let from = machine.instructions();
    for (at, input) in script.iter().filter(|(at, _)| *at >= from && *at < to) {
        let stop = machine.run(Until::instruction(*at));
        if stop != Stop::Limit {
            return Some(stop);
        }
        machine.input(input.clone());
    }
    let stop = machine.run(Until::instruction(to));
    (stop != Stop::Limit).then_some(stop)
}

/// Somebody types from time to time.
fn typist(until: u64, random: &mut Random) -> Script {
    let mut script = Script::new();
    let mut at = 1_000_000;
    while at < until {
        let (code, pressed) = keys_of("glass\n")[random.below(12) as usize];
        script.push((at, Input::Key { code, pressed }));
        at += 20_000 + random.below(400_000);
    }
    script
}

fn check(name: &str, count: u64, spacing: u64, seed: u64) {
    let Some(guest) = Guest::find(name) else { return };
    let mut random = Random::new(seed);
    let script = typist(count * spacing, &mut random);
    let mut straight = machine(&guest);
    let mut hashes = Vec::new();
    for n in 1..=count {
        if advance(&mut straight, &script, n * spacing).is_some() {
            break;
        }
        hashes.push(straight.state_hash());
    }
    assert!(hashes.len() > 3, "{name} ends too early to test anything");
    let mut kept: Vec<Moment> = Vec::new();
    let mut walker = machine(&guest);
    for n in 1..=hashes.len() as u64 {
        assert_eq!(advance(&mut walker, &script, n * spacing), None, "{name}");
        kept.push(walker.moment());
        assert_eq!(
            walker.state_hash(),
            hashes[n as usize - 1],
            "{name}: keeping moment {n} changed the machine"
        );
    }
    let mut stranger = machine(&guest);
    for round in 0..20 {
        let from = random.below(kept.len() as u64) as usize;
        let to = (from + random.below(4) as usize).min(kept.len() - 1);
        let target = if round % 3 == 0 { &mut stranger } else { &mut walker };
        assert_eq!(target.restore(&kept[from]), Ok(()), "{name}");
        assert_eq!(target.state_hash(), hashes[from], "{name}: moment {from} restored in round {round}");
        assert_eq!(target.moment().sections(), kept[from].sections(), "{name}: moment {from} kept again");
        assert_eq!(advance(target, &script, (to as u64 + 1) * spacing), None, "{name}");
        assert_eq!(target.state_hash(), hashes[to], "{name}: from moment {from} to {to} in round {round}");
    }
}

#[test]
fn own_guests_go_on_from_any_moment() {
    for (seed, name) in Guest::all_own().iter().enumerate() {
        check(name, 30, 700_001, seed as u64);
    }
}

#[test]
fn linux_goes_on_from_any_moment_of_its_start() {
    check("linux", 24, 5_000_003, 77);
}

#[test]
#[ignore = "nightly: a whole boot, moment by moment"]
fn linux_goes_on_from_any_moment_up_to_its_shell() {
    check("linux", 60, 20_000_003, 78);
}

#[test]
fn boot_loaders_go_on_from_any_moment() {
    for name in ["grub-cdrom", "syslinux", "memtest86+"] {
        check(name, 20, 2_000_003, 88);
    }
}

/// Every single instruction of a stretch with interrupts is a moment to come back to.
#[test]
fn moments_one_instruction_apart() {
    let guest = Guest::own("timer");
    let script = Script::new();
    let mut machine = machine(&guest);
    let start = 12_000_000;
    assert_eq!(advance(&mut machine, &script, start), None);
    let mut kept = Vec::new();
    for n in 0..3000 {
        assert_eq!(advance(&mut machine, &script, start + n), None);
        kept.push((machine.moment(), machine.state_hash()));
    }
    for (moment, hash) in kept.iter().rev().step_by(7) {
        assert_eq!(machine.restore(moment), Ok(()));
        assert_eq!(machine.state_hash(), *hash, "at {}", moment.instruction);
        assert_eq!(advance(&mut machine, &script, start + 2999), None);
        assert_eq!(machine.state_hash(), kept[2999].1, "from {}", moment.instruction);
    }
}

#[test]
fn a_moment_of_another_machine_is_refused_and_nothing_is_lost() {
    let guest = Guest::own("hello");
    let mut one = machine(&guest);
    let mut other =
        Machine::new(emu_core::machine::Config { ram_bytes: 32 << 20, ..guest.config() }).unwrap();
    one.run(Until::instruction(1_000_000));
    other.run(Until::instruction(500_000));
    let before = other.state_hash();
    assert_eq!(other.restore(&one.moment()), Err(RestoreError::OtherMachine));
    assert_eq!(other.state_hash(), before);
}
