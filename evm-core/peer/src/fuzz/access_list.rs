//! revm's access list of a transaction (EIP-7928), as ours.

use evm_core::block::{AccountAccess, BlockAccessList, Written};
use evm_core::{Address, U256};
use revm::primitives;
use revm::state::EvmState;
use revm::state::bal::alloy::AlloyAccountChanges;
use revm::state::bal::{Bal, BlockAccessIndex};

/// What revm accessed and changed in one transaction, under index 0.
pub(super) fn access_list(state: &EvmState) -> BlockAccessList {
    let mut list = Bal::new();
    record(&mut list, 0, state);
    finish(list)
}

/// Adds what revm accessed and changed in a transaction.
pub(super) fn record(list: &mut Bal, index: u64, state: &EvmState) {
    for (address, account) in state {
        list.update_account(BlockAccessIndex::new(index), *address, account);
    }
}

/// revm's list as ours.
pub(super) fn finish(list: Bal) -> BlockAccessList {
    BlockAccessList(list.into_alloy_bal().into_iter().map(account_access).collect())
}

fn account_access(theirs: AlloyAccountChanges) -> AccountAccess {
    let words = |(slot, changes): (primitives::U256, Vec<_>)| (word(slot), changes);
    let slots = theirs.storage_changes.into_iter().map(|slot| {
        let changes = slot.changes.into_iter();
        (slot.slot, changes.map(|one| written(one.block_access_index, word(one.new_value))).collect())
    });
    let balances = theirs.balance_changes.into_iter();
    let nonces = theirs.nonce_changes.into_iter();
    let codes = theirs.code_changes.into_iter();
    AccountAccess {
        address: Address(theirs.address.into_array()),
        storage_changes: slots.map(words).collect(),
        storage_reads: theirs.storage_reads.into_iter().map(word).collect(),
        balance_changes: balances
            .map(|one| written(one.block_access_index, word(one.post_balance)))
            .collect(),
        nonce_changes: nonces.map(|one| written(one.block_access_index, one.new_nonce)).collect(),
        code_changes: codes.map(|one| written(one.block_access_index, one.new_code.to_vec())).collect(),
    }
}

fn written<T>(index: BlockAccessIndex, value: T) -> Written<T> {
    Written { index: index.get(), value }
}

fn word(value: primitives::U256) -> U256 {
    U256(*value.as_limbs())
}
