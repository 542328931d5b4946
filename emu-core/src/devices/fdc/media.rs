//! Floppy formats, by image size, and the drives that take them.

use crate::host::{BlockDevice, ImageError, ImageProblem};

/// A drive, in the codes of CMOS register 10h.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriveType {
    /// 5.25 inch, 40 tracks.
    D360 = 1,
    /// 5.25 inch, 80 tracks.
    D1200 = 2,
    /// 3.5 inch.
    D1440 = 4,
    /// 3.5 inch, extra density.
    D2880 = 5,
}

impl DriveType {
    /// Cylinders between which the heads can be moved.
    pub(super) fn cylinders(self) -> u8 {
        if self == DriveType::D360 { 42 } else { 84 }
    }

    /// Whether the drive steps twice for each cylinder of a 40-track disk.
    pub(super) fn steps_twice(self, format: &Format) -> bool {
        self == DriveType::D1200 && format.cylinders <= 42
    }

    fn takes(self, format: &Format) -> bool {
        match self {
            DriveType::D360 => format.drive == DriveType::D360,
            DriveType::D1200 => matches!(format.drive, DriveType::D360 | DriveType::D1200),
            DriveType::D1440 => format.drive == DriveType::D1440,
            DriveType::D2880 => matches!(format.drive, DriveType::D1440 | DriveType::D2880),
        }
    }

    fn name(self) -> &'static str {
        match self {
            DriveType::D360 => "360 KB 5.25-inch",
            DriveType::D1200 => "1.2 MB 5.25-inch",
            DriveType::D1440 => "1.44 MB 3.5-inch",
            DriveType::D2880 => "2.88 MB 3.5-inch",
        }
    }
}

/// How a disk is laid out: `heads` x `cylinders` x `sectors` of 512 bytes, the image in the order of sector, head,
/// cylinder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub name: &'static str,
    pub cylinders: u8,
    pub heads: u8,
    pub sectors: u8,
    /// The drive it was made for.
    pub drive: DriveType,
    /// Data rates (codes of CCR) at which it can be read.
    rates: &'static [u8],
}

const RATE_500: &[u8] = &[0];
const RATE_250: &[u8] = &[2];
/// 40-track disks turn faster in 1.2 MB drives, and BIOSes differ on which rate a 360 KB drive wants.
const RATE_300_OR_250: &[u8] = &[1, 2];
const RATE_1M: &[u8] = &[3];

const fn f(
    name: &'static str,
    cylinders: u8,
    heads: u8,
    sectors: u8,
    drive: DriveType,
    rates: &'static [u8],
) -> Format {
    Format { name, cylinders, heads, sectors, drive, rates }
}

/// All formats, each with a size of its own: those of IBM PCs first, then those of DMF, XDF-like and 2M-like tools
/// that keep 512-byte sectors.
const FORMATS: &[Format] = &[
    f("160 KB", 40, 1, 8, DriveType::D360, RATE_300_OR_250),
    f("180 KB", 40, 1, 9, DriveType::D360, RATE_300_OR_250),
    f("320 KB", 40, 2, 8, DriveType::D360, RATE_300_OR_250),
    f("360 KB", 40, 2, 9, DriveType::D360, RATE_300_OR_250),
    f("720 KB", 80, 2, 9, DriveType::D1440, RATE_250),
    f("1.2 MB", 80, 2, 15, DriveType::D1200, RATE_500),
    f("1.44 MB", 80, 2, 18, DriveType::D1440, RATE_500),
    f("2.88 MB", 80, 2, 36, DriveType::D2880, RATE_1M),
    f("400 KB", 40, 2, 10, DriveType::D360, RATE_300_OR_250),
    f("640 KB", 80, 2, 8, DriveType::D1440, RATE_250),
    f("800 KB", 80, 2, 10, DriveType::D1440, RATE_250),
    f("820 KB", 82, 2, 10, DriveType::D1440, RATE_250),
    f("1.6 MB", 80, 2, 20, DriveType::D1440, RATE_500),
    f("1.68 MB", 80, 2, 21, DriveType::D1440, RATE_500),
    f("1.72 MB", 82, 2, 21, DriveType::D1440, RATE_500),
    f("1.74 MB", 83, 2, 21, DriveType::D1440, RATE_500),
    f("1.76 MB", 80, 2, 22, DriveType::D1440, RATE_500),
    f("1.84 MB", 80, 2, 23, DriveType::D1440, RATE_500),
    f("1.92 MB", 80, 2, 24, DriveType::D1440, RATE_500),
    f("3.2 MB", 80, 2, 40, DriveType::D2880, RATE_1M),
];

impl Format {
    /// Bytes of an image.
    pub fn bytes(&self) -> u64 {
        u64::from(self.cylinders) * u64::from(self.heads) * u64::from(self.sectors) * 512
    }

    /// Whether a drive can read it at a rate (code of CCR).
    pub fn has_rate(&self, rate: u8) -> bool {
        self.rates.contains(&rate)
    }

    /// The format of an image.
    fn of(drive: &'static str, image: &dyn BlockDevice) -> Result<&'static Format, ImageError> {
        let len = image.len();
        if len == 0 {
            return Err(ImageError { drive, problem: ImageProblem::Empty });
        }
        FORMATS.iter().find(|f| f.bytes() == len).ok_or_else(|| {
            let mut sizes: Vec<u64> = FORMATS.iter().map(|f| f.bytes() / 1024).collect();
            sizes.sort_unstable();
            let known = sizes.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
            ImageError { drive, problem: ImageProblem::NoFloppyFormat { len, known } }
        })
    }
}

/// A disk.
pub(super) struct Medium {
    pub image: Box<dyn BlockDevice>,
    pub format: &'static Format,
}

/// A drive and what is in it.
pub(super) struct FloppyDrive {
    pub kind: DriveType,
    pub medium: Option<Medium>,
}

impl FloppyDrive {
    /// The drive that the image was made for, or for no image a 1.44 MB one.
    pub fn new(name: &'static str, image: Option<Box<dyn BlockDevice>>) -> Result<Self, ImageError> {
        let Some(image) = image else { return Ok(Self { kind: DriveType::D1440, medium: None }) };
        let format = Format::of(name, image.as_ref())?;
        Ok(Self { kind: format.drive, medium: Some(Medium { image, format }) })
    }

    /// The image as a disk for this drive.
    pub fn accept(&self, name: &'static str, image: Box<dyn BlockDevice>) -> Result<Medium, ImageError> {
        let format = Format::of(name, image.as_ref())?;
        if !self.kind.takes(format) {
            let problem = ImageProblem::WrongFloppyDrive { format: format.name, takes: self.kind.name() };
            return Err(ImageError { drive: name, problem });
        }
        Ok(Medium { image, format })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::MemoryImage;

    #[test]
    fn sizes_are_unique_and_the_usual_ones_are_there() {
        let mut sizes: Vec<u64> = FORMATS.iter().map(Format::bytes).collect();
        sizes.sort_unstable();
        let count = sizes.len();
        sizes.dedup();
        assert_eq!(sizes.len(), count);
        for (bytes, kind) in [
            (163_840, DriveType::D360),
            (184_320, DriveType::D360),
            (327_680, DriveType::D360),
            (368_640, DriveType::D360),
            (737_280, DriveType::D1440),
            (1_228_800, DriveType::D1200),
            (1_474_560, DriveType::D1440),
            (1_720_320, DriveType::D1440),
            (2_949_120, DriveType::D2880),
        ] {
            let drive = FloppyDrive::new("floppy A", Some(Box::new(MemoryImage::new(vec![0; bytes]))));
            assert_eq!(drive.map(|d| d.kind), Ok(kind), "{bytes}");
        }
    }

    #[test]
    fn other_sizes_and_drives_are_refused_in_one_line() {
        let image = |n: usize| Box::new(MemoryImage::new(vec![0; n]));
        let error =
            |n| FloppyDrive::new("floppy A", Some(image(n))).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error(0).starts_with("floppy A: the image is empty"));
        let e = error(1_474_561);
        assert!(e.starts_with("floppy A: no floppy format has 1474561 bytes") && e.contains(" 1440,"), "{e}");
        assert!(!e.contains('\n'));
        let drive = FloppyDrive::new("floppy B", None).unwrap();
        assert!(drive.accept("floppy B", image(737_280)).is_ok());
        let e = drive.accept("floppy B", image(1_228_800)).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(e.contains("a 1.2 MB floppy does not fit the machine's 1.44 MB 3.5-inch drive"), "{e}");
    }
}
