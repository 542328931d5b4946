//! Engine tests: block tests whose blocks come as execution payloads, with what `engine_newPayload` gets beside them.

use super::block_test::{Given, Refused};
use super::header;
use crate::H256;
use crate::block::{
    Block, BlockAccessList, BlockError, Withdrawal, requests_hash, transactions_root, withdrawals_root,
};
use crate::json::{JsonError, Node};
use crate::keccak::keccak256;
use crate::precompiles::Crypto;
use crate::transaction::{self, Transaction};

/// What comes with a payload, by its place among the parameters.
#[derive(Default)]
struct Beside {
    blob_hashes: Option<Vec<H256>>,
    beacon_root: Option<H256>,
    requests: Option<Vec<Vec<u8>>>,
}

/// Reads one of `engineNewPayloads`.
pub(super) fn read(node: Node<'_>, crypto: &dyn Crypto) -> Result<Given, JsonError> {
    let text = |node: Node<'_>| match node.value() {
        serde_json::Value::String(text) => Ok(text.clone()),
        other => Ok(other.to_string()),
    };
    let mut exception = node.get("validationError", text)?;
    exception = exception.or(node.get("errorCode", text)?);
    let mut index = 0;
    let mut beside = Beside::default();
    let mut payload = None;
    node.require("params", |node| {
        node.items(|node| {
            match index {
                0 => payload = Some(read_payload(node)?),
                1 => beside.blob_hashes = Some(node.items(|node| node.hash())?),
                2 => beside.beacon_root = Some(node.hash()?),
                3 => beside.requests = Some(node.items(|node| node.bytes())?),
                _ => return node.expected("at most four parameters"),
            }
            index += 1;
            Ok(())
        })
    })?;
    let Some((block, hash)) = payload else { return node.conflict("\"params\" needs a payload") };
    let block = block.and_then(|block| assemble(block, hash, beside, crypto));
    // The payload's hash is checked already.
    Ok(Given { block, hash: None, exception })
}

/// The payload's block as far as the payload alone tells, and its hash.
fn read_payload(node: Node<'_>) -> Result<(Result<Block, Refused>, H256), JsonError> {
    let mut header = header::read_payload(node)?;
    let hash = node.require("blockHash", |node| node.hash())?;
    let bytes = node.require("transactions", |node| node.items(|node| node.bytes()))?;
    let withdrawals = node.get("withdrawals", |node| node.items(read_withdrawal))?;
    header.withdrawals_root = withdrawals.as_deref().map(withdrawals_root);
    let list = node.get("blockAccessList", |node| node.bytes())?;
    header.block_access_list_hash = list.as_deref().map(keccak256);
    let block = || -> Result<Block, transaction::Error> {
        let access_list = list.map(|bytes| BlockAccessList::decode(&bytes)).transpose()?;
        let transactions =
            bytes.iter().map(|bytes| Transaction::decode(bytes)).collect::<Result<Vec<_>, _>>()?;
        header.transactions_root = transactions_root(&transactions);
        Ok(Block { header, transactions, ommers: Vec::new(), withdrawals, access_list })
    };
    Ok((block().map_err(Refused::Bytes), hash))
}

fn read_withdrawal(node: Node<'_>) -> Result<Withdrawal, JsonError> {
    Ok(Withdrawal {
        index: node.require("index", |node| node.u64())?,
        validator_index: node.require("validatorIndex", |node| node.u64())?,
        address: node.require("address", |node| node.address())?,
        amount: node.require("amount", |node| node.u64())?,
    })
}

/// Completes the block and checks what the Engine API demands before a block is looked at.
fn assemble(mut block: Block, hash: H256, beside: Beside, crypto: &dyn Crypto) -> Result<Block, Refused> {
    block.header.parent_beacon_block_root = beside.beacon_root;
    if let Some(requests) = &beside.requests {
        if requests.iter().any(|list| list.len() < 2) || !requests.is_sorted_by(|one, next| one[0] < next[0])
        {
            return Err(Refused::Payload(
                "execution requests must not be empty, and in the order of their types",
            ));
        }
        match requests_hash(requests, crypto) {
            Ok(hash) => block.header.requests_hash = Some(hash),
            Err(_) => return Err(Refused::Block(BlockError::NeedsCrypto, Box::new(block))),
        }
    }
    if block.header.hash() != hash {
        return Err(Refused::Payload("blockHash is not the hash of the payload's header"));
    }
    if let Some(hashes) = beside.blob_hashes
        && !block.transactions.iter().flat_map(|tx| &tx.blob_hashes).eq(&hashes)
    {
        return Err(Refused::Payload("the versioned hashes are not those of the blob transactions"));
    }
    Ok(block)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{Header, NO_OMMERS, NO_REQUESTS};
    use crate::json::parse;
    use crate::transaction::tests::K256;
    use crate::trie::EMPTY_ROOT;
    use serde_json::json;

    /// What becomes of an empty Amsterdam payload with this access list, of whose header the list's hash is `hash`.
    fn with(list: &str, hash: H256) -> Result<Block, Refused> {
        let root = H256::zero();
        let header = Header {
            ommers_hash: NO_OMMERS,
            transactions_root: EMPTY_ROOT,
            extra_data: vec![0x42],
            base_fee: Some(7.into()),
            withdrawals_root: Some(EMPTY_ROOT),
            blob_gas_used: Some(0),
            excess_blob_gas: Some(0),
            parent_beacon_block_root: Some(root),
            requests_hash: Some(NO_REQUESTS),
            block_access_list_hash: Some(hash),
            slot_number: Some(9),
            ..Header::default()
        };
        let zero = format!("{root:#x}");
        let payload = json!({
            "parentHash": zero, "stateRoot": zero, "receiptsRoot": zero, "prevRandao": zero,
            "feeRecipient": format!("0x{}", "00".repeat(20)), "logsBloom": format!("0x{}", "00".repeat(256)),
            "blockNumber": "0x0", "gasLimit": "0x0", "gasUsed": "0x0", "timestamp": "0x0", "extraData": "0x42",
            "baseFeePerGas": "0x7", "blobGasUsed": "0x0", "excessBlobGas": "0x0", "slotNumber": "0x9",
            "blockHash": format!("{:#x}", header.hash()), "transactions": [], "withdrawals": [], "blockAccessList": list,
        });
        let test = json!({"params": [payload, [], zero, []]});
        let value = parse(&test.to_string()).expect("JSON");
        read(Node::root(&value), &K256).expect("a payload").block
    }

    #[test]
    fn access_lists_come_with_payloads() {
        // One account that was only looked at: [address, [], [], [], [], []].
        let list = format!("0xdbda94{}c0c0c0c0c0", "11".repeat(20));
        let hash = keccak256(&hex::decode(&list[2..]).expect("digits"));
        let block = with(&list, hash).expect("a good payload");
        let accounts = block.access_list.expect("the list").0;
        assert_eq!(accounts.len(), 1);
        assert_eq!(accounts[0].address, crate::Address::repeat_byte(0x11));
        let other = with("0xc0", hash).expect_err("another list");
        assert_eq!(other.to_string(), "blockHash is not the hash of the payload's header");
        let broken = with("0xc1c0", hash).expect_err("no list").to_string();
        assert_eq!(broken, "byte 2: address: is missing: the list or input ends here");
    }
}
