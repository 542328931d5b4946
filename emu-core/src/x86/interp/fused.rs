//! A comparison and the conditional branch behind it as one: a fifth of all instructions are such pairs, and a
//! dispatch costs more than either. Used only where neither can fault half way: 32-bit branches in a flat code
//! segment. Counts as the two instructions it stands for.

use super::arith::{Alu, Cmp, Test};
use super::operand::{Dst, Imm, Reg, Source, Src};
use super::{Body, Inst, flag};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op, Operand, Width};
use crate::x86::exception::Exception;

/// Memory operand with 32-bit addressing: here `ea_mask` holds the branch target.
struct Mem32;

impl<W: Reg> Source<W> for Mem32 {
    #[inline(always)]
    fn load(cpu: &mut Cpu, inst: &Inst) -> Result<W, Exception> {
        let base = cpu.st.gpr[usize::from(inst.base & 15)];
        let index = cpu.st.gpr[usize::from(inst.index & 15)];
        let offset = base.wrapping_add(index << (inst.scale & 31)).wrapping_add(inst.disp);
        cpu.read(inst.seg, offset)
    }
}

/// The operation of the pair's first half.
trait Compare: Alu {
    /// Condition `CC` of comparing `a` with `b`, without going through the flags.
    fn holds<W: Reg, const CC: u8>(cpu: &Cpu, a: W, b: W) -> bool;
}

impl Compare for Cmp {
    #[inline(always)]
    fn holds<W: Reg, const CC: u8>(cpu: &Cpu, a: W, b: W) -> bool {
        let (ua, ub, sa, sb) = (a.to_u32(), b.to_u32(), a.to_i32(), b.to_i32());
        match CC {
            2 => ua < ub,
            3 => ua >= ub,
            4 => ua == ub,
            5 => ua != ub,
            6 => ua <= ub,
            7 => ua > ub,
            12 => sa < sb,
            13 => sa >= sb,
            14 => sa <= sb,
            15 => sa > sb,
            _ => cpu.st.flags.condition(CC),
        }
    }
}

impl Compare for Test {
    #[inline(always)]
    fn holds<W: Reg, const CC: u8>(cpu: &Cpu, a: W, b: W) -> bool {
        let value = W::from_u32(a.to_u32() & b.to_u32());
        let signed = value.to_i32();
        match CC {
            4 => signed == 0,
            5 => signed != 0,
            8 | 12 => signed < 0,
            9 | 13 => signed >= 0,
            14 => signed <= 0,
            15 => signed > 0,
            _ => cpu.st.flags.condition(CC),
        }
    }
}

fn pair<O: Compare, W: Reg, A: Source<W>, B: Source<W>, const CC: u8>(
    cpu: &mut Cpu,
    inst: &Inst,
) -> Result<(), Exception> {
    let b = B::load(cpu, inst)?;
    let a = A::load(cpu, inst)?;
    O::apply(cpu, a, b);
    if cpu.attention != 0 {
        // The load reached a device: an interrupt may come before the branch, whose turn it is then.
        cpu.st.eip = cpu.code_base.wrapping_add(u32::from(inst.imm2));
        return Ok(());
    }
    let offset = if O::holds::<W, CC>(cpu, a, b) { inst.ea_mask } else { u32::from(inst.end) };
    cpu.st.eip = cpu.code_base.wrapping_add(offset);
    Ok(())
}

macro_rules! by_condition {
    ($cc:expr, $($parameter:ty),*) => {
        match $cc & 15 {
            0 => pair::<$($parameter,)* 0> as Body,
            1 => pair::<$($parameter,)* 1>,
            2 => pair::<$($parameter,)* 2>,
            3 => pair::<$($parameter,)* 3>,
            4 => pair::<$($parameter,)* 4>,
            5 => pair::<$($parameter,)* 5>,
            6 => pair::<$($parameter,)* 6>,
            7 => pair::<$($parameter,)* 7>,
            8 => pair::<$($parameter,)* 8>,
            9 => pair::<$($parameter,)* 9>,
            10 => pair::<$($parameter,)* 10>,
            11 => pair::<$($parameter,)* 11>,
            12 => pair::<$($parameter,)* 12>,
            13 => pair::<$($parameter,)* 13>,
            14 => pair::<$($parameter,)* 14>,
            _ => pair::<$($parameter,)* 15>,
        }
    };
}

fn forms<O: Compare, W: Reg>(d: &Decoded, cc: u8) -> Body {
    match (d.operands[0], d.operands[1]) {
        (Operand::Mem(_), Operand::Imm(_)) => by_condition!(cc, O, W, Mem32, Imm),
        (Operand::Mem(_), _) => by_condition!(cc, O, W, Mem32, Src),
        (_, Operand::Imm(_)) => by_condition!(cc, O, W, Dst, Imm),
        (_, Operand::Mem(_)) => by_condition!(cc, O, W, Dst, Mem32),
        _ => by_condition!(cc, O, W, Dst, Src),
    }
}

fn widths<O: Compare>(d: &Decoded, cc: u8) -> Option<Body> {
    match d.width {
        Width::B1 => Some(forms::<O, u8>(d, cc)),
        Width::B4 => Some(forms::<O, u32>(d, cc)),
        _ => None,
    }
}

/// One instruction for two that follow each other, if they are such a pair.
pub fn fuse(first: (&Decoded, &Inst), second: (&Decoded, &Inst)) -> Option<Inst> {
    let ((a, compare), (b, branch)) = (first, second);
    if b.op != Op::Jcc || !b.opsize32 || a.has_mem() && !a.addrsize32 {
        return None;
    }
    let body = match a.op {
        Op::Cmp => widths::<Cmp>(a, b.cc),
        Op::Test => widths::<Test>(a, b.cc),
        _ => None,
    }?;
    Some(Inst {
        body,
        ea_mask: branch.imm,
        end: branch.end,
        imm2: compare.end,
        flags: compare.flags | flag::SETS_EIP,
        ..*compare
    })
}
