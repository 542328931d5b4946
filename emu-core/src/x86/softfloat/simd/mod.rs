//! Scalar f32 and f64 operations under MXCSR: what one lane of an SSE or SSE2 instruction computes.
//!
//! Values are bit patterns in the low bits of a `u64`, whatever the [`Format`]. Several lanes may share one
//! [`SimdEnv`]; its flags gather what all of them raised.

mod approximate;
mod arith;
mod compare;
mod convert;

pub use approximate::{reciprocal, reciprocal_square_root};
pub use arith::{add, div, max, min, mul, sqrt, sub};
pub use compare::{Predicate, compare, ordering};
pub use convert::{convert_format, from_int, to_int};

use super::finite::Wide;
use super::format::{self, Format, Kind, Target};
use super::{Rounding, env};
use crate::x86::fpu_state::spec;

/// Bits of MXCSR (SDM vol. 1, 10.2.3). The flags in bits 0 to 5 are those of the x87 status word.
pub mod mxcsr {
    /// Denormals are zeros.
    pub const DAZ: u32 = 1 << 6;
    /// Where the six mask bits begin.
    pub const MASK_SHIFT: u32 = 7;
    /// Where the rounding control begins.
    pub const RC_SHIFT: u32 = 13;
    /// Flush to zero.
    pub const FTZ: u32 = 1 << 15;
}

/// MXCSR comes in, exception flags go out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SimdEnv {
    /// MXCSR before the instruction.
    pub mxcsr: u32,
    /// Exception flags raised so far (IE, DE, ZE, OE, UE, PE in bits 0 to 5).
    pub flags: u16,
}

impl SimdEnv {
    /// An environment without flags.
    #[inline]
    pub const fn new(mxcsr: u32) -> SimdEnv {
        SimdEnv { mxcsr, flags: 0 }
    }

    /// The direction of rounding.
    #[inline]
    pub const fn rounding(&self) -> Rounding {
        env::Rounding::from_bits((self.mxcsr >> mxcsr::RC_SHIFT) as u16)
    }

    /// Whether this exception (a flag bit) is masked.
    #[inline]
    pub const fn masked(&self, exception: u16) -> bool {
        self.mxcsr >> mxcsr::MASK_SHIFT & exception as u32 != 0
    }

    /// The flags raised whose exceptions are not masked: the instruction faults with #XM.
    #[inline]
    pub const fn unmasked(&self) -> u16 {
        self.flags & !(self.mxcsr >> mxcsr::MASK_SHIFT) as u16 & spec::EXCEPTIONS
    }

    /// The flags to set in MXCSR. When an exception found before computing is not masked, no lane computes, and
    /// none reports overflow, underflow or precision (SDM vol. 1, 11.5.3.2).
    #[inline]
    pub const fn reported(&self) -> u16 {
        const BEFORE: u16 = spec::IE | spec::DE | spec::ZE;
        if self.unmasked() & BEFORE != 0 { self.flags & BEFORE } else { self.flags & spec::EXCEPTIONS }
    }

    #[inline]
    fn target(&self) -> Target {
        Target {
            rounding: self.rounding(),
            overflow_masked: self.masked(spec::OE),
            underflow_masked: self.masked(spec::UE),
            flush_to_zero: self.mxcsr & mxcsr::FTZ != 0,
        }
    }

    /// The operand, a zero in place of a denormal if DAZ is set.
    #[inline]
    fn operand<F: Format>(&self, bits: u64) -> u64 {
        if self.mxcsr & mxcsr::DAZ != 0 && format::exponent::<F>(bits) == 0 { bits & F::SIGN } else { bits }
    }

    #[inline]
    fn round<F: Format>(&mut self, value: Wide) -> u64 {
        let rounded = format::round_pack::<F>(value, self.target());
        self.flags |= rounded.flags & spec::EXCEPTIONS;
        rounded.bits
    }

    #[cold]
    fn invalid<F: Format>(&mut self) -> u64 {
        self.flags |= spec::IE;
        F::INDEFINITE
    }

    /// The NaN an operation delivers: the first operand if it is one, else the second (SDM vol. 1, table 4-7).
    #[cold]
    fn nan<F: Format>(&mut self, a: u64, b: u64) -> u64 {
        let (kind_a, kind_b) = (format::kind::<F>(a), format::kind::<F>(b));
        if kind_a == Kind::SignalingNan || kind_b == Kind::SignalingNan {
            self.flags |= spec::IE;
        }
        F::QUIET | if kind_a.is_nan() { a } else { b }
    }
}

/// Whether the exponent of a pattern lies in `low..=high`.
#[inline]
fn exponent_within<F: Format>(bits: u64, low: i32, high: i32) -> bool {
    (low..=high).contains(&format::exponent::<F>(bits))
}
