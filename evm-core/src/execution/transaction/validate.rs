//! What is checked before a transaction executes, and what it costs before.

use super::{Rejected, blob_gas};
use crate::block::blob_base_fee;
use crate::execution::Context;
use crate::rules::Rules;
use crate::transaction::{Transaction, TxType};
use crate::{Address, U256};

/// Gas of a transaction whatever it executes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Intrinsic {
    /// Taken before it executes (Yellow Paper 6.2, g0).
    pub gas: u64,
    /// EIP-7623: paid at least.
    pub floor: u64,
}

/// What a valid transaction pays.
pub(super) struct Paid {
    pub intrinsic: Intrinsic,
    pub gas_price: U256,
    pub blob_base_fee: U256,
    pub blob_fee: U256,
}

/// Gas that `tx` of `sender` costs whatever it executes.
pub fn intrinsic_gas(tx: &Transaction, sender: Address, rules: &Rules) -> Intrinsic {
    let gas = &rules.gas;
    let len = tx.data.len() as u64;
    let zeros = tx.data.iter().filter(|byte| **byte == 0).count() as u64;
    let keys: u64 = tx.access_list.iter().map(|item| item.storage_keys.len() as u64).sum();
    let base = base_gas(tx, sender, rules);
    let mut sum = base
        + zeros * gas.tx_zero_byte
        + (len - zeros) * gas.tx_byte
        + tx.access_list.len() as u64 * gas.access_list_address
        + keys * gas.access_list_key
        + tx.authorizations.len() as u64 * gas.authorization;
    if tx.to.is_none() {
        sum += gas.initcode_word * len.div_ceil(32);
    }
    let list_bytes = tx.access_list.len() as u64 * 20 + keys * 32;
    let tokens = zeros * gas.floor_zero_byte + (len - zeros) * 4 + list_bytes * gas.floor_access_list_byte;
    let least = if gas.tx_parts.is_some() { base } else { gas.tx };
    let floor = if gas.floor_token == 0 { 0 } else { least + tokens * gas.floor_token };
    Intrinsic { gas: sum, floor }
}

/// What a transaction costs without its data and lists (EIP-2780).
fn base_gas(tx: &Transaction, sender: Address, rules: &Rules) -> u64 {
    let gas = &rules.gas;
    match (tx.to, gas.tx_parts) {
        (None, _) => gas.tx + gas.tx_create,
        (Some(to), Some(parts)) if to != sender => {
            gas.tx + parts.recipient + if tx.value.is_zero() { 0 } else { parts.value }
        }
        (Some(_), _) => gas.tx,
    }
}

pub(super) fn validate(context: &Context<'_>, tx: &Transaction, sender: Address) -> Result<Paid, Rejected> {
    let Context { world, rules, .. } = *context;
    if tx.tx_type > rules.tx_types {
        return Err(Rejected::TypeNotSupported(tx.tx_type as u8));
    }
    if let Some(named) = tx.chain_id.filter(|named| *named != rules.chain_id) {
        return Err(Rejected::WrongChain { named, chain: rules.chain_id });
    }
    let intrinsic = gas_limits(context, tx, sender)?;
    let gas_price = fees(context, tx)?;
    let (blob_base_fee, blob_fee) = blobs(context, tx)?;
    if tx.tx_type == TxType::SetCode {
        if tx.to.is_none() {
            return Err(Rejected::MustNotCreate(4));
        }
        if tx.authorizations.is_empty() {
            return Err(Rejected::NoAuthorizations);
        }
    }
    let account = world.accounts.get(&sender);
    let nonce = account.map_or(0, |account| account.nonce);
    if tx.nonce < nonce {
        return Err(Rejected::NonceTooLow { nonce: tx.nonce, account: nonce });
    }
    if tx.nonce > nonce {
        return Err(Rejected::NonceTooHigh { nonce: tx.nonce, account: nonce });
    }
    if nonce == u64::MAX {
        return Err(Rejected::NonceIsMax);
    }
    if let Some(code) = account.map(|account| &account.code).filter(|code| !code.is_empty())
        && rules.reject_code_senders
        && !(rules.delegation && code.delegation().is_some())
    {
        return Err(Rejected::SenderHasCode(sender));
    }
    let balance = account.map_or_else(U256::zero, |account| account.balance);
    let most = tx.max_fee.checked_mul(tx.gas_limit.into()).ok_or(Rejected::FeeOverflow)?;
    let blob_most = tx.max_blob_fee.checked_mul(blob_gas(tx).into()).ok_or(Rejected::FeeOverflow)?;
    let needed = most.checked_add(blob_most).and_then(|sum| sum.checked_add(tx.value));
    let needed = needed.ok_or(Rejected::InsufficientFunds { needed: U256::MAX, balance })?;
    if balance < needed {
        return Err(Rejected::InsufficientFunds { needed, balance });
    }
    Ok(Paid { intrinsic, gas_price, blob_base_fee, blob_fee })
}

fn gas_limits(context: &Context<'_>, tx: &Transaction, sender: Address) -> Result<Intrinsic, Rejected> {
    let Context { env, rules, .. } = *context;
    let limit = tx.gas_limit;
    let apart = rules.gas.state.is_some();
    if let Some(cap) = rules.tx_gas_cap.filter(|cap| !apart && limit > *cap) {
        return Err(Rejected::OverGasCap { limit, cap });
    }
    if limit > env.gas_limit {
        return Err(Rejected::OverBlockGasLimit { limit, block: env.gas_limit });
    }
    if let Some(most) = rules.max_initcode_size.filter(|most| tx.to.is_none() && tx.data.len() > *most) {
        return Err(Rejected::InitcodeTooLarge { len: tx.data.len(), most });
    }
    let intrinsic = intrinsic_gas(tx, sender, rules);
    if limit < intrinsic.gas {
        return Err(Rejected::IntrinsicGas { limit, needed: intrinsic.gas });
    }
    if limit < intrinsic.floor {
        return Err(Rejected::FloorGas { limit, needed: intrinsic.floor });
    }
    // EIP-8037: only gas for execution is capped.
    let least = intrinsic.gas.max(intrinsic.floor);
    if let Some(cap) = rules.tx_gas_cap.filter(|cap| apart && least > *cap) {
        return Err(Rejected::OverGasCap { limit: least, cap });
    }
    Ok(intrinsic)
}

/// Wei a unit of gas that the transaction pays (EIP-1559).
fn fees(context: &Context<'_>, tx: &Transaction) -> Result<U256, Rejected> {
    if !context.rules.base_fee {
        return Ok(tx.max_fee);
    }
    let base = context.env.base_fee;
    if tx.max_priority_fee > tx.max_fee {
        return Err(Rejected::PriorityOverFee);
    }
    let Some(room) = tx.max_fee.checked_sub(base) else {
        return Err(Rejected::FeeBelowBase { fee: tx.max_fee, base });
    };
    Ok(base + room.min(tx.max_priority_fee))
}

/// Price of blob gas, and wei that the transaction pays for its blobs (EIP-4844).
fn blobs(context: &Context<'_>, tx: &Transaction) -> Result<(U256, U256), Rejected> {
    let Some(rules) = &context.rules.blobs else { return Ok(Default::default()) };
    let base = blob_base_fee(context.env.excess_blob_gas, rules);
    if tx.tx_type != TxType::Blob {
        return Ok((base, U256::zero()));
    }
    let blobs = tx.blob_hashes.len() as u64;
    let most = rules.max_per_tx.unwrap_or(rules.max).min(rules.max);
    if tx.to.is_none() {
        return Err(Rejected::MustNotCreate(3));
    }
    if blobs == 0 {
        return Err(Rejected::NoBlobs);
    }
    if blobs > most {
        return Err(Rejected::TooManyBlobs { blobs, most });
    }
    if let Some(hash) = tx.blob_hashes.iter().find(|hash| hash.0[0] != 1) {
        return Err(Rejected::BlobVersion(hash.0[0]));
    }
    if tx.max_blob_fee < base {
        return Err(Rejected::BlobFeeTooLow { fee: tx.max_blob_fee, base });
    }
    Ok((base, base.saturating_mul(blob_gas(tx).into())))
}
