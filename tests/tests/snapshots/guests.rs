//! All guests: opened anywhere, they run on through the same states.

use emu_core::machine::{Machine, Stop, Until};
use emu_core::snapshot::{File, Limits, Snapshot};
use glassbox_tests::{Guest, Random};

fn machine(guest: &Guest) -> Machine {
    Machine::new(guest.config()).unwrap_or_else(|e| panic!("{}: {e}", guest.name))
}

/// Saves every `spacing` instructions, each beside the one before it, and opens them in another machine.
fn check(name: &str, count: u64, spacing: u64, seed: u64) {
    let Some(guest) = Guest::find(name) else { return };
    let mut straight = machine(&guest);
    let mut files: Vec<(Vec<u8>, u64, u128)> = Vec::new();
    let mut last: Option<Snapshot> = None;
    for n in 1..=count {
        if straight.run(Until::instruction(n * spacing)) != Stop::Limit {
            break;
        }
        let snapshot = straight.snapshot(last.as_ref());
        let hash = straight.state_hash();
        files.push((snapshot.to_bytes(last.as_ref()), straight.instructions(), hash));
        last = Some(snapshot);
    }
    assert!(files.len() > 3, "{name} ends too early to test anything");
    let mut snapshots: Vec<Snapshot> = Vec::new();
    for (bytes, _, _) in &files {
        let file = File::parse(bytes, &Limits::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        snapshots.push(file.unpack(snapshots.last()).unwrap_or_else(|e| panic!("{name}: {e}")));
    }
    let mut random = Random::new(seed);
    let mut other = machine(&guest);
    for _ in 0..12 {
        let from = random.below(files.len() as u64) as usize;
        let to = (from + random.below(3) as usize).min(files.len() - 1);
        other.open(&snapshots[from]).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(other.state_hash(), files[from].2, "{name}: snapshot {from} opened");
        let whole = other.snapshot(None);
        assert_eq!(whole.id(), snapshots[from].id(), "{name}: snapshot {from} taken again");
        other.run(Until::instruction(files[to].1));
        assert_eq!(other.state_hash(), files[to].2, "{name}: from snapshot {from} to {to}");
    }
}

#[test]
fn own_guests_go_on_from_any_snapshot() {
    for (seed, name) in Guest::all_own().iter().enumerate() {
        check(name, 12, 1_700_021, seed as u64);
    }
}

#[test]
fn linux_goes_on_from_any_snapshot_of_its_start() {
    check("linux", 6, 20_000_003, 77);
}

#[test]
fn boot_loaders_go_on_from_any_snapshot() {
    for name in ["grub-cdrom", "syslinux", "memtest86+"] {
        check(name, 6, 6_000_011, 88);
    }
}
