//! What a PC's set-up program leaves in the CMOS RAM, for the machine's firmware (places and values as SeaBIOS for
//! QEMU reads them).

/// A device to boot from, as the nibbles of CMOS bytes 3Dh and 38h have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootDevice {
    /// The first floppy drive.
    Floppy = 1,
    /// The first hard disk.
    Disk = 2,
    /// The CD-ROM drive.
    CdRom = 3,
    /// The network.
    Network = 4,
}

/// What the CMOS RAM should tell of.
#[derive(Clone, Debug, Default)]
pub struct Equipment {
    /// Bytes of RAM below 4 GiB.
    pub ram_bytes: u32,
    /// Types of floppy drives A and B in the codes of byte 10h (see `fdc::DriveType`); 0 is none.
    pub floppies: [u8; 2],
    /// Up to three devices to boot from, first one first.
    pub boot_order: Vec<BootDevice>,
    /// Bytes of the ATA disks: primary master, primary slave, secondary master, secondary slave. Decides whether the
    /// BIOS translates cylinders, heads and sectors.
    pub disk_bytes: [Option<u64>; 4],
}

/// Values for the 128 bytes of CMOS RAM; the first 14 (the clock's registers) are 0.
pub fn for_machine(equipment: &Equipment) -> [u8; 128] {
    let mut cmos = [0; 128];
    memory_sizes(&mut cmos, equipment.ram_bytes);
    let [a, b] = equipment.floppies;
    cmos[0x10] = a << 4 | b;
    cmos[0x14] = equipment_byte(equipment.floppies);
    let order = |n: usize| equipment.boot_order.get(n).map_or(0, |&d| d as u8);
    cmos[0x3D] = order(1) << 4 | order(0);
    // Bit 0 would have floppies booted without the 55AAh signature, blank ones too.
    cmos[0x38] = order(2) << 4;
    for (n, bytes) in equipment.disk_bytes.iter().enumerate() {
        if bytes.is_some_and(needs_translation) {
            cmos[0x39] |= 1 << (2 * n);
        }
    }
    let sum: u16 = cmos[0x10..0x2E].iter().map(|&byte| u16::from(byte)).sum();
    [cmos[0x2E], cmos[0x2F]] = sum.to_be_bytes();
    cmos
}

/// Base memory in KB, memory above 1 MiB in KB (twice), above 16 MiB in units of 64 KB. Nothing lies above 4 GiB.
fn memory_sizes(cmos: &mut [u8; 128], ram_bytes: u32) {
    let kb = ram_bytes / 1024;
    let base = kb.min(640) as u16;
    let extended = kb.saturating_sub(1024).min(0xFFFF) as u16;
    let above_16_mb = (kb.saturating_sub(16 * 1024) / 64).min(0xFFFF) as u16;
    for (at, value) in [(0x15, base), (0x17, extended), (0x30, extended), (0x34, above_16_mb)] {
        [cmos[at], cmos[at + 1]] = value.to_le_bytes();
    }
}

/// Floppy count, VGA, PS/2 mouse, coprocessor.
fn equipment_byte(floppies: [u8; 2]) -> u8 {
    const FPU: u8 = 0x02;
    const MOUSE: u8 = 0x04;
    let drives = match floppies.iter().filter(|&&f| f != 0).count() {
        0 => 0x00,
        1 => 0x01,
        _ => 0x41,
    };
    drives | FPU | MOUSE
}

/// Whether a disk of 16 heads and 63 sectors would have more than 1024 cylinders: then "LBA assisted" translation.
fn needs_translation(bytes: u64) -> bool {
    bytes / 512 > 1024 * 16 * 63
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_sizes_as_seabios_adds_them_up() {
        for (mb, extended_kb, above_64k) in [(1, 0, 0), (8, 7168, 0), (64, 64512, 768), (2048, 65535, 32512)]
        {
            let cmos = for_machine(&Equipment { ram_bytes: mb << 20, ..Equipment::default() });
            let word = |at: usize| u16::from_le_bytes([cmos[at], cmos[at + 1]]);
            assert_eq!((word(0x15), word(0x17), word(0x30)), (640, extended_kb, extended_kb));
            assert_eq!(word(0x34), above_64k);
            // SeaBIOS: bytes 34h-35h times 64 KiB plus 16 MiB, if not 0; else bytes 30h-31h times 1 KiB plus 1 MiB.
            let seen = match word(0x34) {
                0 => u32::from(word(0x30)) * 1024 + (1 << 20),
                units => u32::from(units) * 65536 + (16 << 20),
            };
            assert_eq!(seen, mb << 20);
        }
    }

    #[test]
    fn drives_and_boot_order() {
        let cmos = for_machine(&Equipment {
            ram_bytes: 1 << 20,
            floppies: [4, 2],
            boot_order: vec![BootDevice::CdRom, BootDevice::Floppy, BootDevice::Disk],
            disk_bytes: [Some(504 << 20), None, Some(8 << 30), None],
        });
        assert_eq!((cmos[0x10], cmos[0x14], cmos[0x3D], cmos[0x38]), (0x42, 0x47, 0x13, 0x20));
        assert_eq!(cmos[0x39], 0b01_00_00);
        let sum: u32 = cmos[0x10..0x2E].iter().map(|&b| u32::from(b)).sum();
        assert_eq!(u32::from(cmos[0x2E]) << 8 | u32::from(cmos[0x2F]), sum);
    }
}
