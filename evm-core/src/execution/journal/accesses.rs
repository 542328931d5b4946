//! What a transaction looked at, as the block's access list has it (EIP-7928). Not what is warm: an access list, or a
//! precompiled contract, warms what nobody looks at, and what a failed frame looked at is cold again but was accessed.

use super::Journal;
use crate::{Address, U256};

/// Accounts and slots that were accessed, whether or not they changed; each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accesses {
    /// Accounts.
    pub accounts: Vec<Address>,
    /// Words of storage.
    pub slots: Vec<(Address, U256)>,
}

impl Journal {
    /// The account was accessed.
    #[inline(always)]
    pub(crate) fn access(&mut self, account: u32) {
        self.at_mut(account).accessed = true;
    }

    /// The slot was accessed.
    #[inline(always)]
    pub(crate) fn access_slot(&mut self, slot: u32) {
        self.slots[slot as usize].accessed = true;
    }

    /// All that was accessed so far.
    pub(crate) fn accesses(&self) -> Accesses {
        let accounts = self.accounts.iter().filter(|account| account.accessed);
        let slots = self.slots.iter().filter(|slot| slot.accessed);
        Accesses {
            accounts: accounts.map(|account| account.address).collect(),
            slots: slots.map(|slot| (self.at(slot.account).address, slot.key)).collect(),
        }
    }
}
