//! Shifts and rotates. Counts are taken modulo 32; a count of zero changes nothing, flags included.

use super::operand::{Dst, Imm, Mem, Place, Reg, Source};
use super::{Body, Inst};
use crate::x86::access::Int;
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Operand, Width};
use crate::x86::eflags::{AF, CF, OF};
use crate::x86::exception::Exception;

type Done = Result<(), Exception>;

/// CL as a shift count.
pub struct Cl;

impl<W: Int> Source<W> for Cl {
    #[inline(always)]
    fn load(cpu: &mut Cpu, _inst: &Inst) -> Result<W, Exception> {
        Ok(W::from_u32(u32::from(u8::get(cpu, 1))))
    }
}

/// A shift or rotate of a value of `bits` bits by a count of 1-31.
pub trait Shift {
    /// The result, zero-extended; sets flags.
    fn apply(cpu: &mut Cpu, bits: u32, value: u32, count: u32) -> u32;
}

fn bit(value: u32, number: u32) -> bool {
    value >> number & 1 != 0
}

fn flags(carry: bool, overflow: bool) -> u32 {
    u32::from(carry) * CF | u32::from(overflow) * OF
}

/// SHL.
pub struct Shl;
impl Shift for Shl {
    #[inline(always)]
    fn apply(cpu: &mut Cpu, bits: u32, value: u32, count: u32) -> u32 {
        let wide = u64::from(value) << count;
        let result = wide as u32 & u32::MAX >> (32 - bits);
        let carry = wide >> bits & 1 != 0;
        cpu.st.flags.result_with(bits, result, flags(carry, carry != bit(result, bits - 1)));
        result
    }
}

/// SHR.
pub struct Shr;
impl Shift for Shr {
    #[inline(always)]
    fn apply(cpu: &mut Cpu, bits: u32, value: u32, count: u32) -> u32 {
        let result = value >> count;
        // OF is defined for a count of one only; the sign of the value before the last step serves every count.
        let overflow = count == 1 && bit(value, bits - 1);
        cpu.st.flags.result_with(bits, result, flags(bit(value, count - 1), overflow));
        result
    }
}

/// SAR.
pub struct Sar;
impl Shift for Sar {
    #[inline(always)]
    fn apply(cpu: &mut Cpu, bits: u32, value: u32, count: u32) -> u32 {
        let signed = ((value << (32 - bits)) as i32) >> (32 - bits);
        let result = (signed >> count) as u32 & u32::MAX >> (32 - bits);
        cpu.st.flags.result_with(bits, result, flags(signed >> (count - 1) & 1 != 0, false));
        result
    }
}

/// ROL.
pub struct Rol;
impl Shift for Rol {
    #[inline(always)]
    fn apply(cpu: &mut Cpu, bits: u32, value: u32, count: u32) -> u32 {
        let by = count % bits;
        let result =
            if by == 0 { value } else { (value << by | value >> (bits - by)) & u32::MAX >> (32 - bits) };
        let carry = bit(result, 0);
        cpu.st.flags.put(CF | OF, flags(carry, carry != bit(result, bits - 1)));
        result
    }
}

/// ROR.
pub struct Ror;
impl Shift for Ror {
    #[inline(always)]
    fn apply(cpu: &mut Cpu, bits: u32, value: u32, count: u32) -> u32 {
        let by = count % bits;
        let result =
            if by == 0 { value } else { (value >> by | value << (bits - by)) & u32::MAX >> (32 - bits) };
        let carry = bit(result, bits - 1);
        cpu.st.flags.put(CF | OF, flags(carry, carry != bit(result, bits - 2)));
        result
    }
}

/// RCL.
pub struct Rcl;
impl Shift for Rcl {
    fn apply(cpu: &mut Cpu, bits: u32, value: u32, count: u32) -> u32 {
        let by = count % (bits + 1);
        let wide = u64::from(cpu.st.flags.cf()) << bits | u64::from(value);
        let turned = if by == 0 { wide } else { wide << by | wide >> (bits + 1 - by) };
        rotated_through_carry(cpu, bits, turned, |carry, result| carry != bit(result, bits - 1))
    }
}

/// RCR.
pub struct Rcr;
impl Shift for Rcr {
    fn apply(cpu: &mut Cpu, bits: u32, value: u32, count: u32) -> u32 {
        let by = count % (bits + 1);
        let wide = u64::from(cpu.st.flags.cf()) << bits | u64::from(value);
        let turned = if by == 0 { wide } else { wide >> by | wide << (bits + 1 - by) };
        rotated_through_carry(cpu, bits, turned, |_, result| bit(result, bits - 1) != bit(result, bits - 2))
    }
}

fn rotated_through_carry(cpu: &mut Cpu, bits: u32, turned: u64, overflow: impl Fn(bool, u32) -> bool) -> u32 {
    let result = turned as u32 & u32::MAX >> (32 - bits);
    let carry = turned >> bits & 1 != 0;
    cpu.st.flags.put(CF | OF, flags(carry, overflow(carry, result)));
    result
}

fn shift<O: Shift, W: Reg, D: Place<W>, C: Source<u8>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let count = u32::from(C::load(cpu, inst)? & 31);
    D::update(cpu, inst, |cpu, value| {
        if count == 0 { value } else { W::from_u32(O::apply(cpu, W::BITS, value.to_u32(), count)) }
    })
}

fn shift_forms<O: Shift, W: Reg>(d: &Decoded) -> Body {
    let memory = matches!(d.operands[0], Operand::Mem(_));
    let constant = matches!(d.operands[1], Operand::Imm(_));
    match (memory, constant) {
        (false, false) => shift::<O, W, Dst, Cl>,
        (false, true) => shift::<O, W, Dst, Imm>,
        (true, false) => shift::<O, W, Mem, Cl>,
        (true, true) => shift::<O, W, Mem, Imm>,
    }
}

/// Body of a shift or rotate.
pub fn shift_body<O: Shift>(d: &Decoded) -> Body {
    match d.width {
        Width::B1 => shift_forms::<O, u8>(d),
        Width::B2 => shift_forms::<O, u16>(d),
        _ => shift_forms::<O, u32>(d),
    }
}

/// SHLD of 16 bits by more than 16 is undefined: here the destination, source and destination again are shifted as
/// one 48-bit number, as Pentium class CPUs do.
fn double_left<W: Reg>(cpu: &mut Cpu, value: W, filler: W, count: u32) -> W {
    let (v, f) = (value.to_u64(), filler.to_u64());
    let bits = W::BITS;
    let wide = if bits == 32 { v << 32 | f } else { v << 48 | f << 32 | v << 16 };
    let result = W::from_u64((wide << count) >> (64 - bits));
    let carry = wide >> (64 - count) & 1 != 0;
    double_flags::<W>(cpu, value, result, carry);
    result
}

fn double_right<W: Reg>(cpu: &mut Cpu, value: W, filler: W, count: u32) -> W {
    let (v, f) = (value.to_u64(), filler.to_u64());
    let wide = if W::BITS == 32 { f << 32 | v } else { v << 32 | f << 16 | v };
    let result = W::from_u64(wide >> count);
    let carry = wide >> (count - 1) & 1 != 0;
    double_flags::<W>(cpu, value, result, carry);
    result
}

fn double_flags<W: Reg>(cpu: &mut Cpu, before: W, after: W, carry: bool) {
    let overflow = bit(before.to_u32() ^ after.to_u32(), W::BITS - 1);
    cpu.st.flags.result_with(W::BITS, after.to_u32(), flags(carry, overflow) & !AF);
}

fn shld<W: Reg, D: Place<W>, C: Source<u8>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let count = u32::from(C::load(cpu, inst)? & 31);
    let filler = W::get(cpu, inst.src);
    D::update(cpu, inst, |cpu, v| if count == 0 { v } else { double_left(cpu, v, filler, count) })
}

fn shrd<W: Reg, D: Place<W>, C: Source<u8>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let count = u32::from(C::load(cpu, inst)? & 31);
    let filler = W::get(cpu, inst.src);
    D::update(cpu, inst, |cpu, v| if count == 0 { v } else { double_right(cpu, v, filler, count) })
}

macro_rules! double_body {
    ($name:ident, $body:ident, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(d: &Decoded) -> Body {
            let memory = matches!(d.operands[0], Operand::Mem(_));
            let constant = matches!(d.operands[2], Operand::Imm(_));
            match (d.width, memory, constant) {
                (Width::B2, false, false) => $body::<u16, Dst, Cl>,
                (Width::B2, false, true) => $body::<u16, Dst, Imm>,
                (Width::B2, true, false) => $body::<u16, Mem, Cl>,
                (Width::B2, true, true) => $body::<u16, Mem, Imm>,
                (_, false, false) => $body::<u32, Dst, Cl>,
                (_, false, true) => $body::<u32, Dst, Imm>,
                (_, true, false) => $body::<u32, Mem, Cl>,
                (_, true, true) => $body::<u32, Mem, Imm>,
            }
        }
    };
}
double_body!(shld_body, shld, "Body of SHLD.");
double_body!(shrd_body, shrd, "Body of SHRD.");
