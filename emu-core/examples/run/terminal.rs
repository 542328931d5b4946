//! COM1 and the user: stdin, stdout or a file.

use crate::{Outcome, files};
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

/// Ctrl-].
const LEAVE: u8 = 0x1D;

enum To {
    Stdout,
    Nowhere,
    File(File),
}

/// Where COM1 goes, and where its input comes from.
pub struct Console {
    to: To,
    typed: Option<Receiver<Vec<u8>>>,
    /// A person sits at the terminal.
    pub interactive: bool,
    /// The person pressed Ctrl-].
    pub left: bool,
    closed: bool,
}

/// Switches the terminal between raw and its usual mode, by the program that every Unix has.
fn stty(words: &[&str]) {
    let done = Command::new("stty").args(words).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
    drop(done);
}

/// Reads stdin in a thread of its own, which ends with the process.
fn listen() -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buf = [0; 4096];
        while let Ok(count @ 1..) = io::stdin().lock().read(&mut buf) {
            if sender.send(buf[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

impl Console {
    /// By the value of `--serial`.
    pub fn open(serial: &str) -> Outcome<Self> {
        let to = match serial {
            "stdio" => To::Stdout,
            "null" => To::Nowhere,
            file => To::File(files::create(file)?),
        };
        let stdio = matches!(to, To::Stdout);
        let interactive = stdio && io::stdin().is_terminal();
        if interactive {
            stty(&["raw", "-echo"]);
        }
        let typed = stdio.then(listen);
        Ok(Self { to, typed, interactive, left: false, closed: false })
    }

    /// What the user typed since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.typed.iter().flat_map(|typed| typed.try_iter()).flatten().collect();
        if let Some(at) = bytes.iter().position(|&b| b == LEAVE).filter(|_| self.interactive) {
            self.left = true;
            bytes.truncate(at);
        }
        bytes
    }

    /// What the guest sent.
    pub fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        let done = match &mut self.to {
            To::Nowhere => Ok(()),
            To::Stdout => io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()),
            To::File(file) => file.write_all(bytes),
        };
        done.map_err(|error| format!("--serial: cannot be written ({error})"))
    }

    /// Gives the terminal back.
    pub fn close(&mut self) {
        if self.interactive && !self.closed {
            stty(&["sane"]);
        }
        self.closed = true;
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.close();
    }
}
