//! CMPcc, COMISx, UCOMISx.

use super::SimdEnv;
use crate::x86::fpu_state::spec;
use crate::x86::softfloat::format::{self, Format, Kind};
use core::cmp::Ordering;

/// The eight predicates of CMPPS and its kin, by their immediate (SDM vol. 2, CMPPD).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Predicate(u8);

impl Predicate {
    /// The predicate in the low three bits of the immediate: EQ, LT, LE, UNORD, NEQ, NLT, NLE, ORD.
    pub const fn from_immediate(immediate: u8) -> Predicate {
        Predicate(immediate & 7)
    }

    /// LT, LE, NLT and NLE signal an invalid operation for quiet NaNs too.
    const fn is_quiet(self) -> bool {
        matches!(self.0 & 3, 0 | 3)
    }

    const fn holds(self, outcome: Option<Ordering>) -> bool {
        let basic = match self.0 & 3 {
            0 => matches!(outcome, Some(Ordering::Equal)),
            1 => matches!(outcome, Some(Ordering::Less)),
            2 => matches!(outcome, Some(Ordering::Less | Ordering::Equal)),
            _ => outcome.is_none(),
        };
        basic != (self.0 & 4 != 0)
    }
}

/// Whether the predicate holds for a and b.
#[inline]
pub fn compare<F: Format>(a: u64, b: u64, predicate: Predicate, env: &mut SimdEnv) -> bool {
    predicate.holds(ordering::<F>(a, b, predicate.is_quiet(), env))
}

/// a against b; `None` is "unordered". A NaN is an invalid operation if it signals, or always if `!quiet` (COMISx).
pub fn ordering<F: Format>(a: u64, b: u64, quiet: bool, env: &mut SimdEnv) -> Option<Ordering> {
    let (a, b) = (env.operand::<F>(a), env.operand::<F>(b));
    let (kind_a, kind_b) = (format::kind::<F>(a), format::kind::<F>(b));
    if kind_a.is_nan() || kind_b.is_nan() {
        if !quiet || kind_a == Kind::SignalingNan || kind_b == Kind::SignalingNan {
            env.flags |= spec::IE;
        }
        return None;
    }
    if kind_a == Kind::Denormal || kind_b == Kind::Denormal {
        env.flags |= spec::DE;
    }
    Some(signed::<F>(a).cmp(&signed::<F>(b)))
}

/// A pattern that is not a NaN as an integer with the same order; both zeros give 0.
fn signed<F: Format>(bits: u64) -> i64 {
    let magnitude = (bits & (F::SIGN - 1)) as i64;
    if bits & F::SIGN != 0 { -magnitude } else { magnitude }
}
