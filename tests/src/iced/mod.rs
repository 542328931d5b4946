//! iced-x86 as the judge of one instruction: validity, length, operands and text in both syntaxes.

mod att;
mod encode;
mod nasm;
mod operands;

pub use encode::{Form, forms};

use emu_core::x86::decode::{DecodeError, Decoded, Op, decode};
use emu_core::x86::disasm::{Syntax, format_as};
use iced_x86::{
    CpuidFeature, Decoder, DecoderOptions, Formatter, FormatterOptions, GasFormatter, Instruction,
    MemorySizeOptions, NasmFormatter,
};
use std::collections::BTreeSet;

/// Address at which everything is decoded: near the top of the 16-bit range, so that targets wrap.
pub const EIP: u32 = 0xFFF0;

/// CPUID features (in iced's division) that a Pentium III with SSE2 has, as opposed to later or other processors.
pub const FEATURES: [CpuidFeature; 24] = [
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

/// A known difference between iced's text and ours. `rewrite` turns iced's into ours, or gives nothing where it does not
/// apply.
pub struct Difference {
    /// What differs.
    pub name: &'static str,
    /// Why we do it our way.
    pub why: &'static str,
    /// From iced's text to ours.
    pub rewrite: fn(&Decoded, &str) -> Option<String>,
}

/// The known differences of one syntax.
fn differences(syntax: Syntax) -> &'static [Difference] {
    match syntax {
        Syntax::Nasm => nasm::DIFFERENCES,
        Syntax::Att => att::DIFFERENCES,
    }
}

/// `text` without any of `words`, which have a space at their end so that they match prefixes only.
fn without_words(text: &str, words: &[&str]) -> String {
    words.iter().fold(text.into(), |text: String, word| text.replacen(word, "", 1))
}

/// Compares many instructions and remembers which of the known differences were met.
pub struct Oracle {
    nasm: NasmFormatter,
    gas: GasFormatter,
    met: BTreeSet<(&'static str, &'static str)>,
    /// Instructions compared that exist on both sides.
    pub compared: u64,
}

impl Default for Oracle {
    fn default() -> Self {
        Self::new()
    }
}

/// Numbers as we write them.
fn numbers(options: &mut FormatterOptions) {
    options.set_hex_prefix("0x");
    options.set_hex_suffix("");
    options.set_uppercase_hex(false);
    options.set_branch_leading_zeros(false);
    options.set_space_after_operand_separator(true);
    options.set_use_pseudo_ops(false);
}

impl Oracle {
    /// With iced's formatters set to our conventions.
    pub fn new() -> Self {
        let (mut nasm, mut gas) = (NasmFormatter::new(), GasFormatter::new());
        numbers(nasm.options_mut());
        nasm.options_mut().set_memory_size_options(MemorySizeOptions::Always);
        nasm.options_mut().set_show_branch_size(false);
        numbers(gas.options_mut());
        Oracle { nasm, gas, met: BTreeSet::new(), compared: 0 }
    }

    /// Compares length, operands and both texts of the instruction at the start of `bytes` (15 or more), if there is one;
    /// its length.
    ///
    /// # Errors
    /// What iced says otherwise.
    pub fn compare(&mut self, bytes: &[u8], code32: bool) -> Result<Option<u8>, String> {
        self.compare_as(&[Syntax::Nasm, Syntax::Att], bytes, code32)
    }

    /// The same, with the texts in these syntaxes; operands only where both are asked for.
    fn compare_as(&mut self, syntaxes: &[Syntax], bytes: &[u8], code32: bool) -> Result<Option<u8>, String> {
        let wrong = |text: String| Err(format!("{bytes:02x?} code32={code32}: {text}"));
        let ours = match decode(bytes, code32) {
            Ok(ours) => ours,
            Err(DecodeError::TooLong) if iced(bytes, code32, false).is_invalid() => return Ok(None),
            Err(DecodeError::TooLong) => return wrong("not too long for iced".into()),
            Err(DecodeError::Truncated) => return wrong("15 bytes are enough".into()),
        };
        let hint = ours.op == Op::Nop && ours.opcode >= 0x0F00;
        let theirs = iced(bytes, code32, hint);
        match (ours.op == Op::Invalid, exists(&ours, &theirs)) {
            (true, false) => return Ok(None),
            (true, true) => return wrong(format!("iced has {:?}", theirs.code())),
            (false, false) => return wrong(format!("{:?} is not in iced", ours.op)),
            (false, true) => {}
        }
        if usize::from(ours.len) != theirs.len() {
            return wrong(format!("{:?} has {} bytes, in iced {}", ours.op, ours.len, theirs.len()));
        }
        if syntaxes.len() == 2
            && let Some(difference) = operands::difference(&ours, &theirs)
        {
            return wrong(difference);
        }
        for &syntax in syntaxes {
            let (got, expected) = (format_as(syntax, &ours, EIP), self.text(syntax, &ours, &theirs));
            if got != expected {
                return wrong(format!("{:?}: {got:?}, in iced {expected:?}", theirs.code()));
            }
        }
        self.compared += 1;
        Ok(Some(ours.len))
    }

    /// Panics unless both sides say the same of the instruction at the start of `bytes` (15 or more).
    pub fn check(&mut self, bytes: &[u8], code32: bool) {
        if let Err(difference) = self.compare(bytes, code32) {
            panic!("{difference}");
        }
    }

    /// As [`Oracle::check`], in one syntax only: for sweeps of millions.
    pub fn check_as(&mut self, syntax: Syntax, bytes: &[u8], code32: bool) {
        if let Err(difference) = self.compare_as(&[syntax], bytes, code32) {
            panic!("{difference}");
        }
    }

    /// Text of iced, rewritten by the known differences that apply.
    fn text(&mut self, syntax: Syntax, ours: &Decoded, theirs: &Instruction) -> String {
        let (mut text, name) = (
            String::new(),
            match syntax {
                Syntax::Nasm => "NASM",
                Syntax::Att => "AT&T",
            },
        );
        match syntax {
            Syntax::Nasm => self.nasm.format(theirs, &mut text),
            Syntax::Att => self.gas.format(theirs, &mut text),
        }
        for difference in differences(syntax) {
            if let Some(rewritten) = (difference.rewrite)(ours, &text)
                && rewritten != text
            {
                self.met.insert((name, difference.name));
                text = rewritten;
            }
        }
        text
    }

    /// Panics if a list names a difference that no longer exists.
    pub fn assert_all_differences_met(&self) {
        for (name, list) in [("NASM", nasm::DIFFERENCES), ("AT&T", att::DIFFERENCES)] {
            for difference in list {
                assert!(
                    self.met.contains(&(name, difference.name)),
                    "{name}: {} ({})",
                    difference.name,
                    difference.why
                );
            }
        }
    }
}

/// The instruction as iced decodes it; `hint` if it is to be taken for a no-operation.
pub fn iced(bytes: &[u8], code32: bool, hint: bool) -> Instruction {
    let mut options =
        DecoderOptions::NO_MPFX_0FBC | DecoderOptions::NO_MPFX_0FBD | DecoderOptions::NO_WBNOINVD;
    if hint {
        options |= DecoderOptions::FORCE_RESERVED_NOP;
    }
    Decoder::with_ip(if code32 { 32 } else { 16 }, bytes, u64::from(EIP), options).decode()
}

/// True if iced knows the instruction, and a Pentium III with SSE2 has it. The no-operation 0F 0D, which iced does
/// not tell from those at 0F 1F, came with 64-bit processors.
fn exists(ours: &Decoded, theirs: &Instruction) -> bool {
    let features = theirs.cpuid_features();
    let known = !theirs.is_invalid() && features.iter().all(|feature| FEATURES.contains(feature));
    known && ours.opcode != 0x0F0D
}
