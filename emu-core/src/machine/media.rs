//! Floppies and CDs: a medium stays known when it was taken out, so that it is there again when the machine goes back.

use super::{Description, Machine};
use crate::bus::DriveId;
use crate::devices::ata::Ide;
use crate::devices::fdc::Fdc;
use crate::host::{BlockDevice, ImageError, NotYet, Overlay};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A medium: a handle on its image, which all that know the medium share. Two are equal if they are the same one.
#[derive(Clone)]
pub struct Medium {
    image: Rc<RefCell<Box<dyn BlockDevice>>>,
    len: u64,
    read_only: bool,
    sha256: Rc<Cell<Option<[u8; 32]>>>,
    number: u32,
}

impl Medium {
    /// A medium with this image.
    pub fn new(image: Box<dyn BlockDevice>) -> Self {
        let (len, read_only) = (image.len(), image.read_only());
        Self { image: Rc::new(RefCell::new(image)), len, read_only, sha256: Rc::default(), number: 0 }
    }

    /// The same, with a number by which the host knows it; 0 otherwise.
    pub fn numbered(image: Box<dyn BlockDevice>, number: u32) -> Self {
        Self { number, ..Self::new(image) }
    }

    /// The number by which the host knows it; 0 if it has none, as all media at power-on.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// SHA-256 of the image, where the host told it.
    pub fn sha256(&self) -> Option<[u8; 32]> {
        self.sha256.get()
    }

    /// Tells the SHA-256 of the image.
    pub fn set_sha256(&self, sha256: Option<[u8; 32]>) {
        self.sha256.set(sha256);
    }
}

impl PartialEq for Medium {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.image, &other.image)
    }
}

impl Eq for Medium {}

impl std::fmt::Debug for Medium {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Medium").field("len", &self.len).finish_non_exhaustive()
    }
}

impl BlockDevice for Medium {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet> {
        // Nobody reads an image while it is read.
        self.image.try_borrow_mut().map_err(|_| NotYet)?.read(offset, buf)
    }

    fn read_only(&self) -> bool {
        self.read_only
    }
}

/// Drives whose medium can be changed.
const DRIVES: [DriveId; 3] = [DriveId::Floppy(0), DriveId::Floppy(1), DriveId::CdRom];

/// What is in these drives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Media([Option<Medium>; 3]);

impl Media {
    /// Has the images of a configuration known as media.
    pub fn share(
        floppies: &mut [Option<Box<dyn BlockDevice>>; 2],
        cdrom: &mut Option<Box<dyn BlockDevice>>,
    ) -> Self {
        let share = |image: &mut Option<Box<dyn BlockDevice>>| {
            let medium = image.take().map(Medium::new)?;
            *image = Some(Box::new(medium.clone()));
            Some(medium)
        };
        let [a, b] = floppies;
        Self([share(a), share(b), share(cdrom)])
    }

    fn slot(&mut self, drive: DriveId) -> Option<&mut Option<Medium>> {
        self.0.get_mut(DRIVES.iter().position(|d| *d == drive)?)
    }

    fn get(&self, drive: DriveId) -> Option<&Medium> {
        self.0[DRIVES.iter().position(|d| *d == drive)?].as_ref()
    }

    /// Puts the hashes of media into a description, where they are known.
    pub fn describe(&self, description: &mut Description) {
        for (drive, medium) in DRIVES.into_iter().zip(&self.0) {
            description.set_image_hash(drive, medium.as_ref().and_then(Medium::sha256));
        }
    }
}

impl Machine {
    /// What is in a floppy or CD-ROM drive.
    pub fn medium(&self, drive: DriveId) -> Option<&Medium> {
        self.media.get(drive)
    }

    /// Puts a medium into a floppy or CD-ROM drive in place of one that may be there, or takes it out, by force. What the
    /// guest wrote to a floppy is lost: export it first.
    ///
    /// # Errors
    /// What is wrong with the image; the drive keeps what it had.
    pub fn change_medium(&mut self, drive: DriveId, medium: Option<Medium>) -> Result<(), ImageError> {
        let image = medium.clone().map(|medium| Box::new(medium) as Box<dyn BlockDevice>);
        match drive {
            DriveId::Floppy(number) => {
                let disk = image.map(|image| (image, Overlay::default()));
                self.with_device::<Fdc, _>(|d, _| d.change_floppy(usize::from(number), disk).map(drop))?;
            }
            DriveId::CdRom => self.with_device::<Ide, _>(|d, cx| match image {
                Some(image) => d.insert_cdrom(cx, image).map(drop),
                None => d.eject_cdrom(cx, true).map(drop),
            })?,
            DriveId::Disk(_) => return Ok(()),
        }
        if let Some(slot) = self.media.slot(drive) {
            *slot = medium;
        }
        Ok(())
    }

    /// Has the drives hold other media, as if it had always been so: their state is to follow.
    pub(super) fn exchange_media(&mut self, media: &Media) {
        if self.media == *media {
            return;
        }
        let image = |medium: &Option<Medium>| medium.clone().map(|m| Box::new(m) as Box<dyn BlockDevice>);
        let [a, b, cd] = &media.0;
        let bus = &mut self.engine.cpu.bus;
        // They were all in these drives before, and fit.
        if let Some((fdc, _)) = bus.device_mut::<Fdc>() {
            fdc.exchange_image(0, image(a));
            fdc.exchange_image(1, image(b));
        }
        if let Some((ide, _)) = bus.device_mut::<Ide>() {
            ide.exchange_cdrom(image(cd));
        }
        self.media = media.clone();
    }
}
