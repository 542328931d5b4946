//! MMX instructions, and the integer instructions of SSE2, which are the same on XMM registers.

pub mod entry;
pub mod integer;
pub mod lanes;
pub mod moves;
pub mod shift;
pub mod shuffle;

#[cfg(test)]
mod tests;

use super::Body;
use crate::x86::decode::{Decoded, Operand};

/// A body that calls a generic one with a function that is known to the compiler.
macro_rules! instruction {
    ($run:path, $function:expr) => {{
        fn body(
            cpu: &mut $crate::x86::cpu::Cpu,
            inst: &$crate::x86::interp::Inst,
        ) -> Result<(), $crate::x86::exception::Exception> {
            $run(cpu, inst, $function)
        }
        body as $crate::x86::interp::Body
    }};
}
pub(in crate::x86::interp) use instruction;

/// The body of a packed integer instruction; `None` for other instructions.
pub fn body(d: &Decoded) -> Option<Body> {
    moves::body(d).or_else(|| integer::body(d)).or_else(|| shift::body(d)).or_else(|| shuffle::body(d))
}

/// Whether the instruction works on XMM rather than MMX registers.
fn is_xmm(d: &Decoded) -> bool {
    d.operands.iter().any(|operand| matches!(operand, Operand::Xmm(_)))
}
