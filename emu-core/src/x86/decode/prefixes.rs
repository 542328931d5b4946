//! Instruction prefixes: SDM volume 2, 2.1.1.

use super::cursor::Cursor;
use super::inst::{DecodeError, Rep, Seg};

/// Prefixes of one instruction. Of several segment overrides, or several of F2 and F3, the last one counts.
#[derive(Clone, Copy, Debug)]
pub struct Prefixes {
    /// 26, 2E, 36, 3E, 64 or 65.
    pub seg: Option<Seg>,
    /// 66 is present.
    pub opsize: bool,
    /// 67 is present.
    pub addrsize: bool,
    /// F2 or F3.
    pub rep: Rep,
    /// F0 is present.
    pub lock: bool,
}

impl Prefixes {
    /// Reads all prefixes, and the opcode byte that follows.
    pub fn read(cursor: &mut Cursor) -> Result<(Prefixes, u8), DecodeError> {
        let mut prefixes =
            Prefixes { seg: None, opsize: false, addrsize: false, rep: Rep::None, lock: false };
        loop {
            match cursor.u8()? {
                0x26 => prefixes.seg = Some(Seg::Es),
                0x2E => prefixes.seg = Some(Seg::Cs),
                0x36 => prefixes.seg = Some(Seg::Ss),
                0x3E => prefixes.seg = Some(Seg::Ds),
                0x64 => prefixes.seg = Some(Seg::Fs),
                0x65 => prefixes.seg = Some(Seg::Gs),
                0x66 => prefixes.opsize = true,
                0x67 => prefixes.addrsize = true,
                0xF0 => prefixes.lock = true,
                0xF2 => prefixes.rep = Rep::Repne,
                0xF3 => prefixes.rep = Rep::Rep,
                opcode => return Ok((prefixes, opcode)),
            }
        }
    }

    /// Column of the mandatory-prefix tables: none, 66, F3, F2. F3 and F2 outweigh 66.
    pub fn mandatory(&self) -> usize {
        match (self.rep, self.opsize) {
            (Rep::Repne, _) => 3,
            (Rep::Rep, _) => 2,
            (Rep::None, true) => 1,
            (Rep::None, false) => 0,
        }
    }
}
