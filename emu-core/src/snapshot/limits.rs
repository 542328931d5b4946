//! How much a file may ask for before anything of it is believed.

/// Caps on what a file unpacks to. The defaults hold every amount of RAM there can be, and half a
/// gibibyte that was written to disks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of the unpacked manifest.
    pub manifest_bytes: u32,
    /// Pages that the file carries.
    pub pages: u32,
    /// Sections.
    pub sections: u32,
    /// Bytes of all sections, what was written to disks included: a page of theirs may be spoken of many times.
    pub section_bytes: u64,
    /// Bytes of the machine's RAM.
    pub ram_bytes: u32,
    /// How many times larger than packed anything may become.
    pub ratio: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 4 << 30,
            manifest_bytes: 128 << 20,
            pages: 3 << 19,
            sections: 64,
            section_bytes: 512 << 20,
            ram_bytes: crate::machine::RAM_MAX,
            ratio: 256,
        }
    }
}
