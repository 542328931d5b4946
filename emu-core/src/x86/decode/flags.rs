//! What an operation does to the status flags: SDM volume 1, appendix A ("EFLAGS Cross-Reference").

/// Carry flag, at its place in EFLAGS.
pub const CF: u32 = 1 << 0;
/// Parity flag.
pub const PF: u32 = 1 << 2;
/// Auxiliary carry flag.
pub const AF: u32 = 1 << 4;
/// Zero flag.
pub const ZF: u32 = 1 << 6;
/// Sign flag.
pub const SF: u32 = 1 << 7;
/// Interrupt enable flag.
pub const IF: u32 = 1 << 9;
/// Direction flag.
pub const DF: u32 = 1 << 10;
/// Overflow flag.
pub const OF: u32 = 1 << 11;
/// The six status flags that arithmetic produces.
pub const STATUS: u32 = OF | SF | ZF | AF | PF | CF;

/// The status flags, DF and IF that an instruction touches, as masks of EFLAGS bits.
///
/// The other bits of EFLAGS (TF, IOPL, NT, ...) are changed only by instructions that end a block, where nothing is
/// gained by knowing them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FlagEffects {
    /// Flags whose value decides the result.
    pub reads: u32,
    /// Flags that get a defined value.
    pub writes: u32,
    /// Flags the manual leaves undefined.
    pub undefines: u32,
    /// True when writing depends on run-time values (a shift count or a repeat count of zero changes nothing, a
    /// REPE loop that never runs), so the old flags stay needed.
    pub conditional: bool,
}

impl FlagEffects {
    /// No flag is looked at or changed.
    pub const NONE: Self = Self { reads: 0, writes: 0, undefines: 0, conditional: false };
    /// All six status flags by the result: ADD, SUB, CMP, NEG, ...
    pub const ARITH: Self = Self::NONE.write(STATUS);
    /// ADC, SBB: as [`Self::ARITH`], and CF comes in.
    pub const CARRY: Self = Self::ARITH.read(CF);
    /// AND, OR, XOR, TEST: CF and OF cleared, AF undefined.
    pub const LOGIC: Self = Self::NONE.write(OF | SF | ZF | PF | CF).undefine(AF);
    /// INC, DEC: CF stays.
    pub const STEP: Self = Self::NONE.write(OF | SF | ZF | AF | PF);
    /// SHL, SHR, SAR, SHLD, SHRD by a count that may be zero or more than one.
    pub const SHIFT: Self = Self::NONE.write(OF | SF | ZF | PF | CF).undefine(AF).maybe();
    /// ROL, ROR.
    pub const ROTATE: Self = Self::NONE.write(OF | CF).maybe();
    /// RCL, RCR.
    pub const ROTATE_CARRY: Self = Self::ROTATE.read(CF);
    /// MUL, IMUL: CF and OF tell whether the upper half is significant.
    pub const MULTIPLY: Self = Self::NONE.write(OF | CF).undefine(SF | ZF | AF | PF);
    /// DIV, IDIV.
    pub const DIVIDE: Self = Self::NONE.undefine(STATUS);
    /// AAA, AAS.
    pub const ASCII_ADJUST: Self = Self::NONE.read(AF).write(AF | CF).undefine(OF | SF | ZF | PF);
    /// AAD, AAM.
    pub const ASCII_SCALE: Self = Self::NONE.write(SF | ZF | PF).undefine(OF | AF | CF);
    /// DAA, DAS.
    pub const DECIMAL_ADJUST: Self = Self::NONE.read(AF | CF).write(SF | ZF | AF | PF | CF).undefine(OF);
    /// BT, BTS, BTR, BTC.
    pub const BIT_TEST: Self = Self::NONE.write(CF).undefine(OF | SF | AF | PF);
    /// BSF, BSR.
    pub const BIT_SCAN: Self = Self::NONE.write(ZF).undefine(OF | SF | AF | PF | CF);
    /// ARPL, LAR, LSL, VERR, VERW, CMPXCHG8B.
    pub const ZERO: Self = Self::NONE.write(ZF);
    /// FCOMI and COMISS families: ZF, PF, CF by the comparison, the others cleared.
    pub const COMPARE_FLOAT: Self = Self::NONE.write(STATUS);
    /// A string operation that moves only: DF gives the direction.
    pub const STRING: Self = Self::NONE.read(DF);
    /// CMPS, SCAS.
    pub const STRING_COMPARE: Self = Self::ARITH.read(DF);
    /// The whole of EFLAGS is pushed or saved.
    pub const SAVE: Self = Self::NONE.read(STATUS | DF | IF);
    /// The whole of EFLAGS is loaded.
    pub const LOAD: Self = Self::NONE.write(STATUS | DF | IF);

    /// The same, also reading `mask`.
    pub const fn read(mut self, mask: u32) -> Self {
        self.reads |= mask;
        self
    }

    /// The same, also giving defined values to `mask`.
    pub const fn write(mut self, mask: u32) -> Self {
        self.writes |= mask;
        self
    }

    /// The same, also leaving `mask` undefined.
    pub const fn undefine(mut self, mask: u32) -> Self {
        self.undefines |= mask;
        self
    }

    /// The same, but only under a run-time condition.
    pub const fn maybe(mut self) -> Self {
        self.conditional = true;
        self
    }
}

/// Status flags that condition code `cc` (the low four bits of Jcc, SETcc and CMOVcc opcodes) looks at.
pub const fn condition_reads(cc: u8) -> u32 {
    match (cc >> 1) & 7 {
        0 => OF,
        1 => CF,
        2 => ZF,
        3 => CF | ZF,
        4 => SF,
        5 => PF,
        6 => SF | OF,
        _ => ZF | SF | OF,
    }
}
