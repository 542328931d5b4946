//! Flags of every instruction against iced-x86, and what neither iced nor the table can show.

use iced_x86::{Decoder, DecoderOptions, Instruction, RflagsBits};

use crate::x86::decode::{Decoded, FlagEffects, Op, condition_reads, decode};

const CF: u32 = 1 << 0;
const PF: u32 = 1 << 2;
const AF: u32 = 1 << 4;
const ZF: u32 = 1 << 6;
const SF: u32 = 1 << 7;
const OF: u32 = 1 << 11;

const PAIRS: [(u32, u32); 8] = [
    (RflagsBits::CF, CF),
    (RflagsBits::PF, PF),
    (RflagsBits::AF, AF),
    (RflagsBits::ZF, ZF),
    (RflagsBits::SF, SF),
    (RflagsBits::IF, 1 << 9),
    (RflagsBits::DF, 1 << 10),
    (RflagsBits::OF, OF),
];

/// iced's flag mask as bits of EFLAGS.
fn eflags(rflags: u32) -> u32 {
    PAIRS.iter().filter(|(bit, _)| rflags & bit != 0).map(|(_, flag)| flag).sum()
}

/// iced does not count what these do to flags through gates, tasks and the stack frame of an interrupt.
fn goes_through_gates(op: Op) -> bool {
    let far = matches!(op, Op::CallFarInd | Op::CallFarPtr | Op::JmpFarInd | Op::JmpFarPtr);
    far || matches!(op, Op::Int | Op::Int1 | Op::Int3 | Op::Into)
}

fn compare(bytes: &[u8]) {
    let ours = decode(bytes, true).unwrap();
    if ours.op == Op::Invalid || goes_through_gates(ours.op) {
        return;
    }
    let options = DecoderOptions::NO_MPFX_0FBC | DecoderOptions::NO_MPFX_0FBD | DecoderOptions::NO_WBNOINVD;
    let theirs: Instruction = Decoder::with_ip(32, bytes, 0, options).decode();
    let written = theirs.rflags_written() | theirs.rflags_cleared() | theirs.rflags_set();
    let effects = ours.flag_effects();
    assert_eq!(effects.reads, eflags(theirs.rflags_read()), "reads of {bytes:02x?}");
    assert_eq!(effects.writes, eflags(written), "writes of {bytes:02x?}");
    assert_eq!(effects.undefines, eflags(theirs.rflags_undefined()), "undefines of {bytes:02x?}");
}

/// Opcode bytes of the one-byte and the two-byte map, without prefixes.
fn opcodes() -> impl Iterator<Item = Vec<u8>> {
    let is_prefix = |b: &u8| matches!(b, 0x0F | 0x26 | 0x2E | 0x36 | 0x3E | 0x64..=0x67 | 0xF0 | 0xF2 | 0xF3);
    let one_byte = (0..=255).filter(move |opcode| !is_prefix(opcode)).map(|opcode| vec![opcode]);
    one_byte.chain((0..=255).map(|opcode| vec![0x0F, opcode]))
}

#[test]
fn flags_are_what_iced_says() {
    for opcode in opcodes() {
        for prefix in [&[][..], &[0x66], &[0xF2], &[0xF3]] {
            for modrm in 0..=255u8 {
                // 0, 1 and 32 are special as shift counts.
                for filler in [0, 1, 0x25, 0x20] {
                    compare(&[prefix, &opcode, &[modrm], &[filler; 14]].concat());
                }
            }
        }
    }
}

fn effects(bytes: &[u8]) -> FlagEffects {
    let inst: Decoded = decode(bytes, true).unwrap();
    inst.flag_effects()
}

#[test]
fn old_flags_stay_needed_where_a_count_may_be_zero() {
    assert!(effects(&[0xD3, 0xE0]).conditional, "shl eax, cl");
    assert!(effects(&[0x0F, 0xA5, 0xC1]).conditional, "shld ecx, eax, cl");
    assert!(!effects(&[0xC1, 0xE0, 5]).conditional, "shl eax, 5");
    assert!(!effects(&[0xD1, 0xE0]).conditional, "shl eax, 1");
    assert_eq!(effects(&[0xC1, 0xE0, 32]), FlagEffects::NONE, "shl eax, 32");
    assert!(effects(&[0xF3, 0xA6]).conditional, "repe cmpsb");
    assert!(!effects(&[0xA6]).conditional, "cmpsb");
    assert!(effects(&[0xF2, 0xAE]).conditional, "repne scasb");
}

#[test]
fn conditions_read_the_flags_of_sdm_appendix_b() {
    let expected = [OF, CF, ZF, CF | ZF, SF, PF, SF | OF, ZF | SF | OF];
    for cc in 0..16 {
        assert_eq!(condition_reads(cc), expected[cc as usize / 2], "condition {cc}");
    }
}
