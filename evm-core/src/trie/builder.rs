//! Nodes made from pairs in the order of their keys, without recursion and without keeping them.

use super::EMPTY_ROOT;
use crate::H256;
use crate::keccak::keccak256;
use crate::rlp::{HEAD, head, spec};

/// Root of the trie of `pairs`, which are in strictly ascending order of keys. Pairs with empty values do not count.
pub(super) fn root(pairs: &[(&[u8], &[u8])]) -> H256 {
    debug_assert!(pairs.is_sorted_by(|a, b| a.0 < b.0));
    let mut pairs = pairs.iter().copied().filter(|(_, value)| !value.is_empty()).peekable();
    let mut builder = Builder::default();
    let mut last = None;
    while let Some((key, value)) = pairs.next() {
        let shared = pairs.peek().map(|(next, _)| shared_nibbles(key, next));
        last = builder.add(key, value, shared);
    }
    match last {
        None => EMPTY_ROOT,
        Some(top) => top.as_hash(),
    }
}

/// Nibbles that both keys begin with.
fn shared_nibbles(a: &[u8], b: &[u8]) -> usize {
    let bytes = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    match (a.get(bytes), b.get(bytes)) {
        (Some(a), Some(b)) if a >> 4 == b >> 4 => 2 * bytes + 1,
        _ => 2 * bytes,
    }
}

/// A nibble of a key, which is long enough.
fn nibble(key: &[u8], at: usize) -> u8 {
    let byte = key[at / 2];
    if at.is_multiple_of(2) { byte >> 4 } else { byte & 0xF }
}

/// What a node has of its child: the child's encoding if under 32 bytes, or else its hash as a string (equation 196).
#[derive(Clone, Copy)]
struct Reference {
    bytes: [u8; 33],
    length: usize,
}

impl Reference {
    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// The root has a hash even if it is short.
    fn as_hash(&self) -> H256 {
        if self.length == 33 { H256::from_slice(&self.bytes[1..]) } else { keccak256(self.as_slice()) }
    }
}

/// A branch node whose children are being added.
struct Branch<'a> {
    /// Nibbles of the keys before the one that chooses the child.
    depth: usize,
    /// Where in the arena it begins.
    start: usize,
    /// Children that it has already, present or not.
    children: u8,
    /// Of the key that ends here.
    value: &'a [u8],
}

/// Branches from the root down, each with children in the order of keys.
#[derive(Default)]
struct Builder<'a> {
    /// Encodings of the open branches, the innermost last. Before each is room for its head.
    arena: Vec<u8>,
    open: Vec<Branch<'a>>,
}

impl<'a> Builder<'a> {
    /// Adds a leaf, and closes the branches that the next key is not in: `shared` is how many nibbles that has in
    /// common with this one. Without a next key the result is the root.
    fn add(&mut self, key: &[u8], value: &'a [u8], shared: Option<usize>) -> Option<Reference> {
        if let Some(depth) = shared
            && self.innermost() < Some(depth)
        {
            self.open_branch(depth);
        }
        let mut node = match self.open.last_mut() {
            Some(branch) if branch.depth == 2 * key.len() => {
                branch.value = value;
                None
            }
            Some(branch) => {
                let from = branch.depth + 1;
                Some(self.leaf(key, from, value))
            }
            None => Some(self.leaf(key, 0, value)),
        };
        loop {
            if let Some(node) = node.take() {
                let Some(parent) = self.open.last() else { return Some(node) };
                self.add_child(nibble(key, parent.depth), &node);
            }
            if self.innermost() <= shared {
                return None;
            }
            node = self.close_branch(key, shared);
        }
    }

    /// Depth of the innermost branch.
    fn innermost(&self) -> Option<usize> {
        self.open.last().map(|branch| branch.depth)
    }

    fn open_branch(&mut self, depth: usize) {
        let start = self.begin_node();
        self.open.push(Branch { depth, start, children: 0, value: &[] });
    }

    fn add_child(&mut self, place: u8, node: &Reference) {
        let Some(branch) = self.open.last_mut() else { return };
        let absent = place.saturating_sub(branch.children);
        branch.children = place + 1;
        self.arena.extend(std::iter::repeat_n(spec::STRING, absent.into()));
        self.arena.extend_from_slice(node.as_slice());
    }

    /// Ends the innermost branch. Its parent is the next one in, or, if the next key leaves between the two, a new one.
    fn close_branch(&mut self, key: &[u8], shared: Option<usize>) -> Option<Reference> {
        let branch = self.open.pop()?;
        self.arena.extend(std::iter::repeat_n(spec::STRING, usize::from(16 - branch.children)));
        self.string(branch.value);
        let mut node = self.end_node(branch.start);
        if let Some(depth) = shared
            && self.innermost() < Some(depth)
        {
            self.open_branch(depth);
        }
        let from = self.innermost().map_or(0, |parent| parent + 1);
        if from < branch.depth {
            let start = self.begin_node();
            self.path(key, from, branch.depth, 0);
            self.arena.extend_from_slice(node.as_slice());
            node = self.end_node(start);
        }
        Some(node)
    }

    /// A leaf with what its key has from nibble `from` on.
    fn leaf(&mut self, key: &[u8], from: usize, value: &[u8]) -> Reference {
        let start = self.begin_node();
        self.path(key, from, 2 * key.len(), 0x20);
        self.string(value);
        self.end_node(start)
    }

    fn begin_node(&mut self) -> usize {
        let start = self.arena.len();
        self.arena.extend_from_slice(&[0; HEAD]);
        start
    }

    /// Takes the node that began at `start` from the arena.
    fn end_node(&mut self, start: usize) -> Reference {
        let payload = start + HEAD;
        let (head, from) = head(spec::LIST, self.arena.len() - payload);
        self.arena[start..payload].copy_from_slice(&head);
        let node = &self.arena[start + from..];
        let mut reference = Reference { bytes: [0; 33], length: 33 };
        if node.len() < 32 {
            reference.bytes[..node.len()].copy_from_slice(node);
            reference.length = node.len();
        } else {
            reference.bytes[0] = spec::STRING + 32;
            reference.bytes[1..].copy_from_slice(keccak256(node).as_bytes());
        }
        self.arena.truncate(start);
        reference
    }

    /// Nibbles of a key as a string, with the hex-prefix of appendix C. `flag` is 20 for a leaf.
    fn path(&mut self, key: &[u8], from: usize, to: usize, flag: u8) {
        let count = to - from;
        let length = 1 + count / 2;
        if length > 1 {
            self.string_head(length);
        }
        let odd = count % 2 == 1;
        let first = if odd { flag | 0x10 | nibble(key, from) } else { flag };
        self.arena.push(first);
        let from = from + usize::from(odd);
        if from.is_multiple_of(2) {
            self.arena.extend_from_slice(&key[from / 2..to / 2]);
        } else {
            self.arena.extend((from..to).step_by(2).map(|at| nibble(key, at) << 4 | nibble(key, at + 1)));
        }
    }

    fn string(&mut self, bytes: &[u8]) {
        if !matches!(bytes, [..=spec::LAST_SINGLE]) {
            self.string_head(bytes.len());
        }
        self.arena.extend_from_slice(bytes);
    }

    fn string_head(&mut self, length: usize) {
        let (head, from) = head(spec::STRING, length);
        self.arena.extend_from_slice(&head[from..]);
    }
}
