//! The opcode maps: SDM volume 2, appendix A, with the aliases that processors have and the maps leave out.

mod one_byte;
mod simd;
mod two_byte;
mod x87;

pub use one_byte::ONE_BYTE;
pub use two_byte::TWO_BYTE;
