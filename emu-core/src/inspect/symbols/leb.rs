//! Reading bytes of files nobody has checked.

/// A reader that never goes past its end.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads from the start.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Where it is.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Goes elsewhere.
    pub fn seek(&mut self, at: usize) {
        self.at = at;
    }

    /// Whether nothing is left.
    pub fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The next `len` bytes.
    pub fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(len)?;
        let bytes = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(bytes)
    }

    /// A little-endian number of up to 8 bytes.
    pub fn number(&mut self, len: usize) -> Option<u64> {
        Some(self.take(len)?.iter().rev().fold(0, |value, &b| value << 8 | u64::from(b)))
    }

    /// A byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.number(1).map(|v| v as u8)
    }

    /// Two bytes.
    pub fn u16(&mut self) -> Option<u16> {
        self.number(2).map(|v| v as u16)
    }

    /// Four bytes.
    pub fn u32(&mut self) -> Option<u32> {
        self.number(4).map(|v| v as u32)
    }

    /// ULEB128 (DWARF 4, 7.6); bits beyond 64 are lost.
    pub fn uleb(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0u64, 0u32);
        loop {
            let byte = self.u8()?;
            if shift < 64 {
                value |= u64::from(byte & 0x7F) << shift;
            }
            shift = shift.saturating_add(7);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
    }

    /// SLEB128.
    pub fn sleb(&mut self) -> Option<i64> {
        let (mut value, mut shift) = (0u64, 0u32);
        loop {
            let byte = self.u8()?;
            if shift < 64 {
                value |= u64::from(byte & 0x7F) << shift;
            }
            shift = shift.saturating_add(7);
            if byte & 0x80 == 0 {
                if shift < 64 && byte & 0x40 != 0 {
                    value |= u64::MAX << shift;
                }
                return Some(value as i64);
            }
        }
    }

    /// Text up to a zero byte, which is skipped.
    pub fn text(&mut self) -> Option<String> {
        let rest = self.bytes.get(self.at..)?;
        let len = rest.iter().position(|&b| b == 0)?;
        self.at += len + 1;
        Some(String::from_utf8_lossy(&rest[..len.min(LONGEST_NAME)]).into_owned())
    }
}

/// Names are cut here.
const LONGEST_NAME: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    /// DWARF 4, 7.6, figures 22 and 23.
    #[test]
    fn leb128_of_the_standard() {
        for (bytes, value) in [(&[2u8][..], 2), (&[127], 127), (&[0x80, 1], 128), (&[0xB9, 0x64], 12857)] {
            assert_eq!(Reader::new(bytes).uleb(), Some(value));
        }
        for (bytes, value) in
            [(&[2u8][..], 2), (&[0x7E], -2), (&[0xFF, 0], 127), (&[0x81, 0x7F], -127), (&[0x80, 0x7F], -128)]
        {
            assert_eq!(Reader::new(bytes).sleb(), Some(value));
        }
        assert_eq!(Reader::new(&[0x80]).uleb(), None);
        assert!(Reader::new(&[0xFF; 40]).sleb().is_none());
    }
}
