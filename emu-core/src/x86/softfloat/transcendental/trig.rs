//! FSIN, FCOS, FSINCOS, FPTAN.

use super::constants::{COS, SIN};
use super::real::{Real, series};
use crate::x86::fpu_state::spec;
use crate::x86::softfloat::finite::Finite;
use crate::x86::softfloat::round::{round_pack, unpack};
use crate::x86::softfloat::{Class, Env, F80, nan};

/// Pi as the processor reduces by it, 66 bits, in units of 2^-64 (SDM vol. 1, 8.3.8).
const PI_66: u128 = 0x3_243F_6A88_85A3_08D3;

/// An argument brought into 0..=pi/4.
struct Reduced {
    /// Which eighth-turn pairs were taken away: the angle is `octants * pi/2 +- angle`, mod 4.
    quadrant: u8,
    /// The rest, with its sign.
    angle: Real,
}

/// The argument less the nearest multiple of pi/2. `None` beyond +-2^63.
fn reduce(a: Finite) -> Option<Reduced> {
    let power = a.exponent - F80::BIAS;
    if power >= 63 {
        return None;
    }
    if power < -1 {
        return Some(Reduced { quadrant: 0, angle: a.into() });
    }
    // In units of 2^-65, pi/2 is PI_66.
    let argument = u128::from(a.significand) << (power + 2);
    let (count, rest) = (argument / PI_66, argument % PI_66);
    let beyond_half = rest > PI_66 / 2;
    let (count, rest) = if beyond_half { (count + 1, PI_66 - rest) } else { (count, rest) };
    let count = if a.negative { count.wrapping_neg() } else { count };
    let angle = Real::normalised(a.negative != beyond_half, 127 - 65, rest);
    Some(Reduced { quadrant: count as u8 & 3, angle })
}

impl Reduced {
    fn sine_of_angle(&self) -> Real {
        self.angle.mul(Real::normalised(false, 0, series(&SIN, self.square(), true)))
    }

    fn cosine_of_angle(&self) -> Real {
        Real::normalised(false, 0, series(&COS, self.square(), true))
    }

    fn square(&self) -> u128 {
        self.angle.mul(self.angle).fraction()
    }

    fn sine(&self) -> Real {
        let value = if self.quadrant & 1 == 0 { self.sine_of_angle() } else { self.cosine_of_angle() };
        if self.quadrant & 2 != 0 { value.negated() } else { value }
    }

    fn cosine(&self) -> Real {
        Reduced { quadrant: (self.quadrant + 1) & 3, ..*self }.sine()
    }

    fn tangent(&self) -> Real {
        let (sine, cosine) = (self.sine_of_angle(), self.cosine_of_angle());
        if self.quadrant & 1 == 0 {
            // The tangent of a small angle is a little more than the angle, which has 64 bits: no rounding sees more.
            if self.angle.exponent < -40 { self.angle } else { sine.div(cosine) }
        } else {
            cosine.div(sine).negated()
        }
    }
}

/// What an operand gives before any computing.
enum Start {
    /// A NaN, or the operand of an exception that is not masked.
    Done(F80),
    /// Plus or minus zero.
    Zero,
    Argument(Reduced),
    /// Not below 2^63 in magnitude: nothing happens but C2.
    OutOfRange,
}

fn start(a: F80, env: &mut Env) -> Start {
    if let Some(nan) = nan::unary(a, env) {
        return Start::Done(nan);
    }
    match a.class() {
        Class::Zero => return Start::Zero,
        Class::Infinity => return Start::Done(env.invalid()),
        Class::Denormal if env.denormal_aborts() => return Start::Done(a),
        _ => {}
    }
    reduce(unpack(a)).map_or(Start::OutOfRange, Start::Argument)
}

/// The sine of a. `None` if a is out of range (C2).
pub fn sin(a: F80, env: &mut Env) -> Option<F80> {
    match start(a, env) {
        Start::Done(value) => Some(value),
        Start::Zero => Some(a),
        Start::Argument(reduced) => Some(round_pack(reduced.sine().inexact(), env)),
        Start::OutOfRange => None,
    }
}

/// The cosine of a. `None` if a is out of range (C2).
pub fn cos(a: F80, env: &mut Env) -> Option<F80> {
    match start(a, env) {
        Start::Done(value) => Some(value),
        Start::Zero => Some(F80::ONE),
        Start::Argument(reduced) => Some(round_pack(reduced.cosine().inexact(), env)),
        Start::OutOfRange => None,
    }
}

/// Sine and cosine of a; C1 is the sine's. `None` if a is out of range (C2).
pub fn sin_cos(a: F80, env: &mut Env) -> Option<(F80, F80)> {
    match start(a, env) {
        Start::Done(value) => Some((value, value)),
        Start::Zero => Some((a, F80::ONE)),
        Start::Argument(reduced) => {
            let sine = round_pack(reduced.sine().inexact(), env);
            let mut second = Env::new(env.control);
            let cosine = round_pack(reduced.cosine().inexact(), &mut second);
            env.flags |= second.flags & spec::EXCEPTIONS;
            Some((sine, cosine))
        }
        Start::OutOfRange => None,
    }
}

/// The tangent of a, and what FPTAN pushes after it: 1, or again the NaN. `None` if a is out of range (C2).
pub fn tan(a: F80, env: &mut Env) -> Option<(F80, F80)> {
    match start(a, env) {
        Start::Done(value) => Some((value, value)),
        Start::Zero => Some((a, F80::ONE)),
        Start::Argument(reduced) => Some((round_pack(reduced.tangent().inexact(), env), F80::ONE)),
        Start::OutOfRange => None,
    }
}
