//! The decoded form of one instruction.

use super::flags::{self, FlagEffects};
use super::op::Op;

/// Size of an operand, as the number of bytes a memory operand of that size covers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Width {
    /// No size: the address itself is the operand (LEA, INVLPG, prefetches), or the operation has no operand size.
    None,
    /// One byte.
    B1,
    /// A word.
    B2,
    /// A doubleword, a single-precision number, or a 16:16 far pointer.
    B4,
    /// A 16:32 far pointer, or a limit and base as LGDT and SIDT use.
    B6,
    /// A quadword or a double-precision number.
    B8,
    /// An 80-bit extended-precision or packed BCD number.
    B10,
    /// The x87 environment in a 16-bit format.
    B14,
    /// A double quadword.
    B16,
    /// The x87 environment in a 32-bit format.
    B28,
    /// The x87 state in a 16-bit format.
    B94,
    /// The x87 state in a 32-bit format.
    B108,
    /// The area of FXSAVE and FXRSTOR.
    B512,
}

impl Width {
    /// Number of bytes; 0 for [`Width::None`].
    pub const fn bytes(self) -> u32 {
        match self {
            Width::None => 0,
            Width::B1 => 1,
            Width::B2 => 2,
            Width::B4 => 4,
            Width::B6 => 6,
            Width::B8 => 8,
            Width::B10 => 10,
            Width::B14 => 14,
            Width::B16 => 16,
            Width::B28 => 28,
            Width::B94 => 94,
            Width::B108 => 108,
            Width::B512 => 512,
        }
    }
}

/// A segment register, numbered as in ModRM.reg.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Seg {
    /// Extra segment.
    Es = 0,
    /// Code segment.
    Cs = 1,
    /// Stack segment.
    Ss = 2,
    /// Data segment.
    Ds = 3,
    /// FS.
    Fs = 4,
    /// GS.
    Gs = 5,
}

impl Seg {
    /// All six, in encoding order.
    pub const ALL: [Seg; 6] = [Seg::Es, Seg::Cs, Seg::Ss, Seg::Ds, Seg::Fs, Seg::Gs];

    /// The register with this number, if there is one.
    pub const fn from_number(number: u8) -> Option<Seg> {
        if number < 6 { Some(Seg::ALL[number as usize]) } else { None }
    }
}

/// One operand. Registers carry their number; the numbers of 8-bit registers are AL CL DL BL AH CH DH BH.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operand {
    /// There is no such operand.
    None,
    /// 8-bit general register.
    Gpr8(u8),
    /// 16-bit general register.
    Gpr16(u8),
    /// 32-bit general register.
    Gpr32(u8),
    /// Segment register.
    Seg(Seg),
    /// Control register: 0, 2, 3 or 4.
    Cr(u8),
    /// Debug register 0-7 (4 and 5 are aliases or #UD, as CR4.DE says).
    Dr(u8),
    /// x87 register, counted from the top of the stack.
    St(u8),
    /// MMX register.
    Mm(u8),
    /// XMM register.
    Xmm(u8),
    /// Memory at [`Decoded::mem`].
    Mem(Width),
    /// Source of a string instruction, [`Decoded::mem`]`.seg`:(E)SI; the size of (E)SI follows `addrsize32`.
    StringSrc(Width),
    /// Destination of a string instruction, ES:(E)DI whatever the prefixes say.
    StringDst(Width),
    /// [`Decoded::imm`]. The width is that of the value as used: sign-extended from the encoded size where the
    /// instruction does so, upper bits zero. The implied 1 of the D0 and D1 shifts is an immediate too.
    Imm(Width),
    /// [`Decoded::imm2`], the second immediate of ENTER (its nesting level).
    Imm2,
    /// Displacement of a near branch, [`Decoded::imm`], sign-extended to 32 bits; see [`Decoded::target`].
    Rel,
    /// Far pointer in the instruction: offset in [`Decoded::imm`], selector in [`Decoded::imm2`].
    FarPtr,
}

/// Register number in a [`MemRef`] that means "none".
pub const NO_REGISTER: u8 = 8;

/// Address of a memory operand: `seg:[base + index << scale + disp]`, cut to 16 bits where `addr16`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MemRef {
    /// General register number of the base, or [`NO_REGISTER`].
    pub base: u8,
    /// General register number of the index, or [`NO_REGISTER`].
    pub index: u8,
    /// The index is shifted left by this (0-3).
    pub scale: u8,
    /// Displacement; an encoded 8- or 16-bit one beside a register is sign-extended to 32 bits.
    pub disp: u32,
    /// Encoded size of the displacement in bytes: 0, 1, 2 or 4.
    pub disp_size: u8,
    /// Effective segment: the override, else SS where the base is (E)SP or (E)BP, else DS.
    pub seg: Seg,
    /// Registers are the 16-bit ones and the sum wraps at 64 KiB.
    pub addr16: bool,
}

impl MemRef {
    /// `ds:[0]`, the reference of an instruction without memory operand.
    pub const NONE: MemRef = MemRef {
        base: NO_REGISTER,
        index: NO_REGISTER,
        scale: 0,
        disp: 0,
        disp_size: 0,
        seg: Seg::Ds,
        addr16: false,
    };
}

/// Repeat prefix in force. [`Rep::None`] where the byte was eaten as a mandatory prefix (SSE, PAUSE).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Rep {
    /// None.
    None,
    /// F3: REP or REPE.
    Rep,
    /// F2: REPNE.
    Repne,
}

/// One decoded instruction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Decoded {
    /// What to do. [`Op::Invalid`] for everything that raises #UD by its encoding alone (undefined opcodes, forms
    /// that do not exist, LOCK where it may not be); then `operands` are all [`Operand::None`].
    pub op: Op,
    /// Explicit operands in Intel order, destination first, then implied ones that have an address.
    pub operands: [Operand; 3],
    /// Operand size of the operation: that of the operand that decides it, or 2 or 4 by the operand-size attribute
    /// for stack, branch and string operations; [`Width::None`] where the operation has none.
    pub width: Width,
    /// Address of the memory operand. For string sources, XLAT and MASKMOVQ only `seg`, `addr16` and `base` count.
    pub mem: MemRef,
    /// Immediate, branch displacement or far offset.
    pub imm: u32,
    /// Nesting level of ENTER, or selector of a far pointer.
    pub imm2: u16,
    /// Length in bytes, 1-15. For [`Op::Invalid`]: bytes looked at.
    pub len: u8,
    /// D flag of the code segment it was decoded for.
    pub code32: bool,
    /// Operand-size attribute is 32 bits (prefix 66 applied).
    pub opsize32: bool,
    /// Address-size attribute is 32 bits (prefix 67 applied).
    pub addrsize32: bool,
    /// Repeat prefix; of meaning for string instructions only.
    pub rep: Rep,
    /// LOCK prefix is present, and allowed.
    pub lock: bool,
    /// Condition of [`Op::Jcc`], [`Op::Setcc`], [`Op::Cmovcc`] (low four bits of the opcode), else 0.
    pub cc: u8,
    /// Segment override prefix, whether or not it matters.
    pub seg_override: Option<Seg>,
    /// Opcode: the byte, or 0F00h + the second byte.
    pub opcode: u16,
    /// ModRM byte, or 0 where there is none. With the opcode it gives the x87 FOP field: (opcode & 7) << 8 | modrm.
    pub modrm: u8,
}

impl Decoded {
    /// Target of a near relative branch at `eip` (which is the address of the first byte), cut to 16 bits with a
    /// 16-bit operand size. Limits are not checked.
    pub const fn target(&self, eip: u32) -> u32 {
        let target = eip.wrapping_add(self.len as u32).wrapping_add(self.imm);
        if self.opsize32 { target } else { target & 0xFFFF }
    }

    /// True if an operand is memory given by ModRM or an offset (not the implied ones of string instructions).
    pub fn has_mem(&self) -> bool {
        self.operands.iter().any(|operand| matches!(operand, Operand::Mem(_)))
    }

    /// Flags read, written and undefined by this instruction: those of its operation, made exact for its condition
    /// code, shift count and repeat prefix.
    pub fn flag_effects(&self) -> FlagEffects {
        let mut effects = self.op.flag_effects();
        match self.op {
            Op::Jcc | Op::Setcc | Op::Cmovcc => effects.reads |= flags::condition_reads(self.cc),
            Op::Shl | Op::Shr | Op::Sar | Op::Rol | Op::Ror | Op::Rcl | Op::Rcr => {
                self.shift_effects(&mut effects, self.operands[1])
            }
            Op::Shld | Op::Shrd => self.shift_effects(&mut effects, self.operands[2]),
            Op::Cmps | Op::Scas => effects.conditional = self.rep != Rep::None,
            _ => {}
        }
        effects
    }

    /// A constant count decides whether flags change, and OF is defined for a count of one only.
    fn shift_effects(&self, effects: &mut FlagEffects, count: Operand) {
        let Operand::Imm(_) = count else {
            effects.writes &= !flags::OF;
            effects.undefines |= flags::OF;
            return;
        };
        effects.conditional = false;
        match self.imm & 31 {
            0 => *effects = FlagEffects::NONE,
            1 => {}
            _ => {
                effects.writes &= !flags::OF;
                effects.undefines |= flags::OF;
            }
        }
    }

    /// True if no further instruction may follow in the same block of straight-line code: branches, I/O, whatever
    /// changes the mode or what the next fetch sees, reads time, opens or shuts the door to interrupts, and string
    /// loops that may stop half way.
    pub fn ends_block(&self) -> bool {
        let loads_ss =
            matches!(self.op, Op::MovToSeg | Op::PopSeg) && self.operands[0] == Operand::Seg(Seg::Ss);
        self.op.ends_block() || loads_ss || (self.op.is_string() && self.rep != Rep::None)
    }
}

/// Why there is no instruction at a place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DecodeError {
    /// The bytes given end before the instruction does: a page or the code segment ends here.
    Truncated,
    /// More than 15 bytes: #GP(0).
    TooLong,
}
