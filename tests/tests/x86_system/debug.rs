//! Single stepping and breakpoints (SDM vol. 3B, chapter 17).

use emu_core::x86::eflags::{RF, TF};
use emu_core::x86::regs::cr4;
use emu_core::x86::regs::gpr::{EAX, EBX, ECX, EDI, EDX, ESP};
use glassbox_tests::system::*;

const DB: u8 = 1;
const BS: u32 = 1 << 14;
const BD: u32 = 1 << 13;
// DR7 fields of breakpoint 0: enabled, on writes, on ports, on any data access; lengths.
const L0: u32 = 1;
const ON_WRITE: u32 = 1 << 16;
const ON_PORT: u32 = 2 << 16;
const ON_ACCESS: u32 = 3 << 16;
const LEN_2: u32 = 1 << 18;
const LEN_4: u32 = 3 << 18;

fn dr6(s: &System) -> u32 {
    s.engine.cpu.st.dr[6] & 0xE00F
}

/// Runs to the next #DB, returns its EIP and DR6 (cleared), and comes back from the handler with IRET.
fn trap(s: &mut System) -> (u32, u32) {
    s.engine.cpu.st.halted = false;
    let frame = s.exception();
    assert_eq!(frame.vector, DB);
    let found = (frame.eip, dr6(s));
    s.engine.cpu.st.dr[6] &= !0xE00F;
    // The handler's IRET, without fetching one.
    s.engine.cpu.st.halted = false;
    s.write(HANDLERS + 16, &[0xCF]);
    s.engine.cpu.st.eip = HANDLERS + 16;
    s.run(1);
    s.write(HANDLERS + 16, &[0xF4]);
    found
}

fn breakpoint(s: &mut System, linear: u32, dr7: u32) {
    s.engine.cpu.set_debug_register(0, linear);
    s.engine.cpu.set_debug_register(7, dr7);
}

#[test]
fn tf_traps_after_each_instruction() {
    let mut s = System::new();
    s.code(&[0x40, 0x43, 0x90, 0xEB, 0x10]);
    s.set_flags(TF);
    for eip in [1, 2, 3, 0x15] {
        assert_eq!(trap(&mut s), (CODE + eip, BS));
    }
}

#[test]
fn popf_sets_tf_for_the_instruction_after() {
    let mut s = System::new();
    s.put32(STACK, 2 | TF);
    s.code(&[0x9D, 0x40, 0x40]);
    assert_eq!(trap(&mut s), (CODE + 2, BS));
    // And takes it back: the trap still comes after the POPF that began with TF.
    let mut s = System::new();
    s.put32(STACK, 2);
    s.set_flags(TF);
    s.code(&[0x9D, 0x40, 0xCC]);
    assert_eq!(trap(&mut s), (CODE + 1, BS));
    assert_eq!(s.exception().vector, 3);
}

#[test]
fn rep_traps_after_each_iteration() {
    let mut s = System::new();
    s.code(&[0xF3, 0xAA, 0x90]);
    s.set_reg(ECX, 3);
    s.set_reg(EDI, DATA);
    s.set_flags(TF);
    for (left, eip) in [(2, 0), (1, 0), (0, 2)] {
        assert_eq!(trap(&mut s), (CODE + eip, BS));
        assert_eq!(s.reg(ECX), left);
    }
}

#[test]
fn no_trap_between_a_stack_switch_and_its_other_half() {
    let mut s = System::new();
    s.code(&[0x8E, 0xD0, 0x89, 0xD4, 0x90]);
    s.set_reg(EAX, DATA0.into());
    s.set_reg(EDX, STACK - 0x100);
    s.set_flags(TF);
    assert_eq!(trap(&mut s), (CODE + 4, BS));
}

#[test]
fn a_fault_is_not_stepped() {
    let mut s = System::new();
    s.code(&[0xF7, 0xF1]);
    s.set_reg(ECX, 0);
    s.set_flags(TF);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.eip, dr6(&s)), (0, CODE, 0));
    assert_ne!(frame.eflags & TF, 0);
}

#[test]
fn a_stepped_hlt_wakes_up() {
    let mut s = System::new();
    s.code(&[0xF4, 0x90]);
    s.set_flags(TF);
    assert_eq!(trap(&mut s), (CODE + 1, BS));
}

#[test]
fn instruction_breakpoints_are_faults_that_rf_passes() {
    let mut s = System::new();
    s.code(&[0x40, 0x40, 0xF4]);
    breakpoint(&mut s, CODE + 1, L0);
    s.set_reg(EAX, 0);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.eip, dr6(&s), s.reg(EAX)), (DB, CODE + 1, 1, 1));
    assert_eq!(frame.eflags & RF, 0);
    // The handler sets RF in the image and returns: the instruction is executed, once.
    let esp = s.reg(ESP);
    s.put32(esp + 8, frame.eflags | RF);
    s.write(HANDLERS + 16, &[0xCF]);
    s.engine.cpu.st.halted = false;
    s.engine.cpu.st.eip = HANDLERS + 16;
    s.halt();
    assert_eq!((s.eip(), s.reg(EAX), s.flags() & RF), (CODE + 3, 2, 0));
}

/// Here and not among the guests of `faults`, as QEMU compares EIP and then hangs.
#[test]
fn instruction_breakpoints_are_linear_addresses() {
    let mut s = System::new();
    s.descriptor(FREE, segment(CODE, 0xFFF, 0x9A, 4));
    // JMP FREE:20h; there INC EAX, HLT.
    s.code(&[0xEA, 0x20, 0, 0, 0, FREE as u8, 0]);
    s.write(CODE + 0x20, &[0x40, 0xF4]);
    breakpoint(&mut s, CODE + 0x20, L0);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.eip, dr6(&s)), (DB, 0x20, 1));
}

#[test]
fn a_breakpoint_on_a_repeated_instruction_is_hit_once() {
    for slices in [1, 1000] {
        let mut s = System::new();
        s.code(&[0xF3, 0xAA, 0xF4]);
        breakpoint(&mut s, CODE, L0);
        s.set_reg(ECX, 20);
        s.set_reg(EDI, DATA);
        let frame = s.exception();
        assert_eq!((frame.vector, frame.eip), (DB, CODE));
        let esp = s.reg(ESP);
        s.put32(esp + 8, frame.eflags | RF);
        s.write(HANDLERS + 16, &[0xCF]);
        s.engine.cpu.st.halted = false;
        s.engine.cpu.st.eip = HANDLERS + 16;
        while s.run(slices) == emu_core::x86::Exit::Limit {}
        assert_eq!((s.eip(), s.reg(ECX), s.flags() & RF), (CODE + 3, 0, 0));
    }
}

#[test]
fn data_breakpoints_trap_after_the_access() {
    // mov [ebx], al; mov al, [ebx]
    for (at, dr7, write, read) in [
        (DATA, L0 | ON_WRITE, true, false),
        (DATA, L0 | ON_ACCESS, true, true),
        (DATA + 1, L0 | ON_ACCESS, false, false),
        (DATA - 1, L0 | ON_ACCESS | LEN_2, false, false),
        (DATA - 3, L0 | ON_ACCESS | LEN_4, false, false),
        (DATA + 2, L0 | ON_ACCESS | LEN_4, true, true),
        (DATA, ON_ACCESS, false, false),
    ] {
        for (code, hit) in [([0x88, 0x03], write), ([0x8A, 0x03], read)] {
            let mut s = System::new();
            s.code(&code);
            s.write(CODE + 2, &[0xCC]);
            s.set_reg(EBX, DATA);
            breakpoint(&mut s, at, dr7);
            let frame = s.exception();
            let expected = if hit { (DB, CODE + 2, 1) } else { (3, CODE + 3, 0) };
            assert_eq!((frame.vector, frame.eip, dr6(&s)), expected, "{at:X} {dr7:X} {code:X?}");
        }
    }
}

#[test]
fn a_wide_access_hits_a_breakpoint_inside_it() {
    let mut s = System::new();
    s.code(&[0x89, 0x03, 0x90]);
    s.set_reg(EBX, DATA);
    breakpoint(&mut s, DATA + 3, L0 | ON_WRITE);
    assert_eq!(trap(&mut s), (CODE + 2, 1));
}

#[test]
fn a_breakpoint_stops_a_repeated_move_at_its_byte() {
    let mut s = System::new();
    s.code(&[0xF3, 0xAA, 0x90]);
    s.set_reg(ECX, 10);
    s.set_reg(EDI, DATA);
    breakpoint(&mut s, DATA + 3, L0 | ON_WRITE);
    assert_eq!(trap(&mut s), (CODE, 1));
    assert_eq!((s.reg(ECX), s.reg(EDI)), (6, DATA + 4));
}

#[test]
fn port_breakpoints_need_de() {
    for (bits, vector) in [(cr4::DE, DB), (0, 3)] {
        let mut s = System::new();
        s.engine.cpu.set_cr4(bits).expect("known bits");
        s.code(&[0xE4, 0x01, 0xCC]);
        breakpoint(&mut s, 1, L0 | ON_PORT);
        assert_eq!(s.exception().vector, vector);
    }
}

#[test]
fn general_detect_guards_the_debug_registers() {
    let mut s = System::new();
    s.code(&[0x0F, 0x23, 0xC0]);
    s.engine.cpu.set_debug_register(7, 1 << 13);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.eip, dr6(&s)), (DB, CODE, BD));
    assert_eq!(s.engine.cpu.st.dr[7] & 1 << 13, 0);
}

#[test]
fn debug_registers_4_and_5_are_6_and_7_without_de() {
    let mut s = System::new();
    s.code(&[0x0F, 0x21, 0xE0, 0x0F, 0x21, 0xEB]);
    s.run(2);
    assert_eq!((s.reg(EAX), s.reg(EBX)), (0xFFFF_0FF0, 0x400));
    let mut s = System::new();
    s.engine.cpu.set_cr4(cr4::DE).expect("known bits");
    s.code(&[0x0F, 0x21, 0xE0]);
    s.expect_fault(6, None);
}
