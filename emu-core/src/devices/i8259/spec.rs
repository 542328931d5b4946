//! Ports and bits of the 8259A (Intel 8259A data sheet; 82371SB (PIIX3) data sheet for the edge/level registers).

/// Command port of the master; its data port follows.
pub const MASTER: u16 = 0x20;
/// Command port of the slave; its data port follows.
pub const SLAVE: u16 = 0xA0;
/// Edge/level control registers: ELCR1 (IRQ 0-7) and ELCR2 (IRQ 8-15).
pub const ELCR: u16 = 0x4D0;
/// Bits of each ELCR that can be set: IRQ 0, 1, 2, 8 and 13 are always edge triggered.
pub const ELCR_WRITABLE: [u8; 2] = [0xF8, 0xDE];
/// Master input the slave's INT is wired to.
pub const CASCADE: u8 = 2;

/// Command port: this write is ICW1.
pub const ICW1: u8 = 0x10;
/// ICW1: ICW4 will follow.
pub const ICW1_IC4: u8 = 0x01;
/// ICW1: single chip, no ICW3 follows.
pub const ICW1_SNGL: u8 = 0x02;
/// ICW4: automatic end of interrupt.
pub const ICW4_AEOI: u8 = 0x02;
/// ICW4: special fully nested mode.
pub const ICW4_SFNM: u8 = 0x10;

/// Command port without [`ICW1`]: this write is OCW3, not OCW2.
pub const OCW3: u8 = 0x08;
/// OCW3: read the in-service register (with [`OCW3_RR`]).
pub const OCW3_RIS: u8 = 0x01;
/// OCW3: choose the register to read.
pub const OCW3_RR: u8 = 0x02;
/// OCW3: poll command.
pub const OCW3_POLL: u8 = 0x04;
/// OCW3: special mask mode on (with [`OCW3_ESMM`]).
pub const OCW3_SMM: u8 = 0x20;
/// OCW3: change special mask mode.
pub const OCW3_ESMM: u8 = 0x40;

/// OCW2: end of interrupt.
pub const OCW2_EOI: u8 = 0x20;
/// OCW2: the level is given in bits 0-2.
pub const OCW2_SL: u8 = 0x40;
/// OCW2: rotate priorities.
pub const OCW2_R: u8 = 0x80;
