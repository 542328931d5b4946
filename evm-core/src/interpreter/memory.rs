//! The memory μm: bytes that grow by words of 32 and never shrink.

use super::Halt;
use crate::U256;
use crate::word;

/// Memory of a frame. Its size is a multiple of 32.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    bytes: Vec<u8>,
}

/// Bytes, at most: what costs 2^41 gas. Whoever pays more gets [`Halt::MemoryLimit`].
pub const LIMIT: u64 = 1 << 30;

/// Gas for memory of `words` words altogether (Yellow Paper H.1, C_mem).
fn price(words: u64, word_gas: u64) -> u64 {
    word_gas * words + words * words / 512
}

impl Memory {
    /// A memory that holds these, whole words of them.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// Its bytes, for another memory to be made in their room.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Bytes in use.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// True before the first use.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Grows it to hold `len` bytes at `offset`, and takes the gas for that from `gas`. `len` is not zero.
    #[inline(never)]
    #[cold]
    fn grow(&mut self, end: u64, gas: &mut u64, word_gas: u64) -> Result<(), Halt> {
        if end > LIMIT {
            let rich = *gas >= price(LIMIT / 32, word_gas);
            return Err(if rich { Halt::MemoryLimit } else { Halt::OutOfGas });
        }
        let words = end.div_ceil(32);
        let cost = price(words, word_gas) - price(self.bytes.len() as u64 / 32, word_gas);
        *gas = gas.checked_sub(cost).ok_or(Halt::OutOfGas)?;
        self.bytes.resize(words as usize * 32, 0);
        Ok(())
    }

    /// Makes sure that `len` bytes at `offset` are there.
    #[inline(always)]
    pub(crate) fn ensure(
        &mut self,
        offset: usize,
        len: usize,
        gas: &mut u64,
        word_gas: u64,
    ) -> Result<(), Halt> {
        let end = offset as u64 + len as u64;
        if end > self.bytes.len() as u64 { self.grow(end, gas, word_gas) } else { Ok(()) }
    }

    /// Checks and pays for the range that two words from the stack name. A range without bytes is at 0.
    #[inline]
    pub(crate) fn range(
        &mut self,
        offset: U256,
        len: U256,
        gas: &mut u64,
        word_gas: u64,
    ) -> Result<(usize, usize), Halt> {
        if len.is_zero() {
            return Ok((0, 0));
        }
        let (offset, len) = (small(offset), small(len));
        self.ensure(offset, len, gas, word_gas)?;
        Ok((offset, len))
    }

    /// Bytes of a range that is there.
    #[inline(always)]
    pub(crate) fn slice(&self, offset: usize, len: usize) -> &[u8] {
        self.bytes.get(offset..offset + len).unwrap_or_default()
    }

    /// A word that is there.
    #[inline(always)]
    pub(crate) fn load(&self, offset: usize) -> U256 {
        match self.bytes.get(offset..).and_then(|rest| rest.first_chunk::<32>()) {
            Some(bytes) => word::from_be_bytes(bytes),
            None => U256::zero(),
        }
    }

    /// Writes a word to where there is room.
    #[inline(always)]
    pub(crate) fn store(&mut self, offset: usize, value: U256) {
        if let Some(place) = self.bytes.get_mut(offset..).and_then(|rest| rest.first_chunk_mut::<32>()) {
            *place = word::to_be_bytes(value);
        }
    }

    /// Writes a byte to where there is room.
    #[inline(always)]
    pub(crate) fn store8(&mut self, offset: usize, value: u8) {
        if let Some(place) = self.bytes.get_mut(offset) {
            *place = value;
        }
    }

    /// Writes `source` to where there is room.
    pub(crate) fn write(&mut self, offset: usize, source: &[u8]) {
        if let Some(place) = self.bytes.get_mut(offset..offset + source.len()) {
            place.copy_from_slice(source);
        }
    }

    /// Writes `len` bytes of `source` from `from` on to where there is room; zeros after its end.
    pub(crate) fn write_padded(&mut self, offset: usize, len: usize, source: &[u8], from: U256) {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let rest = source.get(from..).unwrap_or_default();
        let taken = &rest[..len.min(rest.len())];
        self.write(offset, taken);
        if let Some(place) = self.bytes.get_mut(offset + taken.len()..offset + len) {
            place.fill(0);
        }
    }

    /// Copies within, ranges that are there and may overlap.
    pub(crate) fn copy_within(&mut self, to: usize, from: usize, len: usize) {
        let size = self.bytes.len();
        if from + len <= size && to + len <= size {
            self.bytes.copy_within(from..from + len, to);
        }
    }

    /// For the debugger: changes a byte, if it is there.
    pub fn poke(&mut self, offset: usize, value: u8) -> bool {
        self.bytes.get_mut(offset).map(|byte| *byte = value).is_some()
    }
}

/// An offset or a length; what no memory could have becomes [`LIMIT`], which is refused with any byte after it.
#[inline(always)]
pub(crate) fn small(value: U256) -> usize {
    let [low, a, b, c] = value.0;
    if (a | b | c) != 0 || low >= LIMIT { LIMIT as usize } else { low as usize }
}
