//! Fields of decoded instructions, by hand from SDM volume 2.

use crate::x86::decode::{Decoded, MemRef, NO_REGISTER, Op, Operand, Rep, Seg, Width, decode};

fn decode32(bytes: &[u8]) -> Decoded {
    decode(bytes, true).unwrap()
}

fn decode16(bytes: &[u8]) -> Decoded {
    decode(bytes, false).unwrap()
}

#[test]
fn addresses_of_table_2_1() {
    const BX: u8 = 3;
    const BP: u8 = 5;
    const SI: u8 = 6;
    const DI: u8 = 7;
    let expected = [
        (BX, SI, Seg::Ds),
        (BX, DI, Seg::Ds),
        (BP, SI, Seg::Ss),
        (BP, DI, Seg::Ss),
        (SI, NO_REGISTER, Seg::Ds),
        (DI, NO_REGISTER, Seg::Ds),
        (BP, NO_REGISTER, Seg::Ss),
        (BX, NO_REGISTER, Seg::Ds),
    ];
    for (rm, (base, index, seg)) in expected.into_iter().enumerate() {
        let inst = decode16(&[0x8B, 0x80 | rm as u8, 0xFE, 0xFF]);
        let mem = MemRef { base, index, scale: 0, disp: 0xFFFF_FFFE, disp_size: 2, seg, addr16: true };
        assert_eq!(inst.mem, mem, "rm {rm}");
    }
    let direct = decode16(&[0x8B, 0x06, 0xFE, 0xFF]).mem;
    assert_eq!(direct, MemRef { disp: 0xFFFE, disp_size: 2, addr16: true, ..MemRef::NONE });
}

#[test]
fn addresses_of_tables_2_2_and_2_3() {
    let mem = |bytes: &[u8]| decode32(bytes).mem;
    let none = MemRef::NONE;
    assert_eq!(mem(&[0x8B, 0x00]), MemRef { base: 0, ..none });
    assert_eq!(mem(&[0x8B, 0x45, 0x80]), MemRef { base: 5, disp: !0x7F, disp_size: 1, seg: Seg::Ss, ..none });
    assert_eq!(mem(&[0x8B, 0x05, 1, 0, 0, 0x80]), MemRef { disp: 0x8000_0001, disp_size: 4, ..none });
    assert_eq!(mem(&[0x8B, 0x04, 0x24]), MemRef { base: 4, seg: Seg::Ss, ..none });
    assert_eq!(mem(&[0x8B, 0x04, 0xE4]), MemRef { base: 4, seg: Seg::Ss, ..none }, "no index: no scale");
    assert_eq!(mem(&[0x8B, 0x04, 0xCB]), MemRef { base: 3, index: 1, scale: 3, ..none });
    // No base: EBP as the index does not choose SS.
    let no_base = MemRef { index: 5, scale: 2, disp: 2, disp_size: 4, ..none };
    assert_eq!(mem(&[0x8B, 0x04, 0xAD, 2, 0, 0, 0]), no_base);
    let based = MemRef { base: 5, index: 0, disp: 2, disp_size: 1, seg: Seg::Ss, ..none };
    assert_eq!(mem(&[0x8B, 0x44, 0x05, 2]), based);
    assert_eq!(mem(&[0x64, 0x8B, 0x45, 0]).seg, Seg::Fs);
    assert_eq!(mem(&[0x64, 0x2E, 0x8B, 0x45, 0]).seg, Seg::Cs, "the last override counts");
    // ESP has no place in 16-bit addresses: number 4 means SI there, and SI alone uses DS.
    assert_eq!(mem(&[0x67, 0x8B, 0x04]).seg, Seg::Ds);
}

#[test]
fn immediates_have_the_width_of_their_use() {
    let add = decode32(&[0x83, 0xC0, 0xFF]);
    assert_eq!((add.operands[1], add.imm), (Operand::Imm(Width::B4), 0xFFFF_FFFF));
    let add = decode16(&[0x83, 0xC0, 0xFF]);
    assert_eq!((add.operands[1], add.imm), (Operand::Imm(Width::B2), 0xFFFF));
    let add = decode32(&[0x80, 0xC0, 0xFF]);
    assert_eq!((add.operands[1], add.imm), (Operand::Imm(Width::B1), 0xFF));
    let push = decode32(&[0x6A, 0x80]);
    assert_eq!((push.operands[0], push.imm), (Operand::Imm(Width::B4), 0xFFFF_FF80));
    let shift = decode32(&[0xD1, 0xE0]);
    assert_eq!((shift.op, shift.operands[1], shift.imm), (Op::Shl, Operand::Imm(Width::B1), 1));
    let enter = decode32(&[0xC8, 0x34, 0x12, 0x05]);
    assert_eq!(enter.operands, [Operand::Imm(Width::B2), Operand::Imm2, Operand::None]);
    assert_eq!((enter.imm, enter.imm2, enter.width), (0x1234, 5, Width::B4));
    let far = decode16(&[0xEA, 0x78, 0x56, 0x34, 0x12]);
    assert_eq!(
        (far.op, far.operands[0], far.imm, far.imm2),
        (Op::JmpFarPtr, Operand::FarPtr, 0x5678, 0x1234)
    );
}

#[test]
fn branches_wrap_at_their_operand_size() {
    assert_eq!(decode32(&[0xEB, 0xFE]).target(0x1234_5678), 0x1234_5678);
    assert_eq!(decode32(&[0xE9, 0, 0, 0, 0x80]).target(0x8000_0000), 5);
    assert_eq!(decode16(&[0xEB, 0x10]).target(0xFFF8), 0x000A);
    assert_eq!(decode16(&[0xE8, 0xFD, 0xFF]).target(0x1234), 0x1234);
    assert_eq!(decode32(&[0x66, 0xEB, 0x00]).target(0x0001_0000), 3);
    assert_eq!(decode32(&[0x0F, 0x8F, 4, 0, 0, 0]).cc, 15);
    assert_eq!(decode32(&[0x0F, 0x94, 0xC0]).cc, 4);
}

#[test]
fn strings_name_their_memory() {
    let movs = decode32(&[0xF3, 0x64, 0xA5]);
    assert_eq!((movs.op, movs.rep, movs.width), (Op::Movs, Rep::Rep, Width::B4));
    assert_eq!(movs.operands[..2], [Operand::StringDst(Width::B4), Operand::StringSrc(Width::B4)]);
    assert_eq!((movs.mem.seg, movs.mem.addr16), (Seg::Fs, false));
    let cmps = decode16(&[0xA6]);
    assert_eq!(cmps.operands[..2], [Operand::StringSrc(Width::B1), Operand::StringDst(Width::B1)]);
    assert_eq!((cmps.mem.seg, cmps.mem.addr16), (Seg::Ds, true));
    let stos = decode32(&[0x66, 0xAB]);
    assert_eq!(stos.operands[..2], [Operand::StringDst(Width::B2), Operand::Gpr16(0)]);
    let outs = decode32(&[0x6F]);
    assert_eq!((outs.operands[1], outs.width), (Operand::StringSrc(Width::B4), Width::B4));
    let xlat = decode16(&[0x2E, 0xD7]);
    assert_eq!((xlat.operands[0], xlat.mem.base, xlat.mem.seg), (Operand::Mem(Width::B1), 3, Seg::Cs));
    let mask = decode32(&[0x66, 0x0F, 0xF7, 0xC1]);
    assert_eq!(mask.operands, [Operand::Mem(Width::B16), Operand::Xmm(0), Operand::Xmm(1)]);
    assert_eq!((mask.mem.base, mask.mem.seg), (7, Seg::Ds));
}

#[test]
fn widths_are_those_of_the_operation() {
    let width = |bytes: &[u8]| decode32(bytes).width;
    assert_eq!(width(&[0x0F, 0xB6, 0x00]), Width::B4, "movzx eax, byte [eax]");
    assert_eq!(width(&[0x66, 0x0F, 0xBE, 0xC0]), Width::B2, "movsx ax, al");
    assert_eq!(width(&[0xE6, 0x70]), Width::B1, "out 0x70, al");
    assert_eq!(width(&[0xEE]), Width::B1, "out dx, al");
    assert_eq!(width(&[0xEF]), Width::B4, "out dx, eax");
    assert_eq!(width(&[0x66, 0xED]), Width::B2, "in ax, dx");
    assert_eq!(width(&[0x66, 0x1E]), Width::B2, "o16 push ds");
    assert_eq!(width(&[0x8D, 0x00]), Width::B4, "lea eax, [eax]");
    assert_eq!(width(&[0xC5, 0x00]), Width::B4, "lds eax, [eax]");
    assert_eq!(decode32(&[0xC5, 0x00]).operands[1], Operand::Mem(Width::B6));
    assert_eq!(width(&[0xFF, 0x18]), Width::B4, "call far [eax]");
    assert_eq!(width(&[0xD9, 0x00]), Width::B4, "fld dword [eax]");
    assert_eq!(width(&[0xDB, 0x28]), Width::B10, "fld tword [eax]");
    assert_eq!(width(&[0xDD, 0x30]), Width::B108, "fnsave [eax]");
    assert_eq!(width(&[0x66, 0xD9, 0x30]), Width::B14, "o16 fnstenv [eax]");
    assert_eq!(width(&[0x0F, 0xAE, 0x00]), Width::B512, "fxsave [eax]");
    assert_eq!(width(&[0x0F, 0x01, 0x10]), Width::B6, "lgdt [eax]");
}

#[test]
fn lock_needs_a_writable_memory_destination() {
    let op = |bytes: &[u8]| decode32(bytes).op;
    assert_eq!(op(&[0xF0, 0x01, 0x00]), Op::Add);
    assert!(decode32(&[0xF0, 0x01, 0x00]).lock);
    assert_eq!(op(&[0xF0, 0x01, 0xC0]), Op::Invalid, "register");
    assert_eq!(op(&[0xF0, 0x03, 0x00]), Op::Invalid, "memory is the source");
    assert_eq!(op(&[0xF0, 0x39, 0x00]), Op::Invalid, "cmp");
    assert_eq!(op(&[0xF0, 0x0F, 0xA3, 0x00]), Op::Invalid, "bt");
    assert_eq!(op(&[0xF0, 0x0F, 0xC7, 0x08]), Op::Cmpxchg8b);
    assert_eq!(op(&[0xF0, 0x90]), Op::Invalid, "nop");
    let moved = decode32(&[0xF0, 0x8B, 0x80, 1, 2, 3, 4]);
    assert_eq!((moved.op, moved.len, moved.operands), (Op::Invalid, 7, [Operand::None; 3]));
}

#[test]
fn mandatory_prefixes_are_not_repeats() {
    let pause = decode32(&[0xF3, 0x90]);
    assert_eq!((pause.op, pause.rep), (Op::Pause, Rep::None));
    let movsd = decode32(&[0x66, 0xF2, 0x0F, 0x10, 0x00]);
    assert_eq!((movsd.op, movsd.rep, movsd.width), (Op::Movsd, Rep::None, Width::B8));
    assert_eq!(decode32(&[0xF2, 0xF3, 0x0F, 0x10, 0x00]).op, Op::Movss, "the last of F2 and F3");
    assert_eq!(decode32(&[0xF3, 0x0F, 0xBC, 0xC1]).op, Op::Bsf, "TZCNT came later");
    assert_eq!(decode32(&[0x0F, 0x20, 0x00]).operands[0], Operand::Gpr32(0), "mod is ignored for CR");
    assert_eq!(decode32(&[0x0F, 0x20, 0x00]).len, 3);
}

#[test]
fn undefined_opcodes_stop_where_they_are_known() {
    for (bytes, len) in [
        (&[0x0F, 0x04][..], 2),
        (&[0x0F, 0x38], 2),
        (&[0xFE, 0xFF], 2),
        (&[0x8D, 0xC0], 2),
        (&[0xC4, 0xC0], 2),
        (&[0x8E, 0xC8], 2),
        (&[0x8C, 0xF0], 2),
        (&[0xF3, 0x0F, 0xFC], 3),
        (&[0x0F, 0xC7, 0xC8], 3),
        (&[0xFF, 0xD8], 2),
        (&[0x62, 0xC0], 2),
        (&[0x0F, 0x22, 0xC8], 3),
        (&[0xD9, 0xD1], 2),
    ] {
        let inst = decode32(bytes);
        assert_eq!((inst.op, inst.len), (Op::Invalid, len), "{bytes:02x?}");
    }
}

#[test]
fn blocks_end_where_control_time_or_mode_may_change() {
    for bytes in [
        &[0xEB, 0x00][..],
        &[0x74, 0x00],
        &[0xC3],
        &[0xF4],
        &[0xCD, 0x80],
        &[0xE4, 0x60],
        &[0x6C],
        &[0xFB],
        &[0x9D],
        &[0x8E, 0xD0],
        &[0x17],
        &[0x0F, 0xB2, 0x00],
        &[0xF3, 0xA5],
        &[0x0F, 0x22, 0xC0],
        &[0x0F, 0x31],
        &[0x0F, 0x0B],
        &[0x0F, 0xFF, 0x00],
        &[0x0F, 0x04],
    ] {
        assert!(decode32(bytes).ends_block(), "{bytes:02x?}");
    }
    for bytes in
        [&[0x8E, 0xD8][..], &[0x1F], &[0xA5], &[0xF3, 0x90], &[0x89, 0xC0], &[0xF2, 0x0F, 0x10, 0x00]]
    {
        assert!(!decode32(bytes).ends_block(), "{bytes:02x?}");
    }
}

#[test]
fn operations_are_numbered_in_order() {
    for (index, op) in Op::ALL.iter().enumerate() {
        assert_eq!(*op as usize, index);
        assert_eq!(op.name(), op.name().to_lowercase());
    }
    assert_eq!(Op::ALL[0], Op::Invalid);
}
