//! The result, as geth's tool writes it.

use super::{Done, Env, Included};
use crate::U256;
use crate::block::{Receipt, logs_hash, receipts_bloom, receipts_root, transactions_root, withdrawals_root};
use crate::trace::{account, data, digest, quantity};
use crate::trie::state_root;
use serde_json::{Map, Value, json};

impl Done<'_> {
    /// All of it.
    pub(super) fn result(&self, env: &Env) -> Value {
        let (body, rules) = (&self.body, &self.body.rules);
        let transactions: Vec<_> = self.included.iter().map(|one| one.tx.clone()).collect();
        let logs: Vec<_> = body.receipts.iter().flat_map(|receipt| receipt.logs.clone()).collect();
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.into(), value);
        put("stateRoot", digest(&state_root(&body.world)).into());
        put("txRoot", digest(&transactions_root(&transactions)).into());
        put("receiptsRoot", digest(&receipts_root(&body.receipts)).into());
        put("logsHash", digest(&logs_hash(&logs)).into());
        put("logsBloom", data(&receipts_bloom(&body.receipts).0).into());
        put("receipts", self.receipts());
        if !self.rejected.is_empty() {
            let rejected = self.rejected.iter().map(|(index, error)| json!({"index": index, "error": error}));
            put("rejected", rejected.collect());
        }
        put("currentDifficulty", self.difficulty.map_or(Value::Null, |word| quantity(word).into()));
        put("gasUsed", quantity(body.gas_used).into());
        if rules.base_fee {
            put("currentBaseFee", quantity(body.env.base_fee).into());
        }
        if rules.withdrawals {
            let withdrawals = env.withdrawals.as_deref().unwrap_or_default();
            put("withdrawalsRoot", digest(&withdrawals_root(withdrawals)).into());
        }
        if rules.blobs.is_some() {
            put("currentExcessBlobGas", quantity(body.env.excess_blob_gas).into());
            put("blobGasUsed", quantity(body.blob_gas_used).into());
        }
        if let Some(list) = &self.access_list {
            put("blockAccessListHash", digest(&list.hash()).into());
            put("blockAccessList", data(&list.encode()).into());
        }
        match &self.requests {
            Ok(None) => {}
            Ok(Some((lists, hash))) => {
                put("requestsHash", digest(hash).into());
                put("requests", lists.iter().map(|list| data(list)).collect());
            }
            Err(error) => {
                put("blockException", error.to_string().into());
            }
        }
        object.into()
    }

    fn receipts(&self) -> Value {
        let mut logs = 0;
        let pairs = self.included.iter().zip(&self.body.receipts).enumerate();
        pairs
            .map(|(index, (one, receipt))| {
                let first = logs;
                logs += receipt.logs.len();
                show(one, receipt, index, self.body.env.number, first)
            })
            .collect()
    }
}

/// A receipt as nodes give it. The block has no hash yet: zeros stand for it.
fn show(one: &Included, receipt: &Receipt, index: usize, number: u64, first_log: usize) -> Value {
    let no_hash = digest(&crate::H256::zero());
    let hash = digest(&one.tx.hash());
    let mut object = receipt.to_json();
    if let Some(logs) = object["logs"].as_array_mut() {
        for (n, log) in logs.iter_mut().enumerate() {
            log["blockNumber"] = quantity(number).into();
            log["transactionHash"] = hash.as_str().into();
            log["transactionIndex"] = quantity(index).into();
            log["blockHash"] = no_hash.as_str().into();
            log["logIndex"] = quantity(first_log + n).into();
            log["removed"] = false.into();
        }
    }
    let created = one.tx.to.is_none().then(|| crate::transaction::create_address(one.sender, one.tx.nonce));
    object["transactionHash"] = hash.into();
    object["contractAddress"] = created.map_or(Value::Null, |address| account(&address).into());
    object["gasUsed"] = quantity(one.executed.gas_used).into();
    object["effectiveGasPrice"] = quantity(one.gas_price).into();
    if !one.tx.blob_hashes.is_empty() {
        let gas = U256::from(crate::rules::GAS_PER_BLOB) * U256::from(one.tx.blob_hashes.len());
        object["blobGasUsed"] = quantity(gas).into();
    }
    object["blockHash"] = no_hash.into();
    object["blockNumber"] = quantity(number).into();
    object["transactionIndex"] = quantity(index).into();
    object
}
