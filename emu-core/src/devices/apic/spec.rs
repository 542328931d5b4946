//! Registers of the local APIC (SDM volume 3, chapter "Advanced Programmable Interrupt Controller") and of the I/O APIC
//! (Intel 82093AA datasheet, 290566).

use crate::time::Ns;

/// IA32_APIC_BASE after reset: FEE00000h, enabled, bootstrap processor.
pub const BASE_RESET: u64 = 0xFEE0_0900;
/// IA32_APIC_BASE: this is the bootstrap processor.
pub const BASE_BSP: u64 = 1 << 8;
/// IA32_APIC_BASE: global enable.
pub const BASE_ENABLE: u64 = 1 << 11;
/// IA32_APIC_BASE: the page, in 36 bits.
pub const BASE_ADDRESS: u64 = 0xF_FFFF_F000;

/// One cycle of the timer's bus clock: 100 MHz.
pub const BUS_CYCLE: Ns = 10;

/// Register offsets of the local APIC.
pub mod reg {
    /// Local APIC ID.
    pub const ID: u32 = 0x20;
    /// Version.
    pub const VERSION: u32 = 0x30;
    /// Task priority.
    pub const TPR: u32 = 0x80;
    /// Arbitration priority.
    pub const APR: u32 = 0x90;
    /// Processor priority.
    pub const PPR: u32 = 0xA0;
    /// End of interrupt.
    pub const EOI: u32 = 0xB0;
    /// Remote read.
    pub const RRD: u32 = 0xC0;
    /// Logical destination.
    pub const LDR: u32 = 0xD0;
    /// Destination format.
    pub const DFR: u32 = 0xE0;
    /// Spurious interrupt vector.
    pub const SVR: u32 = 0xF0;
    /// In service, 8 registers.
    pub const ISR: u32 = 0x100;
    /// Trigger mode, 8 registers.
    pub const TMR: u32 = 0x180;
    /// Interrupt request, 8 registers.
    pub const IRR: u32 = 0x200;
    /// Error status.
    pub const ESR: u32 = 0x280;
    /// Interrupt command, bits 0-31.
    pub const ICR_LOW: u32 = 0x300;
    /// Interrupt command, bits 32-63.
    pub const ICR_HIGH: u32 = 0x310;
    /// Local vector table: timer, thermal, performance, LINT0, LINT1, error.
    pub const LVT: u32 = 0x320;
    /// Last register of the local vector table.
    pub const LVT_LAST: u32 = 0x370;
    /// Timer initial count.
    pub const TICR: u32 = 0x380;
    /// Timer current count.
    pub const TCCR: u32 = 0x390;
    /// Timer divide configuration.
    pub const TDCR: u32 = 0x3E0;
}

/// Places in the local vector table.
pub mod lvt {
    /// Timer.
    pub const TIMER: usize = 0;
    /// LINT0 pin.
    pub const LINT0: usize = 3;
    /// Internal error.
    pub const ERROR: usize = 5;
    /// Entries.
    pub const COUNT: usize = 6;
    /// Bits that software can write, by entry.
    pub const WRITABLE: [u32; COUNT] = [0x3_00FF, 0x1_07FF, 0x1_07FF, 0x1_A7FF, 0x1_A7FF, 0x1_00FF];
}

/// Version 14h (xAPIC), last LVT entry 5.
pub const VERSION: u32 = 0x0005_0014;
/// SVR: software enable.
pub const SVR_ENABLE: u32 = 1 << 8;
/// SVR bits that hold: vector, enable, focus checking.
pub const SVR_WRITABLE: u32 = 0x3FF;
/// DFR's bits that always read one.
pub const DFR_ONES: u32 = 0x0FFF_FFFF;
/// LVT and redirection entries: masked.
pub const MASKED: u32 = 1 << 16;
/// LVT and redirection entries: level-triggered.
pub const LEVEL: u32 = 1 << 15;
/// LVT and redirection entries: waiting for EOI.
pub const REMOTE_IRR: u32 = 1 << 14;
/// LVT timer: periodic.
pub const PERIODIC: u32 = 1 << 17;
/// ICR: logical destination mode (also redirection entries).
pub const LOGICAL: u32 = 1 << 11;
/// ICR bits that hold what is written.
pub const ICR_WRITABLE: u32 = 0x000C_CFFF;
/// ICR: assert (else de-assert).
pub const ICR_ASSERT: u32 = 1 << 14;

/// ESR: this APIC sent a vector below 16.
pub const ESR_SEND_ILLEGAL: u32 = 1 << 5;
/// ESR: this APIC received a vector below 16.
pub const ESR_RECEIVE_ILLEGAL: u32 = 1 << 6;
/// ESR: a register that does not exist was touched.
pub const ESR_REGISTER: u32 = 1 << 7;

/// Delivery modes.
pub mod mode {
    /// By vector.
    pub const FIXED: u32 = 0;
    /// By vector, to the processor of lowest priority.
    pub const LOWEST: u32 = 1;
    /// Non-maskable interrupt.
    pub const NMI: u32 = 4;
    /// Initialise the processor.
    pub const INIT: u32 = 5;
    /// The vector comes from the 8259s.
    pub const EXTINT: u32 = 7;
}

/// The I/O APIC's page.
pub const IO_BASE: u32 = 0xFEC0_0000;
/// Its register select.
pub const IOREGSEL: u32 = 0x00;
/// Its data window.
pub const IOWIN: u32 = 0x10;
/// Interrupt input pins.
pub const PINS: usize = 24;
/// IOAPICVER: version 11h, last entry 23.
pub const IO_VERSION: u32 = 0x0017_0011;
/// Bits of a redirection entry's low half that software can write.
pub const REDIRECTION_WRITABLE: u32 = 0x0001_AFFF;
