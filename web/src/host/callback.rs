//! A disk image read through a synchronous JavaScript function: `FileReaderSync` in a worker, `fs.readSync` in Node.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;

use emu_core::host::{BlockDevice, NotYet};

/// Where a callback disk leaves the reason of its last failed read.
pub type Failure = Rc<RefCell<Option<String>>>;

/// Calls `read(offset: number, length: number): Uint8Array`. An exception or a short answer stops the machine as if the
/// block were not here yet; the reason waits in `failure` for whoever drives the machine.
pub struct CallbackDisk {
    read: Function,
    len: u64,
    read_only: bool,
    failure: Failure,
}

impl CallbackDisk {
    /// A disk of `len` bytes behind `read`.
    pub fn new(read: Function, len: u64, read_only: bool, failure: Failure) -> CallbackDisk {
        CallbackDisk { read, len, read_only, failure }
    }

    fn fail(&self, reason: String) -> NotYet {
        *self.failure.borrow_mut() = Some(reason);
        NotYet
    }
}

impl BlockDevice for CallbackDisk {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet> {
        let inside = self.len.saturating_sub(offset).min(buf.len() as u64) as usize;
        let (here, beyond) = buf.split_at_mut(inside);
        beyond.fill(0);
        if here.is_empty() {
            return Ok(());
        }
        let answer = self
            .read
            .call2(&JsValue::NULL, &JsValue::from_f64(offset as f64), &JsValue::from_f64(inside as f64))
            .map_err(|thrown| self.fail(message_of(&thrown)))?;
        let bytes = answer
            .dyn_into::<Uint8Array>()
            .map_err(|_| self.fail("the read function gave no Uint8Array".into()))?;
        if bytes.length() as usize != inside {
            let reason = format!("{} bytes at {offset} were asked for, {} came", inside, bytes.length());
            return Err(self.fail(reason));
        }
        bytes.copy_to(here);
        Ok(())
    }

    fn read_only(&self) -> bool {
        self.read_only
    }
}

fn message_of(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => thrown.as_string().unwrap_or_else(|| "the read function threw".into()),
    }
}
