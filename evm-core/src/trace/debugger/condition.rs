//! Where to stop.

use super::fails::fails;
use crate::inspector::View;
use crate::interpreter::Frame;
use crate::{Address, U256};
use std::ops::Range;

/// What is looked for, forwards from the present position or backwards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// Any instruction.
    Into,
    /// An instruction of the present frame, or one of those that called it.
    Over,
    /// An instruction of a frame that called the present one.
    Out,
    /// A place in the code; with an address, only of that account's code.
    Pc {
        /// The place.
        pc: usize,
        /// Account whose code it is.
        code: Option<Address>,
    },
    /// An instruction with this byte.
    Opcode(u8),
    /// A depth; 0 is that of the outermost frame.
    Depth(u16),
    /// No more gas left in the frame than this.
    Gas(u64),
    /// A word of storage differs from what it is now.
    SlotChanges {
        /// The account.
        address: Address,
        /// The key.
        key: U256,
    },
    /// An instruction that is to write this word of storage, also if the word stays the same.
    SlotWritten {
        /// The account.
        address: Address,
        /// The key.
        key: U256,
    },
    /// A byte of the present frame's memory differs from what it is now, or is the first there.
    MemoryChanges(Range<usize>),
    /// A word of the present frame's stack differs from what it is now; 0 is the lowest word.
    StackChanges(usize),
    /// An instruction that is to end its frame with an error (not REVERT), but for what only its callee tells.
    Fails,
}

/// What a [`Condition`] compares with, and whether a view meets it.
#[derive(Clone, Debug)]
pub(super) struct Watch<'a> {
    condition: &'a Condition,
    /// Position at which the present frame was entered, and its depth.
    frame: (u64, usize),
    word: Option<U256>,
    bytes: Vec<u8>,
    /// The last instruction can have changed what is watched.
    dirty: bool,
    /// What was found when it was looked at last.
    met: bool,
    depth: usize,
}

impl<'a> Watch<'a> {
    pub fn new(condition: &'a Condition, view: &View<'_>, entered: &[u64]) -> Self {
        let depth = view.callers.len();
        let mut watch = Self {
            condition,
            frame: (entered.last().copied().unwrap_or(0), depth),
            word: None,
            bytes: Vec::new(),
            dirty: true,
            met: false,
            depth,
        };
        match condition {
            Condition::SlotChanges { address, key } => watch.word = Some(slot(view, address, key)),
            Condition::StackChanges(at) => watch.word = view.frame.stack.words().get(*at).copied(),
            Condition::MemoryChanges(range) => watch.bytes = memory(view.frame, range).to_vec(),
            _ => {}
        }
        watch
    }

    /// The frame that was present at the beginning, if it still runs.
    fn frame<'v>(&self, view: &View<'v>, entered: &[u64]) -> Option<&'v Frame> {
        let (position, depth) = self.frame;
        if entered.get(depth) != Some(&position) {
            return None;
        }
        if view.callers.len() == depth { Some(view.frame) } else { view.callers.get(depth) }
    }

    /// Whether the view meets the condition. To be asked at every instruction, in order.
    pub fn meets(&mut self, view: &View<'_>, entered: &[u64]) -> bool {
        let depth = view.callers.len();
        match self.condition {
            Condition::Into => true,
            Condition::Over => depth <= self.frame.1,
            Condition::Out => depth < self.frame.1,
            Condition::Pc { pc, code } => {
                *pc == view.pc && code.is_none_or(|code| code == view.frame.code_address)
            }
            Condition::Opcode(byte) => *byte == view.opcode,
            Condition::Depth(wanted) => depth == usize::from(*wanted),
            Condition::Gas(least) => view.frame.gas <= *least,
            Condition::SlotWritten { address, key } => {
                view.opcode == 0x55
                    && view.frame.address == *address
                    && view.frame.stack.words().last() == Some(key)
            }
            Condition::Fails => fails(view),
            Condition::SlotChanges { .. } | Condition::MemoryChanges(_) | Condition::StackChanges(_) => {
                let next = self.can_change(view);
                let look = std::mem::replace(&mut self.dirty, next);
                let moved = std::mem::replace(&mut self.depth, depth) != depth;
                if look || moved {
                    self.met = self.differs(view, entered);
                }
                self.met
            }
        }
    }

    fn differs(&self, view: &View<'_>, entered: &[u64]) -> bool {
        match self.condition {
            Condition::SlotChanges { address, key } => Some(slot(view, address, key)) != self.word,
            Condition::MemoryChanges(range) => {
                self.frame(view, entered).is_some_and(|frame| memory(frame, range) != self.bytes)
            }
            Condition::StackChanges(at) => self
                .frame(view, entered)
                .is_some_and(|frame| frame.stack.words().get(*at).copied() != self.word),
            _ => false,
        }
    }

    /// True if the instruction of the view can change what is watched.
    fn can_change(&self, view: &View<'_>) -> bool {
        match self.condition {
            Condition::SlotChanges { .. } => view.opcode == 0x55,
            Condition::MemoryChanges(_) => {
                matches!(view.opcode, 0x20 | 0x37 | 0x39 | 0x3C | 0x3E | 0x51..=0x53 | 0x5E | 0xA0..=0xFF)
            }
            _ => true,
        }
    }
}

/// A word of storage as it is now.
pub(super) fn slot(view: &View<'_>, address: &Address, key: &U256) -> U256 {
    match view.journal.slot(address, key) {
        Some(slot) => slot.value,
        None if view.journal.get(address).is_some_and(|account| account.created) => U256::zero(),
        None => view.world.storage(address, key),
    }
}

fn memory<'f>(frame: &'f Frame, range: &Range<usize>) -> &'f [u8] {
    let bytes = frame.memory.bytes();
    bytes.get(range.start..range.end.min(bytes.len())).unwrap_or_default()
}
