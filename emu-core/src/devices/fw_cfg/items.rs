//! What the firmware configuration device holds: numbered items and named files.

use super::spec::{self, key};
use std::collections::BTreeMap;

/// Open Firmware paths under which SeaBIOS looks for this machine's drives in the file "bootorder".
pub mod boot_path {
    /// Floppy drive A.
    pub const FLOPPY_A: &str = "/pci@i0cf8/isa@1/fdc@03f0/floppy@0";
    /// Floppy drive B.
    pub const FLOPPY_B: &str = "/pci@i0cf8/isa@1/fdc@03f0/floppy@1";
    /// Hard disk 0, master of the first channel.
    pub const DISK_0: &str = "/pci@i0cf8/ide@1,1/drive@0/disk@0";
    /// Hard disk 1, slave of the first channel.
    pub const DISK_1: &str = "/pci@i0cf8/ide@1,1/drive@0/disk@1";
    /// CD-ROM drive, master of the second channel.
    pub const CD_ROM: &str = "/pci@i0cf8/ide@1,1/drive@1/disk@0";
    /// Nothing that is not listed may boot.
    pub const HALT: &str = "HALT";
}

/// Items by key, in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Items {
    numbered: BTreeMap<u16, Vec<u8>>,
    files: Vec<(String, Vec<u8>)>,
}

impl Items {
    /// What the firmware of a one-processor machine with `ram_bytes` of RAM asks for: no boot menu, no new try after
    /// a failed boot, sleep states S3 and S4 absent.
    pub fn for_machine(ram_bytes: u32) -> Self {
        let mut items = Self::default();
        items
            .set(key::SIGNATURE, b"QEMU")
            .set(key::ID, &(spec::ID_TRADITIONAL | spec::ID_DMA).to_le_bytes())
            .set(key::UUID, &[0; 16])
            .set(key::RAM_SIZE, &u64::from(ram_bytes).to_le_bytes())
            .set(key::NOGRAPHIC, &0u16.to_le_bytes())
            .set(key::NB_CPUS, &1u16.to_le_bytes())
            .set(key::NUMA, &0u64.to_le_bytes())
            .set(key::BOOT_MENU, &0u16.to_le_bytes())
            .set(key::MAX_CPUS, &1u16.to_le_bytes())
            .set(key::IRQ0_OVERRIDE, &1u32.to_le_bytes())
            .set_owned(key::SMBIOS_ENTRIES, smbios_fields())
            .file("etc/e820", e820(ram_bytes))
            .file("etc/system-states", vec![128, 0, 0, 1, 2, 128])
            .file("etc/boot-fail-wait", u32::MAX.to_le_bytes().to_vec());
        items
    }

    /// Gives the item `key` these bytes.
    pub fn set(&mut self, key: u16, bytes: &[u8]) -> &mut Self {
        self.set_owned(key, bytes.to_vec())
    }

    /// As [`Items::set`], for what is too large to copy.
    pub fn set_owned(&mut self, key: u16, bytes: Vec<u8>) -> &mut Self {
        self.numbered.insert(key, bytes);
        self
    }

    /// Adds or replaces a named file. Names longer than 55 bytes are cut.
    pub fn file(&mut self, name: &str, bytes: Vec<u8>) -> &mut Self {
        let name: String = name.chars().filter(char::is_ascii).take(spec::NAME_MAX).collect();
        self.files.retain(|(n, _)| *n != name);
        self.files.push((name, bytes));
        self
    }

    /// Sets the boot order: [`boot_path`]s and `/rom@...` names, first first.
    pub fn boot_order(&mut self, paths: &[&str]) -> &mut Self {
        let mut text = paths.join("\n").into_bytes();
        text.push(0);
        self.file("bootorder", text)
    }

    /// Makes SeaBIOS offer its boot menu for `wait_ms` virtual milliseconds.
    pub fn boot_menu(&mut self, wait_ms: u32) -> &mut Self {
        self.set(key::BOOT_MENU, &1u16.to_le_bytes());
        self.file("etc/boot-menu-wait", wait_ms.to_le_bytes().to_vec())
    }

    /// All items by key, the directory and the files' keys made.
    pub(super) fn finish(mut self) -> BTreeMap<u16, Vec<u8>> {
        self.files.sort();
        let room = usize::from(0x4000 - key::FILE_FIRST);
        self.files.truncate(room);
        let mut directory = (self.files.len() as u32).to_be_bytes().to_vec();
        for (select, (name, bytes)) in (key::FILE_FIRST..).zip(self.files) {
            directory.extend((bytes.len() as u32).to_be_bytes());
            directory.extend(select.to_be_bytes());
            directory.extend([0; 2]);
            let mut field = name.into_bytes();
            field.resize(spec::NAME_MAX + 1, 0);
            directory.extend(field);
            self.numbered.insert(select, bytes);
        }
        self.numbered.insert(key::FILE_DIR, directory);
        self.numbered
    }
}

/// The file "etc/e820": one record (base, length, type 1) for all RAM, which SeaBIOS then carves up itself.
fn e820(ram_bytes: u32) -> Vec<u8> {
    const RAM: u32 = 1;
    let mut table = 0u64.to_le_bytes().to_vec();
    table.extend(u64::from(ram_bytes).to_le_bytes());
    table.extend(RAM.to_le_bytes());
    table
}

/// What SeaBIOS's SMBIOS tables call the machine: number of records, then length, kind 0 (a field), table type, the
/// field's offset in the table, and the string with its NUL.
fn smbios_fields() -> Vec<u8> {
    const FIELDS: [(u8, u16, &[u8]); 6] = [
        (0, 4, b"SeaBIOS\0"),
        (0, 5, b"SeaBIOS\0"),
        (1, 4, b"Glassbox\0"),
        (1, 5, b"Standard PC (i440FX + PIIX)\0"),
        (1, 6, b"1\0"),
        (3, 4, b"Glassbox\0"),
    ];
    let mut records = (FIELDS.len() as u16).to_le_bytes().to_vec();
    for (table, offset, text) in FIELDS {
        records.extend((6 + text.len() as u16).to_le_bytes());
        records.extend([0, table]);
        records.extend(offset.to_le_bytes());
        records.extend(text);
    }
    records
}
