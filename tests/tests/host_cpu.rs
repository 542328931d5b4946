//! User-mode instructions on a hardware CPU and on ours: as they were recorded, and on the CPU this test runs on.

use emu_core::x86::decode::Op;
use glassbox_tests::host_cpu::archive::{Case, recorded};
use glassbox_tests::host_cpu::compare::differences;
use glassbox_tests::host_cpu::exempt::{self, EXEMPT};
use glassbox_tests::host_cpu::generate::Generator;
use glassbox_tests::host_cpu::keys::{Key, keys};
use glassbox_tests::host_cpu::leeway::LEEWAY;
use glassbox_tests::host_cpu::{Host, Machine};
use std::collections::BTreeMap;

/// Differences that are shown of each form.
const SHOWN: usize = 2;
/// A form of the file has at least so many tests.
const FEWEST: usize = 24;
/// Tests of each form on this host's CPU, and in the long run.
const LIVE: usize = 20;
const LONG: usize = 3000;

/// Counts what comes out otherwise on our machine, and shows some.
fn compare(key: &Key, machine: &mut Machine, cases: &[Case]) -> usize {
    let mut wrong = 0;
    for (test, hardware) in cases {
        let found = differences(key, test, &machine.run(test), hardware);
        if !found.is_empty() {
            wrong += 1;
            if wrong <= SHOWN {
                println!("{} {:?} {:02X?}", key.name(), key.op(), test.code);
                println!("    {}", found.join("\n    "));
            }
        }
    }
    wrong
}

/// `vectors.bin`: 3000 tests of each form were compared when it was made, these were kept.
#[test]
fn instructions_do_what_hardware_did() {
    let forms: BTreeMap<String, Key> = keys().into_iter().map(|key| (key.name(), key)).collect();
    let mut machine = Machine::default();
    let (mut total, mut wrong) = (0, 0);
    for (name, cases) in recorded() {
        let key = forms.get(&name).unwrap_or_else(|| panic!("{name} is no form of an instruction"));
        total += cases.len();
        wrong += compare(key, &mut machine, &cases);
    }
    println!("{total} recorded tests");
    assert_eq!(wrong, 0, "of {total} tests differ");
}

/// Every form the decoder knows is in the file, or in the table of those that cannot be.
#[test]
fn every_form_has_vectors_or_a_reason() {
    let recorded: BTreeMap<String, usize> = recorded().map(|(name, cases)| (name, cases.len())).collect();
    let keys = keys();
    assert!(keys.len() > 1300, "{} forms", keys.len());
    for key in &keys {
        let (name, op) = (key.name(), key.op());
        match (recorded.get(&name), exempt::reason(key)) {
            (Some(count), None) => assert!(*count >= FEWEST, "{name} {op:?}: {count} tests"),
            (None, Some(_)) => {}
            (Some(_), Some(reason)) => panic!("{name} {op:?} has vectors, though it {reason}"),
            (None, None) => panic!("{name} {op:?} has neither vectors nor a reason"),
        }
    }
    for row in &EXEMPT {
        println!("no vectors of {:?}: {}", row.operations, row.reason);
    }
    for row in &LEEWAY {
        let known = |op: &Op| keys.iter().any(|key| key.op() == *op);
        assert!(row.operations.iter().all(known), "{:?}: not all are instructions", row.operations);
        println!("{:?}: {}", row.operations, row.reason);
    }
}

/// Both sizes of code, prefixes, and each exception a user program can raise but #DB, #NM, #AC.
#[test]
fn recorded_vectors_cover_sizes_and_faults() {
    let (mut in_code16, mut with_66, mut with_67) = (0, 0, 0);
    let mut raised = BTreeMap::<u8, u32>::new();
    for (test, after) in recorded().flat_map(|(_, cases)| cases) {
        in_code16 += u32::from(!test.is_code32());
        with_66 += u32::from(test.code[..3].contains(&0x66));
        with_67 += u32::from(test.code[..3].contains(&0x67));
        if let Some((vector, _)) = after.exception {
            *raised.entry(vector).or_default() += 1;
        }
    }
    println!("16-bit code {in_code16}, 66 {with_66}, 67 {with_67}, exceptions {raised:?}");
    assert!(in_code16 > 5000 && with_66 > 5000 && with_67 > 2000);
    for vector in [0, 3, 4, 5, 6, 11, 12, 13, 14, 16, 19] {
        assert!(raised.get(&vector).is_some_and(|count| *count > 5), "vector {vector}: {raised:?}");
    }
}

/// Compares `count` tests of each form that `wanted` admits on this host's CPU with ours.
fn live(count: usize, wanted: impl Fn(&Key) -> bool) {
    let host = match Host::build(std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))) {
        Ok(host) => host,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let keys: Vec<Key> = keys().into_iter().filter(|k| exempt::reason(k).is_none() && wanted(k)).collect();
    let mut machine = Machine::default();
    let mut wrong = 0;
    // Some forms in one go: each begins a process.
    for (seed, some) in (1000..).zip(keys.chunks((LONG / count).max(1))) {
        let mut tests = Vec::new();
        for (i, key) in (0..).zip(some) {
            let mut generator = Generator::new(key, seed * 1000 + i);
            tests.extend((0..count).map(|_| generator.test()));
        }
        let outcomes = match host.run(&tests) {
            Ok(outcomes) => outcomes,
            Err(reason) => return println!("skipped: {reason}"),
        };
        let cases: Vec<Case> = tests.into_iter().zip(outcomes).collect();
        for (key, cases) in some.iter().zip(cases.chunks(count)) {
            wrong += compare(key, &mut machine, cases);
        }
    }
    assert_eq!(wrong, 0, "of {} forms' tests differ", keys.len());
}

/// x87, MMX and SSE aside, in which makers differ more than `leeway` lists for the one that recorded.
#[test]
fn integer_instructions_do_what_this_host_does() {
    live(LIVE, |key| {
        let is_simd = key.opcode >> 8 == 0x0F
            && matches!(key.opcode as u8, 0x10..=0x17 | 0x28..=0x2F | 0x50..=0x7F | 0xAE | 0xC2..=0xC6 | 0xD0..=0xFE);
        !is_simd && !matches!(key.opcode, 0xD8..=0xDF)
    });
}

/// Four million tests, 3000 of each form, other ones than those recorded: three minutes of a core on the kind of host
/// that `vectors.bin` was recorded on (AMD, family 25).
#[test]
#[ignore = "minutes long"]
fn all_instructions_do_what_this_host_does() {
    live(LONG, |_| true);
}
