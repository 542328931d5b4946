//! Where an instruction's operands lie: what decides whether it runs against the end of a segment, and of which.

use super::index::{BP, CX, DI, ES, FLAGS, SI, SP, SS};
use super::{Vector, linear};
use emu_core::x86::decode::{Decoded, MemRef, Op, Operand, Rep, Width, decode};

const DF: u16 = 1 << 10;
/// Bytes of a segment in real mode.
const SEGMENT: u32 = 1 << 16;
/// In [`Access::segment`]: the index of SS among ES, CS, SS, DS.
const STACK: usize = SS - ES;

/// A vector with its instruction decoded.
pub struct Case<'a> {
    /// The vector.
    pub v: &'a Vector,
    /// Its instruction.
    pub inst: Decoded,
    /// Registers before.
    pub before: [u16; 14],
}

/// A memory operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Index of the segment register among ES, CS, SS, DS.
    pub segment: usize,
    /// Offset.
    pub offset: u16,
    /// Size.
    pub bytes: u32,
}

impl Access {
    /// Whether part of it lies beyond offset FFFFh.
    pub fn is_outside(self) -> bool {
        u32::from(self.offset) + self.bytes > SEGMENT
    }

    /// The fault a limit violation is: #SS for the stack segment, #GP for others (SDM vol. 3A, 6.15).
    pub fn fault(self) -> u8 {
        if self.segment == STACK { 12 } else { 13 }
    }
}

impl<'a> Case<'a> {
    /// Decodes `v`; `None` if it is no instruction at all.
    pub fn new(v: &'a Vector) -> Option<Self> {
        // The HLT and what lies behind it make undefined opcodes' operands whole.
        let mut code = v.code();
        code.extend([0xF4; 10]);
        let inst = decode(&code, false).ok()?;
        Some(Self { v, inst, before: v.before() })
    }

    /// Length of the instruction in bytes.
    pub fn len(&self) -> usize {
        self.v.code().len().max(usize::from(self.inst.len))
    }

    /// LOCK is among the prefixes.
    pub fn has_lock(&self) -> bool {
        const PREFIXES: [u8; 7] = [0x26, 0x2E, 0x36, 0x3E, 0xF0, 0xF2, 0xF3];
        self.v.code().into_iter().take_while(|b| PREFIXES.contains(b)).any(|b| b == 0xF0)
    }

    /// The first operand that runs against the end of its segment, if the instruction gets as far as using it;
    /// those of string instructions are in [`Case::string_stop`].
    pub fn outside(&self) -> Option<Access> {
        let words = |base: usize, count: u16| {
            let start = self.before[base];
            (0..count).map(move |i| Access { segment: STACK, offset: start.wrapping_add(2 * i), bytes: 2 })
        };
        let pops = match self.inst.op {
            Op::Pop | Op::PopSeg | Op::Popf | Op::RetNear => words(SP, 1),
            Op::RetFar => words(SP, 2),
            Op::Iret => words(SP, 3),
            Op::Popa => words(SP, 8),
            Op::Leave => words(BP, 1),
            _ => words(SP, 0),
        };
        pops.chain(self.parts()).find(|a| a.is_outside())
    }

    /// The memory operand as it is accessed: a pair of words is two operands, the second of which wraps to offset 0.
    fn parts(&self) -> impl Iterator<Item = Access> {
        use Op::{Bound, CallFarInd, JmpFarInd, Lds, Les};
        let is_pair = matches!(self.inst.op, Bound | Les | Lds | CallFarInd | JmpFarInd);
        let bytes = |a: Access| if is_pair { 2 } else { a.bytes };
        let first = self.memory().map(|a| Access { bytes: bytes(a), ..a });
        let second = first.filter(|_| is_pair).map(|a| Access { offset: a.offset.wrapping_add(2), ..a });
        first.into_iter().chain(second)
    }

    /// The memory operand of the ModRM byte or the instruction itself.
    pub fn memory(&self) -> Option<Access> {
        let width = self.inst.operands.into_iter().find_map(|operand| match operand {
            Operand::Mem(width) if width != Width::None => Some(width),
            _ => None,
        })?;
        let MemRef { base, index, disp, seg, .. } = self.inst.mem;
        let register = |number: u8| self.before[..8].get(usize::from(number)).copied().unwrap_or(0);
        // XLAT adds AL.
        let al = if self.inst.op == Op::Xlat { self.before[0] & 0xFF } else { 0 };
        let offset = register(base).wrapping_add(register(index)).wrapping_add(disp as u16).wrapping_add(al);
        Some(Access { segment: seg as usize, offset, bytes: width.bytes() })
    }

    /// Physical address of an operand.
    pub fn address(&self, access: Access) -> u32 {
        linear(self.before[ES + access.segment], access.offset)
    }

    /// The value of the memory or register operand `i`, as far as the vector has it.
    pub fn value(&self, i: usize) -> Option<u16> {
        let byte = |at: u32| self.v.ram.iter().find(|(a, _)| *a == at).map(|(_, b)| u16::from(*b));
        Some(match self.inst.operands[i] {
            Operand::Gpr16(n) => self.before[usize::from(n)],
            Operand::Gpr8(n) if n < 4 => self.before[usize::from(n)] & 0xFF,
            Operand::Gpr8(n) => self.before[usize::from(n & 3)] >> 8,
            Operand::Mem(width) => {
                let at = self.address(self.memory()?);
                let high = if width == Width::B2 { byte(at + 1)? << 8 } else { 0 };
                byte(at)? | high
            }
            _ => return None,
        })
    }

    /// Where a string instruction runs against the end of a segment: elements done before, the operand.
    pub fn string_stop(&self) -> Option<(u16, Access)> {
        let Width::B2 = self.inst.width else { return None };
        let count = if self.inst.rep == Rep::None { 1 } else { self.before[CX] };
        (0..count).find_map(|done| {
            let found = self.string_operands(done).find(|a| a.is_outside())?;
            Some((done, found))
        })
    }

    fn string_operands(&self, done: u16) -> impl Iterator<Item = Access> {
        let moved = self.string_step().wrapping_mul(done);
        let source = Access {
            segment: self.inst.mem.seg as usize,
            offset: self.before[SI].wrapping_add(moved),
            bytes: 2,
        };
        let target = Access { segment: 0, offset: self.before[DI].wrapping_add(moved), bytes: 2 };
        let (reads, writes) = self.string_registers();
        [reads.then_some(source), writes.then_some(target)].into_iter().flatten()
    }

    /// What SI and DI move by.
    pub fn string_step(&self) -> u16 {
        if self.before[FLAGS] & DF == 0 { 2 } else { 2u16.wrapping_neg() }
    }

    /// Whether there is an operand at SI, and one at ES:DI.
    pub fn string_registers(&self) -> (bool, bool) {
        match self.inst.op {
            Op::Movs | Op::Cmps => (true, true),
            Op::Lods | Op::Outs => (true, false),
            Op::Stos | Op::Scas | Op::Ins => (false, true),
            _ => (false, false),
        }
    }
}
