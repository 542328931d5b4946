//! Interrupts and exceptions: frames, checks, what one leads to, when they come (SDM vol. 3A, chapter 6).

use emu_core::x86::Exit;
use emu_core::x86::eflags::{AC, IF, NT, RF, TF};
use emu_core::x86::regs::gpr::{EAX, EDX, ESP};
use emu_core::x86::regs::seg;
use glassbox_tests::system::*;

const GP: u8 = 13;
const NP: u8 = 11;
const SS: u8 = 12;
const DF: u8 = 8;
const INT_80: [u8; 2] = [0xCD, 0x80];

#[test]
fn int_n_from_ring_3_and_back() {
    let mut s = System::new();
    s.enter_ring(3);
    s.interrupt_gate(0x80, gate(CODE0, CODE + 0x800, 0xEE, 0));
    s.code(&INT_80);
    s.set_flags(IF | NT | AC);
    let flags = s.flags();
    s.run(1);
    assert_eq!((s.eip(), s.selector(seg::CS), s.selector(seg::SS)), (CODE + 0x800, CODE0, DATA0));
    assert_eq!(s.flags() & (IF | NT), 0);
    assert_ne!(s.flags() & AC, 0);
    let frame: Vec<u32> = (0..5).map(|i| s.get32(STACK0 - 20 + 4 * i)).collect();
    assert_eq!(frame, [CODE + 2, CODE3.into(), flags, STACK, DATA3.into()]);
    s.write(CODE + 0x800, &[0xCF]);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP), s.flags()), (CODE + 2, STACK, flags));
    assert_eq!((s.selector(seg::CS), s.selector(seg::SS), s.engine.cpu.st.cpl), (CODE3, DATA3, 3));
}

#[test]
fn trap_gates_leave_interrupts_on() {
    for (access, on) in [(0x8F, true), (0x8E, false), (0x87, true), (0x86, false)] {
        let mut s = System::new();
        s.interrupt_gate(0x80, gate(CODE0, 0x6000, access, 0));
        s.code(&INT_80);
        s.set_flags(IF);
        s.run(1);
        assert_eq!((s.eip(), s.flags() & IF != 0), (0x6000, on));
        let pushed = if access & 8 != 0 { 12 } else { 6 };
        assert_eq!(s.reg(ESP), STACK - pushed);
    }
}

#[test]
fn idt_checks_and_their_error_codes() {
    // The vector, IDT and EXT bits: software interrupts do not set EXT.
    let selector = 0x80 * 8 + 2;
    for (raw, vector, code) in [
        (gate(CODE0, CODE, 0x8E, 0), GP, selector),
        (gate(CODE0, CODE, 0x6E, 0), NP, selector),
        (gate(CODE0, CODE, 0xEC, 0), GP, selector),
        (0, GP, selector),
        (gate(0, CODE, 0xEE, 0), GP, 0),
        (gate(DATA0, CODE, 0xEE, 0), GP, DATA0.into()),
        (gate(CODE3, CODE, 0xEE, 0), 0, 0),
    ] {
        let mut s = System::new();
        s.enter_ring(3);
        s.interrupt_gate(0x80, raw);
        s.code(&INT_80);
        if vector != 0 {
            s.expect_fault(vector, Some(code));
        }
    }
    let mut s = System::new();
    s.engine.cpu.st.idtr.limit = 0x80 * 8 + 6;
    s.code(&INT_80);
    s.expect_fault(GP, Some(selector));
}

#[test]
fn exceptions_and_interrupts_set_ext() {
    // #UD through a gate that is not present.
    let mut s = System::new();
    s.interrupt_gate(6, gate(CODE0, CODE, 0x0E, 0));
    s.code(&[0x0F, 0x0B]);
    s.expect_fault(NP, Some(6 * 8 + 3));
    // INTR likewise: the instruction that follows is where it came.
    let mut s = System::new();
    s.interrupt_gate(INTERRUPT, gate(CODE0, CODE, 0x0E, 0));
    s.set_flags(IF);
    s.code(&[0xE6, 0x00, 0x90, 0xF4]);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.code, frame.eip), (NP, Some(u32::from(INTERRUPT) * 8 + 3), CODE + 2));
}

#[test]
fn exceptions_of_the_third_kind() {
    // #GP whose handler is not present: #DF with code 0, at the same instruction.
    let mut s = System::new();
    s.interrupt_gate(GP, gate(CODE0, CODE, 0x0E, 0));
    s.code(&INT_80);
    s.interrupt_gate(0x80, 0);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.code, frame.eip), (DF, Some(0), CODE));
    // And when that is not there either, shutdown.
    let mut s = System::new();
    s.engine.cpu.st.idtr.limit = 7;
    s.code(&INT_80);
    assert_eq!(s.run(10), Exit::Shutdown);
    assert_eq!(s.run(10), Exit::Shutdown);
    assert_eq!(s.engine.cpu.steps, 1);
    // #UD is benign: what its delivery raises is delivered as it is.
    let mut s = System::new();
    s.interrupt_gate(6, 0);
    s.code(&[0x0F, 0x0B]);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.code), (GP, Some(6 * 8 + 3)));
}

#[test]
fn a_full_stack_is_a_stack_fault() {
    // Ring 0 stack segment of 4 KiB, ESP at 4: the frame does not fit. The handler is a task of its own elsewhere; here
    // the double fault is what shows.
    let mut s = System::new();
    s.descriptor(FREE, segment(0x8000, 0xFFF, 0x93, 4));
    s.load(seg::SS, FREE);
    s.set_reg(ESP, 4);
    s.interrupt_gate(0x80, gate(CODE0, CODE, 0x8E, 0));
    s.code(&INT_80);
    assert_eq!(s.run(10), Exit::Shutdown);
    // A push beyond the limit, with room for the frame below.
    let mut s = System::new();
    s.descriptor(FREE, segment(0, 0xFFF, 0x93, 4));
    s.load(seg::SS, FREE);
    s.set_reg(ESP, 0x800);
    s.code(&[0x36, 0xA1, 0x00, 0x10, 0, 0]);
    s.expect_fault(SS, Some(0));
}

#[test]
fn iret_checks_what_it_pops() {
    let frame = |cs: u32, flags: u32, ss: u32| [CODE + 0x100, cs, flags, STACK - 0x100, ss];
    for (words, vector, code) in [
        (frame(0, 2, DATA3.into()), GP, 0),
        (frame(DATA3.into(), 2, DATA3.into()), GP, DATA3 & !3),
        (frame(CODE3.into(), 2, DATA0.into()), GP, DATA0),
        (frame(CODE3.into(), 2, 3), GP, 0),
        (frame(u32::from(CODE0) | 3, 2, DATA3.into()), GP, CODE0),
    ] {
        let mut s = System::new();
        s.code(&[0xCF]);
        s.set_reg(ESP, STACK - 20);
        for (i, word) in (0u32..).zip(words) {
            s.put32(STACK - 20 + 4 * i, word);
        }
        s.expect_fault(vector, Some(code.into()));
        assert_eq!(s.reg(ESP), STACK - 20 - 16, "ESP was as before");
    }
    // Ring 3 may change neither IOPL nor IF.
    let mut s = System::new();
    s.enter_ring(3);
    s.code(&[0xCF]);
    s.set_reg(ESP, STACK - 12);
    for (i, word) in (0u32..).zip([CODE + 0x100, CODE3.into(), 0x3000 | IF | AC | RF | 3]) {
        s.put32(STACK - 12 + 4 * i, word);
    }
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP), s.flags()), (CODE + 0x100, STACK, AC | RF | 3));
}

#[test]
fn sti_holds_interrupts_for_one_instruction() {
    // STI; INC EAX; INC EAX with INTR waiting.
    let mut s = System::new();
    s.code(&[0xE6, 0x00, 0xFB, 0x40, 0x40, 0xF4]);
    s.set_reg(EAX, 0);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.eip, s.reg(EAX)), (INTERRUPT, CODE + 4, 1));
    // With interrupts on already there is nothing to hold.
    let mut s = System::new();
    s.set_flags(IF);
    s.code(&[0xFB, 0x40, 0xE6, 0x00, 0x40, 0xF4]);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.eip), (INTERRUPT, CODE + 4));
}

#[test]
fn a_stack_switch_is_not_torn_apart() {
    // MOV SS, AX; MOV ESP, EDX with INTR waiting and interrupts on from POPF on: OUT 0; POPF; MOV SS; MOV ESP; INC.
    let mut s = System::new();
    s.code(&[0xE6, 0x00, 0x8E, 0xD0, 0x89, 0xD4, 0x40, 0xF4]);
    s.set_reg(EAX, DATA0.into());
    s.set_reg(EDX, STACK - 0x800);
    s.run(1);
    s.set_flags(IF);
    s.engine.cpu.st.shadow = true;
    let frame = s.exception();
    assert_eq!((frame.vector, frame.eip), (INTERRUPT, CODE + 6));
    assert_eq!(s.reg(ESP), STACK - 0x800 - 12);
}

#[test]
fn hlt_waits_for_an_interrupt_and_goes_on_behind_it() {
    let mut s = System::new();
    s.interrupt_gate(INTERRUPT, gate(CODE0, CODE + 0x800, 0x8E, 0));
    s.write(CODE + 0x800, &[0x43, 0xCF]);
    // STI; OUT 0, AL in HLT's shadow cannot be: OUT, STI, HLT, INC EAX, HLT.
    s.code(&[0xE6, 0x00, 0xFB, 0xF4, 0x40, 0xF4]);
    s.set_reg(EAX, 0);
    assert_eq!(s.run(100), Exit::Halt);
    assert_eq!((s.eip(), s.reg(EAX), s.reg(3)), (CODE + 6, 1, 1));
}

#[test]
fn an_nmi_blocks_the_next_until_iret() {
    let mut s = System::new();
    s.interrupt_gate(2, gate(CODE0, CODE + 0x800, 0x8E, 0));
    // The handler counts in EBX, raises another NMI the first time, and goes on for a while before it returns.
    s.write(CODE + 0x800, &[0x43, 0x83, 0xFB, 0x01, 0x75, 0x02, 0xE6, 0x01, 0x90, 0x89, 0xD9, 0xCF]);
    s.code(&[0xE6, 0x01, 0x90, 0xF4]);
    s.set_reg(3, 0);
    s.halt();
    assert_eq!((s.eip(), s.reg(3), s.reg(1), s.reg(ESP)), (CODE + 4, 2, 2, STACK));
}

#[test]
fn interrupt_delivery_clears_tf() {
    let mut s = System::new();
    s.set_flags(TF);
    s.code(&INT_80);
    // No single-step trap either: HLT of vector 80h is reached.
    let frame = s.exception();
    assert_eq!((frame.vector, frame.eip), (0x80, CODE + 2));
    assert_ne!(frame.eflags & TF, 0);
}
