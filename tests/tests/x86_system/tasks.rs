//! Task switches (SDM vol. 3A, chapter 8).

use emu_core::x86::eflags::{IF, NT};
use emu_core::x86::regs::gpr::{EAX, EBP, ESP};
use emu_core::x86::regs::{cr0, seg};
use glassbox_tests::system::*;

const NEW: u32 = 0x3800;
const NEW_STACK: u32 = 0x2_8000;
const NEW_CODE: u32 = CODE + 0x2000;
const TS: u8 = 10;
const NP: u8 = 11;
const GP: u8 = 13;
const JMP: [u8; 7] = [0xEA, 0, 0, 0, 0, 0x30, 0];
const CALL: [u8; 7] = [0x9A, 0, 0, 0, 0, 0x30, 0];

/// A second task at selector FREE, 32-bit.
fn two_tasks() -> System {
    let mut s = System::new();
    s.descriptor(FREE, segment(NEW, 0x67, 0x89, 0));
    let fields =
        [(0x20, NEW_CODE), (0x24, 0x202), (0x28, 0xAAAA_0000), (0x38, NEW_STACK), (0x3C, 0xBBBB_0000)];
    for (at, value) in fields {
        s.put32(NEW + at, value);
    }
    for (at, selector) in
        [(0x48, DATA0), (0x4C, CODE0), (0x50, DATA0), (0x54, DATA0), (0x58, 0), (0x5C, 0), (0x60, 0)]
    {
        s.put32(NEW + at, selector.into());
    }
    s.put32(NEW + 0x64, 0x68 << 16);
    s.set_reg(EAX, 0x1234_5678);
    s
}

fn kind(s: &System, selector: u16) -> u32 {
    s.get32(GDT + u32::from(selector) + 4) >> 8 & 0xFF
}

#[test]
fn a_jump_saves_loads_and_frees_the_old_task() {
    let mut s = two_tasks();
    s.code(&JMP);
    s.run(1);
    assert_eq!(
        (s.eip(), s.reg(ESP), s.reg(EAX), s.reg(EBP)),
        (NEW_CODE, NEW_STACK, 0xAAAA_0000, 0xBBBB_0000)
    );
    assert_eq!((s.flags(), s.selector(seg::TR)), (0x202, FREE));
    assert_eq!((kind(&s, TASK), kind(&s, FREE)), (0x89, 0x8B));
    assert_ne!(s.engine.cpu.st.cr0 & cr0::TS, 0);
    let saved: Vec<u32> = [0x20, 0x24, 0x28, 0x38, 0x4C, 0x50].map(|at| s.get32(TSS + at)).into();
    assert_eq!(saved, [CODE + 7, 2, 0x1234_5678, STACK, CODE0.into(), DATA0.into()]);
    // And back: it goes on behind the jump.
    s.write(NEW_CODE, &[0xEA, 0, 0, 0, 0, 0x28, 0]);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP), s.reg(EAX)), (CODE + 7, STACK, 0x1234_5678));
    assert_eq!((kind(&s, TASK), kind(&s, FREE)), (0x8B, 0x89));
}

#[test]
fn a_call_nests_and_iret_returns() {
    let mut s = two_tasks();
    s.code(&CALL);
    s.write(NEW_CODE, &[0xCF]);
    s.run(1);
    assert_eq!((s.eip(), s.flags(), s.get16(NEW)), (NEW_CODE, 0x202 | NT, TASK.into()));
    assert_eq!((kind(&s, TASK), kind(&s, FREE)), (0x8B, 0x8B));
    s.run(1);
    assert_eq!((s.eip(), s.flags() & NT, s.selector(seg::TR)), (CODE + 7, 0, TASK));
    assert_eq!((kind(&s, TASK), kind(&s, FREE)), (0x8B, 0x89));
    assert_eq!(s.get32(NEW + 0x24) & NT, 0, "IRET saves NT clear");
    assert_eq!(s.get32(NEW + 0x20), NEW_CODE + 1);
}

#[test]
fn a_16_bit_tss() {
    let mut s = two_tasks();
    s.descriptor(FREE, segment(NEW, 0x2B, 0x81, 0));
    for i in 0..0x2C / 4 {
        s.put32(NEW + i * 4, 0);
    }
    for (at, value) in [(0x0E, 0x4000u16), (0x10, 0x202), (0x12, 0x7777), (0x1A, 0x8000)] {
        s.write(NEW + at, &value.to_le_bytes());
    }
    for (at, selector) in [(0x22, DATA0), (0x24, CODE0), (0x26, DATA0), (0x28, DATA0)] {
        s.write(NEW + at, &selector.to_le_bytes());
    }
    s.code(&JMP);
    s.run(1);
    assert_eq!((s.eip(), s.reg(EAX) & 0xFFFF, s.reg(ESP) & 0xFFFF), (0x4000, 0x7777, 0x8000));
    // The old task's is a 32-bit one; into the 16-bit one go words when it is left.
    s.write(0x4000, &[0xEA, 0, 0, 0, 0, 0x28, 0]);
    s.run(1);
    assert_eq!((s.eip(), s.get16(NEW + 0x0E), s.get16(NEW + 0x12)), (CODE + 7, 0x4007, 0x7777));
}

#[test]
fn an_exception_through_a_task_gate_pushes_its_code() {
    let mut s = two_tasks();
    s.interrupt_gate(GP, gate(FREE, 0, 0x85, 0));
    s.set_flags(IF);
    s.code(&[0x8E, 0xD8]);
    s.set_reg(EAX, 0x200);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP), s.get32(NEW_STACK - 4)), (NEW_CODE, NEW_STACK - 4, 0x200));
    assert_eq!((s.get32(TSS + 0x20), s.get16(NEW)), (CODE, TASK.into()));
    assert_ne!(s.get32(TSS + 0x24) & 1 << 16, 0, "RF in the saved flags");
    assert_ne!(s.flags() & NT, 0);
}

#[test]
fn a_task_gate_reached_by_call() {
    let mut s = two_tasks();
    s.descriptor(FREE + 8, gate(FREE, 0x9999, 0xE5, 0));
    s.enter_ring(3);
    s.code(&[0x9A, 0, 0, 0, 0, FREE as u8 + 8 + 3, 0]);
    s.run(1);
    assert_eq!((s.eip(), s.engine.cpu.st.cpl, s.get16(NEW)), (NEW_CODE, 0, TASK.into()));
    // The TSS itself is out of ring 3's reach.
    let mut s = two_tasks();
    s.enter_ring(3);
    s.code(&[0x9A, 0, 0, 0, 0, FREE as u8 + 3, 0]);
    s.expect_fault(GP, Some(FREE.into()));
}

#[test]
fn tss_checks() {
    let selector = Some(u32::from(FREE));
    let with = |raw: u64| {
        let mut s = two_tasks();
        s.descriptor(FREE, raw);
        s.code(&CALL);
        s
    };
    with(segment(NEW, 0x67, 0x8B, 0)).expect_fault(GP, selector);
    with(segment(NEW, 0x67, 0x09, 0)).expect_fault(NP, selector);
    with(segment(NEW, 0x66, 0x89, 0)).expect_fault(TS, selector);
    with(segment(NEW, 0x2A, 0x81, 0)).expect_fault(TS, selector);
    // IRET with NT set and a back link that is not busy.
    let mut s = two_tasks();
    s.put32(TSS, FREE.into());
    s.set_flags(NT);
    s.code(&[0xCF]);
    s.expect_fault(TS, selector);
}

#[test]
fn what_the_new_task_faults_on_is_its_own_fault() {
    // The stack selector is bad: #TS(selector) with the new task's EIP. The handler is yet another task, as the new one
    // has no stack.
    for (at, selector, vector, code) in [
        (0x50, CODE0, TS, CODE0),
        (0x54, 0x200, TS, 0x200),
        (0x4C, DATA0, TS, DATA0),
        (0x60, DATA0, TS, DATA0),
    ] {
        let mut s = two_tasks();
        s.put32(NEW + at, selector.into());
        let third = 0x3C00;
        s.descriptor(FREE + 8, segment(third, 0x67, 0x89, 0));
        for field in (0..0x68).step_by(4) {
            let value = s.get32(NEW + field);
            s.put32(third + field, value);
        }
        for (field, value) in
            [(0x20, 0x4000), (0x4C, CODE0.into()), (0x50, DATA0.into()), (0x54, DATA0.into()), (0x60, 0)]
        {
            s.put32(third + field, value);
        }
        s.interrupt_gate(vector, gate(FREE + 8, 0, 0x85, 0));
        s.code(&JMP);
        s.run(1);
        assert_eq!((s.eip(), s.get32(s.reg(ESP))), (0x4000, code.into()), "field {at:X}");
        // The new task was entered: it is what was saved.
        assert_eq!(
            (s.get16(third), s.get32(NEW + 0x20), s.get32(NEW + 0x38)),
            (FREE.into(), NEW_CODE, NEW_STACK)
        );
    }
}

#[test]
fn a_descriptor_table_that_never_gets_busy_ends_in_shutdown() {
    // All exceptions lead to a task whose stack is bad.
    let mut s = two_tasks();
    s.put32(NEW + 0x50, 0x200);
    for vector in 0..32 {
        s.interrupt_gate(vector, gate(FREE, 0, 0x85, 0));
    }
    s.code(&[0x0F, 0x0B]);
    assert_eq!(s.run(10), emu_core::x86::Exit::Shutdown);
}

#[test]
fn the_t_bit_traps_in_the_new_task() {
    let mut s = two_tasks();
    s.put32(NEW + 0x64, 0x68 << 16 | 1);
    s.code(&JMP);
    s.write(NEW_CODE, &[0xF4]);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.eip, s.engine.cpu.st.dr[6] & 1 << 15), (1, NEW_CODE, 1 << 15));
}
