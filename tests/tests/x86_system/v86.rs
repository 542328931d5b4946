//! Virtual-8086 mode (SDM vol. 3A, chapter 20).

use emu_core::x86::eflags::{IF, IOPL, VM};
use emu_core::x86::regs::gpr::{EAX, ESP};
use emu_core::x86::regs::seg;
use glassbox_tests::system::*;

const GP: u8 = 13;
/// Segment of the 8086 program, at [`CODE`].
const PARAGRAPH: u16 = 0x1000;
const NAMES: [u8; 6] = [seg::ES, seg::CS, seg::SS, seg::DS, seg::FS, seg::GS];

/// Enters virtual-8086 mode by IRET from ring 0, as a monitor does.
fn v86(code: &[u8], iopl: u32) -> System {
    let mut s = System::new();
    let frame =
        [0x100, PARAGRAPH.into(), 2 | VM | IF | iopl << 12, 0xFFE0, 0x2000, 0x3000, 0x4000, 0x5000, 0x6000];
    for (i, word) in (0u32..).zip(frame) {
        s.put32(STACK + 4 * i, word);
    }
    s.write(CODE, &[0xCF]);
    s.write(CODE + 0x100, code);
    s.run(1);
    s
}

#[test]
fn iret_enters_it() {
    let s = v86(&[], 3);
    assert_eq!((s.eip(), s.reg(ESP), s.engine.cpu.st.cpl), (0x100, 0xFFE0, 3));
    assert_eq!(NAMES.map(|n| s.selector(n)), [0x3000, 0x1000, 0x2000, 0x4000, 0x5000, 0x6000]);
    for number in NAMES {
        let segment = s.engine.cpu.st.seg[usize::from(number)];
        assert_eq!((segment.base, segment.limit), (u32::from(segment.selector) << 4, 0xFFFF));
    }
    assert_eq!(s.flags(), 2 | VM | IF | IOPL);
}

#[test]
fn an_interrupt_leaves_it_with_nine_words() {
    let mut s = v86(&[0xCD, 0x80], 3);
    s.interrupt_gate(0x80, gate(CODE0, CODE + 0x800, 0xEE, 0));
    s.run(1);
    assert_eq!((s.eip(), s.flags() & VM, s.engine.cpu.st.cpl), (CODE + 0x800, 0, 0));
    let frame: Vec<u32> = (0..9).map(|i| s.get32(STACK0 - 36 + 4 * i)).collect();
    assert_eq!(frame, [0x102, 0x1000, 2 | VM | IF | IOPL, 0xFFE0, 0x2000, 0x3000, 0x4000, 0x5000, 0x6000]);
    assert_eq!([seg::ES, seg::DS, seg::FS, seg::GS].map(|n| s.selector(n)), [0; 4]);
    assert_eq!((s.selector(seg::CS), s.selector(seg::SS)), (CODE0, DATA0));
    // And back.
    s.write(CODE + 0x800, &[0xCF]);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP)), (0x102, 0xFFE0));
    assert_eq!(NAMES.map(|n| s.selector(n)), [0x3000, 0x1000, 0x2000, 0x4000, 0x5000, 0x6000]);
}

#[test]
fn iopl_guards_the_sensitive_instructions() {
    let sensitive: [&[u8]; 6] = [&[0xFA], &[0xFB], &[0x9C], &[0x9D], &[0xCD, 0x80], &[0xCF]];
    for code in sensitive {
        let mut s = v86(code, 2);
        s.expect_fault(GP, Some(0));
        let mut s = v86(code, 3);
        s.interrupt_gate(0x80, gate(CODE0, CODE + 0x800, 0xEE, 0));
        s.run(1);
        assert_ne!(s.eip(), handler(GP), "{code:X?}");
    }
    // INT3 and INTO look at the gate only; privileged ones fault whatever IOPL is.
    for (code, vector) in [(&[0xCC][..], GP), (&[0xF4], GP), (&[0x0F, 0x06], GP), (&[0x0F, 0x00, 0xC0], 6)] {
        let mut s = v86(code, 3);
        assert_eq!(s.exception().vector, vector, "{code:X?}");
    }
    let mut s = v86(&[0xCC], 0);
    s.interrupt_gate(3, gate(CODE0, handler(3), 0xEE, 0));
    assert_eq!(s.exception().vector, 3);
}

#[test]
fn popf_and_iret_keep_vm_and_iopl() {
    // POPF, then IRET, of all ones.
    let mut s = v86(&[0x9D, 0xCF], 3);
    let stack = 0x2_0000 + 0xFFE0;
    s.write(stack, &0xFEFFu16.to_le_bytes());
    for (i, word) in (0u32..).zip([0x200u16, PARAGRAPH, 0x0002]) {
        s.write(stack + 2 + 2 * i, &word.to_le_bytes());
    }
    s.run(1);
    assert_eq!(s.flags() & (VM | IOPL | IF), VM | IOPL | IF);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP), s.flags()), (0x200, 0xFFE8, 2 | VM | IOPL));
}

#[test]
fn handlers_must_be_in_ring_0() {
    let mut s = v86(&[0xCD, 0x80], 3);
    s.interrupt_gate(0x80, gate(CODE3, CODE + 0x800, 0xEE, 0));
    s.expect_fault(GP, Some(u32::from(CODE3 & !3)));
    let mut s = v86(&[0xCD, 0x80], 3);
    s.descriptor(FREE, segment(0, 0xF_FFFF, 0x9F, 0xC));
    s.interrupt_gate(0x80, gate(FREE, CODE + 0x800, 0xEE, 0));
    s.expect_fault(GP, Some(FREE.into()));
}

#[test]
fn ports_are_guarded_by_the_bitmap_alone() {
    // in al, 0; in ax, 0; port 1 is forbidden.
    let with_bitmap = |code: &[u8]| {
        let mut s = v86(code, 3);
        s.write(TSS + 0x68, &[0x02, 0xFF]);
        let tss = &mut s.engine.cpu.st.seg[usize::from(seg::TR)];
        tss.limit = 0x69;
        s
    };
    let mut s = with_bitmap(&[0xE4, 0x00]);
    s.run(1);
    assert_eq!((s.eip(), s.reg(EAX) & 0xFF), (0x102, 0x50));
    with_bitmap(&[0xE4, 0x01]).expect_fault(GP, Some(0));
    with_bitmap(&[0xE5, 0x00]).expect_fault(GP, Some(0));
    // Bits beyond the segment count as set.
    with_bitmap(&[0xE4, 0x08]).expect_fault(GP, Some(0));
    with_bitmap(&[0xE4, 0x80]).expect_fault(GP, Some(0));
}

#[test]
fn a_task_may_start_in_it() {
    let mut s = System::new();
    let tss = 0x3800;
    s.descriptor(FREE, segment(tss, 0x67, 0x89, 0));
    for (at, value) in
        [(0x20, 0x100), (0x24, 2 | VM), (0x38, 0xFFF0), (0x48, 0x3000), (0x4C, 0x1000), (0x50, 0x2000)]
    {
        s.put32(tss + at, value);
    }
    s.code(&[0xEA, 0, 0, 0, 0, FREE as u8, 0]);
    s.run(1);
    assert_eq!((s.eip(), s.selector(seg::CS), s.engine.cpu.st.cpl), (0x100, 0x1000, 3));
    assert_eq!(s.engine.cpu.st.seg[usize::from(seg::ES)].base, 0x3_0000);
}
