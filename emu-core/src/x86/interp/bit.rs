//! Bit tests and scans.

use super::operand::{Dst, Imm, Mem, Place, Reg, Source, Src};
use super::{Body, Inst};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Operand};
use crate::x86::eflags::{CF, ZF};
use crate::x86::exception::Exception;

type Done = Result<(), Exception>;

/// What BT, BTS, BTR, BTC make of the tested bit.
pub trait BitOp {
    /// False for BT.
    const WRITES: bool;
    /// The value with the bit of `mask` changed.
    fn apply(value: u32, mask: u32) -> u32;
}

macro_rules! bit_op {
    ($($name:ident $writes:literal |$value:ident, $mask:ident| $body:expr;)*) => { $(
        #[doc = concat!("The operation of ", stringify!($name), ".")]
        pub struct $name;
        impl BitOp for $name {
            const WRITES: bool = $writes;
            #[inline(always)]
            fn apply($value: u32, $mask: u32) -> u32 {
                $body
            }
        }
    )* };
}
bit_op! {
    Bt false |value, _mask| value;
    Bts true |value, mask| value | mask;
    Btr true |value, mask| value & !mask;
    Btc true |value, mask| value ^ mask;
}

fn test<O: BitOp, W: Reg>(cpu: &mut Cpu, value: W, number: u32) -> W {
    let mask = 1 << (number & (W::BITS - 1));
    cpu.st.flags.put(CF, u32::from(value.to_u32() & mask != 0));
    W::from_u32(O::apply(value.to_u32(), mask))
}

fn bit_register<O: BitOp, W: Reg, N: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let number = N::load(cpu, inst)?.to_u32();
    <Dst as Place<W>>::update(cpu, inst, |cpu, value| test::<O, W>(cpu, value, number))
}

fn bit_memory<O: BitOp, W: Reg, N: Source<W>, const STRING: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let number = N::load(cpu, inst)?;
    let mut offset = cpu.ea(inst);
    if STRING {
        // A bit number from a register reaches beyond the operand, in both directions.
        let units = number.to_i32() >> W::BITS.trailing_zeros();
        offset = offset.wrapping_add((units * W::BYTES as i32) as u32) & inst.ea_mask;
    }
    if O::WRITES {
        cpu.update(inst.seg, offset, |cpu, value| test::<O, W>(cpu, value, number.to_u32()))
    } else {
        let value: W = cpu.read(inst.seg, offset)?;
        test::<O, W>(cpu, value, number.to_u32());
        Ok(())
    }
}

/// Body of BT, BTS, BTR, BTC.
pub fn bit_body<O: BitOp>(d: &Decoded) -> Body {
    let memory = matches!(d.operands[0], Operand::Mem(_));
    let constant = matches!(d.operands[1], Operand::Imm(_));
    match (d.opsize32, memory, constant) {
        (false, false, false) => bit_register::<O, u16, Src>,
        (false, false, true) => bit_register::<O, u16, Imm>,
        (false, true, false) => bit_memory::<O, u16, Src, true>,
        (false, true, true) => bit_memory::<O, u16, Imm, false>,
        (true, false, false) => bit_register::<O, u32, Src>,
        (true, false, true) => bit_register::<O, u32, Imm>,
        (true, true, false) => bit_memory::<O, u32, Src, true>,
        (true, true, true) => bit_memory::<O, u32, Imm, false>,
    }
}

/// BSF and BSR of zero leave the destination as it is, as CPUs do where the manual says undefined.
fn scan<W: Reg, S: Source<W>, const REVERSE: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let value = S::load(cpu, inst)?.to_u32();
    // The undefined flags are those of the source's comparison with zero.
    cpu.st.flags.lazy_add(W::BITS, 0, value);
    cpu.st.flags.put(ZF, if value == 0 { ZF } else { 0 });
    if value != 0 {
        let number = if REVERSE { 31 - value.leading_zeros() } else { value.trailing_zeros() };
        W::set(cpu, inst.dst, W::from_u32(number));
    }
    Ok(())
}

/// Body of BSF (`REVERSE` false) and BSR.
pub fn scan_body<const REVERSE: bool>(d: &Decoded) -> Body {
    let memory = matches!(d.operands[1], Operand::Mem(_));
    match (d.opsize32, memory) {
        (false, false) => scan::<u16, Src, REVERSE>,
        (false, true) => scan::<u16, Mem, REVERSE>,
        (true, false) => scan::<u32, Src, REVERSE>,
        (true, true) => scan::<u32, Mem, REVERSE>,
    }
}
