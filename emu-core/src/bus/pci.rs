//! PCI configuration mechanism #1 and a configuration space with write masks (PCI Local Bus 2.1, chapters 3 and 6).

use serde::{Deserialize, Serialize};

pub(super) const CONFIG_ADDRESS: u16 = 0xCF8;
pub(super) const CONFIG_DATA: u16 = 0xCFC;

/// Bus 0's device and function number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bdf {
    /// Device 0-31.
    pub device: u8,
    /// Function 0-7.
    pub function: u8,
}

impl Bdf {
    /// Device and function on bus 0.
    pub const fn new(device: u8, function: u8) -> Self {
        Self { device, function }
    }
}

/// The CONFIG_ADDRESS latch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PciAddress(u32);

impl PciAddress {
    /// Only dword accesses at CF8h reach the latch; CF9h and others belong to devices.
    pub fn owns(self, port: u16, size: u8) -> bool {
        port == CONFIG_ADDRESS && size == 4
    }

    pub fn get(self) -> u32 {
        self.0
    }

    pub fn set(&mut self, value: u32) {
        self.0 = value & 0x80FF_FFFC;
    }

    /// The addressed function and dword register; `None` while disabled or for another bus.
    pub fn target(self) -> Option<(Bdf, u8)> {
        let enabled = self.0 >> 31 != 0 && (self.0 >> 16) & 0xFF == 0;
        let bdf = Bdf::new((self.0 >> 11 & 31) as u8, (self.0 >> 8 & 7) as u8);
        enabled.then_some((bdf, self.0 as u8 & 0xFC))
    }
}

/// 256 bytes of configuration space, of which a mask says what software can change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct PciConfig {
    bytes: Vec<u8>,
    writable: Vec<u8>,
}

/// What a snapshot holds of a [`PciConfig`], before its lengths are known to be right.
#[derive(Deserialize)]
struct Saved {
    bytes: Vec<u8>,
    writable: Vec<u8>,
}

impl TryFrom<Saved> for PciConfig {
    type Error = &'static str;

    fn try_from(saved: Saved) -> Result<Self, Self::Error> {
        let Saved { bytes, writable } = saved;
        if bytes.len() != 256 || writable.len() != 256 {
            return Err("a configuration space has 256 bytes");
        }
        Ok(Self { bytes, writable })
    }
}

impl PciConfig {
    /// A type 0 header: ids, class code (24 bits: class, subclass, interface), revision and header type.
    pub fn new(vendor: u16, device: u16, class: u32, revision: u8, header: u8) -> Self {
        let mut c = Self { bytes: vec![0; 256], writable: vec![0; 256] };
        c.preset(0x00, 4, u32::from(device) << 16 | u32::from(vendor));
        c.preset(0x08, 4, class << 8 | u32::from(revision));
        c.preset(0x0E, 1, u32::from(header));
        c
    }

    /// Sets bytes regardless of the mask.
    pub fn preset(&mut self, register: u8, size: u8, value: u32) {
        for (i, byte) in value.to_le_bytes().into_iter().take(usize::from(size)).enumerate() {
            self.bytes[(usize::from(register) + i) & 0xFF] = byte;
        }
    }

    /// QEMU's subsystem ids (1AF4:1100), which its SeaBIOS and some drivers recognise the machine by.
    pub fn with_qemu_subsystem(mut self) -> Self {
        self.preset(0x2C, 4, 0x1100_1AF4);
        self
    }

    /// Lets software change the set bits of `mask`.
    pub fn allow(&mut self, register: u8, size: u8, mask: u32) {
        for (i, byte) in mask.to_le_bytes().into_iter().take(usize::from(size)).enumerate() {
            self.writable[(usize::from(register) + i) & 0xFF] = byte;
        }
    }

    /// Reads 1, 2 or 4 bytes.
    pub fn read(&self, register: u8, size: u8) -> u32 {
        (0..usize::from(size))
            .fold(0, |v, i| v | u32::from(self.bytes[(usize::from(register) + i) & 0xFF]) << (8 * i))
    }

    /// Writes what the mask lets through.
    pub fn write(&mut self, register: u8, size: u8, value: u32) {
        for (i, byte) in value.to_le_bytes().into_iter().take(usize::from(size)).enumerate() {
            let at = (usize::from(register) + i) & 0xFF;
            let mask = self.writable[at];
            self.bytes[at] = self.bytes[at] & !mask | byte & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_allowed_bits_change_and_bars_can_be_sized() {
        let mut c = PciConfig::new(0x8086, 0x7010, 0x01_01_80, 0, 0);
        c.preset(0x20, 4, 1);
        c.allow(0x20, 4, 0xFFF0);
        c.write(0x20, 4, u32::MAX);
        assert_eq!(c.read(0x20, 4), 0xFFF1);
        c.write(0, 4, 0);
        assert_eq!(c.read(0, 4), 0x7010_8086);
        assert_eq!(c.read(0x0A, 2), 0x0101);
    }

    #[test]
    fn a_saved_space_of_the_wrong_size_is_refused() {
        let good = PciConfig::new(1, 2, 3, 4, 0);
        let bytes = postcard::to_allocvec(&good).unwrap();
        assert_eq!(postcard::from_bytes::<PciConfig>(&bytes).unwrap(), good);
        let short = postcard::to_allocvec(&(vec![0u8; 255], vec![0u8; 256])).unwrap();
        assert!(postcard::from_bytes::<PciConfig>(&short).is_err());
    }

    #[test]
    fn the_address_latch_needs_its_enable_bit_and_bus_zero() {
        let mut a = PciAddress::default();
        a.set(0x8000_0900 | 0x43);
        assert_eq!(a.target(), Some((Bdf::new(1, 1), 0x40)));
        a.set(0x0000_0940);
        assert_eq!(a.target(), None);
        a.set(0x8001_0940);
        assert_eq!(a.target(), None);
    }
}
