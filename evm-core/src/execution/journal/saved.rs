//! Copies of a journal, for going back to.

use super::{Journal, Slot, Touched, Transient, Undo};
use crate::block::Log;
use crate::execution::chunks::Chunks;

/// A copy of a journal; shares what did not change with an earlier copy.
#[derive(Clone, Debug)]
pub(crate) struct SavedJournal {
    accounts: Chunks<Touched, 32>,
    slots: Chunks<Slot, 64>,
    transient: Chunks<Transient, 64>,
    undo: Chunks<Undo, 128>,
    logs: Chunks<Log, 16>,
}

fn log_bytes<'a>(logs: impl Iterator<Item = &'a Log>) -> usize {
    logs.map(|log| log.data.len() + log.topics.len() * 32).sum()
}

impl SavedJournal {
    /// A copy of `journal`.
    pub fn new(journal: &Journal, earlier: Option<&Self>) -> Self {
        let Journal { accounts, slots, transient, undo, logs, .. } = journal;
        Self {
            accounts: Chunks::new(accounts, earlier.map(|copy| &copy.accounts)),
            slots: Chunks::new(slots, earlier.map(|copy| &copy.slots)),
            transient: Chunks::new(transient, earlier.map(|copy| &copy.transient)),
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
        for word in journal.transient.iter().skip(self.transient.len()) {
            journal.transient_index.remove(&(word.account, word.key));
        }
        let (accounts, slots) = (journal.accounts.len(), journal.slots.len());
        let transient = journal.transient.len();
        self.accounts.restore(&mut journal.accounts);
        self.slots.restore(&mut journal.slots);
        self.transient.restore(&mut journal.transient);
        for (index, account) in journal.accounts.iter().enumerate().skip(accounts) {
            journal.index.insert(account.address, index as u32);
        }
        for (index, slot) in journal.slots.iter().enumerate().skip(slots) {
            journal.slot_index.insert((slot.account, slot.key), index as u32);
        }
        for (index, word) in journal.transient.iter().enumerate().skip(transient) {
            journal.transient_index.insert((word.account, word.key), index as u32);
        }
        self.undo.restore(&mut journal.undo);
        self.logs.restore(&mut journal.logs);
    }

    /// As [`Chunks::own_bytes`].
    pub fn own_bytes(&self) -> usize {
        self.accounts.own_bytes()
            + self.slots.own_bytes()
            + self.transient.own_bytes()
            + self.undo.own_bytes()
            + self.logs.own_bytes()
            + log_bytes(self.logs.own_items())
    }

    /// As [`Chunks::bytes`].
    pub fn bytes(&self) -> usize {
        self.accounts.bytes()
            + self.slots.bytes()
            + self.transient.bytes()
            + self.undo.bytes()
            + self.logs.bytes()
    }
}
