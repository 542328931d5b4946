//! Registers of the PIIX4's power management function (Intel 82371AB datasheet, 290562, section 7), and the ports that
//! QEMU adds and the ACPI tables built into SeaBIOS name.

use crate::bus::Bdf;

pub const BDF: Bdf = Bdf::new(1, 3);
pub const VENDOR: u16 = 0x8086;
pub const DEVICE: u16 = 0x7113;
/// Other bridge.
pub const CLASS: u32 = 0x06_80_00;
pub const REVISION: u8 = 3;

/// PCI Command: only the I/O space of the SMBus can be switched.
pub const PCICMD: u8 = 0x04;
/// PCICMD: SMBus I/O space enable.
pub const IOSE: u32 = 0x01;
/// PCI Status: fast back-to-back, medium DEVSEL#.
pub const PCISTS: u8 = 0x06;
/// Interrupt line and pin (pin A, but the SCI is wired to IRQ 9).
pub const INTLN: u8 = 0x3C;
/// Interrupt pin.
pub const INTPN: u8 = 0x3D;
/// Power Management Base Address, bits 6-15; bit 0 reads 1.
pub const PMBA: u8 = 0x40;
/// First of the device monitor and resource registers (44h-7Fh), which only SMM code would act on.
pub const CNTA: u8 = 0x44;
/// Device Activity B.
pub const DEVACTB: u8 = 0x58;
/// DEVACTB: writes to APMC raise SMI#. Set after reset: firmware takes it as "SMM is set up already".
pub const APMC_EN: u32 = 0x0200_0000;
/// Device Resource B-H as SeaBIOS's DSDT reads them: 5Fh bit 7 LPT, 67h bit 3 COM1, bit 7 COM2 present.
pub const DEVRES: [(u8, u32); 3] = [(0x5F, 0x10), (0x63, 0x60), (0x67, 0x98)];
/// Miscellaneous Power Management; bit 0 (PMIOSE) enables the I/O space at PMBA.
pub const PMREGMISC: u8 = 0x80;
/// SMBus Base Address, bits 4-15; bit 0 reads 1.
pub const SMBBA: u8 = 0x90;
/// SMBus Host Configuration: bit 0 enables, bits 1-3 = 100b interrupt by IRQ 9.
pub const SMBHSTCFG: u8 = 0xD2;
/// SMBus slave command, shadow 1 and 2.
pub const SMBSLVC: u8 = 0xD3;
/// SMBus revision.
pub const SMBREV: u8 = 0xD6;

/// Bytes of I/O space at PMBA.
pub const PM_PORTS: u16 = 64;
/// Bytes of I/O space at SMBBA.
pub const SMB_PORTS: u16 = 16;
/// Advanced power management control, and status behind it.
pub const APMC: u16 = 0xB2;
/// APM status.
pub const APMS: u16 = 0xB3;
/// APMC value by which an ACPI system takes over (FADT's ACPI_ENABLE).
pub const ACPI_ENABLE: u8 = 0xF1;
/// APMC value by which it gives back (FADT's ACPI_DISABLE).
pub const ACPI_DISABLE: u8 = 0xF0;
/// QEMU's GPE0 block: 16 status and 16 enable bits.
pub const GPE0: u16 = 0xAFE0;
/// Last port of the GPE0 block.
pub const GPE0_LAST: u16 = 0xAFE3;
/// QEMU's PCI hot-plug registers (up, down, eject, removable), no slot of which is removable.
pub const PCI_HOTPLUG: u16 = 0xAE00;
/// Last PCI hot-plug port.
pub const PCI_HOTPLUG_LAST: u16 = 0xAE0F;
/// QEMU's map of present processors, one bit each.
pub const CPU_HOTPLUG: u16 = 0xAF00;
/// Last port of the map.
pub const CPU_HOTPLUG_LAST: u16 = 0xAF1F;

/// PM timer frequency (ACPI specification 4.8.3.3).
pub const PM_TIMER_HZ: u64 = 3_579_545;
/// Bits of the PM timer; its top bit's changes set TMROF_STS.
pub const PM_TIMER_BITS: u32 = 24;

/// PMSTS and PMEN bits.
pub mod pm1 {
    /// Timer overflow.
    pub const TMROF: u16 = 1 << 0;
    /// Global: the BIOS released the lock.
    pub const GBL: u16 = 1 << 5;
    /// Power button.
    pub const PWRBTN: u16 = 1 << 8;
    /// Real-time clock alarm.
    pub const RTC: u16 = 1 << 10;
    /// Woken up (status only).
    pub const WAK: u16 = 1 << 15;
    /// Status bits, all cleared by writing ones.
    pub const STATUS: u16 = TMROF | 1 << 4 | GBL | PWRBTN | RTC | 1 << 11 | WAK;
    /// Events that can be enabled.
    pub const ENABLE: u16 = TMROF | GBL | PWRBTN | RTC;
}

/// PMCNTRL: events raise SCI instead of SMI.
pub const SCI_EN: u16 = 1 << 0;
/// PMCNTRL: release of the global lock, sets BIOS_STS; reads 0.
pub const GBL_RLS: u16 = 1 << 2;
/// PMCNTRL: suspend now; reads 0.
pub const SUS_EN: u16 = 1 << 13;
/// PMCNTRL: bits that hold what is written.
pub const PMCNTRL_WRITABLE: u16 = 0x1C03;
/// GLBSTS: GBL_RLS was written.
pub const BIOS_STS: u16 = 1 << 0;
/// GLBSTS: APMC was written.
pub const APM_STS: u16 = 1 << 5;
/// GLBCTL: BIOS releases the lock, sets GBL_STS; reads 0.
pub const BIOS_RLS: u32 = 1 << 1;
/// GPOREG after reset.
pub const GPOREG_RESET: u32 = 0x7FFF_BFFF;
/// GPIREG: unconnected inputs are pulled up.
pub const GPIREG: u32 = 0x00FF_FFFF;

/// SMBHSTSTS: error and completion bits, cleared by writing ones.
pub const SMB_STATUS: u8 = 0x1E;
/// SMBHSTSTS: no device answered.
pub const SMB_DEV_ERR: u8 = 0x04;
/// SMBHSTSTS: killed by KILL.
pub const SMB_FAILED: u8 = 0x10;
/// SMBHSTCNT: interrupt on completion.
pub const SMB_INTEREN: u8 = 0x01;
/// SMBHSTCNT: stop the transaction.
pub const SMB_KILL: u8 = 0x02;
/// SMBHSTCNT: begin; reads 0.
pub const SMB_START: u8 = 0x40;
