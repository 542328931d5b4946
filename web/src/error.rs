//! The one place where host errors become JavaScript errors, and where a panic leaves its message for the page.

use std::cell::RefCell;
use std::fmt;

use wasm_bindgen::prelude::*;

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What can go wrong between JavaScript and a machine. Each message is one line that names the field and the remedy.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// The machine refused its configuration.
    Machine(String),
    /// A drive name other than `fda`, `fdb`, `hda`, `hdb`, `cdrom`.
    Drive(String),
    /// The medium of a hard disk cannot be changed while the machine runs.
    FixedDrive(String),
    /// A boot order with letters other than `a`, `c`, `d`.
    BootOrder(String),
    /// A disk whose size is not a whole, positive number of 512-byte sectors.
    DiskSize(f64),
    /// A piece of a disk cannot be exported.
    Export(String),
    /// A recording that is not made or not replayed.
    Recording(String),
    /// A snapshot that is not opened.
    Snapshot(String),
    /// Bytes were supplied for a drive that is not remote, or outside of it.
    Supply(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Machine(message) | Error::Recording(message) | Error::Snapshot(message) => {
                f.write_str(message)
            }
            Error::Drive(name) => write!(f, "no drive is called {name:?}: use fda, fdb, hda, hdb or cdrom"),
            Error::FixedDrive(name) => {
                write!(f, "{name} cannot be changed while the machine runs: switch it off first")
            }
            Error::BootOrder(order) => {
                write!(f, "boot order {order:?}: use the letters a (floppy), c (disk), d (CD-ROM), each once")
            }
            Error::DiskSize(bytes) => {
                write!(f, "disk image of {bytes} bytes: the size must be a multiple of 512 and not zero")
            }
            Error::Export(why) => write!(f, "not saved: {why}"),
            Error::Supply(why) => write!(f, "disk data not accepted: {why}"),
        }
    }
}

impl std::error::Error for Error {}

/// Installs the panic hook; called when the module starts.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        LAST_PANIC.with(|slot| {
            if let Ok(mut slot) = slot.try_borrow_mut() {
                *slot = Some(info.to_string());
            }
        });
        console_error_panic_hook::hook(info);
    }));
}

/// The message of the panic that ended this module, if one did: a trap itself carries no text.
#[wasm_bindgen(js_name = lastPanic)]
pub fn last_panic() -> Option<String> {
    LAST_PANIC.with(|slot| slot.try_borrow().ok().and_then(|message| message.clone()))
}
