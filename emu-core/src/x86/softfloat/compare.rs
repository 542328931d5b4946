//! FCOM, FUCOM, FCOMI, FTST, FXAM.

use super::{Class, Env, F80};
use crate::x86::fpu_state::spec;
use core::cmp::Ordering;

/// a against b; `None` is "unordered". A NaN is an invalid operation if it signals, or always if `!quiet` (FCOM).
pub fn compare(a: F80, b: F80, quiet: bool, env: &mut Env) -> Option<Ordering> {
    let unordered = |class: Class| match class {
        Class::Unsupported | Class::SignalingNan => Some(true),
        Class::QuietNan => Some(!quiet),
        _ => None,
    };
    let (class_a, class_b) = (a.class(), b.class());
    match (unordered(class_a), unordered(class_b)) {
        (None, None) => {}
        (x, y) => {
            if x == Some(true) || y == Some(true) {
                env.flags |= spec::IE;
            }
            return None;
        }
    }
    if class_a == Class::Denormal || class_b == Class::Denormal {
        env.flags |= spec::DE;
    }
    Some(order(a, b))
}

/// The order of two operands that are not NaNs.
fn order(a: F80, b: F80) -> Ordering {
    let magnitude = |x: F80| {
        // A pseudo-denormal has exponent field 0 but the weight of exponent 1.
        let exponent = if x.exponent() == 0 && x.significand & F80::J_BIT != 0 { 1 } else { x.exponent() };
        (exponent, x.significand)
    };
    if a.significand == 0 && b.significand == 0 {
        return Ordering::Equal;
    }
    match (a.is_negative(), b.is_negative()) {
        (false, false) => magnitude(a).cmp(&magnitude(b)),
        (true, true) => magnitude(b).cmp(&magnitude(a)),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// C3, C2 and C0 for the outcome of a comparison (SDM vol. 2, FCOM).
pub const fn condition_code(outcome: Option<Ordering>) -> u16 {
    match outcome {
        Some(Ordering::Greater) => 0,
        Some(Ordering::Less) => spec::C0,
        Some(Ordering::Equal) => spec::C3,
        None => spec::C3 | spec::C2 | spec::C0,
    }
}

/// C3, C2, C1 and C0 of FXAM for a register (SDM vol. 2, FXAM).
pub const fn examine(a: F80, empty: bool) -> u16 {
    let class = if empty {
        spec::C3 | spec::C0
    } else {
        match a.class() {
            Class::Unsupported => 0,
            Class::QuietNan | Class::SignalingNan => spec::C0,
            Class::Normal => spec::C2,
            Class::Infinity => spec::C2 | spec::C0,
            Class::Zero => spec::C3,
            Class::Denormal => spec::C3 | spec::C2,
        }
    };
    if a.is_negative() { class | spec::C1 } else { class }
}
