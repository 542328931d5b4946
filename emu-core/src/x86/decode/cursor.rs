//! Reading the bytes of one instruction.

use super::inst::DecodeError;

/// Longest instruction there is, prefixes included (SDM volume 2, 2.3.11).
pub const MAX_LENGTH: usize = 15;

/// Position in the bytes of one instruction.
pub struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    /// At the first of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Cursor { bytes, position: 0 }
    }

    /// Bytes taken so far; at most [`MAX_LENGTH`].
    pub fn taken(&self) -> u8 {
        self.position as u8
    }

    /// The next byte.
    #[inline]
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        if self.position >= MAX_LENGTH {
            return Err(DecodeError::TooLong);
        }
        let byte = *self.bytes.get(self.position).ok_or(DecodeError::Truncated)?;
        self.position += 1;
        Ok(byte)
    }

    /// The next two bytes, low byte first.
    pub fn u16(&mut self) -> Result<u16, DecodeError> {
        Ok(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    /// The next four bytes, low byte first.
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        Ok(u32::from_le_bytes([self.u8()?, self.u8()?, self.u8()?, self.u8()?]))
    }

    /// The next byte, sign-extended.
    pub fn i8(&mut self) -> Result<u32, DecodeError> {
        Ok(self.u8()? as i8 as u32)
    }

    /// The next 16 or 32 bits; the former zero-extended.
    pub fn word_or_dword(&mut self, dword: bool) -> Result<u32, DecodeError> {
        if dword { self.u32() } else { Ok(self.u16()? as u32) }
    }
}
