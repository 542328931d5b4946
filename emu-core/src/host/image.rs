//! Why an image cannot be put into a drive.

use std::fmt;

/// An image that a drive refuses. Its `Display` is one line that names the drive and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageError {
    /// The drive as a person knows it: "floppy A", "hard disk 0", "CD-ROM".
    pub drive: &'static str,
    /// What is wrong.
    pub problem: ImageProblem,
}

/// What is wrong with an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageProblem {
    /// It has no byte at all.
    Empty,
    /// Its length is not a multiple of the sector size.
    PartialSector {
        /// Length in bytes.
        len: u64,
        /// Sector size in bytes.
        sector: u64,
    },
    /// No floppy format has this length.
    NoFloppyFormat {
        /// Length in bytes.
        len: u64,
        /// The lengths there are, in KiB, as text.
        known: String,
    },
    /// A floppy format that the drive cannot take.
    WrongFloppyDrive {
        /// The format, as "360 KB".
        format: &'static str,
        /// The drive, as "1.44 MB 3.5-inch".
        takes: &'static str,
    },
    /// More sectors than the drive can address.
    TooLarge {
        /// Length in bytes.
        len: u64,
        /// Longest length in bytes.
        most: u64,
    },
    /// The machine was built without this drive.
    NoDrive,
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.drive)?;
        match &self.problem {
            ImageProblem::Empty => write!(f, "the image is empty; choose a file with contents"),
            ImageProblem::PartialSector { len, sector } => write!(
                f,
                "the image's {len} bytes are not a whole number of {sector}-byte sectors; \
                 it is cut short or no disk image: fetch it again, or pad it to {} bytes",
                len.next_multiple_of(*sector)
            ),
            ImageProblem::NoFloppyFormat { len, known } => write!(
                f,
                "no floppy format has {len} bytes; pad or cut the image to one of {known} KiB, or attach it as a hard disk"
            ),
            ImageProblem::WrongFloppyDrive { format, takes } => write!(
                f,
                "a {format} floppy does not fit the machine's {takes} drive; start the machine with this image in the drive"
            ),
            ImageProblem::TooLarge { len, most } => {
                write!(
                    f,
                    "the image's {len} bytes are more than the {most} the drive can address; use a smaller image"
                )
            }
            ImageProblem::NoDrive => {
                write!(f, "the machine has no such drive; start it with an image in that drive")
            }
        }
    }
}

impl std::error::Error for ImageError {}

impl ImageError {
    /// Refuses empty images, and such as do not consist of whole sectors of `sector` bytes.
    pub(crate) fn check_sectors(drive: &'static str, len: u64, sector: u64) -> Result<(), ImageError> {
        match len {
            0 => Err(ImageError { drive, problem: ImageProblem::Empty }),
            _ if !len.is_multiple_of(sector) => {
                Err(ImageError { drive, problem: ImageProblem::PartialSector { len, sector } })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_with_the_drive_and_the_remedy() {
        let e = ImageError::check_sectors("hard disk 0", 1000, 512).unwrap_err();
        assert_eq!(
            e.to_string(),
            "hard disk 0: the image's 1000 bytes are not a whole number of 512-byte sectors; it is cut short or no \
             disk image: fetch it again, or pad it to 1024 bytes"
        );
        let e = ImageError::check_sectors("CD-ROM", 0, 2048).unwrap_err();
        assert_eq!(e.to_string(), "CD-ROM: the image is empty; choose a file with contents");
        assert_eq!(ImageError::check_sectors("CD-ROM", 4096, 2048), Ok(()));
    }
}
