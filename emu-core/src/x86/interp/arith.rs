//! Binary integer arithmetic: ADD to IDIV, and the decimal adjustments.

use super::operand::{Dst, Imm, Mem, Place, Reg, Source, Src};
use super::{Body, Inst};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Operand, Width};
use crate::x86::eflags::{AF, CF, OF};
use crate::x86::exception::Exception;
use crate::x86::regs::gpr::{EAX, EDX};

type Done = Result<(), Exception>;

/// A two-operand operation that sets the status flags.
pub trait Alu {
    /// False for CMP and TEST.
    const WRITES: bool = true;
    /// The result; sets flags.
    fn apply<W: Reg>(cpu: &mut Cpu, a: W, b: W) -> W;
}

macro_rules! alu {
    ($($(#[$doc:meta])* $name:ident $(writes $writes:literal)? |$cpu:ident, $a:ident, $b:ident| $body:expr;)*) => { $(
        $(#[$doc])*
        pub struct $name;
        impl Alu for $name {
            $( const WRITES: bool = $writes; )?
            #[inline(always)]
            fn apply<W: Reg>($cpu: &mut Cpu, $a: W, $b: W) -> W {
                let ($a, $b) = ($a.to_u32(), $b.to_u32());
                W::from_u32($body)
            }
        }
    )* };
}

#[inline(always)]
fn cut<W: Reg>(value: u32) -> u32 {
    W::from_u32(value).to_u32()
}

alu! {
    /// ADD.
    Add |cpu, a, b| { let r = cut::<W>(a.wrapping_add(b)); cpu.st.flags.lazy_add(W::BITS, a, r); r };
    /// SUB.
    Sub |cpu, a, b| { let r = cut::<W>(a.wrapping_sub(b)); cpu.st.flags.lazy_sub(W::BITS, a, r); r };
    /// CMP.
    Cmp writes false |cpu, a, b| { let r = cut::<W>(a.wrapping_sub(b)); cpu.st.flags.lazy_sub(W::BITS, a, r); r };
    /// AND.
    And |cpu, a, b| { let r = a & b; cpu.st.flags.lazy_add(W::BITS, 0, r); r };
    /// OR.
    Or |cpu, a, b| { let r = a | b; cpu.st.flags.lazy_add(W::BITS, 0, r); r };
    /// XOR.
    Xor |cpu, a, b| { let r = a ^ b; cpu.st.flags.lazy_add(W::BITS, 0, r); r };
    /// TEST.
    Test writes false |cpu, a, b| { let r = a & b; cpu.st.flags.lazy_add(W::BITS, 0, r); r };
    /// ADC.
    Adc |cpu, a, b| {
        let r = cut::<W>(a.wrapping_add(b).wrapping_add(u32::from(cpu.st.flags.cf())));
        carry_flags::<W>(cpu, r, (a & b) | ((a | b) & !r), (a ^ r) & (b ^ r), a ^ b ^ r);
        r
    };
    /// SBB.
    Sbb |cpu, a, b| {
        let r = cut::<W>(a.wrapping_sub(b).wrapping_sub(u32::from(cpu.st.flags.cf())));
        carry_flags::<W>(cpu, r, (!a & b) | ((!a | b) & r), (a ^ b) & (a ^ r), a ^ b ^ r);
        r
    };
}

/// Flags by the vectors of carries, overflow and half carry, whose top bit (bit 4) counts.
#[inline(always)]
fn carry_flags<W: Reg>(cpu: &mut Cpu, result: u32, carries: u32, overflow: u32, half: u32) {
    let top = W::BITS - 1;
    let flags = (carries >> top & 1) * CF | (overflow >> top & 1) * OF | half & AF;
    cpu.st.flags.result_with(W::BITS, result, flags);
}

fn alu<O: Alu, W: Reg, D: Place<W>, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let b = S::load(cpu, inst)?;
    if O::WRITES {
        D::update(cpu, inst, |cpu, a| O::apply(cpu, a, b))
    } else {
        let a = D::load(cpu, inst)?;
        O::apply(cpu, a, b);
        Ok(())
    }
}

fn alu_forms<O: Alu, W: Reg>(d: &Decoded) -> Body {
    match (d.operands[0], d.operands[1]) {
        (Operand::Mem(_), Operand::Imm(_)) => alu::<O, W, Mem, Imm>,
        (Operand::Mem(_), _) => alu::<O, W, Mem, Src>,
        (_, Operand::Imm(_)) => alu::<O, W, Dst, Imm>,
        (_, Operand::Mem(_)) => alu::<O, W, Dst, Mem>,
        _ => alu::<O, W, Dst, Src>,
    }
}

/// Body of a two-operand operation.
pub fn alu_body<O: Alu>(d: &Decoded) -> Body {
    match d.width {
        Width::B1 => alu_forms::<O, u8>(d),
        Width::B2 => alu_forms::<O, u16>(d),
        _ => alu_forms::<O, u32>(d),
    }
}

/// A one-operand operation.
pub trait Unary {
    /// The result; sets flags.
    fn apply<W: Reg>(cpu: &mut Cpu, a: u32) -> u32;
}

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident |$cpu:ident, $a:ident| $body:expr;)*) => { $(
        $(#[$doc])*
        pub struct $name;
        impl Unary for $name {
            #[inline(always)]
            fn apply<W: Reg>($cpu: &mut Cpu, $a: u32) -> u32 {
                $body
            }
        }
    )* };
}

unary! {
    /// INC.
    Inc |cpu, a| { let r = cut::<W>(a.wrapping_add(1)); cpu.st.flags.lazy_inc(W::BITS, a, r); r };
    /// DEC.
    Dec |cpu, a| { let r = cut::<W>(a.wrapping_sub(1)); cpu.st.flags.lazy_dec(W::BITS, a, r); r };
    /// NEG.
    Neg |cpu, a| { let r = cut::<W>(a.wrapping_neg()); cpu.st.flags.lazy_sub(W::BITS, 0, r); r };
    /// NOT.
    Not |_cpu, a| !a;
}

fn unary<O: Unary, W: Reg, D: Place<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    D::update(cpu, inst, |cpu, a| W::from_u32(O::apply::<W>(cpu, a.to_u32())))
}

/// Body of a one-operand operation.
pub fn unary_body<O: Unary>(d: &Decoded) -> Body {
    let memory = matches!(d.operands[0], Operand::Mem(_));
    match (d.width, memory) {
        (Width::B1, false) => unary::<O, u8, Dst>,
        (Width::B1, true) => unary::<O, u8, Mem>,
        (Width::B2, false) => unary::<O, u16, Dst>,
        (Width::B2, true) => unary::<O, u16, Mem>,
        (_, false) => unary::<O, u32, Dst>,
        (_, true) => unary::<O, u32, Mem>,
    }
}

/// Multiplications leave SF, ZF, AF and PF undefined: here SF, ZF and PF follow the low half and AF is 0, which is
/// what Pentium III class CPUs do for SF and PF at least.
#[inline(always)]
fn multiply_flags<W: Reg>(cpu: &mut Cpu, low: u32, significant: bool) {
    cpu.st.flags.result_with(W::BITS, cut::<W>(low), if significant { CF | OF } else { 0 });
}

/// Reads (high:low) of the accumulator pair of a width.
fn accumulator<W: Reg>(cpu: &Cpu) -> u64 {
    let (a, d) = (cpu.st.gpr[EAX], cpu.st.gpr[EDX]);
    match W::BITS {
        8 => u64::from(a & 0xFFFF),
        16 => u64::from(a & 0xFFFF | d << 16),
        _ => u64::from(d) << 32 | u64::from(a),
    }
}

/// Writes the accumulator pair: AX, DX:AX or EDX:EAX.
#[inline(always)]
fn set_accumulator<W: Reg>(cpu: &mut Cpu, low: u32, high: u32) {
    match W::BITS {
        8 => u16::set(cpu, 0, (low & 0xFF | high << 8) as u16),
        _ => {
            W::set(cpu, EAX as u8, W::from_u32(low));
            W::set(cpu, EDX as u8, W::from_u32(high));
        }
    }
}

fn mul<W: Reg, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let b = S::load(cpu, inst)?.to_u64();
    let a = W::get(cpu, EAX as u8).to_u64();
    let product = a * b;
    let (low, high) = (product as u32, (product >> W::BITS) as u32);
    set_accumulator::<W>(cpu, low, high);
    multiply_flags::<W>(cpu, low, cut::<W>(high) != 0);
    Ok(())
}

fn signed_product<W: Reg>(cpu: &mut Cpu, a: W, b: W) -> i64 {
    let product = i64::from(a.to_i32()) * i64::from(b.to_i32());
    let fits = i64::from(W::from_u32(product as u32).to_i32()) == product;
    multiply_flags::<W>(cpu, product as u32, !fits);
    product
}

fn imul1<W: Reg, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let b = S::load(cpu, inst)?;
    let a = W::get(cpu, EAX as u8);
    let product = signed_product(cpu, a, b);
    set_accumulator::<W>(cpu, product as u32, (product >> W::BITS) as u32);
    Ok(())
}

fn imul2<W: Reg, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let b = S::load(cpu, inst)?;
    let a = W::get(cpu, inst.dst);
    let product = signed_product(cpu, a, b);
    W::set(cpu, inst.dst, W::from_u32(product as u32));
    Ok(())
}

fn imul3<W: Reg, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let a = S::load(cpu, inst)?;
    let product = signed_product(cpu, a, W::from_u32(inst.imm));
    W::set(cpu, inst.dst, W::from_u32(product as u32));
    Ok(())
}

fn div<W: Reg, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let divisor = S::load(cpu, inst)?.to_u64();
    let dividend = accumulator::<W>(cpu);
    let quotient = dividend.checked_div(divisor).ok_or(Exception::DE)?;
    if quotient >> W::BITS != 0 {
        return Err(Exception::DE);
    }
    set_accumulator::<W>(cpu, quotient as u32, (dividend % divisor) as u32);
    Ok(())
}

fn idiv<W: Reg, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let divisor = i64::from(S::load(cpu, inst)?.to_i32());
    let shift = 64 - 2 * W::BITS;
    let dividend = (accumulator::<W>(cpu) << shift) as i64 >> shift;
    let quotient = dividend.checked_div(divisor).ok_or(Exception::DE)?;
    if i64::from(W::from_u64(quotient as u64).to_i32()) != quotient {
        return Err(Exception::DE);
    }
    set_accumulator::<W>(cpu, quotient as u32, dividend.wrapping_rem(divisor) as u32);
    Ok(())
}

macro_rules! by_source {
    ($name:ident, $body:ident, $operand:literal, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(d: &Decoded) -> Body {
            let memory = matches!(d.operands[$operand], Operand::Mem(_));
            match (d.width, memory) {
                (Width::B1, false) => $body::<u8, Src>,
                (Width::B1, true) => $body::<u8, Mem>,
                (Width::B2, false) => $body::<u16, Src>,
                (Width::B2, true) => $body::<u16, Mem>,
                (_, false) => $body::<u32, Src>,
                (_, true) => $body::<u32, Mem>,
            }
        }
    };
}
by_source!(mul_body, mul, 0, "Body of MUL; a register operand is bound as the source.");
by_source!(imul1_body, imul1, 0, "Body of IMUL with one operand, bound as the source.");
by_source!(imul2_body, imul2, 1, "Body of IMUL r, r/m.");
by_source!(imul3_body, imul3, 1, "Body of IMUL r, r/m, imm.");
by_source!(div_body, div, 0, "Body of DIV; a register operand is bound as the source.");
by_source!(idiv_body, idiv, 0, "Body of IDIV; a register operand is bound as the source.");

/// Sets ZF, SF and PF by AL, and CF and AF as given; OF, undefined, is cleared.
fn adjust_flags(cpu: &mut Cpu, al: u8, carry: bool, half: bool) {
    cpu.st.flags.result_with(8, u32::from(al), u32::from(carry) * CF | u32::from(half) * AF);
}

/// DAA (SDM vol. 2).
pub fn daa(cpu: &mut Cpu, _inst: &Inst) -> Done {
    decimal_adjust(cpu, u8::wrapping_add, |al| al > 0xF9)
}

/// DAS (SDM vol. 2).
pub fn das(cpu: &mut Cpu, _inst: &Inst) -> Done {
    decimal_adjust(cpu, u8::wrapping_sub, |al| al < 6)
}

fn decimal_adjust(cpu: &mut Cpu, step: fn(u8, u8) -> u8, wraps: fn(u8) -> bool) -> Done {
    let old = u8::get(cpu, 0);
    let old_carry = cpu.st.flags.cf();
    let half = old & 15 > 9 || cpu.st.flags.af();
    let high = old > 0x99 || old_carry;
    let mut al = old;
    let mut carry = high;
    if half {
        carry |= wraps(al);
        al = step(al, 6);
    }
    if high {
        al = step(al, 0x60);
    }
    u8::set(cpu, 0, al);
    adjust_flags(cpu, al, carry, half);
    Ok(())
}

/// AAA.
pub fn aaa(cpu: &mut Cpu, _inst: &Inst) -> Done {
    ascii_adjust(cpu, 0x106)
}

/// AAS.
pub fn aas(cpu: &mut Cpu, _inst: &Inst) -> Done {
    ascii_adjust(cpu, 0x106u16.wrapping_neg())
}

fn ascii_adjust(cpu: &mut Cpu, step: u16) -> Done {
    let ax = u16::get(cpu, 0);
    let adjust = ax & 15 > 9 || cpu.st.flags.af();
    let ax = if adjust { ax.wrapping_add(step) } else { ax };
    u16::set(cpu, 0, ax & 0xFF0F);
    adjust_flags(cpu, ax as u8 & 15, adjust, adjust);
    Ok(())
}

/// AAM.
pub fn aam(cpu: &mut Cpu, inst: &Inst) -> Done {
    let (al, base) = (u8::get(cpu, 0), inst.imm as u8);
    let high = al.checked_div(base).ok_or(Exception::DE)?;
    let low = al % base;
    u16::set(cpu, 0, u16::from(high) << 8 | u16::from(low));
    adjust_flags(cpu, low, false, false);
    Ok(())
}

/// AAD.
pub fn aad(cpu: &mut Cpu, inst: &Inst) -> Done {
    let [al, ah] = u16::get(cpu, 0).to_le_bytes();
    let al = al.wrapping_add(ah.wrapping_mul(inst.imm as u8));
    u16::set(cpu, 0, u16::from(al));
    adjust_flags(cpu, al, false, false);
    Ok(())
}
