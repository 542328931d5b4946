//! ADD, SUB, MUL, DIV, SQRT, MIN, MAX.

use super::{SimdEnv, exponent_within, mxcsr};
use crate::x86::fpu_state::spec;
use crate::x86::softfloat::Rounding;
use crate::x86::softfloat::finite;
use crate::x86::softfloat::format::{self, Format, Kind};

impl SimdEnv {
    /// Whether the host's own arithmetic may be used on operands that can give no exception but PE: it rounds to
    /// nearest, and PE is masked and set already, so that no flag can change.
    #[inline]
    fn host_rounds_alike(&self) -> bool {
        const PE: u32 = spec::PE as u32;
        const RC: u32 = 3 << mxcsr::RC_SHIFT;
        self.mxcsr & (RC | PE << mxcsr::MASK_SHIFT | PE) == PE << mxcsr::MASK_SHIFT | PE
    }

    /// Reports denormal operands.
    #[inline]
    fn denormals(&mut self, a: Kind, b: Kind) {
        if a == Kind::Denormal || b == Kind::Denormal {
            self.flags |= spec::DE;
        }
    }
}

/// Whether a sum of two patterns is finite and not tiny.
#[inline]
fn sum_is_plain<F: Format>(a: u64, b: u64) -> bool {
    let (low, high) = (F::FRACTION_BITS as i32 + 2, F::EXPONENT_MAX - 2);
    exponent_within::<F>(a, low, high) && exponent_within::<F>(b, low, high)
}

/// Whether the operands are normal and a result with about this biased exponent is finite and not tiny.
#[inline]
fn result_is_plain<F: Format>(a: u64, b: u64, exponent: i32) -> bool {
    let high = F::EXPONENT_MAX - 1;
    exponent_within::<F>(a, 1, high) && exponent_within::<F>(b, 1, high) && (3..high - 2).contains(&exponent)
}

/// a + b.
#[inline]
pub fn add<F: Format>(a: u64, b: u64, env: &mut SimdEnv) -> u64 {
    if env.host_rounds_alike() && sum_is_plain::<F>(a, b) {
        return F::host_add(a, b);
    }
    add_any::<F>(a, b, 0, env)
}

/// a - b.
#[inline]
pub fn sub<F: Format>(a: u64, b: u64, env: &mut SimdEnv) -> u64 {
    if env.host_rounds_alike() && sum_is_plain::<F>(a, b) {
        return F::host_add(a, b ^ F::SIGN);
    }
    add_any::<F>(a, b, F::SIGN, env)
}

/// a + b with the sign of b changed by `flip`, but not that of a NaN.
fn add_any<F: Format>(a: u64, b: u64, flip: u64, env: &mut SimdEnv) -> u64 {
    let (a, b) = (env.operand::<F>(a), env.operand::<F>(b));
    let (kind_a, kind_b) = (format::kind::<F>(a), format::kind::<F>(b));
    if kind_a.is_nan() || kind_b.is_nan() {
        return env.nan::<F>(a, b);
    }
    let b = b ^ flip;
    if kind_a == Kind::Infinity && kind_b == Kind::Infinity && a != b {
        return env.invalid::<F>();
    }
    env.denormals(kind_a, kind_b);
    match (kind_a, kind_b) {
        (Kind::Infinity, _) => a,
        (_, Kind::Infinity) => b,
        (Kind::Zero, Kind::Zero) if a == b => a,
        (Kind::Zero, Kind::Zero) => exact_zero::<F>(env),
        (Kind::Zero, _) => env.round::<F>(format::unpack::<F>(b).into()),
        (_, Kind::Zero) => env.round::<F>(format::unpack::<F>(a).into()),
        _ => match finite::add(format::unpack::<F>(a), format::unpack::<F>(b)) {
            Some(sum) => env.round::<F>(sum),
            None => exact_zero::<F>(env),
        },
    }
}

/// The zero a sum of opposites gives.
fn exact_zero<F: Format>(env: &SimdEnv) -> u64 {
    format::sign_bit::<F>(env.rounding() == Rounding::Down)
}

/// a * b.
#[inline]
pub fn mul<F: Format>(a: u64, b: u64, env: &mut SimdEnv) -> u64 {
    let exponent = format::exponent::<F>(a) + format::exponent::<F>(b) - F::BIAS;
    if env.host_rounds_alike() && result_is_plain::<F>(a, b, exponent) {
        return F::host_mul(a, b);
    }
    mul_any::<F>(a, b, env)
}

fn mul_any<F: Format>(a: u64, b: u64, env: &mut SimdEnv) -> u64 {
    let (a, b) = (env.operand::<F>(a), env.operand::<F>(b));
    let (kind_a, kind_b) = (format::kind::<F>(a), format::kind::<F>(b));
    if kind_a.is_nan() || kind_b.is_nan() {
        return env.nan::<F>(a, b);
    }
    let sign = (a ^ b) & F::SIGN;
    if matches!((kind_a, kind_b), (Kind::Infinity, Kind::Zero) | (Kind::Zero, Kind::Infinity)) {
        return env.invalid::<F>();
    }
    env.denormals(kind_a, kind_b);
    match (kind_a, kind_b) {
        (Kind::Infinity, _) | (_, Kind::Infinity) => sign | F::INFINITY,
        (Kind::Zero, _) | (_, Kind::Zero) => sign,
        _ => env.round::<F>(finite::multiply(format::unpack::<F>(a), format::unpack::<F>(b))),
    }
}

/// a / b.
#[inline]
pub fn div<F: Format>(a: u64, b: u64, env: &mut SimdEnv) -> u64 {
    let exponent = format::exponent::<F>(a) - format::exponent::<F>(b) + F::BIAS;
    if env.host_rounds_alike() && result_is_plain::<F>(a, b, exponent) {
        return F::host_div(a, b);
    }
    div_any::<F>(a, b, env)
}

fn div_any<F: Format>(a: u64, b: u64, env: &mut SimdEnv) -> u64 {
    let (a, b) = (env.operand::<F>(a), env.operand::<F>(b));
    let (kind_a, kind_b) = (format::kind::<F>(a), format::kind::<F>(b));
    if kind_a.is_nan() || kind_b.is_nan() {
        return env.nan::<F>(a, b);
    }
    let sign = (a ^ b) & F::SIGN;
    match (kind_a, kind_b) {
        (Kind::Infinity, Kind::Infinity) | (Kind::Zero, Kind::Zero) => return env.invalid::<F>(),
        (Kind::Normal | Kind::Denormal, Kind::Zero) => {
            env.flags |= spec::ZE;
            return sign | F::INFINITY;
        }
        _ => env.denormals(kind_a, kind_b),
    }
    match (kind_a, kind_b) {
        (Kind::Infinity, _) => sign | F::INFINITY,
        (Kind::Zero, _) | (_, Kind::Infinity) => sign,
        _ => env.round::<F>(finite::divide(format::unpack::<F>(a), format::unpack::<F>(b))),
    }
}

/// The square root of a.
#[inline]
pub fn sqrt<F: Format>(a: u64, env: &mut SimdEnv) -> u64 {
    if env.host_rounds_alike() && a & F::SIGN == 0 && exponent_within::<F>(a, 1, F::EXPONENT_MAX - 1) {
        return F::host_sqrt(a);
    }
    sqrt_any::<F>(a, env)
}

fn sqrt_any<F: Format>(a: u64, env: &mut SimdEnv) -> u64 {
    let a = env.operand::<F>(a);
    let kind = format::kind::<F>(a);
    match kind {
        Kind::QuietNan | Kind::SignalingNan => env.nan::<F>(a, a),
        Kind::Zero => a,
        _ if a & F::SIGN != 0 => env.invalid::<F>(),
        Kind::Infinity => a,
        Kind::Normal | Kind::Denormal => {
            env.denormals(kind, kind);
            env.round::<F>(finite::square_root(format::unpack::<F>(a)))
        }
    }
}

/// MIN: a if it is less than b, else b; so b if one is a NaN or both are zeros (SDM vol. 2, MINPS).
#[inline]
pub fn min<F: Format>(a: u64, b: u64, env: &mut SimdEnv) -> u64 {
    select::<F>(a, b, core::cmp::Ordering::Less, env)
}

/// MAX: a if it is greater than b, else b (SDM vol. 2, MAXPS).
#[inline]
pub fn max<F: Format>(a: u64, b: u64, env: &mut SimdEnv) -> u64 {
    select::<F>(a, b, core::cmp::Ordering::Greater, env)
}

fn select<F: Format>(a: u64, b: u64, wanted: core::cmp::Ordering, env: &mut SimdEnv) -> u64 {
    let ordering = super::ordering::<F>(a, b, false, env);
    env.operand::<F>(if ordering == Some(wanted) { a } else { b })
}
