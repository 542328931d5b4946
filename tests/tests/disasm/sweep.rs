//! Every opcode with every ModRM byte, prefixes, addresses; and random bytes.

use emu_core::x86::decode::{DecodeError, MAX_LENGTH, decode};
use emu_core::x86::disasm::Syntax;
use glassbox_tests::iced::Oracle;

const PREFIXES: [&[u8]; 22] = [
    &[],
    &[0x66],
    &[0x67],
    &[0xF2],
    &[0xF3],
    &[0x26],
    &[0x2E],
    &[0x36],
    &[0x3E],
    &[0x64],
    &[0x65],
    &[0xF0],
    &[0x66, 0x67],
    &[0x66, 0xF2],
    &[0x66, 0xF3],
    &[0xF2, 0x66],
    &[0xF3, 0x66],
    &[0xF2, 0xF3],
    &[0xF3, 0xF2],
    &[0xF0, 0x66],
    &[0x2E, 0x64, 0x67],
    &[0xF0, 0xF3, 0x65],
];

/// What follows ModRM and SIB: small, negative and large displacements and immediates.
const TAILS: [[u8; 9]; 2] = [
    [0x82, 0xFF, 0xFF, 0xFF, 0x07, 0x12, 0x34, 0x56, 0x78],
    [0x0A, 0x00, 0x31, 0x84, 0xFE, 0xFF, 0xFF, 0xFF, 0x01],
];

fn is_prefix_or_escape(opcode: u8) -> bool {
    matches!(opcode, 0x0F | 0x26 | 0x2E | 0x36 | 0x3E | 0x64..=0x67 | 0xF0 | 0xF2 | 0xF3)
}

/// Opcode bytes of the one-byte and the two-byte map.
fn opcodes() -> impl Iterator<Item = Vec<u8>> {
    let one_byte = (0..=255).filter(|opcode| !is_prefix_or_escape(*opcode)).map(|opcode| vec![opcode]);
    one_byte.chain((0..=255).map(|opcode| vec![0x0F, opcode]))
}

#[test]
fn every_opcode_modrm_and_prefix_is_what_iced_says() {
    let mut oracle = Oracle::new();
    for opcode in opcodes() {
        for (index, prefix) in PREFIXES.iter().enumerate() {
            for modrm in 0..=255u8 {
                let sib = modrm.wrapping_mul(37).wrapping_add(index as u8 * 11);
                let tail = TAILS[(index + modrm as usize) & 1];
                let bytes = [*prefix, &opcode, &[modrm, sib], &tail].concat();
                // Each in one syntax; over the prefixes every opcode and ModRM byte meets both.
                let syntax = if (index + modrm as usize / 2) % 4 == 0 { Syntax::Att } else { Syntax::Nasm };
                oracle.check_as(syntax, &bytes, false);
                oracle.check_as(syntax, &bytes, true);
            }
        }
    }
    oracle.assert_all_differences_met();
    assert!(oracle.compared > 3_000_000, "{}", oracle.compared);
}

#[test]
fn every_address_form_is_what_iced_says() {
    let mut oracle = Oracle::new();
    for prefix in [&[][..], &[0x67], &[0x3E], &[0x36, 0x67], &[0x64]] {
        for modrm in (0..0xC0u8).step_by(8).flat_map(|reg_mode| (0..8).map(move |rm| reg_mode | rm)) {
            for sib in 0..=255u8 {
                for tail in TAILS {
                    let bytes = [prefix, &[0x8B, modrm, sib], &tail, &[0; 4]].concat();
                    oracle.check(&bytes, false);
                    oracle.check(&bytes, true);
                }
            }
        }
    }
}

/// A linear congruential generator (Knuth's MMIX constants): random enough, and the same on every run.
struct Random(u64);

impl Random {
    fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 56) as u8
    }

    fn bytes(&mut self) -> [u8; 16] {
        std::array::from_fn(|_| self.byte())
    }
}

#[test]
fn random_bytes_are_what_iced_says() {
    let mut random = Random(1);
    let mut oracle = Oracle::new();
    for _ in 0..300_000 {
        let mut bytes = random.bytes();
        // Prefixes are one byte in twenty otherwise.
        for slot in bytes.iter_mut().take((random.byte() & 3) as usize) {
            *slot = PREFIXES[1 + random.byte() as usize % 11][0];
        }
        oracle.check(&bytes, random.byte() & 1 == 0);
    }
}

#[test]
fn bytes_beyond_the_instruction_do_not_matter_and_all_within_do() {
    let mut random = Random(2);
    for _ in 0..200_000 {
        let bytes = random.bytes();
        let code32 = random.byte() & 1 == 0;
        let Ok(inst) = decode(&bytes, code32) else { continue };
        let len = inst.len as usize;
        assert!((1..=MAX_LENGTH).contains(&len));
        assert_eq!(decode(&bytes[..len], code32), Ok(inst));
        for cut in 0..len {
            assert_eq!(
                decode(&bytes[..cut], code32),
                Err(DecodeError::Truncated),
                "{bytes:02x?} cut to {cut}"
            );
        }
    }
}

#[test]
fn prefixes_alone_end_at_fifteen_bytes() {
    for prefix in [0x66, 0x67, 0xF0, 0xF2, 0xF3, 0x2E] {
        assert_eq!(decode(&[prefix; 40], true), Err(DecodeError::TooLong));
        assert_eq!(decode(&[prefix; 14], true), Err(DecodeError::Truncated));
        assert_eq!(decode(&[prefix; 15], true), Err(DecodeError::TooLong));
    }
    let mut longest = [0x66; 15];
    longest[14] = 0x90;
    assert_eq!(decode(&longest, true).map(|inst| inst.len), Ok(15));
    longest[14] = 0xB0;
    assert_eq!(decode(&longest, true), Err(DecodeError::TooLong));
}
