//! Far calls through gates, and the returns from them (SDM vol. 3A, 5.8).

use emu_core::x86::regs::gpr::ESP;
use emu_core::x86::regs::seg;
use glassbox_tests::system::*;

const GATE: u16 = FREE;
/// CALL FAR through the gate (RPL 3): 9A offset32 selector16, then HLT.
const CALL_GATE: [u8; 8] = [0x9A, 0x78, 0x56, 0x34, 0x12, 0x33, 0x00, 0xF4];
const TARGET: u32 = CODE + 0x1000;
const GP: u8 = 13;
const NP: u8 = 11;

fn ring3(gate_raw: u64) -> System {
    let mut s = System::new();
    s.descriptor(GATE, gate_raw);
    s.enter_ring(3);
    s.code(&CALL_GATE);
    s
}

#[test]
fn a_call_gate_switches_stacks_and_copies_parameters() {
    let mut s = ring3(gate(CODE0, TARGET, 0xEC, 2));
    s.put32(STACK, 0x1111_1111);
    s.put32(STACK + 4, 0x2222_2222);
    s.run(1);
    assert_eq!(s.eip(), TARGET);
    assert_eq!((s.selector(seg::CS), s.selector(seg::SS)), (CODE0, DATA0));
    assert_eq!(s.reg(ESP), STACK0 - 24);
    let frame: Vec<u32> = (0..6).map(|i| s.get32(STACK0 - 24 + 4 * i)).collect();
    let back = CODE + 7;
    assert_eq!(frame, [back, CODE3.into(), 0x1111_1111, 0x2222_2222, STACK, DATA3.into()]);
    // RETF 8 takes the parameters off both stacks and drops ring 0 segments.
    s.load(seg::ES, DATA0);
    s.write(TARGET, &[0xCA, 8, 0]);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP)), (back, STACK + 8));
    assert_eq!((s.selector(seg::CS), s.selector(seg::SS)), (CODE3, DATA3));
    assert_eq!((s.selector(seg::ES), s.selector(seg::DS)), (0, DATA3));
    assert_eq!(s.engine.cpu.st.cpl, 3);
}

#[test]
fn a_16_bit_call_gate_pushes_words_and_cuts_the_offset() {
    let mut s = ring3(gate(CODE0, 0xBEEF_6000, 0xE4, 1));
    s.put32(STACK, 0x3333_1111);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP)), (0x6000, STACK0 - 10));
    let words: Vec<u32> = (0..5).map(|i| s.get16(STACK0 - 10 + 2 * i)).collect();
    assert_eq!(words, [CODE + 7 & 0xFFFF, CODE3.into(), 0x1111, STACK & 0xFFFF, DATA3.into()]);
}

#[test]
fn conforming_code_keeps_level_and_stack() {
    let mut s = ring3(gate(FREE + 8, TARGET, 0xEC, 3));
    s.descriptor(FREE + 8, segment(0, 0xF_FFFF, 0x9F, 0xC));
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP)), (TARGET, STACK - 8));
    assert_eq!(s.selector(seg::CS), FREE + 8 | 3);
}

#[test]
fn gates_are_checked() {
    let selector = Some(u32::from(GATE));
    // DPL below CPL.
    ring3(gate(CODE0, TARGET, 0x8C, 0)).expect_fault(GP, selector);
    ring3(gate(CODE0, TARGET, 0xAC, 0)).expect_fault(GP, selector);
    // Not present.
    ring3(gate(CODE0, TARGET, 0x6C, 0)).expect_fault(NP, selector);
    // Null, data, beyond the table, not present behind the gate.
    ring3(gate(3, TARGET, 0xEC, 0)).expect_fault(GP, Some(0));
    ring3(gate(DATA0, TARGET, 0xEC, 0)).expect_fault(GP, Some(DATA0.into()));
    ring3(gate(0x200, TARGET, 0xEC, 0)).expect_fault(GP, Some(0x200));
    let mut s = ring3(gate(FREE + 8, TARGET, 0xEC, 0));
    s.descriptor(FREE + 8, segment(0, 0xF_FFFF, 0x1B, 0xC));
    s.expect_fault(NP, Some(u32::from(FREE + 8)));
    // An offset beyond the code segment.
    let mut s = ring3(gate(FREE + 8, 0x2000, 0xEC, 0));
    s.descriptor(FREE + 8, segment(0, 0xFFF, 0x9B, 4));
    s.expect_fault(GP, Some(0));
    // An interrupt gate cannot be called.
    ring3(gate(CODE0, TARGET, 0xEE, 0)).expect_fault(GP, selector);
}

#[test]
fn a_jump_through_a_gate_must_not_change_level() {
    let mut s = ring3(gate(CODE0, TARGET, 0xEC, 0));
    s.write(CODE, &[0xEA]);
    s.expect_fault(GP, Some(CODE0.into()));
    let mut s = System::new();
    s.descriptor(GATE, gate(CODE0, TARGET, 0x8C, 0));
    s.code(&[0xEA, 0, 0, 0, 0, 0x30, 0]);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP)), (TARGET, STACK));
}

#[test]
fn a_bad_inner_stack_is_an_invalid_tss() {
    let mut s = ring3(gate(CODE0, TARGET, 0xEC, 0));
    s.put32(TSS + 8, CODE0.into());
    // The same stack serves the exception: it cannot be delivered either.
    assert_eq!(s.run(2), emu_core::x86::Exit::Shutdown);
    // A conforming handler needs no stack of its own and sees the code.
    let mut s = ring3(gate(CODE0, TARGET, 0xEC, 0));
    s.put32(TSS + 8, CODE0.into());
    s.descriptor(FREE + 8, segment(0, 0xF_FFFF, 0x9F, 0xC));
    s.interrupt_gate(10, gate(FREE + 8, CODE + 0x800, 0x8E, 0));
    s.run(1);
    assert_eq!((s.eip(), s.get32(s.reg(ESP)), s.get32(s.reg(ESP) + 4)), (CODE + 0x800, CODE0.into(), CODE));
}

#[test]
fn direct_far_transfers_check_privilege() {
    let far = |selector: u16| [0x9A, 0, 0, 1, 0, selector as u8, (selector >> 8) as u8];
    for (selector, vector, code) in [
        // Ring 0 code from ring 3, data, null.
        (CODE0 | 3, GP, CODE0),
        (DATA3, GP, DATA3 & !3),
        (0, GP, 0),
        (0x200, GP, 0x200),
    ] {
        let mut s = System::new();
        s.enter_ring(3);
        s.code(&far(selector));
        s.expect_fault(vector, Some(code.into()));
        assert_eq!(s.frame().esp, STACK, "nothing stays pushed");
    }
    // Within the level, RPL or not.
    let mut s = System::new();
    s.enter_ring(3);
    s.code(&far(CODE3 & !3));
    s.run(1);
    assert_eq!((s.eip(), s.selector(seg::CS), s.get32(STACK - 4)), (0x1_0000, CODE3, CODE3.into()));
}
