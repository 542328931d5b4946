//! Random user-mode integer instructions on the host's CPU and on ours.

use glassbox_tests::host_cpu::generate::Generator;
use glassbox_tests::host_cpu::{Machine, Outcome, Test, run_on_host};
use std::collections::BTreeMap;

const TESTS: usize = 100_000;
const NAMES: [&str; 8] = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];

/// LAR leaves bits 16-19 of its result undefined (SDM vol. 2): descriptor bits on some CPUs, 0 on others.
fn undefined_register_bits(test: &Test) -> u32 {
    let is_lar = test.code.windows(2).take(4).any(|pair| pair == [0x0F, 0x02]);
    if is_lar { 0xF_0000 } else { 0 }
}

/// CMPS may find either page missing first.
fn reads_two_places(test: &Test) -> bool {
    test.code
        .iter()
        .find(|b| **b != 0x66 && **b & 0xE7 != 0x26 && **b < 0xF0)
        .is_some_and(|b| b & 0xFE == 0xA6)
}

/// What differs, or nothing.
fn differences(test: &Test, ours: &Outcome, host: &Outcome) -> Vec<String> {
    let mut found = Vec::new();
    for (i, name) in NAMES.into_iter().enumerate() {
        if (ours.regs[i] ^ host.regs[i]) & !undefined_register_bits(test) != 0 {
            found.push(format!("{name} {:08X}, on the host {:08X}", ours.regs[i], host.regs[i]));
        }
    }
    if ours.eip != host.eip {
        found.push(format!("eip {:X}, on the host {:X}", ours.eip, host.eip));
    }
    if (ours.eflags ^ host.eflags) & !test.undefined != 0 {
        found.push(format!("eflags {:X}, on the host {:X}", ours.eflags, host.eflags));
    }
    if ours.exception != host.exception {
        found.push(format!("exception {:X?}, on the host {:X?}", ours.exception, host.exception));
    }
    if ours.cr2 != host.cr2 && !reads_two_places(test) {
        found.push(format!("cr2 {:X}, on the host {:X}", ours.cr2, host.cr2));
    }
    if ours.segments != host.segments {
        found.push(format!("segments {:X?}, on the host {:X?}", ours.segments, host.segments));
    }
    if ours.data != host.data {
        found.push("memory".to_owned());
    }
    found
}

#[test]
fn user_instructions_do_what_the_host_does() {
    let mut generator = Generator::new(1);
    let tests: Vec<Test> = (0..TESTS).map(|_| generator.test()).collect();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let host = match run_on_host(folder, &tests) {
        Ok(host) => host,
        Err(reason) => {
            println!("skipped: {reason}");
            return;
        }
    };
    let mut machine = Machine::default();
    let mut by_opcode: BTreeMap<String, u32> = BTreeMap::new();
    for (test, host) in tests.iter().zip(&host) {
        let ours = machine.run(test);
        let found = differences(test, &ours, host);
        if found.is_empty() {
            continue;
        }
        let start = test.code.iter().take_while(|b| matches!(**b, 0x66 | 0x67 | 0xF0 | 0xF2 | 0xF3)).count();
        let opcode = format!("{:02X?}", &test.code[start..start + 2]);
        let seen = by_opcode.entry(opcode).or_default();
        *seen += 1;
        if *seen <= 2 {
            println!("{:02X?} {:08X?} {:X}", test.code, test.regs, test.eflags);
            println!("    {}", found.join("\n    "));
        }
    }
    println!("{by_opcode:?}");
    assert!(by_opcode.is_empty(), "differences in {} of {TESTS} tests", by_opcode.values().sum::<u32>());
}
