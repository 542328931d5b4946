//! Bodies with memory operands: loads, stores, arithmetic and comparison.

use super::arith::{self, Arith};
use super::compare;
use super::entry::{enter, leave_memory};
use super::stack::{self, Store};
use crate::x86::access::Int;
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op, Operand, Width};
use crate::x86::exception::Exception;
use crate::x86::fpu_state::FpuState;
use crate::x86::interp::{Body, Inst};
use crate::x86::softfloat::{self, F80};
use crate::x86::tlb::{Access, is_user};

type Done = Result<(), Exception>;

/// A number format in memory.
trait Format {
    type Bits: Int;
    /// The value, and whether it was a denormal f32 or f64.
    fn expand(bits: Self::Bits) -> (F80, bool);
    /// Pushes it as FLD or FILD do.
    fn push(fpu: &mut FpuState, bits: Self::Bits);
}

struct F32;
struct F64;
struct I16;
struct I32;
struct I64;

impl Format for F32 {
    type Bits = u32;
    #[inline(always)]
    fn expand(bits: u32) -> (F80, bool) {
        softfloat::expand_f32(bits)
    }
    #[inline(always)]
    fn push(fpu: &mut FpuState, bits: u32) {
        stack::load_f32(fpu, bits);
    }
}

impl Format for F64 {
    type Bits = u64;
    #[inline(always)]
    fn expand(bits: u64) -> (F80, bool) {
        softfloat::expand_f64(bits)
    }
    #[inline(always)]
    fn push(fpu: &mut FpuState, bits: u64) {
        stack::load_f64(fpu, bits);
    }
}

macro_rules! integer {
    ($($name:ident $bits:ty, $signed:ty;)*) => { $(
        impl Format for $name {
            type Bits = $bits;
            #[inline(always)]
            fn expand(bits: $bits) -> (F80, bool) {
                (softfloat::from_i64(bits as $signed as i64), false)
            }
            #[inline(always)]
            fn push(fpu: &mut FpuState, bits: $bits) {
                stack::load(fpu, Self::expand(bits).0, 0);
            }
        }
    )* };
}
integer! {
    I16 u16, i16;
    I32 u32, i32;
    I64 u64, i64;
}

const ARITH: [Arith; 6] = [Arith::Add, Arith::Mul, Arith::Sub, Arith::Subr, Arith::Div, Arith::Divr];

fn arith_body<F: Format, const OP: usize>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter(cpu)?;
    let offset = cpu.ea(inst);
    let (value, denormal) = F::expand(cpu.read(inst.seg, offset)?);
    arith::arith_memory(&mut cpu.st.fpu, ARITH[OP], value, denormal);
    leave_memory(cpu, inst, offset);
    Ok(())
}

fn compare_body<F: Format, const POPS: u8>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter(cpu)?;
    let offset = cpu.ea(inst);
    let (value, denormal) = F::expand(cpu.read(inst.seg, offset)?);
    compare::compare_memory(&mut cpu.st.fpu, value, denormal, false, POPS);
    leave_memory(cpu, inst, offset);
    Ok(())
}

fn load_body<F: Format>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter(cpu)?;
    let offset = cpu.ea(inst);
    let bits = cpu.read(inst.seg, offset)?;
    F::push(&mut cpu.st.fpu, bits);
    leave_memory(cpu, inst, offset);
    Ok(())
}

/// The operation of a row on one format. The order of the arms is that of the ModRM.reg field.
fn by_format<F: Format>(op: Op) -> Option<Body> {
    Some(match op {
        Op::Fadd | Op::Fiadd => arith_body::<F, 0>,
        Op::Fmul | Op::Fimul => arith_body::<F, 1>,
        Op::Fcom | Op::Ficom => compare_body::<F, 0>,
        Op::Fcomp | Op::Ficomp => compare_body::<F, 1>,
        Op::Fsub | Op::Fisub => arith_body::<F, 2>,
        Op::Fsubr | Op::Fisubr => arith_body::<F, 3>,
        Op::Fdiv | Op::Fidiv => arith_body::<F, 4>,
        Op::Fdivr | Op::Fidivr => arith_body::<F, 5>,
        Op::Fld | Op::Fild => load_body::<F>,
        _ => return None,
    })
}

/// Stores what `make` gives, then lets it change the state: a fault of the write leaves everything as it was.
#[inline(always)]
fn store<T, W: Int, const POP: bool>(
    cpu: &mut Cpu,
    inst: &Inst,
    make: impl FnOnce(&FpuState) -> Store<T>,
    bits: impl FnOnce(&T) -> W,
) -> Done {
    enter(cpu)?;
    let offset = cpu.ea(inst);
    let store = make(&cpu.st.fpu);
    match &store.value {
        Some(value) => cpu.write(inst.seg, offset, bits(value))?,
        None => probe_operand(cpu, inst, offset, W::BYTES)?,
    }
    store.commit(&mut cpu.st.fpu, POP);
    leave_memory(cpu, inst, offset);
    Ok(())
}

/// A fault of the operand comes before an unmasked exception that keeps the store from being made (SDM vol. 3A, 6.9,
/// table 6-2).
#[cold]
fn probe_operand(cpu: &mut Cpu, inst: &Inst, offset: u32, bytes: u32) -> Done {
    let linear = cpu.check_segment(inst.seg, offset, bytes, Access::Write)?;
    cpu.probe_write(linear, bytes, is_user(&cpu.st))
}

fn store_f32<const POP: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    store::<_, u32, POP>(cpu, inst, stack::store_f32, |bits| *bits)
}

fn store_f64<const POP: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    store::<_, u64, POP>(cpu, inst, stack::store_f64, |bits| *bits)
}

fn store_int<W: Int, const POP: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    store::<_, W, POP>(cpu, inst, |fpu| stack::store_int(fpu, W::BITS), |value| W::from_u64(*value as u64))
}

/// FSTP m80 and FBSTP: ten bytes, all or none.
fn store_ten(cpu: &mut Cpu, inst: &Inst, make: impl FnOnce(&FpuState) -> Store<[u8; 10]>) -> Done {
    enter(cpu)?;
    let offset = cpu.ea(inst);
    let store = make(&cpu.st.fpu);
    probe_operand(cpu, inst, offset, 10)?;
    if let Some(bytes) = store.value {
        let [low @ .., b8, b9] = bytes;
        cpu.write(inst.seg, offset, u64::from_le_bytes(low))?;
        cpu.write(inst.seg, offset.wrapping_add(8), u16::from_le_bytes([b8, b9]))?;
    }
    store.commit(&mut cpu.st.fpu, true);
    leave_memory(cpu, inst, offset);
    Ok(())
}

fn store_f80(cpu: &mut Cpu, inst: &Inst) -> Done {
    store_ten(cpu, inst, |fpu| stack::store_f80(fpu).map(F80::to_bytes))
}

fn store_bcd(cpu: &mut Cpu, inst: &Inst) -> Done {
    store_ten(cpu, inst, stack::store_bcd)
}

/// FLD m80 and FBLD.
fn load_ten<const BCD: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter(cpu)?;
    let offset = cpu.ea(inst);
    let significand: u64 = cpu.read(inst.seg, offset)?;
    let sign_exponent: u16 = cpu.read(inst.seg, offset.wrapping_add(8))?;
    let value = F80::new(sign_exponent, significand);
    let value = if BCD { softfloat::from_bcd(value.to_bytes()) } else { value };
    stack::load(&mut cpu.st.fpu, value, 0);
    leave_memory(cpu, inst, offset);
    Ok(())
}

/// The body of an x87 instruction with a numeric memory operand.
pub fn body(d: &Decoded) -> Option<Body> {
    let Operand::Mem(width) = d.operands[0] else { return None };
    Some(match (d.op, width) {
        (Op::Fld, Width::B10) => load_ten::<false>,
        (Op::Fbld, _) => load_ten::<true>,
        (Op::Fstp, Width::B10) => store_f80,
        (Op::Fbstp, _) => store_bcd,
        (Op::Fst, Width::B4) => store_f32::<false>,
        (Op::Fst, _) => store_f64::<false>,
        (Op::Fstp, Width::B4) => store_f32::<true>,
        (Op::Fstp, _) => store_f64::<true>,
        (Op::Fist, Width::B2) => store_int::<u16, false>,
        (Op::Fist, _) => store_int::<u32, false>,
        (Op::Fistp, Width::B2) => store_int::<u16, true>,
        (Op::Fistp, Width::B4) => store_int::<u32, true>,
        (Op::Fistp, _) => store_int::<u64, true>,
        (op, Width::B2) => return by_format::<I16>(op),
        (op @ (Op::Fild | Op::Fiadd | Op::Fimul | Op::Ficom | Op::Ficomp), Width::B4) => {
            return by_format::<I32>(op);
        }
        (op @ (Op::Fisub | Op::Fisubr | Op::Fidiv | Op::Fidivr), _) => return by_format::<I32>(op),
        (op @ Op::Fild, _) => return by_format::<I64>(op),
        (op, Width::B4) => return by_format::<F32>(op),
        (op, _) => return by_format::<F64>(op),
    })
}
