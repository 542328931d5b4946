//! Ports, registers and bits of the MC146818A (Motorola data sheet), and the places in its RAM that a PC's BIOS uses.

/// Register index, and the NMI mask in bit 7. Cannot be read.
pub const INDEX: u16 = 0x70;
/// The indexed register.
pub const DATA: u16 = 0x71;
/// Port 70h: NMI is masked.
pub const NMI_MASK: u8 = 0x80;

/// Seconds, 0-59.
pub const SECONDS: usize = 0x00;
/// Alarm seconds.
pub const SECONDS_ALARM: usize = 0x01;
/// Minutes, 0-59.
pub const MINUTES: usize = 0x02;
/// Alarm minutes.
pub const MINUTES_ALARM: usize = 0x03;
/// Hours, 0-23, or 1-12 with [`PM`].
pub const HOURS: usize = 0x04;
/// Alarm hours.
pub const HOURS_ALARM: usize = 0x05;
/// Day of the week, 1 is Sunday.
pub const DAY_OF_WEEK: usize = 0x06;
/// Day of the month, from 1.
pub const DAY: usize = 0x07;
/// Month, from 1.
pub const MONTH: usize = 0x08;
/// Year, 0-99.
pub const YEAR: usize = 0x09;
/// Register A: UIP, divider, rate.
pub const A: usize = 0x0A;
/// Register B: enables and formats.
pub const B: usize = 0x0B;
/// Register C: interrupt flags, cleared by reading.
pub const C: usize = 0x0C;
/// Register D: valid RAM and time.
pub const D: usize = 0x0D;
/// Century as a PC keeps it, in the number format of the other time registers.
pub const CENTURY: usize = 0x32;

/// Hours in 12-hour mode: afternoon.
pub const PM: u8 = 0x80;
/// Alarm registers: both top bits set match anything.
pub const ALARM_ANY: u8 = 0xC0;

/// A: update in progress.
pub const A_UIP: u8 = 0x80;
/// A: divider control field.
pub const A_DIVIDER: u8 = 0x70;
/// A: divider control values above this one hold the divider in reset.
pub const A_DIVIDER_RUNS: u8 = 0x20;
/// A: periodic rate field.
pub const A_RATE: u8 = 0x0F;

/// B: stop updating the time registers so that they can be set.
pub const B_SET: u8 = 0x80;
/// B: periodic interrupt enable.
pub const B_PIE: u8 = 0x40;
/// B: alarm interrupt enable.
pub const B_AIE: u8 = 0x20;
/// B: update-ended interrupt enable.
pub const B_UIE: u8 = 0x10;
/// B: square wave enable (its pin leads nowhere).
pub const B_SQWE: u8 = 0x08;
/// B: time registers are binary rather than BCD.
pub const B_BINARY: u8 = 0x04;
/// B: hours are 0-23.
pub const B_24_HOURS: u8 = 0x02;
/// B: daylight saving by the rule of 1967-1986.
pub const B_DST: u8 = 0x01;

/// C: any enabled flag is set; the IRQ pin is active.
pub const C_IRQF: u8 = 0x80;
/// C: periodic flag.
pub const C_PF: u8 = 0x40;
/// C: alarm flag.
pub const C_AF: u8 = 0x20;
/// C: update-ended flag.
pub const C_UF: u8 = 0x10;
/// D: RAM and time are valid.
pub const D_VRT: u8 = 0x80;

/// Clock of the divider chain in Hz.
pub const HZ: u64 = 32_768;
/// From UIP rising to the end of the update: tBUC of 244 us and tUC of 1984 us, in ns.
pub const UIP_NS: u64 = 2_228_000;
/// From the divider leaving reset to the first update, in ns.
pub const FIRST_UPDATE_NS: u64 = 500_000_000;
