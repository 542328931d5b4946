//! Ports, commands and bits of the PC's keyboard controller (an 8042 as in the IBM PS/2 Technical Reference), its
//! keyboard and its mouse, and the times we gave them.

use crate::time::Ns;

/// Data port.
pub const DATA: u16 = 0x60;
/// Command port (write), status port (read).
pub const COMMAND: u16 = 0x64;

/// From a controller command or a read of the data port to the controller's own next answer.
pub const CONTROLLER_NS: Ns = 10_000;
/// One byte from a device: 11 bits at 16.7 kHz.
pub const BYTE_NS: Ns = 660_000;
/// A device's basic assurance test (half a second in old hardware).
pub const SELF_TEST_NS: Ns = 5_000_000;

/// Status: output buffer full.
pub const STATUS_OBF: u8 = 0x01;
/// Status: self test passed (bit 2 of the command byte).
pub const STATUS_SYS: u8 = 0x04;
/// Status: the last write went to the command port.
pub const STATUS_COMMAND: u8 = 0x08;
/// Status: the keyboard is not locked.
pub const STATUS_UNLOCKED: u8 = 0x10;
/// Status: the byte in the output buffer is the mouse's.
pub const STATUS_AUX: u8 = 0x20;

/// Command byte: interrupt 1 when the keyboard's byte is there.
pub const CTR_KEYBOARD_INT: u8 = 0x01;
/// Command byte: interrupt 12 when the mouse's byte is there.
pub const CTR_MOUSE_INT: u8 = 0x02;
/// Command byte: system flag.
pub const CTR_SYS: u8 = 0x04;
/// Command byte: keyboard disabled.
pub const CTR_KEYBOARD_OFF: u8 = 0x10;
/// Command byte: mouse disabled.
pub const CTR_MOUSE_OFF: u8 = 0x20;
/// Command byte: translate scan codes from set 2 to set 1.
pub const CTR_TRANSLATE: u8 = 0x40;

/// Output port: 0 resets the CPU.
pub const OUT_NO_RESET: u8 = 0x01;
/// Output port: A20 gate.
pub const OUT_A20: u8 = 0x02;
/// Output port: keyboard's byte is there (interrupt 1).
pub const OUT_KEYBOARD_OBF: u8 = 0x10;
/// Output port: mouse's byte is there (interrupt 12).
pub const OUT_MOUSE_OBF: u8 = 0x20;
/// Output port: clock and data lines, idle.
pub const OUT_IDLE: u8 = 0xCC;
/// Input port: the keyboard is not locked.
pub const IN_UNLOCKED: u8 = 0x80;

/// Controller command: read the command byte; up to 3Fh the other bytes of its RAM.
pub const READ_CTR: u8 = 0x20;
/// Controller command: write the command byte; up to 7Fh the other bytes of its RAM.
pub const WRITE_CTR: u8 = 0x60;
/// Controller command: is a password installed?
pub const TEST_PASSWORD: u8 = 0xA4;
/// Controller command: load a password, up to a 0.
pub const LOAD_PASSWORD: u8 = 0xA5;
/// Controller command: disable the mouse.
pub const MOUSE_OFF: u8 = 0xA7;
/// Controller command: enable the mouse.
pub const MOUSE_ON: u8 = 0xA8;
/// Controller command: test the mouse's lines.
pub const TEST_MOUSE: u8 = 0xA9;
/// Controller command: self test.
pub const SELF_TEST: u8 = 0xAA;
/// Controller command: test the keyboard's lines.
pub const TEST_KEYBOARD: u8 = 0xAB;
/// Controller command: disable the keyboard.
pub const KEYBOARD_OFF: u8 = 0xAD;
/// Controller command: enable the keyboard.
pub const KEYBOARD_ON: u8 = 0xAE;
/// Controller command: read the input port.
pub const READ_INPUT: u8 = 0xC0;
/// Controller command: read the output port.
pub const READ_OUTPUT: u8 = 0xD0;
/// Controller command: write the output port.
pub const WRITE_OUTPUT: u8 = 0xD1;
/// Controller command: put a byte into the output buffer as if from the keyboard.
pub const WRITE_KEYBOARD_BUFFER: u8 = 0xD2;
/// Controller command: put a byte into the output buffer as if from the mouse.
pub const WRITE_MOUSE_BUFFER: u8 = 0xD3;
/// Controller command: send a byte to the mouse.
pub const WRITE_MOUSE: u8 = 0xD4;
/// Controller command: close the A20 gate.
pub const A20_OFF: u8 = 0xDD;
/// Controller command: open the A20 gate.
pub const A20_ON: u8 = 0xDF;
/// Controller command: read the test inputs.
pub const READ_TEST_INPUTS: u8 = 0xE0;
/// Controller command: pulse output port bits 0-3 whose bit is 0 here; up to FFh.
pub const PULSE_OUTPUT: u8 = 0xF0;
/// Answer to [`SELF_TEST`].
pub const SELF_TEST_PASSED: u8 = 0x55;
/// Answer to [`TEST_PASSWORD`]: none.
pub const NO_PASSWORD: u8 = 0xF1;

/// Device answer: acknowledge.
pub const ACK: u8 = 0xFA;
/// Device answer: what was that?
pub const RESEND: u8 = 0xFE;
/// Device answer: a second bad byte in a row.
pub const ERROR: u8 = 0xFC;
/// Device answer: basic assurance test passed.
pub const TEST_PASSED: u8 = 0xAA;

/// Device command: identify.
pub const IDENTIFY: u8 = 0xF2;
/// Device command: set typematic rate and delay, or sample rate.
pub const SET_RATE: u8 = 0xF3;
/// Device command: enable scanning or reporting.
pub const ENABLE: u8 = 0xF4;
/// Device command: disable, and set defaults.
pub const DISABLE: u8 = 0xF5;
/// Device command: set defaults.
pub const DEFAULTS: u8 = 0xF6;
/// Device command: resend.
pub const SEND_AGAIN: u8 = 0xFE;
/// Device command: reset.
pub const RESET: u8 = 0xFF;

/// Keyboard command: set LEDs.
pub const SET_LEDS: u8 = 0xED;
/// Keyboard command: echo.
pub const ECHO: u8 = 0xEE;
/// Keyboard command: select or ask for the scan code set.
pub const SCAN_CODE_SET: u8 = 0xF0;
/// Keyboard command: all keys typematic (set 3).
pub const ALL_TYPEMATIC: u8 = 0xF7;
/// Keyboard command: all keys make and break (set 3).
pub const ALL_MAKE_BREAK: u8 = 0xF8;
/// Keyboard command: all keys make only (set 3).
pub const ALL_MAKE: u8 = 0xF9;
/// Keyboard command: all keys typematic, make and break (set 3).
pub const ALL_TYPEMATIC_MAKE_BREAK: u8 = 0xFA;
/// Keyboard command: the keys that follow are typematic (set 3).
pub const KEY_TYPEMATIC: u8 = 0xFB;
/// Keyboard command: the keys that follow are make and break (set 3).
pub const KEY_MAKE_BREAK: u8 = 0xFC;
/// Keyboard command: the keys that follow are make only (set 3).
pub const KEY_MAKE: u8 = 0xFD;
/// What a keyboard with an MF2 layout identifies as.
pub const KEYBOARD_ID: [u8; 2] = [0xAB, 0x83];
/// Typematic after reset: 10.9 characters a second after 500 ms.
pub const DEFAULT_TYPEMATIC: u8 = 0x2B;
/// Bytes of scan codes a keyboard remembers.
pub const KEYBOARD_BUFFER: usize = 16;

/// Mouse command: scaling 1:1.
pub const SCALING_1_1: u8 = 0xE6;
/// Mouse command: scaling 2:1.
pub const SCALING_2_1: u8 = 0xE7;
/// Mouse command: set resolution.
pub const SET_RESOLUTION: u8 = 0xE8;
/// Mouse command: status request.
pub const STATUS_REQUEST: u8 = 0xE9;
/// Mouse command: stream mode.
pub const STREAM_MODE: u8 = 0xEA;
/// Mouse command: read data.
pub const READ_DATA: u8 = 0xEB;
/// Mouse command: leave wrap mode.
pub const RESET_WRAP: u8 = 0xEC;
/// Mouse command: wrap mode.
pub const WRAP_MODE: u8 = 0xEE;
/// Mouse command: remote mode.
pub const REMOTE_MODE: u8 = 0xF0;
/// Sample rates that turn a mouse into an IntelliMouse (wheel).
pub const KNOCK_WHEEL: [u8; 3] = [200, 100, 80];
/// Sample rates that turn an IntelliMouse into an IntelliMouse Explorer (wheel, five buttons).
pub const KNOCK_FIVE_BUTTONS: [u8; 3] = [200, 200, 80];
/// Identity of a mouse with wheel.
pub const ID_WHEEL: u8 = 3;
/// Identity of a mouse with wheel and five buttons.
pub const ID_FIVE_BUTTONS: u8 = 4;
