//! What a PC is made of, as JavaScript gives it.

use emu_core::bus::DriveId;
use emu_core::devices::mc146818::cmos::BootDevice;
use emu_core::host::BlockDevice;
use emu_core::machine::{Config, Kernel};
use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::drive::{Images, drive_of};
use crate::error::Error;

/// Collects the parts of a machine; `new Pc(config)` uses it up.
#[wasm_bindgen]
pub struct PcConfig {
    pub(super) config: Config,
    pub(super) images: Images,
}

#[wasm_bindgen]
impl PcConfig {
    /// A machine with default memory, without firmware, disks or kernel.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)] // JavaScript has no Default
    pub fn new() -> PcConfig {
        PcConfig { config: Config::new(), images: Images::default() }
    }

    /// Guest RAM in bytes; `new Pc` checks the range.
    #[wasm_bindgen(js_name = setRamBytes)]
    pub fn set_ram_bytes(&mut self, bytes: u32) {
        self.config.ram_bytes = bytes;
    }

    /// The system BIOS image.
    #[wasm_bindgen(js_name = setBios)]
    pub fn set_bios(&mut self, image: Vec<u8>) {
        self.config.bios = image;
    }

    /// The VGA BIOS (option ROM) image.
    #[wasm_bindgen(js_name = setVgaBios)]
    pub fn set_vga_bios(&mut self, image: Vec<u8>) {
        self.config.vga_bios = image;
    }

    /// A ROM image mapped at a physical address instead of a BIOS.
    #[wasm_bindgen(js_name = setRom)]
    pub fn set_rom(&mut self, address: u32, image: Vec<u8>) {
        self.config.rom = Some((address, image));
    }

    /// Boot order as letters: `a` floppy, `c` disk, `d` CD-ROM.
    ///
    /// # Errors
    /// Any other or a repeated letter.
    #[wasm_bindgen(js_name = setBootOrder)]
    pub fn set_boot_order(&mut self, order: &str) -> Result<(), JsError> {
        self.config.boot_order = boot_order(order)?;
        Ok(())
    }

    /// A bzImage or Multiboot 1 ELF to start directly; `initrd` may be empty.
    #[wasm_bindgen(js_name = setKernel)]
    pub fn set_kernel(&mut self, image: Vec<u8>, initrd: Vec<u8>, command_line: String) {
        self.config.kernel = Some(Kernel { image, initrd, command_line });
    }

    /// What the real-time clock shows at power-on, in seconds since 1970-01-01 UTC.
    #[wasm_bindgen(js_name = setRtc)]
    pub fn set_rtc(&mut self, unix_seconds: i64) {
        self.config.rtc_unix_seconds = unix_seconds;
    }

    /// Whether a triple fault resets the machine (as boards do) or stops it for inspection.
    #[wasm_bindgen(js_name = setResetOnShutdown)]
    pub fn set_reset_on_shutdown(&mut self, reset: bool) {
        self.config.reset_on_shutdown = reset;
    }

    /// A byte written to this port ends the run.
    #[wasm_bindgen(js_name = setExitPort)]
    pub fn set_exit_port(&mut self, port: u16) {
        self.config.exit_port = Some(port);
    }

    /// Bytes written to this port are kept for `takeCaptured`.
    #[wasm_bindgen(js_name = setCapturePort)]
    pub fn set_capture_port(&mut self, port: u16) {
        self.config.capture_port = Some(port);
    }

    /// Puts an image given whole into a drive.
    ///
    /// # Errors
    /// An unknown drive or an empty image.
    #[wasm_bindgen(js_name = attachBytes)]
    pub fn attach_bytes(&mut self, drive: &str, bytes: Vec<u8>, read_only: bool) -> Result<(), JsError> {
        let drive = drive_of(drive)?;
        let image = self.images.bytes(bytes, read_only)?;
        self.attach(drive, image)
    }

    /// Puts an image behind `read(offset, length): Uint8Array` into a drive. `len` in bytes.
    ///
    /// # Errors
    /// An unknown drive or a size that is not whole sectors.
    #[wasm_bindgen(js_name = attachCallback)]
    pub fn attach_callback(
        &mut self,
        drive: &str,
        read: Function,
        len: f64,
        read_only: bool,
    ) -> Result<(), JsError> {
        let drive = drive_of(drive)?;
        let image = self.images.callback(read, len, read_only)?;
        self.attach(drive, image)
    }

    /// Puts an image of `len` bytes into a drive whose pages `Pc.supply` brings when a run stops for them.
    ///
    /// # Errors
    /// An unknown drive or a size that is not whole sectors.
    #[wasm_bindgen(js_name = attachRemote)]
    pub fn attach_remote(&mut self, drive: &str, len: f64, read_only: bool) -> Result<(), JsError> {
        let drive = drive_of(drive)?;
        let image = self.images.remote(drive, len, read_only)?;
        self.attach(drive, image)
    }

    fn attach(&mut self, drive: DriveId, image: Box<dyn BlockDevice>) -> Result<(), JsError> {
        let slot = match drive {
            DriveId::Floppy(unit) => self.config.floppies.get_mut(usize::from(unit)),
            DriveId::Disk(unit) => self.config.disks.get_mut(usize::from(unit)),
            DriveId::CdRom => Some(&mut self.config.cdrom),
        };
        if let Some(slot) = slot {
            *slot = Some(image);
        }
        Ok(())
    }
}

fn boot_order(letters: &str) -> Result<Vec<BootDevice>, Error> {
    let mut order = Vec::new();
    for letter in letters.chars() {
        let device = match letter {
            'a' => BootDevice::Floppy,
            'c' => BootDevice::Disk,
            'd' => BootDevice::CdRom,
            _ => return Err(Error::BootOrder(letters.into())),
        };
        if order.contains(&device) {
            return Err(Error::BootOrder(letters.into()));
        }
        order.push(device);
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boot_orders() {
        assert_eq!(boot_order("dca"), Ok(vec![BootDevice::CdRom, BootDevice::Disk, BootDevice::Floppy]));
        assert_eq!(boot_order(""), Ok(vec![]));
        assert_eq!(boot_order("aa"), Err(Error::BootOrder("aa".into())));
        assert_eq!(boot_order("n"), Err(Error::BootOrder("n".into())));
    }
}
