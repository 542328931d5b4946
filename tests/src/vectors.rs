//! Single-instruction vectors recorded on a real 80286, run through the engine. The format is that of the
//! SingleStepTests project, one JSON object a line.

mod bench;
pub mod differences;
mod operands;
mod wanted;

pub use bench::{Bench, Checked};

use serde::Deserialize;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// RAM of the machine the vectors were recorded on, in bytes.
pub const RAM: u32 = 16 << 20;
/// FLAGS bits that exist in real mode on a 286: bits 12-15 cannot be set there.
pub const FLAGS_286: u16 = 0x0FFF;

/// Registers before; after, only those that changed.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct Registers {
    /// AX.
    pub ax: Option<u16>,
    /// BX.
    pub bx: Option<u16>,
    /// CX.
    pub cx: Option<u16>,
    /// DX.
    pub dx: Option<u16>,
    /// CS.
    pub cs: Option<u16>,
    /// SS.
    pub ss: Option<u16>,
    /// DS.
    pub ds: Option<u16>,
    /// ES.
    pub es: Option<u16>,
    /// SP.
    pub sp: Option<u16>,
    /// BP.
    pub bp: Option<u16>,
    /// SI.
    pub si: Option<u16>,
    /// DI.
    pub di: Option<u16>,
    /// IP; after, that behind the HLT that ended the test.
    pub ip: Option<u16>,
    /// FLAGS.
    pub flags: Option<u16>,
}

/// Names of the registers in [`Registers::all`].
pub const NAMES: [&str; 14] =
    ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "es", "cs", "ss", "ds", "ip", "flags"];

/// Indices in [`Registers::all`].
mod index {
    pub const AX: usize = 0;
    pub const CX: usize = 1;
    pub const DX: usize = 2;
    pub const SP: usize = 4;
    pub const BP: usize = 5;
    pub const SI: usize = 6;
    pub const DI: usize = 7;
    pub const ES: usize = 8;
    pub const CS: usize = 9;
    pub const SS: usize = 10;
    pub const IP: usize = 12;
    pub const FLAGS: usize = 13;
}

impl Registers {
    /// All in encoding order: general registers, segment registers, IP, FLAGS.
    pub fn all(&self) -> [Option<u16>; 14] {
        [
            self.ax, self.cx, self.dx, self.bx, self.sp, self.bp, self.si, self.di, self.es, self.cs,
            self.ss, self.ds, self.ip, self.flags,
        ]
    }
}

/// One test.
#[derive(Clone, Debug, Deserialize)]
pub struct Vector {
    /// Number in the original file.
    pub i: u32,
    /// Disassembly.
    pub name: String,
    /// The instruction in hexadecimal, with a HLT behind it.
    pub bytes: String,
    /// Registers before.
    pub regs: Registers,
    /// Memory before.
    pub ram: Vec<(u32, u8)>,
    /// Registers after, where changed.
    pub regs_after: Registers,
    /// Memory after, where changed.
    pub ram_after: Vec<(u32, u8)>,
    /// Vector of the exception raised.
    pub exception: Option<u8>,
}

impl Vector {
    /// The instruction's bytes, without the HLT.
    pub fn code(&self) -> Vec<u8> {
        let digits = self.bytes.strip_suffix("f4").unwrap_or(&self.bytes).as_bytes();
        let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|s| u8::from_str_radix(s, 16).ok());
        digits.chunks_exact(2).map_while(byte).collect()
    }

    /// All registers before.
    pub fn before(&self) -> [u16; 14] {
        self.regs.all().map(|r| r.unwrap_or(0))
    }
}

/// Reads one `.jsonl.gz` file.
///
/// # Errors
/// What is wrong with it, with the line's number.
pub fn read(path: &Path) -> Result<Vec<Vector>, String> {
    let file = std::fs::File::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    lines
        .enumerate()
        .map(|(number, line)| {
            let line = line.map_err(|e| format!("{}: {e}", path.display()))?;
            serde_json::from_str(&line).map_err(|e| format!("{}:{}: {e}", path.display(), number + 1))
        })
        .collect()
}

fn linear(segment: u16, offset: u16) -> u32 {
    (u32::from(segment) << 4) + u32::from(offset)
}
