//! The stack μs: at most 1024 words.

use crate::U256;

/// Words, at most.
pub const LIMIT: usize = 1024;

/// A stack. Whether there are enough words, or room, is checked before an instruction runs; indices wrap, so that a
/// mistake there could never leave the array.
pub struct Stack {
    words: Box<[U256; LIMIT]>,
    /// Words in use.
    pub(crate) len: usize,
}

impl Stack {
    /// An empty stack.
    pub fn new() -> Self {
        let words = vec![U256::zero(); LIMIT].into_boxed_slice();
        Self { words: words.try_into().unwrap_or_else(|_| unreachable!()), len: 0 }
    }

    /// The words, the top one last.
    pub fn words(&self) -> &[U256] {
        &self.words[..self.len.min(LIMIT)]
    }

    /// All places, used or not.
    #[inline(always)]
    pub(crate) fn raw(&mut self) -> &mut [U256; LIMIT] {
        &mut self.words
    }

    /// Takes the top word.
    #[inline(always)]
    pub(crate) fn pop(&mut self) -> U256 {
        self.len = self.len.wrapping_sub(1);
        self.words[self.len % LIMIT]
    }

    /// Takes the top `N` words, the top one first.
    #[inline(always)]
    pub(crate) fn pop_n<const N: usize>(&mut self) -> [U256; N] {
        std::array::from_fn(|_| self.pop())
    }

    /// Adds a word.
    #[inline(always)]
    pub(crate) fn push(&mut self, word: U256) {
        self.words[self.len % LIMIT] = word;
        self.len = self.len.wrapping_add(1);
    }

    /// Replaces the `depth`-th word from the top (0 is the top).
    pub fn set(&mut self, depth: usize, word: U256) -> bool {
        let Some(at) = self.len.checked_sub(depth + 1) else { return false };
        self.words[at % LIMIT] = word;
        true
    }
}

impl Default for Stack {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for Stack {
    /// Only the words in use are copied.
    fn clone(&self) -> Self {
        let mut stack = Self::new();
        stack.words[..self.len].copy_from_slice(self.words());
        stack.len = self.len;
        stack
    }
}

impl std::fmt::Debug for Stack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.words()).finish()
    }
}
