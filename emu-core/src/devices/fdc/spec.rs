//! Constants of the 82077AA (Intel datasheet 290166) in AT mode, and the virtual latencies of the drives.

use crate::time::Ns;

/// Digital output register.
pub const DOR: u16 = 0x3F2;
/// Tape drive register.
pub const TDR: u16 = 0x3F3;
/// Main status register (read), data rate select register (write).
pub const MSR_DSR: u16 = 0x3F4;
/// Data register (FIFO).
pub const FIFO: u16 = 0x3F5;
/// Digital input register (read), configuration control register (write).
pub const DIR_CCR: u16 = 0x3F7;
/// First port; 3F0h and 3F1h are SRA and SRB, which AT mode does not drive.
pub const FIRST_PORT: u16 = 0x3F0;
/// ISA interrupt.
pub const IRQ: u8 = 6;
/// ISA DMA channel.
pub const DMA_CHANNEL: usize = 2;

/// DOR: drive select.
pub const DOR_SELECT: u8 = 0x03;
/// DOR: 0 holds the controller in reset.
pub const DOR_NRESET: u8 = 0x04;
/// DOR: interrupt and DMA request lines are driven.
pub const DOR_DMAGATE: u8 = 0x08;
/// DOR: motor of drive 0; the others follow.
pub const DOR_MOTOR: u8 = 0x10;

/// MSR: ready for the host.
pub const MSR_RQM: u8 = 0x80;
/// MSR: the host is to read.
pub const MSR_DIO: u8 = 0x40;
/// MSR: execution phase without DMA.
pub const MSR_NDM: u8 = 0x20;
/// MSR: a command is in progress.
pub const MSR_CB: u8 = 0x10;

/// DSR: software reset, clears itself.
pub const DSR_RESET: u8 = 0x80;
/// DSR and CCR: data rate.
pub const RATE: u8 = 0x03;
/// DIR: the disk was changed.
pub const DIR_DSKCHG: u8 = 0x80;

/// ST0, interrupt code: abnormal termination.
pub const ST0_ABNORMAL: u8 = 0x40;
/// ST0, interrupt code: invalid command.
pub const ST0_INVALID: u8 = 0x80;
/// ST0, interrupt code: the polling after a reset found the drive.
pub const ST0_POLLING: u8 = 0xC0;
/// ST0: seek end.
pub const ST0_SE: u8 = 0x20;
/// ST0: equipment check.
pub const ST0_EC: u8 = 0x10;
/// ST1: end of cylinder.
pub const ST1_EN: u8 = 0x80;
/// ST1: overrun or underrun.
pub const ST1_OR: u8 = 0x10;
/// ST1: no data.
pub const ST1_ND: u8 = 0x04;
/// ST1: not writable.
pub const ST1_NW: u8 = 0x02;
/// ST1: missing address mark.
pub const ST1_MA: u8 = 0x01;
/// ST2: control mark.
pub const ST2_CM: u8 = 0x40;
/// ST2: wrong cylinder.
pub const ST2_WC: u8 = 0x10;
/// ST2: scan equal hit.
pub const ST2_SH: u8 = 0x08;
/// ST2: scan not satisfied.
pub const ST2_SN: u8 = 0x04;
/// ST2: bad cylinder.
pub const ST2_BC: u8 = 0x02;
/// ST3: write protected.
pub const ST3_WP: u8 = 0x40;
/// ST3: head over track 0.
pub const ST3_T0: u8 = 0x10;
/// ST3: bits that always read 1.
pub const ST3_ONES: u8 = 0x28;

/// VERSION's answer.
pub const VERSION: u8 = 0x90;
/// Most step pulses of RECALIBRATE.
pub const RECALIBRATE_STEPS: u8 = 79;
/// Bytes of a sector, and its size code N.
pub const SECTOR: usize = 512;
/// Size code of 512-byte sectors.
pub const SECTOR_CODE: u8 = 2;

/// Virtual time of a reset.
pub const RESET_NS: Ns = 20_000;
/// Virtual time for a sector to pass the head (a real 1.44 MB disk takes 11 ms).
pub const SECTOR_NS: Ns = 500_000;
/// Virtual time in which a drive finds that no sector passes (a real one takes two turns, 400 ms).
pub const NO_SECTOR_NS: Ns = 2_000_000;
/// Virtual time of a seek besides its steps.
pub const SEEK_NS: Ns = 500_000;
/// Virtual time of one step (3 ms in real drives).
pub const STEP_NS: Ns = 50_000;
