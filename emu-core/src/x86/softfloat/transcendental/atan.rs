//! FPATAN.

use super::constants::{ATAN, ODD, PI, PI_2, PI_3_4, PI_4};
use super::real::{Real, series};
use crate::x86::softfloat::arith::denormal_operand;
use crate::x86::softfloat::finite::{self, Wide};
use crate::x86::softfloat::round::{round_pack, unpack};
use crate::x86::softfloat::{Class, Env, F80, nan};

/// The angle of the point (x, y), between -pi and pi (FPATAN: y is ST(1), x is ST(0); SDM vol. 2, FPATAN).
pub fn atan2(y: F80, x: F80, env: &mut Env) -> F80 {
    if let Some(nan) = nan::binary(x, y, env) {
        return nan;
    }
    if denormal_operand(x, y, env) {
        return x;
    }
    let left = x.is_negative();
    if !left && y.is_finite_not_zero() && x.is_finite_not_zero() {
        let quotient = finite::divide(unpack(y), unpack(x));
        if quotient.exponent < F80::BIAS - 64 {
            return round_pack(just_below(quotient), env);
        }
    }
    let angle = match (y.class(), x.class()) {
        (Class::Infinity, Class::Infinity) => {
            if left {
                PI_3_4
            } else {
                PI_4
            }
        }
        (Class::Infinity, _) => PI_2,
        (Class::Zero, _) | (_, Class::Infinity) if left => PI,
        (Class::Zero, _) | (_, Class::Infinity) => return F80::zero(y.is_negative()),
        (_, Class::Zero) => PI_2,
        _ => of_point(unpack(y.absolute()).into(), unpack(x).into()),
    };
    round_pack(angle.with_sign(y.is_negative()).inexact(), env)
}

/// What is left of the arctangent of a quotient so small that its square is far below the last place.
fn just_below(quotient: Wide) -> Wide {
    if quotient.low & 1 != 0 {
        // Between two halves of a place it stays there.
        return quotient;
    }
    let (low, borrow) = quotient.low.overflowing_sub(1);
    let high = quotient.high.wrapping_sub(u64::from(borrow));
    if high & F80::J_BIT == 0 {
        return Wide { exponent: quotient.exponent - 1, high: u64::MAX, low, ..quotient };
    }
    Wide { high, low, ..quotient }
}

/// The angle of a point in the upper half plane, not on the axes.
fn of_point(y: Real, x: Real) -> Real {
    let width = x.with_sign(false);
    let steep = (y.exponent, y.significand) > (width.exponent, width.significand);
    if steep {
        // Measured from the y axis, whichever the side.
        let beyond = of_ratio(width.div(y)).with_sign(!x.negative);
        return PI_2.add(beyond);
    }
    let angle = of_ratio(y.div(width));
    if x.negative { PI.add(angle.negated()) } else { angle }
}

/// arctan(q) for 0 < q <= 1.
fn of_ratio(q: Real) -> Real {
    let nearest = if q.exponent >= 0 { 32 } else { ((q.fraction() >> 122) as usize + 1) >> 1 };
    if nearest == 0 {
        return of_small(q);
    }
    // arctan q = arctan c + arctan((q - c) / (1 + q c)) with c = nearest / 32.
    let c = Real::integer(nearest as i32).scaled(-5);
    let whole = Real::normalised(false, -1, ATAN.get(nearest).copied().unwrap_or(0));
    let difference = q.add(c.negated());
    if difference.is_zero() {
        return whole;
    }
    whole.add(of_small(difference.div(Real::ONE.add(q.mul(c)))))
}

/// arctan(r) for |r| up to 1/64.
fn of_small(r: Real) -> Real {
    let sum = series(&ODD[..12], r.mul(r).fraction(), true);
    r.mul(Real::normalised(false, 0, sum))
}
