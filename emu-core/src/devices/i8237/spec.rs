//! Ports and bits of the 8237A pair (Intel 8237A data sheet; page registers as in the 82371SB (PIIX3) data sheet).

/// First port of the first controller (channels 0-3); its registers are one port apart.
pub const FIRST: u16 = 0x00;
/// First port of the second controller (channels 4-7); its registers are two ports apart.
pub const SECOND: u16 = 0xC0;
/// First of the sixteen page register ports, most of them plain latches.
pub const PAGES: u16 = 0x80;
/// Channel whose page register each of the ports 80h-8Fh is. 8Fh is the refresh page: channel 4 moves nothing.
pub const PAGE_CHANNEL: [Option<usize>; 16] = [
    None,
    Some(2),
    Some(3),
    Some(1),
    None,
    None,
    None,
    Some(0),
    None,
    Some(6),
    Some(7),
    Some(5),
    None,
    None,
    None,
    Some(4),
];

/// Register: command (write), status (read).
pub const COMMAND_STATUS: u16 = 0x8;
/// Register: software request.
pub const REQUEST: u16 = 0x9;
/// Register: one mask bit.
pub const SINGLE_MASK: u16 = 0xA;
/// Register: mode of a channel.
pub const MODE: u16 = 0xB;
/// Register: clear the byte pointer flip-flop.
pub const CLEAR_BYTE_POINTER: u16 = 0xC;
/// Register: master clear (write), temporary register (read).
pub const MASTER_CLEAR: u16 = 0xD;
/// Register: clear all mask bits.
pub const CLEAR_MASK: u16 = 0xE;
/// Register: all mask bits.
pub const ALL_MASK: u16 = 0xF;

/// Request and single mask register: set rather than clear.
pub const SET_BIT: u8 = 4;
