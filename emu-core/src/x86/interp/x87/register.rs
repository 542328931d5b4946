//! Bodies without memory operands.

use super::arith::{self, Arith};
use super::entry::{enter, leave};
use super::{compare, stack, transcendental};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op};
use crate::x86::eflags::{AF, CF, OF, PF, SF, ZF};
use crate::x86::exception::Exception;
use crate::x86::fpu_state::FpuState;
use crate::x86::interp::{Body, Inst};
use crate::x86::softfloat::{F80, Quotient};
use core::cmp::Ordering;

type Done = Result<(), Exception>;

/// A body around an operation on the FPU state.
macro_rules! body {
    (|$fpu:ident| $operation:expr) => {
        body!(|$fpu, _inst| $operation)
    };
    (|$fpu:ident, $inst:ident| $operation:expr) => {{
        fn body(cpu: &mut Cpu, inst: &Inst) -> Done {
            run(cpu, inst, |$fpu, $inst| $operation)
        }
        body as Body
    }};
}

#[inline(always)]
fn run(cpu: &mut Cpu, inst: &Inst, operation: impl FnOnce(&mut FpuState, &Inst)) -> Done {
    enter(cpu)?;
    operation(&mut cpu.st.fpu, inst);
    leave(cpu, inst);
    Ok(())
}

/// The body of an x87 instruction on registers, control instructions left out.
pub fn body(d: &Decoded) -> Option<Body> {
    arith_body(d.op)
        .or_else(|| compare_body(d.op))
        .or_else(|| move_body(d.op))
        .or_else(|| function_body(d.op))
}

fn arith_body(op: Op) -> Option<Body> {
    macro_rules! arith {
        ($arith:ident, $pop:literal) => {
            body!(|fpu, inst| arith::arith(fpu, Arith::$arith, inst.dst, inst.src, $pop))
        };
    }
    Some(match op {
        Op::Fadd => arith!(Add, false),
        Op::Faddp => arith!(Add, true),
        Op::Fmul => arith!(Mul, false),
        Op::Fmulp => arith!(Mul, true),
        Op::Fsub => arith!(Sub, false),
        Op::Fsubp => arith!(Sub, true),
        Op::Fsubr => arith!(Subr, false),
        Op::Fsubrp => arith!(Subr, true),
        Op::Fdiv => arith!(Div, false),
        Op::Fdivp => arith!(Div, true),
        Op::Fdivr => arith!(Divr, false),
        Op::Fdivrp => arith!(Divr, true),
        _ => return None,
    })
}

fn compare_body(op: Op) -> Option<Body> {
    Some(match op {
        Op::Fcom => body!(|fpu, inst| compare::compare(fpu, inst.src, false, 0)),
        Op::Fcomp => body!(|fpu, inst| compare::compare(fpu, inst.src, false, 1)),
        Op::Fcompp => body!(|fpu| compare::compare(fpu, 1, false, 2)),
        Op::Fucom => body!(|fpu, inst| compare::compare(fpu, inst.src, true, 0)),
        Op::Fucomp => body!(|fpu, inst| compare::compare(fpu, inst.src, true, 1)),
        Op::Fucompp => body!(|fpu| compare::compare(fpu, 1, true, 2)),
        Op::Fcomi => compare_flags::<false, false>,
        Op::Fcomip => compare_flags::<false, true>,
        Op::Fucomi => compare_flags::<true, false>,
        Op::Fucomip => compare_flags::<true, true>,
        Op::Ftst => body!(|fpu| compare::test(fpu)),
        Op::Fxam => body!(|fpu| compare::examine(fpu)),
        _ => return None,
    })
}

fn compare_flags<const QUIET: bool, const POP: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter(cpu)?;
    if let Some(outcome) = compare::compare_flags(&mut cpu.st.fpu, inst.src, QUIET, POP) {
        put_ordering(cpu, outcome);
    }
    leave(cpu, inst);
    Ok(())
}

/// ZF, PF and CF by the outcome of a comparison (SDM vol. 2, FCOMI and COMISS); OF, SF and AF are cleared.
pub(in crate::x86::interp) fn put_ordering(cpu: &mut Cpu, outcome: Option<Ordering>) {
    let flags = match outcome {
        Some(Ordering::Greater) => 0,
        Some(Ordering::Less) => CF,
        Some(Ordering::Equal) => ZF,
        None => ZF | PF | CF,
    };
    cpu.st.flags.put(ZF | PF | CF | OF | SF | AF, flags);
}

fn move_body(op: Op) -> Option<Body> {
    Some(match op {
        Op::Fld => body!(|fpu, inst| stack::load_register(fpu, inst.dst)),
        Op::Fst => body!(|fpu, inst| stack::store_register(fpu, inst.dst, false)),
        Op::Fstp => body!(|fpu, inst| stack::store_register(fpu, inst.dst, true)),
        Op::Fstpnce => body!(|fpu, inst| stack::store_register_quietly(fpu, inst.dst)),
        Op::Fxch => body!(|fpu, inst| stack::exchange(fpu, inst.src)),
        Op::Ffree => body!(|fpu, inst| stack::free(fpu, inst.dst)),
        Op::Ffreep => body!(|fpu, inst| {
            stack::free(fpu, inst.dst);
            fpu.pop();
        }),
        Op::Fincstp => body!(|fpu| stack::rotate(fpu, 1)),
        Op::Fdecstp => body!(|fpu| stack::rotate(fpu, -1)),
        Op::Fnop => body!(|_fpu| {}),
        Op::Fld1 => body!(|fpu| stack::load(fpu, F80::ONE, 0)),
        Op::Fldz => body!(|fpu| stack::load(fpu, F80::ZERO, 0)),
        Op::Fldl2t => body!(|fpu| transcendental::load_constant(fpu, transcendental::LOG2_10)),
        Op::Fldl2e => body!(|fpu| transcendental::load_constant(fpu, transcendental::LOG2_E)),
        Op::Fldpi => body!(|fpu| transcendental::load_constant(fpu, transcendental::PI)),
        Op::Fldlg2 => body!(|fpu| transcendental::load_constant(fpu, transcendental::LOG10_2)),
        Op::Fldln2 => body!(|fpu| transcendental::load_constant(fpu, transcendental::LN_2)),
        Op::Fcmovb => conditional::<CF, true>,
        Op::Fcmove => conditional::<ZF, true>,
        Op::Fcmovbe => conditional::<{ CF | ZF }, true>,
        Op::Fcmovu => conditional::<PF, true>,
        Op::Fcmovnb => conditional::<CF, false>,
        Op::Fcmovne => conditional::<ZF, false>,
        Op::Fcmovnbe => conditional::<{ CF | ZF }, false>,
        Op::Fcmovnu => conditional::<PF, false>,
        _ => return None,
    })
}

/// FCMOVcc: moves if whether any flag of `MASK` is set is `WANTED`.
fn conditional<const MASK: u32, const WANTED: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let condition = (cpu.st.flags.get() & MASK != 0) == WANTED;
    run(cpu, inst, |fpu, inst| stack::conditional_move(fpu, inst.src, condition))
}

fn function_body(op: Op) -> Option<Body> {
    Some(match op {
        Op::Fchs => body!(|fpu| arith::change_sign(fpu)),
        Op::Fabs => body!(|fpu| arith::absolute(fpu)),
        Op::Fsqrt => body!(|fpu| arith::sqrt(fpu)),
        Op::Fscale => body!(|fpu| arith::scale(fpu)),
        Op::Fprem => body!(|fpu| arith::partial_remainder(fpu, Quotient::Truncated)),
        Op::Fprem1 => body!(|fpu| arith::partial_remainder(fpu, Quotient::Nearest)),
        Op::Frndint => body!(|fpu| arith::round_to_integer(fpu)),
        Op::Fxtract => body!(|fpu| arith::extract(fpu)),
        Op::F2xm1 => body!(|fpu| transcendental::two_to_minus_one(fpu)),
        Op::Fyl2x => body!(|fpu| transcendental::y_log2_x(fpu)),
        Op::Fyl2xp1 => body!(|fpu| transcendental::y_log2_x_plus_1(fpu)),
        Op::Fptan => body!(|fpu| transcendental::tangent(fpu)),
        Op::Fpatan => body!(|fpu| transcendental::arctangent(fpu)),
        Op::Fsin => body!(|fpu| transcendental::sine(fpu)),
        Op::Fcos => body!(|fpu| transcendental::cosine(fpu)),
        Op::Fsincos => body!(|fpu| transcendental::sine_and_cosine(fpu)),
        _ => return None,
    })
}
