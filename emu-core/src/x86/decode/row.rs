//! A row of the opcode table: operation, operand forms, attributes.

use super::op::Op;

/// How an operand is encoded, in the notation of the opcode maps in SDM volume 2, appendix A: a letter for the place
/// (E = ModRM.rm, register or memory; G = ModRM.reg; M = ModRM.rm, memory only; I = immediate; J = branch; ...),
/// then the size (b, w, d, q, dq; v = 16 or 32 bits by the operand-size attribute; z = the same for immediates).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Form {
    /// No operand.
    None,
    /// 8-bit register or memory.
    Eb,
    /// 16-bit register or memory.
    Ew,
    /// 32-bit register or memory.
    Ed,
    /// 16- or 32-bit register or memory.
    Ev,
    /// Register of the operand size, or 16-bit memory (selectors and the machine status word).
    RvMw,
    /// 32-bit register or 16-bit memory (PINSRW).
    RdMw,
    /// Memory without a size.
    M,
    /// 16-bit memory.
    Mw,
    /// 32-bit memory.
    Md,
    /// 64-bit memory.
    Mq,
    /// 128-bit memory.
    Mdq,
    /// 80-bit memory.
    Mt,
    /// Far pointer in memory, 16:16 or 16:32.
    Mp,
    /// Pair of bounds in memory, two words or two doublewords.
    Ma,
    /// Limit and base in memory.
    Ms,
    /// x87 environment.
    Menv,
    /// x87 state.
    Mstate,
    /// FXSAVE area.
    Mfx,
    /// 8-bit register in ModRM.reg.
    Gb,
    /// 16-bit register in ModRM.reg.
    Gw,
    /// 32-bit register in ModRM.reg.
    Gd,
    /// 16- or 32-bit register in ModRM.reg.
    Gv,
    /// Segment register in ModRM.reg.
    Sw,
    /// Control register in ModRM.reg.
    Cd,
    /// Debug register in ModRM.reg.
    Dd,
    /// 32-bit register in ModRM.rm, whatever ModRM.mod says.
    Rd,
    /// 8-bit register in the opcode.
    Zb,
    /// 16- or 32-bit register in the opcode.
    Zv,
    /// AL.
    Al,
    /// AX.
    Ax,
    /// AX or EAX.
    Av,
    /// CL.
    Cl,
    /// DX.
    Dx,
    /// ES.
    Es,
    /// CS.
    Cs,
    /// SS.
    Ss,
    /// DS.
    Ds,
    /// FS.
    Fs,
    /// GS.
    Gs,
    /// The constant one.
    One,
    /// 8-bit immediate.
    Ib,
    /// 8-bit immediate, sign-extended to the operand size.
    Ibs,
    /// 8-bit immediate after another one.
    Ib2,
    /// 16-bit immediate.
    Iw,
    /// 16- or 32-bit immediate.
    Iz,
    /// 8-bit branch displacement.
    Jb,
    /// 16- or 32-bit branch displacement.
    Jz,
    /// Far pointer in the instruction.
    Ap,
    /// 8-bit memory at an offset in the instruction.
    Ob,
    /// 16- or 32-bit memory at an offset in the instruction.
    Ov,
    /// String source, byte.
    Xb,
    /// String source, 16 or 32 bits.
    Xv,
    /// String destination, byte.
    Yb,
    /// String destination, 16 or 32 bits.
    Yv,
    /// The byte at (E)BX + AL.
    XlatB,
    /// The quadword at (E)DI of MASKMOVQ.
    DiQ,
    /// The double quadword at (E)DI of MASKMOVDQU.
    DiDq,
    /// x87 stack top.
    St0,
    /// x87 register in ModRM.rm.
    Sti,
    /// MMX register in ModRM.reg.
    Pq,
    /// MMX register in ModRM.rm.
    Nq,
    /// MMX register or 32-bit memory.
    Qd,
    /// MMX register or 64-bit memory.
    Qq,
    /// XMM register in ModRM.reg.
    Vx,
    /// XMM register in ModRM.rm.
    Ux,
    /// XMM register or 32-bit memory.
    Wd,
    /// XMM register or 64-bit memory.
    Wq,
    /// XMM register or 128-bit memory.
    Wdq,
}

impl Form {
    /// True if the operand needs a ModRM byte.
    pub const fn uses_modrm(self) -> bool {
        use Form::*;
        let without =
            matches!(self, None | Zb | Zv | Al | Ax | Av | Cl | Dx | Es | Cs | Ss | Ds | Fs | Gs | One)
                || matches!(
                    self,
                    Ib | Ibs | Ib2 | Iw | Iz | Jb | Jz | Ap | Ob | Ov | Xb | Xv | Yb | Yv | XlatB
                )
                || matches!(self, DiQ | DiDq | St0);
        !without
    }
}

/// Where the width of the operation comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Size {
    /// From the operands: the memory operand if there is one, else the first that has a size.
    Operands,
    /// The first operand, whatever the memory operand is (MOVZX, MOVSX, LAR, ...).
    First,
    /// The second operand (OUT).
    Second,
    /// Two or four bytes by the operand-size attribute (stack and branches).
    V,
}

/// One row: an opcode, or one member of a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// The operation.
    pub op: Op,
    /// Its operands.
    pub forms: [Form; 3],
    /// Where its width comes from.
    pub size: Size,
    /// LOCK is allowed when the destination is memory.
    pub lockable: bool,
    /// There is a ModRM byte.
    pub modrm: bool,
}

impl Row {
    /// An opcode that does not exist.
    pub const INVALID: Row = row0(Op::Invalid);

    /// The same row, where LOCK is allowed with a memory destination.
    pub const fn lock(mut self) -> Row {
        self.lockable = true;
        self
    }

    /// The same row, whose width is the operand-size attribute.
    pub const fn sized(mut self) -> Row {
        self.size = Size::V;
        self
    }

    /// The same row, whose width is that of the first operand.
    pub const fn by_first(mut self) -> Row {
        self.size = Size::First;
        self
    }

    /// The same row, whose width is that of the second operand.
    pub const fn by_second(mut self) -> Row {
        self.size = Size::Second;
        self
    }
}

/// Row with three operands.
pub const fn row3(op: Op, a: Form, b: Form, c: Form) -> Row {
    let modrm = a.uses_modrm() || b.uses_modrm() || c.uses_modrm();
    Row { op, forms: [a, b, c], size: Size::Operands, lockable: false, modrm }
}

/// Row with two operands.
pub const fn row2(op: Op, a: Form, b: Form) -> Row {
    row3(op, a, b, Form::None)
}

/// Row with one operand.
pub const fn row1(op: Op, a: Form) -> Row {
    row3(op, a, Form::None, Form::None)
}

/// Row without operands.
pub const fn row0(op: Op) -> Row {
    row3(op, Form::None, Form::None, Form::None)
}

/// What an opcode byte leads to.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// An instruction.
    Row(Row),
    /// ModRM.reg selects.
    Group(&'static [Row; 8]),
    /// ModRM.reg selects, differently for memory (first) and register forms (second).
    Split(&'static [Row; 8], &'static [Row; 8]),
    /// ModRM.reg selects among memory forms (first), ModRM.reg and ModRM.rm among register forms (second).
    Escape(&'static [Row; 8], &'static [Row; 64]),
    /// The mandatory prefix selects: none, 66, F3, F2.
    Prefix(&'static [Entry; 4]),
}

impl Entry {
    /// No instruction has this opcode.
    pub const INVALID: Entry = Entry::Row(Row::INVALID);
}

/// Copies `list` into `table`. Evaluated at compile time, where giving an opcode twice is an error.
pub const fn fill(mut table: [Entry; 256], list: &[(u8, Entry)]) -> [Entry; 256] {
    let mut i = 0;
    while i < list.len() {
        let (code, entry) = list[i];
        table = set(table, code, entry);
        i += 1;
    }
    table
}

/// Puts one entry into `table`; a compile-time error if its place is taken.
pub const fn set(mut table: [Entry; 256], code: u8, entry: Entry) -> [Entry; 256] {
    if let Entry::Row(row) = table[code as usize]
        && row.op as u16 == Op::Invalid as u16
    {
        table[code as usize] = entry;
        return table;
    }
    panic!("opcode given twice");
}
