//! Repeated string instructions: counted, interrupted and faulting at exact iterations.

use emu_core::x86::Exit;
use emu_core::x86::eflags::{DF, IF, ZF};
use emu_core::x86::regs::gpr::{EAX, ECX, EDI, EDX, ESI};
use emu_core::x86::regs::{cr0, seg};
use glassbox_tests::system::*;

#[test]
fn each_iteration_is_a_step() {
    for code in [[0xF3, 0xA4], [0xF3, 0xAA], [0xF3, 0xAC], [0xF3, 0xA5]] {
        let mut s = System::new();
        s.code(&code);
        s.write(CODE + 2, &[0xF4]);
        s.set_reg(ECX, 100);
        s.set_reg(ESI, DATA);
        s.set_reg(EDI, DATA + 0x1000);
        let size = if code[1] & 1 == 0 { 1 } else { 4 };
        for done in [1, 2, 10, 50] {
            let more = done - (100 - u64::from(s.reg(ECX)));
            assert_eq!(s.run(more), Exit::Limit);
            assert_eq!(u64::from(s.reg(ECX)), 100 - done, "{code:X?}");
            assert_eq!(s.eip(), CODE);
            if code[1] != 0xAA {
                assert_eq!(u64::from(s.reg(ESI) - DATA), done * size);
            }
        }
        // The last iteration ends the instruction.
        s.run(50);
        assert_eq!((s.reg(ECX), s.eip(), s.engine.cpu.steps), (0, CODE + 2, 100));
    }
}

#[test]
fn a_count_of_zero_is_a_step_too() {
    let mut s = System::new();
    s.code(&[0xF3, 0xA4]);
    s.set_reg(ECX, 0);
    s.set_reg(ESI, 0xFFFF_FFF0);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESI), s.engine.cpu.steps), (CODE + 2, 0xFFFF_FFF0, 1));
}

#[test]
fn comparisons_stop_where_they_must() {
    // repne scasb for a 7 at DATA + 5; repe cmpsb to the first difference.
    let mut s = System::new();
    s.write(DATA + 5, &[7]);
    s.code(&[0xF2, 0xAE, 0xF4]);
    s.set_reg(EAX, 7);
    s.set_reg(ECX, 100);
    s.set_reg(EDI, DATA);
    s.halt();
    assert_eq!((s.reg(ECX), s.reg(EDI), s.flags() & ZF), (94, DATA + 6, ZF));
    let mut s = System::new();
    s.write(DATA + 5, &[7]);
    s.code(&[0xF3, 0xA6, 0xF4]);
    s.set_reg(ECX, 100);
    s.set_reg(ESI, DATA);
    s.set_reg(EDI, DATA + 0x100);
    s.halt();
    assert_eq!((s.reg(ECX), s.reg(EDI), s.flags() & ZF), (94, DATA + 0x106, 0));
}

#[test]
fn overlapping_moves_go_element_by_element() {
    let pattern: Vec<u8> = (0..64).collect();
    for (from, to, down) in
        [(0, 1, false), (1, 0, false), (0, 3, false), (40, 41, true), (41, 40, true), (0, 0, false)]
    {
        for wide in [false, true] {
            let mut s = System::new();
            s.write(DATA, &pattern);
            s.code(&[0xF3, if wide { 0xA5 } else { 0xA4 }, 0xF4]);
            s.set_reg(ECX, 8);
            s.set_reg(ESI, DATA + from);
            s.set_reg(EDI, DATA + to);
            s.set_flags(if down { DF } else { 0 });
            s.halt();
            let mut expected = pattern.clone();
            let size = if wide { 4 } else { 1 };
            for i in 0..8usize {
                let offset = i * size;
                let start = |base: u32| {
                    let base = base as isize;
                    (if down { base - offset as isize } else { base + offset as isize }) as usize
                };
                let element: Vec<u8> = expected[start(from)..start(from) + size].to_vec();
                expected[start(to)..start(to) + size].copy_from_slice(&element);
            }
            let found: Vec<u8> = (0..16).flat_map(|i| s.get32(DATA + 4 * i).to_le_bytes()).collect();
            assert_eq!(found, expected, "{from} to {to}, down {down}, wide {wide}");
        }
    }
}

#[test]
fn an_interrupt_comes_between_iterations() {
    // rep outsb to port 0: each iteration raises INTR.
    let mut s = System::new();
    s.interrupt_gate(INTERRUPT, gate(CODE0, CODE + 0x800, 0x8E, 0));
    s.write(CODE + 0x800, &[0x45, 0xCF]);
    s.code(&[0xF3, 0x6E, 0xF4]);
    s.set_reg(ECX, 5);
    s.set_reg(ESI, DATA);
    s.set_reg(EDX, 0);
    s.set_reg(5, 0);
    s.set_flags(IF);
    s.run(1);
    assert_eq!((s.reg(ECX), s.eip()), (4, CODE));
    // The next step is the handler's first instruction, and the frame points back at the REP.
    s.run(1);
    assert_eq!((s.eip(), s.get32(s.reg(4))), (CODE + 0x801, CODE));
    while s.run(100) != Exit::Halt {}
    assert_eq!((s.eip(), s.reg(ECX), s.reg(5), s.reg(ESI)), (CODE + 3, 0, 5, DATA + 5));
}

#[test]
fn a_fault_leaves_what_was_done() {
    // The destination's segment ends after 10 bytes.
    let mut s = System::new();
    s.descriptor(FREE, segment(DATA, 9, 0x93, 4));
    s.load(seg::ES, FREE);
    s.code(&[0xF3, 0xAA]);
    s.set_reg(ECX, 100);
    s.set_reg(EDI, 0);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.eip, s.reg(ECX), s.reg(EDI)), (13, CODE, 90, 10));
    assert_eq!(s.engine.cpu.steps, 12, "ten iterations, the fault, HLT");
}

#[test]
fn a_missing_page_is_met_at_its_first_byte() {
    let mut s = System::new();
    let (directory, table, page) = (0x10_0000, 0x10_1000, DATA + 0x1000);
    s.put32(directory, table | 7);
    for i in 0..1024 {
        s.put32(table + i * 4, if i << 12 == page { 0 } else { i << 12 | 7 });
    }
    s.engine.cpu.st.cr3 = directory;
    s.engine.cpu.set_cr0(cr0::PE | cr0::PG).expect("known bits");
    s.code(&[0xF3, 0xAB, 0xF4]);
    s.set_reg(ECX, 100);
    s.set_reg(EDI, page - 10);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.code, s.engine.cpu.st.cr2), (14, Some(2), page));
    assert_eq!((s.reg(ECX), s.reg(EDI)), (98, page - 2));
    // Mapped, it goes on.
    s.put32(table + (page >> 12) * 4, page | 7);
    let esp = s.reg(4);
    s.set_reg(4, esp + 4);
    s.write(handler(14) + 1, &[0xCF]);
    s.engine.cpu.st.eip = handler(14) + 1;
    s.engine.cpu.st.halted = false;
    s.halt();
    assert_eq!((s.eip(), s.reg(ECX), s.reg(EDI)), (CODE + 3, 0, page - 10 + 400));
}

#[test]
fn sixteen_bit_addresses_wrap() {
    // a32 prefix: SI and DI wrap at 64 KiB, upper halves stay.
    let mut s = System::new();
    s.code(&[0x67, 0xF3, 0xA4, 0xF4]);
    s.set_reg(ECX, 0xABCD_0004);
    s.set_reg(ESI, 0x1111_FFFE);
    s.set_reg(EDI, 0x2222_C000);
    s.halt();
    assert_eq!((s.reg(ECX), s.reg(ESI), s.reg(EDI)), (0xABCD_0000, 0x1111_0002, 0x2222_C004));
}
