//! What a transaction has changed so far, over a world that stays as it was: accounts and slots that it touched, and
//! the list that undoes the changes of a frame.

mod accesses;
mod saved;

pub use accesses::Accesses;
pub(crate) use saved::SavedJournal;

use super::words::WordMap;
use crate::block::Log;
use crate::rules::Rules;
use crate::state::{Account, Code, World};
use crate::{Address, H256, U256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A word of storage that the transaction touched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot {
    /// Its account, as an index of [`Journal::accounts`].
    pub account: u32,
    /// Where in the account's storage.
    pub key: U256,
    /// Now.
    pub value: U256,
    /// When the transaction began.
    pub original: U256,
    /// EIP-2929: touched before.
    pub warm: bool,
    /// As [`Touched::accessed`].
    accessed: bool,
    /// Place in the undo list, counted from 1, of the last entry for its value.
    undone_at: u32,
}

impl Slot {
    /// A slot that the transaction has not touched, and its value.
    pub(crate) fn untouched(account: u32, key: U256, value: U256) -> Self {
        Self { account, key, value, original: value, warm: false, accessed: false, undone_at: 0 }
    }
}

/// A word of transient storage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Transient {
    account: u32,
    key: U256,
    value: U256,
    /// As [`Slot::undone_at`].
    undone_at: u32,
}

/// An account that the transaction touched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Touched {
    /// Whose.
    pub address: Address,
    /// In wei.
    pub balance: U256,
    /// As [`Account::nonce`].
    pub nonce: u64,
    /// As [`Account::code`].
    pub code: Arc<Code>,
    /// False: there is nothing in its storage in the world before, or that does not count.
    has_storage: bool,
    /// False: there is no such account. Before EIP-161 an empty one can exist.
    pub exists: bool,
    /// EIP-2929: touched before.
    pub warm: bool,
    /// Made by this transaction.
    pub created: bool,
    /// To be deleted when the transaction ends.
    pub destroyed: bool,
    /// EIP-161: if empty when the transaction ends, it goes.
    pub touched: bool,
    /// Differs from the world before, or did for a while.
    dirty: bool,
    /// EIP-7928: looked at, with all that had to be paid before; stays so where a frame fails.
    accessed: bool,
}

impl Touched {
    /// EIP-161's empty.
    pub fn is_empty(&self) -> bool {
        self.nonce == 0 && self.balance.is_zero() && self.code.is_empty()
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Undo {
    Balance(u32, U256),
    Nonce(u32, u64),
    Code(u32, Arc<Code>),
    /// The slot, its [`Slot::undone_at`] and value.
    Slot(u32, u32, U256),
    Transient(u32, u32, U256),
    Warm(u32),
    WarmSlot(u32),
    Created(u32),
    Destroyed(u32),
    Touched(u32),
    Exists(u32),
}

/// Changes of a transaction.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    accounts: Vec<Touched>,
    index: WordMap<Address, u32>,
    slots: Vec<Slot>,
    slot_index: WordMap<(u32, U256), u32>,
    transient: Vec<Transient>,
    transient_index: WordMap<(u32, U256), u32>,
    undo: Vec<Undo>,
    /// Logs so far.
    pub logs: Vec<Log>,
}

/// 0x03, RIPEMD-160. In block 2675119 of the main network it was touched by a frame that failed, and removed all the
/// same; since then a touch of it is never undone.
const NEVER_UNTOUCHED: Address = Address([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);

/// EIP-7708: the hash of `Transfer(address,address,uint256)`.
const TRANSFER: H256 = H256([
    0xDD, 0xF2, 0x52, 0xAD, 0x1B, 0xE2, 0xC8, 0x9B, 0x69, 0xC2, 0xB0, 0x68, 0xFC, 0x37, 0x8D, 0xAA, 0x95,
    0x2B, 0xA7, 0xF1, 0x63, 0xC4, 0xA1, 0x16, 0x28, 0xF5, 0x5A, 0x4D, 0xF5, 0x23, 0xB3, 0xEF,
]);

impl Journal {
    /// Entry of `address`, loaded from the world at first.
    pub(crate) fn load(&mut self, world: &World, address: &Address) -> u32 {
        if let Some(found) = self.index.get(address) {
            return *found;
        }
        let index = self.accounts.len() as u32;
        self.index.insert(*address, index);
        self.accounts.push(entry(*address, world.accounts.get(address)));
        index
    }

    /// All accounts touched, in the order of their first touch.
    pub fn accounts(&self) -> &[Touched] {
        &self.accounts
    }

    /// The account, if it was touched.
    pub fn get(&self, address: &Address) -> Option<&Touched> {
        self.index.get(address).map(|index| self.at(*index))
    }

    /// The slot, if it was touched.
    pub fn slot(&self, address: &Address, key: &U256) -> Option<&Slot> {
        let account = self.index.get(address)?;
        let slot = self.slot_index.get(&(*account, *key))?;
        self.slots.get(*slot as usize)
    }

    /// All slots touched, in the order of their first touch.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// A word of transient storage.
    pub fn transient_word(&self, address: &Address, key: &U256) -> U256 {
        self.index.get(address).map_or_else(U256::zero, |index| self.transient(*index, *key))
    }

    #[inline(always)]
    pub(crate) fn at(&self, index: u32) -> &Touched {
        &self.accounts[index as usize]
    }

    #[inline(always)]
    fn at_mut(&mut self, index: u32) -> &mut Touched {
        &mut self.accounts[index as usize]
    }

    pub(crate) fn balance_at(&self, index: u32) -> U256 {
        self.at(index).balance
    }

    /// Hash that EXTCODEHASH tells: zero for an account that is empty or not there.
    pub(crate) fn code_hash(&self, index: u32) -> H256 {
        let account = self.at(index);
        match account.exists && !account.is_empty() {
            true => account.code.hash(),
            false => H256::zero(),
        }
    }

    /// True for what EIP-161 calls dead: empty or not there.
    pub(crate) fn is_dead(&self, index: u32) -> bool {
        let account = self.at(index);
        !account.exists || account.is_empty()
    }

    /// Marks an account warm; true if it was cold.
    #[inline]
    pub(crate) fn warm(&mut self, index: u32) -> bool {
        let account = self.at_mut(index);
        if account.warm {
            return false;
        }
        account.warm = true;
        self.undo.push(Undo::Warm(index));
        true
    }

    /// The slot's index, loaded from the world at first, and marked warm; true if it was cold.
    #[inline]
    pub(crate) fn load_slot(&mut self, world: &World, account: u32, key: U256) -> (u32, bool) {
        if let Some(&index) = self.slot_index.get(&(account, key)) {
            let slot = &mut self.slots[index as usize];
            let cold = !std::mem::replace(&mut slot.warm, true);
            if cold {
                self.undo.push(Undo::WarmSlot(index));
            }
            return (index, cold);
        }
        let touched = &self.accounts[account as usize];
        let value = if touched.has_storage { world.storage(&touched.address, &key) } else { U256::zero() };
        let index = self.slots.len() as u32;
        self.slots.push(Slot { warm: true, ..Slot::untouched(account, key, value) });
        self.slot_index.insert((account, key), index);
        self.undo.push(Undo::WarmSlot(index));
        (index, true)
    }

    /// A slot that was loaded.
    #[inline(always)]
    pub(crate) fn slot_at(&self, slot: u32) -> &Slot {
        &self.slots[slot as usize]
    }

    /// Writes a slot that was loaded. `since` is the length of the undo list when the frame began: one entry since then
    /// is enough to undo any number of writes, so that the list does not grow with their number.
    #[inline]
    pub(crate) fn store(&mut self, slot: u32, value: U256, since: usize) {
        let place = &mut self.slots[slot as usize];
        if place.undone_at as usize <= since {
            self.undo.push(Undo::Slot(slot, place.undone_at, place.value));
            place.undone_at = self.undo.len() as u32;
        }
        place.value = value;
        self.accounts[place.account as usize].dirty = true;
    }

    pub(crate) fn transient(&self, account: u32, key: U256) -> U256 {
        self.transient_index
            .get(&(account, key))
            .map_or_else(U256::zero, |index| self.transient[*index as usize].value)
    }

    /// Writes a word of transient storage; `since` as in [`Self::store`].
    pub(crate) fn store_transient(&mut self, account: u32, key: U256, value: U256, since: usize) {
        let next = self.transient.len() as u32;
        let index = *self.transient_index.entry((account, key)).or_insert(next);
        if index == next {
            self.transient.push(Transient { account, key, value: U256::zero(), undone_at: 0 });
        }
        let place = &mut self.transient[index as usize];
        if place.undone_at as usize <= since {
            self.undo.push(Undo::Transient(index, place.undone_at, place.value));
            place.undone_at = self.undo.len() as u32;
        }
        place.value = value;
    }

    pub(crate) fn set_balance(&mut self, index: u32, balance: U256) {
        let account = self.at_mut(index);
        account.dirty = true;
        let before = std::mem::replace(&mut account.balance, balance);
        self.undo.push(Undo::Balance(index, before));
    }

    pub(crate) fn set_nonce(&mut self, index: u32, nonce: u64) {
        let account = self.at_mut(index);
        account.dirty = true;
        let before = std::mem::replace(&mut account.nonce, nonce);
        self.undo.push(Undo::Nonce(index, before));
    }

    pub(crate) fn set_code(&mut self, index: u32, code: Arc<Code>) {
        let account = self.at_mut(index);
        account.dirty = true;
        let before = std::mem::replace(&mut account.code, code);
        self.undo.push(Undo::Code(index, before));
    }

    /// The account exists from now on, and was touched in EIP-161's sense.
    pub(crate) fn touch(&mut self, index: u32) {
        let account = self.at_mut(index);
        account.dirty = true;
        let (touched, exists) = (account.touched, account.exists);
        (account.touched, account.exists) = (true, true);
        if !touched {
            self.undo.push(Undo::Touched(index));
        }
        if !exists {
            self.undo.push(Undo::Exists(index));
        }
    }

    pub(crate) fn mark_created(&mut self, index: u32) {
        let account = self.at_mut(index);
        if !account.created {
            account.created = true;
            self.undo.push(Undo::Created(index));
        }
    }

    /// Marks the account for deletion; true if it was not marked before.
    pub(crate) fn destroy(&mut self, index: u32) -> bool {
        let account = self.at_mut(index);
        if account.destroyed {
            return false;
        }
        account.destroyed = true;
        account.dirty = true;
        self.undo.push(Undo::Destroyed(index));
        true
    }

    /// Moves wei; false, and nothing happened, if there are too few.
    pub(crate) fn transfer(&mut self, from: u32, to: u32, value: U256) -> bool {
        if value.is_zero() {
            return true;
        }
        let Some(rest) = self.at(from).balance.checked_sub(value) else { return false };
        self.set_balance(from, rest);
        self.touch(to);
        // There are not 2^256 wei, unless a test's world says so.
        let sum = self.at(to).balance.overflowing_add(value).0;
        self.set_balance(to, sum);
        true
    }

    /// EIP-7708: the log of wei that move from one account to another.
    pub(crate) fn log_transfer(&mut self, from: u32, to: u32, value: U256) {
        if from == to || value.is_zero() {
            return;
        }
        let topics = vec![TRANSFER, self.at(from).address.into(), self.at(to).address.into()];
        let data = crate::word::to_be_bytes(value).to_vec();
        self.logs.push(Log { address: super::SYSTEM, topics, data });
    }

    /// A point to which [`Self::revert`] goes back.
    pub(crate) fn checkpoint(&self) -> (usize, usize) {
        (self.undo.len(), self.logs.len())
    }

    /// Undoes everything since the checkpoint.
    pub(crate) fn revert(&mut self, (undo, logs): (usize, usize)) {
        self.logs.truncate(logs);
        while self.undo.len() > undo {
            if let Some(change) = self.undo.pop() {
                self.undo(change);
            }
        }
    }

    fn undo(&mut self, change: Undo) {
        match change {
            Undo::Balance(index, balance) => self.at_mut(index).balance = balance,
            Undo::Nonce(index, nonce) => self.at_mut(index).nonce = nonce,
            Undo::Code(index, code) => self.at_mut(index).code = code,
            Undo::Slot(index, undone_at, value) => {
                let slot = &mut self.slots[index as usize];
                (slot.undone_at, slot.value) = (undone_at, value);
            }
            Undo::WarmSlot(index) => self.slots[index as usize].warm = false,
            Undo::Transient(index, undone_at, value) => {
                let place = &mut self.transient[index as usize];
                (place.undone_at, place.value) = (undone_at, value);
            }
            Undo::Warm(index) => self.at_mut(index).warm = false,
            Undo::Created(index) => self.at_mut(index).created = false,
            Undo::Destroyed(index) => self.at_mut(index).destroyed = false,
            Undo::Touched(index) => {
                let account = self.at_mut(index);
                account.touched = account.address == NEVER_UNTOUCHED;
            }
            Undo::Exists(index) => self.at_mut(index).exists = false,
        }
    }

    /// What differs from the world before, once the transaction has ended: with EIP-161 without what is empty, with
    /// EIP-8246 with the balance of what was created and destroyed.
    pub(crate) fn into_changes(self, rules: &Rules) -> Changes {
        let mut written: Vec<Vec<(U256, U256)>> = vec![Vec::new(); self.accounts.len()];
        for slot in self.slots.iter().filter(|slot| slot.value != slot.original) {
            written[slot.account as usize].push((slot.key, slot.value));
        }
        let mut changes = BTreeMap::new();
        for (mut account, mut storage) in self.accounts.into_iter().zip(written) {
            if !account.dirty && !account.touched {
                continue;
            }
            if rules.keep_destroyed_balance
                && account.destroyed
                && account.created
                && !account.balance.is_zero()
            {
                (account.nonce, account.code, account.destroyed) = (0, Arc::default(), false);
                storage.clear();
            }
            let empty = rules.state_clearing && account.touched && account.is_empty();
            let gone = account.destroyed || !account.exists || empty;
            let Touched { nonce, balance, code, .. } = account;
            let change = (!gone).then_some(Change { nonce, balance, code, storage });
            changes.insert(account.address, change);
        }
        Changes(changes.into_iter().collect())
    }
}

fn entry(address: Address, account: Option<&Account>) -> Touched {
    let exists = account.is_some();
    let (balance, nonce, code) = match account {
        Some(account) => (account.balance, account.nonce, account.code.clone()),
        None => Default::default(),
    };
    Touched {
        address,
        balance,
        nonce,
        code,
        has_storage: account.is_some_and(|account| !account.storage.is_empty()),
        exists,
        warm: false,
        created: false,
        destroyed: false,
        touched: false,
        dirty: false,
        accessed: false,
    }
}

/// What an account is after a transaction that changed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// As [`Account::nonce`].
    pub nonce: u64,
    /// As [`Account::balance`].
    pub balance: U256,
    /// As [`Account::code`].
    pub code: Arc<Code>,
    /// Words that changed, with their keys, in the order in which they were first touched; zero where one was cleared.
    pub storage: Vec<(U256, U256)>,
}

/// What a transaction changed: accounts in the order of their addresses, nothing where one is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(pub Vec<(Address, Option<Change>)>);

impl World {
    /// Takes over what a transaction changed.
    pub fn apply(&mut self, changes: Changes) {
        for (address, change) in changes.0 {
            let Some(change) = change else {
                self.accounts.remove(&address);
                continue;
            };
            let account = self.accounts.entry(address).or_default();
            (account.nonce, account.balance, account.code) = (change.nonce, change.balance, change.code);
            for (key, value) in change.storage {
                if value.is_zero() {
                    account.storage.remove(&key);
                } else {
                    account.storage.insert(key, value);
                }
            }
        }
    }
}
