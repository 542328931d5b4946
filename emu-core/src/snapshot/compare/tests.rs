//! Moments that differ in known ways.

use super::super::tests::{config, machine, run_machine};
use super::*;
use crate::machine::{Config, Edit, Machine, Until, write_register};

fn differences(a: &mut Machine, b: &mut Machine) -> Differences {
    compare(&a.snapshot(None), &b.snapshot(None)).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn equal_moments_do_not_differ() {
    let found = differences(&mut run_machine(), &mut run_machine());
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_was_changed_is_told_and_nothing_else() {
    let (mut a, mut b) = (run_machine(), run_machine());
    write_register(&mut b, "ebx", &[1, 2, 3, 4]).expect("a register");
    let bytes = (0..5).map(|n| (0x5FFE + n, 7)).chain([(0x9_0000, 0x55)]);
    b.edit(&Edit::memory(bytes)).expect("memory");
    let found = differences(&mut a, &mut b);
    let ebx = Change { name: "ebx".into(), values: ["0x00000000".into(), "0x04030201".into()] };
    assert_eq!(found.registers, [ebx]);
    let runs = [
        ByteRun { at: 0x5FFE, length: 5, bytes: [vec![0; 5], vec![7; 5]] },
        ByteRun { at: 0x9_0000, length: 1, bytes: [vec![0], vec![0x55]] },
    ];
    assert_eq!(found.memory, ByteRuns { first: runs.into(), count: 2, bytes: 6 });
    let rest = Differences { registers: Vec::new(), memory: ByteRuns::default(), ..found };
    assert!(rest.is_empty(), "{rest:?}");
}

/// The ROM's program writes two sectors from the ninth on, and programs chips.
#[test]
fn devices_are_compared_by_the_names_of_their_fields() {
    let (mut a, mut b) = (machine(), run_machine());
    a.run(Until::instruction(1));
    let found = differences(&mut a, &mut b);
    assert_eq!((found.instructions, found.times), ([1, 200_000], [10, b.time()]));
    let [disk] = &found.disks[..] else { panic!("one disk: {:?}", found.disks) };
    assert_eq!((disk.count, &disk.first[..]), (2, &[9, 10][..]));
    assert!(disk.drive.starts_with("82371SB IDE "), "{}", disk.drive);
    let change = |device: &str, field: &str| {
        let changes = found.devices.iter().find(|changes| changes.name == device);
        let change = changes.and_then(|changes| changes.first.iter().find(|change| change.name == field));
        change.map(|change| change.values.clone())
    };
    // Port 3F9h was written 0Fh: interrupts of COM1. Port 70h: the RTC's register B.
    assert_eq!(change("16550A", "chips[0].ier"), Some(["0x00".into(), "0x0f".into()]));
    let names: Vec<_> = found.devices.iter().map(|changes| &changes.name[..]).collect();
    for name in ["8259A", "8254", "MC146818A", "16550A", "82077AA", "vga", "82371SB IDE"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    assert!(found.devices.iter().all(|changes| changes.first.len() as u64 == changes.count.min(64)));
}

/// A device whose state is told as bytes without names is one that was forgotten.
#[test]
fn every_device_tells_its_fields() {
    let mut pc = run_machine();
    for (name, bytes) in pc.moment().sections() {
        let fields = pc.section_fields(name, bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(fields.is_empty(), bytes.is_empty(), "{name}");
        assert!(fields.iter().all(|field| field.path != "state"), "{name} has no names");
    }
    assert!(pc.section_fields("8254", &[1, 2]).is_err());
    assert!(pc.section_fields("no such", &[]).is_err());
}

#[test]
fn machines_with_other_memory_are_not_compared() {
    let mut other = Machine::new(Config { ram_bytes: 2 << 20, ..config() }).unwrap_or_else(|e| panic!("{e}"));
    let refused = compare(&machine().snapshot(None), &other.snapshot(None));
    assert_eq!(refused, Err(SnapshotError::OtherMachine(Difference::Ram(1 << 20, 2 << 20))));
}

#[test]
fn long_lists_are_cut_and_counted() {
    let (mut a, mut b) = (machine(), machine());
    b.edit(&Edit::memory((0..1000).map(|n| (0x1000 + n * 16, 1)))).expect("memory");
    let found = differences(&mut a, &mut b).memory;
    assert_eq!((found.first.len(), found.count, found.bytes), (256, 1000, 1000));
    let mut b = machine();
    b.edit(&Edit::memory((0..1000).map(|n| (0x1000 + n, 1)))).expect("memory");
    let found = differences(&mut a, &mut b).memory;
    assert_eq!((found.count, found.bytes, found.first[0].length), (1, 1000, 1000));
    assert_eq!(found.first[0].bytes, [vec![0; 16], vec![1; 16]]);
}
