//! Files that a run names.

use crate::Outcome;
use emu_core::host::{BlockDevice, NotYet};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Kernels, RAM disks and ROMs are read whole.
const LARGEST_WHOLE: u64 = 1 << 30;
/// Up to the volume descriptor of a CD.
const HEAD: usize = 0x8806;
const CD_MAGIC: (usize, &[u8]) = (0x8001, b"CD001");
const FLOPPY_SIZES: [u64; 7] = [163_840, 184_320, 327_680, 368_640, 737_280, 1_228_800, 1_474_560];
/// What 28 bits of sector number reach.
const LARGEST_DISK: u64 = 512 << 28;

/// Beginnings of files that are not raw images: name, offset, bytes, whether it is a packed file.
const FOREIGN: [(&str, usize, &[u8], bool); 11] = [
    ("qcow2", 0, b"QFI\xFB", false),
    ("VMDK", 0, b"KDMV", false),
    ("VHDX", 0, b"vhdxfile", false),
    ("VHD", 0, b"conectix", false),
    ("VDI", 0x40, b"\x7F\x10\xDA\xBE", false),
    ("gzip", 0, b"\x1F\x8B", true),
    ("xz", 0, b"\xFD7zXZ", true),
    ("bzip2", 0, b"BZh", true),
    ("Zstandard", 0, b"\x28\xB5\x2F\xFD", true),
    ("zip", 0, b"PK\x03\x04", true),
    ("7z", 0, b"7z\xBC\xAF", true),
];

/// Which kind of drive an image is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Floppy,
    Disk,
    CdRom,
}

/// Why an image could not be read while the machine ran.
pub type Failure = Rc<RefCell<Option<String>>>;

fn file_error(file: &str, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => format!("{file}: does not exist; check the name"),
        ErrorKind::PermissionDenied => format!("{file}: may not be read; check its permissions"),
        ErrorKind::IsADirectory => format!("{file}: is a folder; give a file"),
        _ => format!("{file}: cannot be read ({error})"),
    }
}

/// Opens a file; its size too.
fn open(file: &str) -> Outcome<(File, u64)> {
    let opened = File::open(file).and_then(|f| f.metadata().map(|meta| (f, meta)));
    let (opened, meta) = opened.map_err(|e| file_error(file, &e))?;
    if meta.is_dir() {
        return Err(format!("{file}: is a folder; give a file"));
    }
    Ok((opened, meta.len()))
}

/// Reads a file whole.
pub fn read_whole(file: &str) -> Outcome<Vec<u8>> {
    let (mut opened, size) = open(file)?;
    if size > LARGEST_WHOLE {
        return Err(format!("{file}: {size} bytes are too many; give the right file"));
    }
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes).map_err(|e| file_error(file, &e))?;
    if bytes.is_empty() {
        return Err(format!("{file}: the file is empty; give the right file"));
    }
    Ok(bytes)
}

/// SHA-256 of a file.
pub fn hash_of(file: &str) -> Outcome<[u8; 32]> {
    let (mut opened, _) = open(file)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match opened.read(&mut piece).map_err(|e| file_error(file, &e))? {
            0 => return Ok(hash.finalize().into()),
            count => hash.update(piece.get(..count).unwrap_or_default()),
        }
    }
}

/// The firmware that was named, or the one that set-up or the system has: `ours` in .cache, `usual` elsewhere.
pub fn read_firmware(flag: &str, named: Option<&str>, ours: &str, usual: &str) -> Outcome<Vec<u8>> {
    if let Some(file) = named {
        return read_whole(file);
    }
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/firmware").join(ours);
    let folders =
        ["/usr/share/seabios", "/usr/share/qemu", "/opt/homebrew/share/qemu", "/usr/local/share/qemu"];
    let mut places = std::iter::once(cache).chain(folders.map(|folder| PathBuf::from(folder).join(usual)));
    match places.find(|place| place.exists()) {
        Some(place) => read_whole(&place.to_string_lossy()),
        None => Err(format!("{flag}: no SeaBIOS found; run node www/scripts/firmware.mjs, or name a file")),
    }
}

/// Opens a file for output, empty.
pub fn create(file: &str) -> Outcome<File> {
    let help = |e| format!("{file}: cannot be written ({e}); check the folder and its permissions");
    File::create(file).map_err(help)
}

/// Writes a whole file.
pub fn write(file: &str, bytes: &[u8]) -> Outcome<()> {
    let help = |e| format!("{file}: cannot be written ({e}); check the folder and its permissions");
    fs::write(file, bytes).map_err(help)
}

fn has(head: &[u8], at: usize, bytes: &[u8]) -> bool {
    head.get(at..).is_some_and(|rest| rest.starts_with(bytes))
}

/// The size the drive should have: a short floppy is filled up with zeros.
fn check(kind: Kind, file: &str, size: u64, head: &[u8]) -> Outcome<u64> {
    if size == 0 {
        return Err(format!("{file}: the file is empty; give a disk image"));
    }
    match FOREIGN.iter().find(|(_, at, bytes, _)| has(head, *at, bytes)) {
        Some((name, .., true)) => return Err(format!("{file}: is packed with {name}; unpack it first")),
        Some((name, ..)) => {
            let how = format!("convert it: qemu-img convert -O raw {file} disk.img");
            return Err(format!("{file}: is a {name} image; {how}"));
        }
        None => {}
    }
    if kind == Kind::CdRom && !has(head, CD_MAGIC.0, CD_MAGIC.1) {
        return Err(format!("{file}: has no ISO 9660 volume descriptor; give a CD-ROM image (.iso)"));
    }
    if !size.is_multiple_of(512) {
        let why = "the image is truncated or no disk image";
        return Err(format!("{file}: {size} bytes are not whole 512-byte sectors; {why}"));
    }
    match kind {
        Kind::Floppy if FLOPPY_SIZES.contains(&size) => Ok(size),
        Kind::Floppy if size > FLOPPY_SIZES[6] => Err(format!(
            "{file}: {size} bytes are too many for a floppy (at most 1.44 MB); use it as a hard disk"
        )),
        Kind::Floppy => Ok(FLOPPY_SIZES[6]),
        Kind::Disk if size > LARGEST_DISK => {
            Err(format!("{file}: is larger than 128 GiB, the most an IDE disk with 28-bit addresses holds"))
        }
        _ => Ok(size),
    }
}

/// An image that is read piece by piece as the guest asks for it.
struct Image {
    name: String,
    file: File,
    /// Bytes in the file, and on the medium.
    held: u64,
    size: u64,
    read_only: bool,
    failure: Failure,
}

impl BlockDevice for Image {
    fn len(&self) -> u64 {
        self.size
    }

    fn read(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet> {
        let inside = self.held.saturating_sub(offset).min(buf.len() as u64) as usize;
        let (part, rest) = buf.split_at_mut(inside);
        rest.fill(0);
        let done = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.read_exact(part));
        done.map_err(|error| {
            *self.failure.borrow_mut() = Some(match error.kind() {
                ErrorKind::UnexpectedEof => format!("{}: became shorter while the machine ran", self.name),
                _ => file_error(&self.name, &error),
            });
            NotYet
        })
    }

    fn read_only(&self) -> bool {
        self.read_only
    }
}

/// Opens an image without reading it whole.
pub fn open_image(kind: Kind, name: &str, failure: &Failure) -> Outcome<Box<dyn BlockDevice>> {
    if name.starts_with("http://") || name.starts_with("https://") {
        return Err(format!("{name}: addresses are for www/bin/glassbox.mjs; download it and name the file"));
    }
    let (mut file, held) = open(name)?;
    let mut head = Vec::new();
    (&mut file).take(HEAD as u64).read_to_end(&mut head).map_err(|e| file_error(name, &e))?;
    let size = check(kind, name, held, &head)?;
    let read_only = kind == Kind::CdRom;
    Ok(Box::new(Image { name: name.into(), file, held, size, read_only, failure: failure.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_that_are_none_are_named_with_the_remedy() {
        let cd = {
            let mut head = vec![0; HEAD];
            head[0x8001..0x8006].copy_from_slice(b"CD001");
            head
        };
        for (kind, size, head, expected) in [
            (Kind::Disk, 0, &b""[..], "a: the file is empty"),
            (Kind::Disk, 1000, b"", "a: 1000 bytes are not whole"),
            (Kind::Disk, 512, b"QFI\xFB", "a: is a qcow2 image; convert it"),
            (Kind::Floppy, 512, b"\x1F\x8B", "a: is packed with gzip"),
            (Kind::Floppy, 1_474_560 + 512, b"", "a: 1475072 bytes are too many"),
            (Kind::CdRom, 4096, b"", "a: has no ISO 9660"),
            (Kind::Disk, LARGEST_DISK + 512, b"", "a: is larger than 128 GiB"),
            (Kind::CdRom, 40_001, &cd, "a: 40001 bytes"),
        ] {
            let message = check(kind, "a", size, head).unwrap_err();
            assert!(message.starts_with(expected), "{message}");
        }
        assert_eq!(check(Kind::Floppy, "a", 512, b""), Ok(1_474_560));
        assert_eq!(check(Kind::Floppy, "a", 737_280, b""), Ok(737_280));
        assert_eq!(check(Kind::CdRom, "a", 40_960, &cd), Ok(40_960));
    }
}
