//! System control port A of the PS/2 and its successors.

/// The port.
pub const PORT: u16 = 0x92;
/// Resets the CPU when it goes from 0 to 1.
pub const FAST_RESET: u8 = 0x01;
/// Opens the A20 gate.
pub const FAST_A20: u8 = 0x02;
