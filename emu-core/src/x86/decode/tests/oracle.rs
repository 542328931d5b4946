//! iced-x86 as the judge of one instruction: validity, length and text.

use std::collections::BTreeSet;

use iced_x86::{
    CpuidFeature, Decoder, DecoderOptions, Formatter, Instruction, MemorySizeOptions, NasmFormatter,
};

use super::differences::DIFFERENCES;
use crate::x86::decode::{DecodeError, Decoded, Op, decode};
use crate::x86::disasm::format;

/// Address at which everything is decoded: near the top of the 16-bit range, so that targets wrap.
const EIP: u32 = 0xFFF0;

/// CPUID features (in iced's division) that a Pentium III with SSE2 has, as opposed to later or other processors.
const FEATURES: [CpuidFeature; 24] = [
    CpuidFeature::INTEL8086,
    CpuidFeature::INTEL8086_ONLY,
    CpuidFeature::INTEL186,
    CpuidFeature::INTEL286,
    CpuidFeature::INTEL386,
    CpuidFeature::INTEL486,
    CpuidFeature::FPU,
    CpuidFeature::FPU287,
    CpuidFeature::FPU387,
    CpuidFeature::SMM,
    CpuidFeature::CPUID,
    CpuidFeature::CX8,
    CpuidFeature::CMOV,
    CpuidFeature::TSC,
    CpuidFeature::MSR,
    CpuidFeature::RDPMC,
    CpuidFeature::SEP,
    CpuidFeature::MMX,
    CpuidFeature::FXSR,
    CpuidFeature::SSE,
    CpuidFeature::SSE2,
    CpuidFeature::CLFSH,
    CpuidFeature::MULTIBYTENOP,
    CpuidFeature::PAUSE,
];

/// Compares many instructions and remembers which of the known differences were met.
pub struct Oracle {
    formatter: NasmFormatter,
    met: BTreeSet<&'static str>,
    /// Instructions compared that exist on both sides.
    pub compared: u64,
}

impl Oracle {
    /// With iced's formatter set to our conventions.
    pub fn new() -> Self {
        let mut formatter = NasmFormatter::new();
        let options = formatter.options_mut();
        options.set_hex_prefix("0x");
        options.set_hex_suffix("");
        options.set_uppercase_hex(false);
        options.set_space_after_operand_separator(true);
        options.set_use_pseudo_ops(false);
        options.set_memory_size_options(MemorySizeOptions::Always);
        options.set_show_branch_size(false);
        options.set_branch_leading_zeros(false);
        Oracle { formatter, met: BTreeSet::new(), compared: 0 }
    }

    /// Panics unless both sides say the same of the instruction at the start of `bytes` (15 or more).
    pub fn check(&mut self, bytes: &[u8], code32: bool) {
        let ours = match decode(bytes, code32) {
            Ok(ours) => ours,
            Err(DecodeError::TooLong) => {
                let theirs = iced(bytes, code32, false);
                assert!(theirs.is_invalid(), "{bytes:02x?}: not too long for iced");
                return;
            }
            Err(DecodeError::Truncated) => panic!("{bytes:02x?}: 15 bytes are enough"),
        };
        let hint = ours.op == Op::Nop && ours.opcode >= 0x0F00;
        let theirs = iced(bytes, code32, hint);
        if ours.op == Op::Invalid {
            assert!(!exists(&ours, &theirs), "{bytes:02x?} code32={code32}: iced has {:?}", theirs.code());
            return;
        }
        assert!(exists(&ours, &theirs), "{bytes:02x?} code32={code32}: {:?} is not in iced", ours.op);
        assert_eq!(ours.len as usize, theirs.len(), "{bytes:02x?} code32={code32}: {:?}", ours.op);
        let expected = self.text(&ours, &theirs);
        assert_eq!(format(&ours, EIP), expected, "{bytes:02x?} code32={code32}");
        self.compared += 1;
    }

    /// Text of iced, rewritten by the known differences that apply.
    fn text(&mut self, ours: &Decoded, theirs: &Instruction) -> String {
        let mut text = String::new();
        self.formatter.format(theirs, &mut text);
        for difference in DIFFERENCES {
            if let Some(rewritten) = (difference.rewrite)(ours, &text)
                && rewritten != text
            {
                self.met.insert(difference.name);
                text = rewritten;
            }
        }
        text
    }

    /// Panics if the list names a difference that no longer exists.
    pub fn assert_all_differences_met(&self) {
        for difference in DIFFERENCES {
            assert!(self.met.contains(difference.name), "{} ({})", difference.name, difference.why);
        }
    }
}

fn iced(bytes: &[u8], code32: bool, hint: bool) -> Instruction {
    let mut options =
        DecoderOptions::NO_MPFX_0FBC | DecoderOptions::NO_MPFX_0FBD | DecoderOptions::NO_WBNOINVD;
    if hint {
        options |= DecoderOptions::FORCE_RESERVED_NOP;
    }
    Decoder::with_ip(if code32 { 32 } else { 16 }, bytes, EIP as u64, options).decode()
}

/// True if iced knows the instruction, and a Pentium III with SSE2 has it. The no-operation 0F 0D, which iced does
/// not tell from those at 0F 1F, came with 64-bit processors.
fn exists(ours: &Decoded, theirs: &Instruction) -> bool {
    let features = theirs.cpuid_features();
    let known = !theirs.is_invalid() && features.iter().all(|feature| FEATURES.contains(feature));
    known && ours.opcode != 0x0F0D
}
