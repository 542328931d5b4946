//! Engine tests: block tests whose blocks come as execution payloads, with what `engine_newPayload` gets beside them.

use super::block_test::{Given, Refused};
use super::header;
use crate::H256;
use crate::block::{Block, BlockError, Withdrawal, requests_hash, transactions_root, withdrawals_root};
use crate::json::{JsonError, Node};
use crate::precompiles::Crypto;
use crate::transaction::Transaction;

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
    let block = bytes.iter().map(|bytes| Transaction::decode(bytes)).collect::<Result<Vec<_>, _>>();
    let block = block.map_err(Refused::Bytes).map(|transactions| {
        header.transactions_root = transactions_root(&transactions);
        Block { header, transactions, ommers: Vec::new(), withdrawals }
    });
    Ok((block, hash))
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
