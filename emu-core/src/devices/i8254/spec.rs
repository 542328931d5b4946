//! Ports and bits of the 8254 (Intel 8254 data sheet) and of port 61h (82371SB (PIIX3) data sheet, NMISC).

/// Input clock of all three counters, in Hz: a third of 3.579545 MHz.
pub const HZ: u64 = 1_193_182;
/// Data port of counter 0; counters 1 and 2 follow.
pub const COUNTER_0: u16 = 0x40;
/// Control word register.
pub const CONTROL: u16 = 0x43;
/// NMI status and control: gate and output of counter 2, speaker.
pub const PORT_61: u16 = 0x61;

/// Control word: the counter field of a read-back command.
pub const READ_BACK: u8 = 3;
/// Read-back command: do *not* latch the counts.
pub const READ_BACK_NO_COUNT: u8 = 0x20;
/// Read-back command: do *not* latch the status.
pub const READ_BACK_NO_STATUS: u8 = 0x10;
/// Status byte: level of OUT.
pub const STATUS_OUT: u8 = 0x80;
/// Status byte: the count last written is not loaded yet.
pub const STATUS_NULL_COUNT: u8 = 0x40;

/// Port 61h: gate of counter 2.
pub const GATE_2: u8 = 0x01;
/// Port 61h: lets OUT of counter 2 through to the speaker.
pub const SPEAKER_DATA: u8 = 0x02;
/// Port 61h, bits that read back as written: the above, and the disable bits of the parity and IOCHK# NMIs.
pub const PORT_61_WRITABLE: u8 = 0x0F;
/// Port 61h: toggles with every memory refresh.
pub const REFRESH: u8 = 0x10;
/// Port 61h: level of OUT of counter 2.
pub const OUT_2: u8 = 0x20;
/// Input clocks from one memory refresh to the next (15.085 us).
pub const REFRESH_TICKS: u64 = 18;
