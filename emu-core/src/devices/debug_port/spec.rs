//! Debug console ports of PC emulators.

/// Debug port of Bochs.
pub const BOCHS: u16 = 0xE9;
/// Debug port SeaBIOS writes its log to.
pub const SEABIOS: u16 = 0x402;
/// What both ports read as when there is a console behind them.
pub const PRESENT: u8 = 0xE9;
