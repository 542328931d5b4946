//! A machine goes through the same states however the host cuts its run: each guest twice, once in whole pieces and once
//! with pauses at random points, compared by their state hashes at ten thousand checkpoints.

use emu_core::machine::{Input, Machine};
use glassbox_tests::determinism::{Script, check, trace};
use glassbox_tests::{Guest, Random, keys_of};

/// Instructions by which our own guests have done what they show, POST included.
const OWN: u64 = 30_000_000;
const CHECKPOINTS: u64 = 10_000;

fn machine(guest: &Guest) -> Machine {
    Machine::new(guest.config()).unwrap_or_else(|e| panic!("{}: {e}", guest.name))
}

/// Keys, a mouse and a serial line that go on all the time.
fn busy_user(until: u64, seed: u64) -> Script {
    let mut random = Random::new(seed);
    let mut script = Script::new();
    let mut at = 100_000;
    while at < until {
        match random.below(4) {
            0 => {
                let (dx, dy) = (random.below(40) as i32 - 20, random.below(40) as i32 - 20);
                script.push((at, Input::Mouse { dx, dy, wheel: 0, buttons: random.below(8) as u8 }));
            }
            1 => script.push((at, Input::Serial { port: 0, bytes: b"glass\n".to_vec() })),
            _ => {
                let (code, _) = keys_of("glassbox\n")[random.below(9) as usize * 2];
                script.push((at, Input::Key { code, pressed: true }));
                script.push((at + 50_000, Input::Key { code, pressed: false }));
            }
        }
        at += 60_000 + random.below(600_000);
    }
    script
}

fn check_guest(name: &str, instructions: u64, count: u64, seed: u64) {
    let Some(guest) = Guest::find(name) else { return };
    let script = busy_user(instructions, seed);
    check(name, || machine(&guest), count, instructions / count, &script, seed);
}

/// How far a guest comes, at most `most` instructions, with that user.
fn length(guest: &Guest, most: u64, script: &Script) -> u64 {
    let mut machine = machine(guest);
    trace(&mut machine, 1, most, script, || (u64::MAX, u64::MAX));
    machine.instructions()
}

#[test]
fn own_guests_do_not_depend_on_slices() {
    for (seed, name) in Guest::all_own().iter().enumerate() {
        let seed = seed as u64;
        let reached = length(&Guest::own(name), OWN, &busy_user(OWN, seed));
        check_guest(name, reached, CHECKPOINTS, seed);
    }
}

#[test]
fn linux_does_not_depend_on_slices_while_it_starts() {
    check_guest("linux", 120_000_000, 300, 100);
}

#[test]
fn boot_loaders_do_not_depend_on_slices() {
    for name in ["grub-cdrom", "syslinux", "ipxe", "memtest86+"] {
        check_guest(name, 60_000_000, 200, 200);
    }
}

#[test]
#[ignore = "nightly: whole boots at ten thousand checkpoints"]
fn linux_does_not_depend_on_slices_up_to_its_shell() {
    for (seed, name) in ["linux", "linux-disk", "linux-pae"].into_iter().enumerate() {
        check_guest(name, 4_000_000_000, CHECKPOINTS, 400 + seed as u64);
    }
}

#[test]
#[ignore = "nightly: minutes"]
fn boot_loaders_do_not_depend_on_slices_at_ten_thousand_checkpoints() {
    for (seed, name) in
        ["grub-cdrom", "grub-floppy", "syslinux", "ipxe", "memtest86+"].into_iter().enumerate()
    {
        check_guest(name, 500_000_000, CHECKPOINTS, 500 + seed as u64);
    }
}
