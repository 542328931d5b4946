//! The backing store. The only file that may hold `unsafe`: in wasm, fresh pages come from `memory.grow`, which the host
//! commits only when they are touched, where the allocator would write zeros over all of them.
#![allow(unsafe_code)]

/// A block of zeroed bytes of fixed size, committed by the host only as touched.
pub struct Ram {
    bytes: &'static mut [u8],
}

impl Ram {
    /// `len` zero bytes, or `None` if the host has not got them. They live as long as the program in wasm (a worker
    /// owns one machine); natively they are freed.
    pub fn new(len: usize) -> Option<Self> {
        Some(Self { bytes: allocate(len)? })
    }

    /// Size in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are no bytes at all.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A part of the store. Panics if out of bounds: offsets come from the map, never from the guest.
    pub fn slice(&self, offset: u32, len: u32) -> &[u8] {
        &self.bytes[offset as usize..][..len as usize]
    }

    /// A part of the store, writable; the caller marks the page dirty.
    pub fn slice_mut(&mut self, offset: u32, len: u32) -> &mut [u8] {
        &mut self.bytes[offset as usize..][..len as usize]
    }

    /// All bytes.
    pub fn all(&self) -> &[u8] {
        self.bytes
    }

    /// Moves `len` bytes within the store, as if through a buffer.
    pub fn copy_within(&mut self, from: u32, to: u32, len: u32) {
        self.bytes.copy_within(from as usize..(from as usize + len as usize), to as usize);
    }

    /// Reads `N` little-endian bytes at an offset.
    #[inline(always)]
    pub fn read<const N: usize>(&self, offset: u32) -> [u8; N] {
        let at = offset as usize;
        self.bytes[at..at + N].try_into().unwrap_or([0; N])
    }

    /// Writes `N` bytes at an offset; the caller marks the page dirty.
    #[inline(always)]
    pub fn write<const N: usize>(&mut self, offset: u32, value: [u8; N]) {
        let at = offset as usize;
        self.bytes[at..at + N].copy_from_slice(&value);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn allocate(len: usize) -> Option<&'static mut [u8]> {
    Some(Box::leak(vec![0u8; len].into_boxed_slice()))
}

#[cfg(not(target_arch = "wasm32"))]
impl Drop for Ram {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        // SAFETY: `bytes` came from `Box::leak` in `allocate` and nothing else holds it.
        drop(unsafe { Box::from_raw(bytes) });
    }
}

#[cfg(target_arch = "wasm32")]
fn allocate(len: usize) -> Option<&'static mut [u8]> {
    const WASM_PAGE: usize = 65536;
    let first = core::arch::wasm32::memory_grow::<0>(len.div_ceil(WASM_PAGE));
    if first == usize::MAX {
        return None;
    }
    // SAFETY: `memory.grow` gave fresh zeroed pages that nothing else knows of; the allocator takes what it grows itself.
    Some(unsafe { core::slice::from_raw_parts_mut((first * WASM_PAGE) as *mut u8, len) })
}
