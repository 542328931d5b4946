//! Copies of lists that share what did not change: how a debugger can afford many copies of an execution.

use std::rc::Rc;

/// A copy of a list, in pieces of at most `N` items. Pieces that were the same in an earlier copy are shared with it.
#[derive(Clone, Debug)]
pub(crate) struct Chunks<T, const N: usize> {
    chunks: Vec<Rc<[T]>>,
}

impl<T: Clone + PartialEq, const N: usize> Chunks<T, N> {
    /// A copy of `items`.
    pub fn new(items: &[T], earlier: Option<&Self>) -> Self {
        let earlier = earlier.map_or(&[][..], |copy| &copy.chunks);
        let chunk = |(at, items): (usize, &[T])| match earlier.get(at) {
            Some(chunk) if **chunk == *items => chunk.clone(),
            _ => Rc::from(items),
        };
        Self { chunks: items.chunks(N).enumerate().map(chunk).collect() }
    }

    /// Items.
    pub fn len(&self) -> usize {
        self.chunks.len().saturating_sub(1) * N + self.chunks.last().map_or(0, |chunk| chunk.len())
    }

    /// All items.
    pub fn items(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// Makes `list` what it was when it was copied.
    pub fn restore(&self, list: &mut Vec<T>) {
        list.clear();
        list.reserve(self.len());
        for chunk in &self.chunks {
            list.extend_from_slice(chunk);
        }
    }

    /// True if the copy is one of these items.
    pub fn is_of(&self, items: &[T]) -> bool {
        self.len() == items.len() && self.chunks.iter().zip(items.chunks(N)).all(|(a, b)| **a == *b)
    }

    /// Bytes that would be free if this copy were dropped; those of pieces shared with other copies are not.
    pub fn own_bytes(&self) -> usize {
        let own = self.chunks.iter().filter(|chunk| Rc::strong_count(chunk) == 1);
        let items: usize = own.map(|chunk| chunk.len()).sum();
        items * size_of::<T>() + self.chunks.capacity() * size_of::<Rc<[T]>>()
    }

    /// Items that no other copy shares.
    pub fn own_items(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().filter(|chunk| Rc::strong_count(chunk) == 1).flat_map(|chunk| chunk.iter())
    }

    /// Bytes that were copied or compared to make this.
    pub fn bytes(&self) -> usize {
        self.len() * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_shared_with_an_earlier_copy() {
        let mut list: Vec<u8> = (0..100).collect();
        let first = Chunks::<u8, 16>::new(&list, None);
        list[50] = 0;
        list.push(1);
        let second = Chunks::<u8, 16>::new(&list, Some(&first));
        assert_eq!((first.len(), second.len()), (100, 101));
        let shared = first.chunks.iter().zip(&second.chunks).filter(|(a, b)| Rc::ptr_eq(a, b)).count();
        // All but the piece with item 50, and the last, which grew.
        assert_eq!(shared, 5);
        let mut back = vec![9; 3];
        second.restore(&mut back);
        assert_eq!(back, list);
        first.restore(&mut back);
        assert!(first.is_of(&back) && !second.is_of(&back));
        assert_eq!(back, (0..100).collect::<Vec<u8>>());
    }
}
