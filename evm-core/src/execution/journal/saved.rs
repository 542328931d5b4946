//! Copies of a journal, for going back to.

use super::{Journal, Slot, Touched, Undo};
use crate::U256;
use crate::block::Log;
use crate::execution::chunks::Chunks;

/// A copy of a journal; shares what did not change with an earlier copy.
#[derive(Clone, Debug)]
pub(crate) struct SavedJournal {
    accounts: Chunks<Touched, 32>,
    slots: Chunks<Slot, 64>,
    transient: Chunks<U256, 64>,
    transient_keys: Chunks<(u32, U256), 64>,
    undo: Chunks<Undo, 128>,
    logs: Chunks<Log, 16>,
}

fn log_bytes<'a>(logs: impl Iterator<Item = &'a Log>) -> usize {
    logs.map(|log| log.data.len() + log.topics.len() * 32).sum()
}

impl SavedJournal {
    /// A copy of `journal`.
    pub fn new(journal: &Journal, earlier: Option<&Self>) -> Self {
        let Journal { accounts, slots, transient, transient_index, undo, logs, .. } = journal;
        // The table as a list in the order of its indices.
        let mut keys = vec![(0, U256::zero()); transient.len()];
        for (key, index) in transient_index {
            if let Some(place) = keys.get_mut(*index as usize) {
                *place = *key;
            }
        }
        Self {
            accounts: Chunks::new(accounts, earlier.map(|copy| &copy.accounts)),
            slots: Chunks::new(slots, earlier.map(|copy| &copy.slots)),
            transient: Chunks::new(transient, earlier.map(|copy| &copy.transient)),
            transient_keys: Chunks::new(&keys, earlier.map(|copy| &copy.transient_keys)),
            undo: Chunks::new(undo, earlier.map(|copy| &copy.undo)),
            logs: Chunks::new(logs, earlier.map(|copy| &copy.logs)),
        }
    }

    /// Makes `journal` what it was when it was copied. It must be of the same transaction: what an execution touches
    /// it touches in the same order each time, so that of the tables only the ends differ.
    pub fn restore(&self, journal: &mut Journal) {
        for account in journal.accounts.iter().skip(self.accounts.len()) {
            journal.index.remove(&account.address);
        }
        for slot in journal.slots.iter().skip(self.slots.len()) {
            journal.slot_index.remove(&(slot.account, slot.key));
        }
        let (accounts, slots) = (journal.accounts.len(), journal.slots.len());
        self.accounts.restore(&mut journal.accounts);
        self.slots.restore(&mut journal.slots);
        for (index, account) in journal.accounts.iter().enumerate().skip(accounts) {
            journal.index.insert(account.address, index as u32);
        }
        for (index, slot) in journal.slots.iter().enumerate().skip(slots) {
            journal.slot_index.insert((slot.account, slot.key), index as u32);
        }
        let mut keys = Vec::new();
        self.transient_keys.restore(&mut keys);
        self.transient.restore(&mut journal.transient);
        journal.transient_index.clear();
        journal.transient_index.extend(keys.into_iter().zip(0..));
        self.undo.restore(&mut journal.undo);
        self.logs.restore(&mut journal.logs);
    }

    /// As [`Chunks::own_bytes`].
    pub fn own_bytes(&self) -> usize {
        self.accounts.own_bytes()
            + self.slots.own_bytes()
            + self.transient.own_bytes()
            + self.transient_keys.own_bytes()
            + self.undo.own_bytes()
            + self.logs.own_bytes()
            + log_bytes(self.logs.own_items())
    }

    /// As [`Chunks::bytes`].
    pub fn bytes(&self) -> usize {
        self.accounts.bytes()
            + self.slots.bytes()
            + self.transient.bytes()
            + self.transient_keys.bytes()
            + self.undo.bytes()
            + self.logs.bytes()
    }
}
