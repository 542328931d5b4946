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

/// The opcode behind the prefixes.
fn opcode(test: &Test) -> u8 {
    const PREFIXES: [u8; 10] = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x66, 0x67, 0xF0, 0xF2, 0xF3];
    test.code.into_iter().find(|b| !PREFIXES.contains(b)).unwrap_or(0)
}

const PUSHA: u8 = 0x60;
const POPA: u8 = 0x61;
const CMPS: [u8; 2] = [0xA6, 0xA7];

/// Takes from the host what a fault leaves to the CPU's design: how far PUSHA and POPA got, and which operand of CMPS
/// is looked at first.
fn forgive(test: &Test, ours: &mut Outcome, host: &Outcome) {
    if ours.exception.is_none() || host.exception.is_none() {
        return;
    }
    match opcode(test) {
        PUSHA => ours.data = host.data,
        POPA => {
            let esp = ours.regs[4];
            ours.regs = host.regs;
            ours.regs[4] = esp;
        }
        op if CMPS.contains(&op) => (ours.exception, ours.cr2) = (host.exception, host.cr2),
        _ => {}
    }
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
    if ours.cr2 != host.cr2 {
        found.push(format!("cr2 {:X}, on the host {:X}", ours.cr2, host.cr2));
    }
    if ours.selectors != host.selectors {
        found.push(format!("{:X?}, on the host {:X?}", ours.selectors, host.selectors));
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
        let mut ours = machine.run(test);
        forgive(test, &mut ours, host);
        let found = differences(test, &ours, host);
        if found.is_empty() {
            continue;
        }
        let start = test.code.iter().take_while(|b| matches!(**b, 0x66 | 0x67 | 0xF0 | 0xF2 | 0xF3)).count();
        let opcode = format!("{:02X?}", &test.code[start..start + 2]);
        let seen = by_opcode.entry(opcode).or_default();
        *seen += 1;
        if *seen <= 2 {
            println!("{:02X?} {:08X?} {:X} {:X?}", test.code, test.regs, test.eflags, test.selectors);
            println!("    {}", found.join("\n    "));
        }
    }
    println!("{by_opcode:?}");
    assert!(by_opcode.is_empty(), "differences in {} of {TESTS} tests", by_opcode.values().sum::<u32>());
}
