//! NaN operands of the x87 (SDM vol. 1, table 4-7 and 8.5.1.2).

use super::{Class, Env, F80};
use crate::x86::fpu_state::spec;

/// The result of a one-operand operation on a NaN or unsupported encoding; `None` for every other operand.
pub(super) fn unary(a: F80, env: &mut Env) -> Option<F80> {
    match a.class() {
        Class::Unsupported => Some(env.invalid()),
        Class::SignalingNan => {
            env.flags |= spec::IE;
            Some(a.quieted())
        }
        Class::QuietNan => Some(a),
        _ => None,
    }
}

/// The result of a two-operand operation of which one operand is a NaN or unsupported; `None` if none is.
///
/// Of a signalling and a quiet NaN the quiet one is delivered, else the one with the larger significand, else the
/// positive one.
pub(super) fn binary(a: F80, b: F80, env: &mut Env) -> Option<F80> {
    let (class_a, class_b) = (a.class(), b.class());
    if class_a == Class::Unsupported || class_b == Class::Unsupported {
        return Some(env.invalid());
    }
    if class_a == Class::SignalingNan || class_b == Class::SignalingNan {
        env.flags |= spec::IE;
    }
    match (a.is_nan(), b.is_nan()) {
        (false, false) => None,
        (true, false) => Some(a.quieted()),
        (false, true) => Some(b.quieted()),
        (true, true) if class_a != class_b => Some(if class_a == Class::QuietNan { a } else { b }),
        (true, true) => Some(larger(a, b).quieted()),
    }
}

fn larger(a: F80, b: F80) -> F80 {
    match a.significand.cmp(&b.significand) {
        core::cmp::Ordering::Greater => a,
        core::cmp::Ordering::Less => b,
        core::cmp::Ordering::Equal if a.sign_exponent < b.sign_exponent => a,
        core::cmp::Ordering::Equal => b,
    }
}
