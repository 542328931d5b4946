//! ModRM and SIB bytes, and the memory operand they describe: SDM volume 2, 2.1.5.

use super::cursor::Cursor;
use super::inst::{DecodeError, MemRef, NO_REGISTER, Seg};

const BX: u8 = 3;
const SP: u8 = 4;
const BP: u8 = 5;
const SI: u8 = 6;
const DI: u8 = 7;

/// A ModRM byte.
#[derive(Clone, Copy, Debug)]
pub struct ModRm(pub u8);

impl ModRm {
    /// Bits 7-6: 3 means that `rm` is a register.
    pub fn mode(self) -> u8 {
        self.0 >> 6
    }

    /// Bits 5-3: register, or extension of the opcode.
    pub fn reg(self) -> u8 {
        (self.0 >> 3) & 7
    }

    /// Bits 2-0: register, or form of the address.
    pub fn rm(self) -> u8 {
        self.0 & 7
    }

    /// True if `rm` is a register.
    pub fn is_register(self) -> bool {
        self.0 >= 0xC0
    }

    /// Reads what follows the byte of a memory form: SIB and displacement.
    pub fn memory(
        self,
        cursor: &mut Cursor,
        addrsize32: bool,
        seg: Option<Seg>,
    ) -> Result<MemRef, DecodeError> {
        let mut mem = if addrsize32 { self.memory32(cursor)? } else { self.memory16(cursor)? };
        let on_stack = mem.base == BP || (mem.base == SP && addrsize32);
        mem.seg = seg.unwrap_or(if on_stack { Seg::Ss } else { Seg::Ds });
        Ok(mem)
    }

    fn memory16(self, cursor: &mut Cursor) -> Result<MemRef, DecodeError> {
        let (base, index) = match self.rm() {
            0 => (BX, SI),
            1 => (BX, DI),
            2 => (BP, SI),
            3 => (BP, DI),
            4 => (SI, NO_REGISTER),
            5 => (DI, NO_REGISTER),
            6 => (BP, NO_REGISTER),
            _ => (BX, NO_REGISTER),
        };
        let mut mem = MemRef { base, index, addr16: true, ..MemRef::NONE };
        match (self.mode(), self.rm()) {
            (0, 6) => {
                mem.base = NO_REGISTER;
                (mem.disp, mem.disp_size) = (cursor.u16()? as u32, 2);
            }
            (0, _) => {}
            (1, _) => (mem.disp, mem.disp_size) = (cursor.i8()?, 1),
            _ => (mem.disp, mem.disp_size) = (cursor.u16()? as i16 as u32, 2),
        }
        Ok(mem)
    }

    fn memory32(self, cursor: &mut Cursor) -> Result<MemRef, DecodeError> {
        let mut mem = MemRef { base: self.rm(), ..MemRef::NONE };
        if self.rm() == SP {
            let sib = cursor.u8()?;
            mem.base = sib & 7;
            mem.index = (sib >> 3) & 7;
            mem.scale = sib >> 6;
            if mem.index == SP {
                (mem.index, mem.scale) = (NO_REGISTER, 0);
            }
        }
        match self.mode() {
            0 if mem.base == BP => {
                mem.base = NO_REGISTER;
                (mem.disp, mem.disp_size) = (cursor.u32()?, 4);
            }
            0 => {}
            1 => (mem.disp, mem.disp_size) = (cursor.i8()?, 1),
            _ => (mem.disp, mem.disp_size) = (cursor.u32()?, 4),
        }
        Ok(mem)
    }
}
