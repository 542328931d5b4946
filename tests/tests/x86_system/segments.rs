//! Segments: loads, limits, types, and the instructions that look at descriptors (SDM vol. 3A, chapter 5).

use emu_core::x86::eflags::{AC, ZF};
use emu_core::x86::regs::gpr::{EAX, EBX, ESP};
use emu_core::x86::regs::{cr0, seg};
use glassbox_tests::system::*;

const GP: u8 = 13;
const NP: u8 = 11;
const SS: u8 = 12;
const AC_VECTOR: u8 = 17;
/// mov ds, ax; mov ss, ax; mov eax, [ebx]; mov [ebx], eax
const LOAD_DS: [u8; 2] = [0x8E, 0xD8];
const LOAD_SS: [u8; 2] = [0x8E, 0xD0];
const READ: [u8; 2] = [0x8B, 0x03];
const WRITE: [u8; 2] = [0x89, 0x03];

fn loading(code: &[u8], cpl: u8, selector: u16, raw: u64) -> System {
    let mut s = System::new();
    s.descriptor(FREE, raw);
    if cpl == 3 {
        s.enter_ring(3);
    }
    s.code(code);
    s.set_reg(EAX, selector.into());
    s
}

#[test]
fn data_segment_loads() {
    let flat = |access| segment(0, 0xF_FFFF, access, 0xC);
    let free = Some(u32::from(FREE));
    // Execute-only code, system segment, too privileged, RPL too weak, not present, beyond the table.
    loading(&LOAD_DS, 0, FREE, flat(0x99)).expect_fault(GP, free);
    loading(&LOAD_DS, 0, FREE, flat(0x82)).expect_fault(GP, free);
    loading(&LOAD_DS, 3, FREE | 3, flat(0x93)).expect_fault(GP, free);
    loading(&LOAD_DS, 0, FREE | 3, flat(0x93)).expect_fault(GP, free);
    loading(&LOAD_DS, 0, FREE, flat(0x13)).expect_fault(NP, free);
    loading(&LOAD_DS, 0, 0x200, 0).expect_fault(GP, Some(0x200));
    // No LDT.
    loading(&LOAD_DS, 0, 0x0C, 0).expect_fault(GP, Some(0x0C));
    // Conforming code may be read from anywhere; loading marks it accessed.
    let mut s = loading(&LOAD_DS, 3, FREE | 3, flat(0x9E));
    s.run(1);
    assert_eq!(s.selector(seg::DS), FREE | 3);
    assert_eq!(s.get32(GDT + u32::from(FREE) + 4) >> 8 & 0xFF, 0x9F);
}

#[test]
fn stack_segment_loads() {
    let flat = |access| segment(0, 0xF_FFFF, access, 0xC);
    let free = Some(u32::from(FREE));
    loading(&LOAD_SS, 0, 0, 0).expect_fault(GP, Some(0));
    loading(&LOAD_SS, 0, FREE, flat(0x91)).expect_fault(GP, free);
    loading(&LOAD_SS, 0, FREE, flat(0x9B)).expect_fault(GP, free);
    loading(&LOAD_SS, 0, FREE | 1, flat(0x93)).expect_fault(GP, free);
    loading(&LOAD_SS, 0, FREE, flat(0xF3)).expect_fault(GP, free);
    loading(&LOAD_SS, 3, FREE | 3, flat(0x73)).expect_fault(SS, free);
}

#[test]
fn a_null_segment_faults_when_used() {
    let mut s = loading(&LOAD_DS, 0, 3, 0);
    s.write(CODE + 2, &READ);
    s.run(1);
    s.set_reg(EBX, DATA);
    s.expect_fault(GP, Some(0));
}

/// Accesses through FREE loaded into DS: whether they are allowed.
fn access(raw: u64, code: [u8; 2], offset: u32) -> Option<u8> {
    let mut s = System::new();
    s.descriptor(FREE, raw);
    s.load(seg::DS, FREE);
    s.set_reg(EBX, offset);
    s.code(&[code[0], code[1], 0xF4]);
    s.halt();
    if s.eip() == CODE + 3 {
        return None;
    }
    let frame = s.frame();
    assert_eq!(frame.code, Some(0));
    Some(frame.vector)
}

#[test]
fn limits_and_types() {
    let up = segment(DATA, 0xFFF, 0x93, 4);
    assert_eq!(access(up, READ, 0xFFC), None);
    assert_eq!(access(up, READ, 0xFFD), Some(GP));
    assert_eq!(access(up, WRITE, 0xFFFF_FFFE), Some(GP));
    assert_eq!(access(segment(DATA, 0, 0x93, 0xC), READ, 0xFFC), None);
    assert_eq!(access(segment(DATA, 0, 0x93, 0xC), READ, 0xFFD), Some(GP));
    assert_eq!(access(segment(DATA, 0xFFF, 0x91, 4), WRITE, 0), Some(GP));
    assert_eq!(access(segment(DATA, 0xFFF, 0x9B, 4), READ, 0), None);
    assert_eq!(access(segment(DATA, 0xFFF, 0x9B, 4), WRITE, 0), Some(GP));
    // Expand-down: above the limit, below 64 KiB or 4 GiB by B.
    let down = |limit, flags| segment(DATA, limit, 0x97, flags);
    assert_eq!(access(down(0xFFF, 4), READ, 0xFFF), Some(GP));
    assert_eq!(access(down(0xFFF, 4), WRITE, 0x1000), None);
    assert_eq!(access(down(0xFFF, 4), READ, 0x10_0000), None);
    assert_eq!(access(down(0xFFF, 0), READ, 0xFFFC), None);
    assert_eq!(access(down(0xFFF, 0), READ, 0xFFFD), Some(GP));
    assert_eq!(access(down(0, 0xC), READ, 0xFFF), Some(GP));
    assert_eq!(access(down(0, 0xC), READ, 0x1000), None);
}

#[test]
fn the_stack_pointer_is_as_wide_as_its_segment() {
    // push eax on a 16-bit stack leaves the upper half of ESP alone.
    let mut s = System::new();
    s.descriptor(FREE, segment(DATA, 0xFFFF, 0x93, 0));
    s.load(seg::SS, FREE);
    s.set_reg(ESP, 0xABCD_0002);
    s.set_reg(EAX, 0x1234_5678);
    s.code(&[0x66, 0x50, 0x66, 0x50, 0xF4]);
    s.halt();
    assert_eq!(s.reg(ESP), 0xABCD_FFFE);
    assert_eq!((s.get16(DATA), s.get16(DATA + 0xFFFE)), (0x5678, 0x5678));
}

#[test]
fn lar_lsl_verr_verw() {
    let kinds: [(u64, u16, bool, bool, bool, bool); 9] = [
        // descriptor, RPL, LAR, LSL, VERR, VERW
        (segment(0, 0xFFF, 0xF3, 0xC), 3, true, true, true, true),
        (segment(0, 0xFFF, 0xF1, 4), 3, true, true, true, false),
        (segment(0, 0xFFF, 0xF9, 4), 3, true, true, false, false),
        (segment(0, 0xFFF, 0x9F, 4), 3, true, true, true, false),
        (segment(0, 0xFFF, 0x93, 4), 0, false, false, false, false),
        (segment(0, 0x67, 0xE9, 0), 3, true, true, false, false),
        (gate(CODE0, 0, 0xEC, 0), 3, true, false, false, false),
        (gate(CODE0, 0, 0xEE, 0), 3, false, false, false, false),
        (segment(0, 0xFF, 0xE2, 0), 3, true, true, false, false),
    ];
    for (raw, rpl, lar, lsl, verr, verw) in kinds {
        for (code, expected) in [
            ([0x0F, 0x02, 0xD8], lar), // lar ebx, eax
            ([0x0F, 0x03, 0xD8], lsl), // lsl ebx, eax
            ([0x0F, 0x00, 0xE0], verr),
            ([0x0F, 0x00, 0xE8], verw),
        ] {
            let mut s = loading(&code, 3, FREE | rpl, raw);
            s.set_reg(EBX, 0xDEAD_BEEF);
            s.run(1);
            assert_eq!(s.flags() & ZF != 0, expected, "{code:X?} of {raw:X}");
            let wanted = match (code[1], expected) {
                (2, true) => (raw >> 32) as u32 & 0xF0_FF00,
                (3, true) if raw >> 55 & 1 != 0 => 0xFFF_FFF,
                (3, true) => (raw & 0xFFFF) as u32,
                _ => 0xDEAD_BEEF,
            };
            assert_eq!(s.reg(EBX), wanted, "{code:X?} of {raw:X}");
        }
    }
}

#[test]
fn an_ldt_gives_selectors_with_ti() {
    // lldt ax; mov bx, 0Ch; mov ds, bx
    let mut s =
        loading(&[0x0F, 0x00, 0xD0, 0x66, 0xBB, 0x0C, 0, 0x8E, 0xDB], 0, FREE, segment(DATA, 0xF, 0x82, 0));
    s.write(DATA + 8, &segment(0x5000, 0xFF, 0x93, 4).to_le_bytes());
    s.run(3);
    let ds = s.engine.cpu.st.seg[usize::from(seg::DS)];
    assert_eq!((ds.selector, ds.base, ds.limit), (0x0C, 0x5000, 0xFF));
    // A segment that is no LDT; the wrong table.
    loading(&[0x0F, 0x00, 0xD0], 0, DATA0, 0).expect_fault(GP, Some(DATA0.into()));
    loading(&[0x0F, 0x00, 0xD0], 0, 0x0C, 0).expect_fault(GP, Some(0x0C));
}

#[test]
fn ltr_takes_a_free_tss_and_makes_it_busy() {
    let ltr = [0x0F, 0x00, 0xD8];
    let mut s = loading(&ltr, 0, FREE, segment(0x3800, 0x67, 0x89, 0));
    s.run(1);
    assert_eq!(s.selector(seg::TR), FREE);
    assert_eq!(s.get32(GDT + u32::from(FREE) + 4) >> 8 & 0xFF, 0x8B);
    loading(&ltr, 0, FREE, segment(0x3800, 0x67, 0x8B, 0)).expect_fault(GP, Some(FREE.into()));
    loading(&ltr, 0, FREE, segment(0x3800, 0x67, 0x09, 0)).expect_fault(NP, Some(FREE.into()));
    loading(&ltr, 0, 0, 0).expect_fault(GP, Some(0));
}

#[test]
fn alignment_checks_are_for_ring_3() {
    let misaligned = |cpl: u8, am: u32, ac: u32| {
        let mut s = System::new();
        s.enter_ring(cpl);
        s.engine.cpu.st.cr0 |= am;
        s.set_flags(ac);
        s.set_reg(EBX, DATA + 1);
        s.code(&READ);
        s.write(CODE + 2, &[0xCC]);
        s
    };
    misaligned(3, cr0::AM, AC).expect_fault(AC_VECTOR, Some(0));
    for (cpl, am, ac) in [(0, cr0::AM, AC), (3, 0, AC), (3, cr0::AM, 0)] {
        let mut s = misaligned(cpl, am, ac);
        s.run(1);
        assert_eq!(s.eip(), CODE + 2);
    }
}

#[test]
fn a_failed_load_changes_nothing() {
    // lds ebx, [DATA] with a bad selector; pop ds likewise.
    let mut s = System::new();
    s.put32(DATA, 0x1111_1111);
    s.put32(DATA + 4, 0x200);
    s.set_reg(EBX, 7);
    s.code(&[0xC5, 0x1D, 0, 0, 2, 0]);
    s.expect_fault(GP, Some(0x200));
    assert_eq!((s.reg(EBX), s.selector(seg::DS)), (7, DATA0));
    let mut s = System::new();
    s.put32(STACK, 0x200);
    s.code(&[0x1F]);
    s.expect_fault(GP, Some(0x200));
    assert_eq!(s.reg(ESP), STACK - 16);
}
