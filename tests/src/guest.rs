//! What there is to boot: the manifest of the guests that set-up makes, and the firmware.

use emu_core::devices::mc146818::cmos::BootDevice;
use emu_core::host::MemoryImage;
use emu_core::machine::{Config, Kernel};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// How guests and firmware are made, for messages.
const REMEDY: &str = "make it with `node www/scripts/firmware.mjs && node www/scripts/guests.mjs` (`npm --prefix www test` does)";

/// A guest's images, as paths relative to the manifest's folder, and the kernel's command line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Files {
    /// Floppy in drive A.
    pub fda: Option<String>,
    /// First hard disk.
    pub hda: Option<String>,
    /// CD-ROM.
    pub cdrom: Option<String>,
    /// Kernel to boot directly.
    pub kernel: Option<String>,
    /// Its initial RAM disk.
    pub initrd: Option<String>,
    /// Its command line.
    pub append: Option<String>,
}

/// What a guest shows once it has come as far as it does unattended.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Shows {
    serial: Option<String>,
    screen: Option<String>,
}

/// A system to boot.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Guest {
    /// Its name in the manifest.
    pub name: String,
    /// Its images.
    pub files: Files,
    /// RAM in MiB.
    pub memory_mb: u32,
    until: Option<Shows>,
}

/// The folder of everything that set-up makes.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache")
}

/// The folder of the guests and of their manifest.
pub fn guests_folder() -> PathBuf {
    cache().join("guests")
}

fn manifest() -> &'static [Guest] {
    static LIST: OnceLock<Vec<Guest>> = OnceLock::new();
    LIST.get_or_init(|| {
        let file = guests_folder().join("manifest.json");
        let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}: {REMEDY}", file.display()));
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}: {REMEDY}", file.display()))
    })
}

/// SeaBIOS and its VGA BIOS.
///
/// # Panics
/// If they are nowhere, with a message that says how to get them.
pub fn firmware() -> (Vec<u8>, Vec<u8>) {
    // In the folders of distributions, bios.bin and vgabios.bin are other builds.
    let find = |ours: &str, usual: &str| {
        let places = ["/usr/share/seabios", "/usr/share/qemu"].map(|folder| Path::new(folder).join(usual));
        let mut places = std::iter::once(cache().join("firmware").join(ours)).chain(places);
        places
            .find_map(|place| fs::read(place).ok())
            .unwrap_or_else(|| panic!(".cache/firmware/{ours} is missing: {REMEDY}"))
    };
    (find("bios.bin", "bios-256k.bin"), find("vgabios.bin", "vgabios-stdvga.bin"))
}

impl Guest {
    /// The guest of that name, if this system could make it. If it could not (its packages exist for Debian only) says
    /// so, and the test has nothing to do.
    ///
    /// # Panics
    /// If set-up did not run, or if a guest is missing that needs nothing but NASM.
    pub fn find(name: &str) -> Option<Guest> {
        let found = manifest().iter().find(|guest| guest.name == name).cloned();
        if found.is_none() {
            let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests").join(name).join("boot.asm");
            assert!(!own.exists(), "guest {name} is not in the manifest: {REMEDY}");
            eprintln!(
                "SKIPPED: there is no guest {name} on this system; `node www/scripts/guests.mjs {name}` says why"
            );
        }
        found
    }

    /// One of our own guests.
    ///
    /// # Panics
    /// If it is not there.
    pub fn own(name: &str) -> Guest {
        Self::find(name).unwrap_or_else(|| panic!("there is no guest {name}: {REMEDY}"))
    }

    /// The names of our own guests.
    pub fn all_own() -> Vec<String> {
        let own = |g: &&Guest| g.files.fda.as_deref().is_some_and(|f| f.starts_with("own/"));
        manifest().iter().filter(own).map(|g| g.name.clone()).collect()
    }

    /// What it shows on COM1 when it has come as far as it does unattended.
    pub fn last_line(&self) -> Option<&str> {
        self.until.as_ref()?.serial.as_deref()
    }

    /// What it shows on the text screen when it has come as far as it does unattended.
    pub fn last_screen(&self) -> Option<&str> {
        self.until.as_ref()?.screen.as_deref()
    }

    /// The bytes of one of its files.
    ///
    /// # Panics
    /// If the file is not there.
    pub fn read(&self, file: &str) -> Vec<u8> {
        let path = guests_folder().join(file);
        fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}: {REMEDY}", path.display()))
    }

    /// A machine's configuration for it. `append` is added to the kernel's command line.
    pub fn config_with(&self, append: &str) -> Config {
        let mut config = bios_config();
        config.ram_bytes = self.memory_mb << 20;
        let image = |file: &Option<String>| file.as_deref().map(|f| self.read(f));
        config.floppies[0] = image(&self.files.fda).map(boxed);
        config.disks[0] = image(&self.files.hda).map(boxed);
        config.cdrom = image(&self.files.cdrom).map(boxed);
        config.boot_order = vec![BootDevice::Floppy, BootDevice::CdRom, BootDevice::Disk];
        config.kernel = image(&self.files.kernel).map(|kernel| Kernel {
            image: kernel,
            initrd: image(&self.files.initrd).unwrap_or_default(),
            command_line: format!("{} {append}", self.files.append.as_deref().unwrap_or("")).trim().into(),
        });
        config
    }

    /// A machine's configuration for it.
    pub fn config(&self) -> Config {
        self.config_with("")
    }
}

/// A machine with SeaBIOS and nothing to boot, with the default memory.
pub fn bios_config() -> Config {
    let mut config = Config::new();
    (config.bios, config.vga_bios) = firmware();
    config
}

/// An image in memory.
pub fn boxed(bytes: Vec<u8>) -> Box<dyn emu_core::host::BlockDevice> {
    Box::new(MemoryImage::new(bytes))
}
