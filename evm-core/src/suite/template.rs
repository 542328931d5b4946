//! The transaction of a state test: one for every entry of the post states, which choose data, gas limit and value.

use super::{Refusal, fields};
use crate::json::{JsonError, Node};
use crate::precompiles::{Crypto, CryptoError};
use crate::transaction::{AccessListItem, Authorization, Transaction, TxType};
use crate::{Address, H256, U256};

/// A number, or nothing where the test's is too large for a transaction.
type Number = Option<U256>;

/// `transaction` of a state test.
pub(super) struct Template {
    nonce: Number,
    gas_price: Option<Number>,
    max_fee: Option<Number>,
    max_priority_fee: Option<Number>,
    max_blob_fee: Option<Number>,
    blob_hashes: Option<Vec<H256>>,
    chain_id: Option<Number>,
    to: Option<Address>,
    data: Vec<Vec<u8>>,
    gas_limit: Vec<Number>,
    value: Vec<Number>,
    /// By data; a test without any has no list, one without for some data has null there.
    access_lists: Vec<Option<Vec<AccessListItem>>>,
    authorizations: Option<Vec<Authorization>>,
    sender: Option<Address>,
    secret_key: Option<H256>,
}

/// `indexes` of a post state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Indexes {
    pub data: usize,
    pub gas: usize,
    pub value: usize,
}

impl Indexes {
    pub fn read(node: Node<'_>) -> Result<Self, JsonError> {
        let index = |node: Node<'_>| node.u64().map(|index| usize::try_from(index).unwrap_or(usize::MAX));
        Ok(Self {
            data: node.require("data", index)?,
            gas: node.require("gas", index)?,
            value: node.require("value", index)?,
        })
    }
}

impl Template {
    pub fn read(node: Node<'_>) -> Result<Self, JsonError> {
        let numbers = |node: Node<'_>| node.items(fields::number);
        let access_lists =
            |node: Node<'_>| {
                node.items(|node| {
                    if node.is_null() { Ok(None) } else { AccessListItem::list_from_json(node).map(Some) }
                })
            };
        Ok(Self {
            nonce: node.require("nonce", fields::number)?,
            gas_price: node.get("gasPrice", fields::number)?,
            max_fee: node.get("maxFeePerGas", fields::number)?,
            max_priority_fee: node.get("maxPriorityFeePerGas", fields::number)?,
            max_blob_fee: node.get("maxFeePerBlobGas", fields::number)?,
            blob_hashes: node.get("blobVersionedHashes", |node| node.items(|node| node.hash()))?,
            chain_id: node.get("chainId", fields::number)?,
            to: node.get("to", receiver)?.flatten(),
            data: node.require("data", |node| node.items(|node| node.bytes()))?,
            gas_limit: node.require("gasLimit", numbers)?,
            value: node.require("value", numbers)?,
            access_lists: node.get("accessLists", access_lists)?.unwrap_or_default(),
            authorizations: node.get("authorizationList", |node| node.items(Authorization::from_json))?,
            sender: node.get("sender", |node| node.address())?,
            secret_key: node.get("secretKey", |node| node.hash())?,
        })
    }

    fn tx_type(&self, has_access_list: bool) -> TxType {
        if self.authorizations.is_some() {
            TxType::SetCode
        } else if self.blob_hashes.is_some() || self.max_blob_fee.is_some() {
            TxType::Blob
        } else if self.max_fee.is_some() || self.max_priority_fee.is_some() {
            TxType::DynamicFee
        } else if has_access_list {
            TxType::AccessList
        } else {
            TxType::Legacy
        }
    }

    /// The transaction of these indexes, on `chain`. An error of JSON if an index is out of range.
    pub fn build(
        &self,
        at: Indexes,
        chain: u64,
        node: Node<'_>,
    ) -> Result<Result<Transaction, Refusal>, JsonError> {
        let (Some(data), Some(gas_limit), Some(value)) =
            (self.data.get(at.data), self.gas_limit.get(at.gas), self.value.get(at.value))
        else {
            return node.conflict("an index is over the transaction's lists of data, gasLimit and value");
        };
        let access_list = self.access_lists.get(at.data).cloned().flatten();
        let tx_type = self.tx_type(access_list.is_some());
        Ok(self.with(tx_type, data, *gas_limit, *value, access_list.unwrap_or_default(), chain))
    }

    fn with(
        &self,
        tx_type: TxType,
        data: &[u8],
        gas_limit: Number,
        value: Number,
        access_list: Vec<AccessListItem>,
        chain: u64,
    ) -> Result<Transaction, Refusal> {
        let optional = |number: Option<Number>, field| {
            number.unwrap_or(Some(U256::zero())).ok_or(Refusal::TooLarge(field))
        };
        let short = |number: Number, field| {
            number
                .filter(|number| number.bits() <= 64)
                .map(|number| number.low_u64())
                .ok_or(Refusal::TooLarge(field))
        };
        let (max_fee, max_priority_fee) = match tx_type.has_dynamic_fee() {
            true => (
                optional(self.max_fee, "maxFeePerGas")?,
                optional(self.max_priority_fee, "maxPriorityFeePerGas")?,
            ),
            false => [optional(self.gas_price, "gasPrice")?; 2].into(),
        };
        let chain_id = match self.chain_id {
            Some(id) => Some(short(id, "chainId")?),
            None => (tx_type != TxType::Legacy).then_some(chain),
        };
        Ok(Transaction {
            tx_type,
            chain_id,
            nonce: short(self.nonce, "nonce")?,
            max_fee,
            max_priority_fee,
            gas_limit: short(gas_limit, "gasLimit")?,
            to: self.to,
            value: value.ok_or(Refusal::TooLarge("value"))?,
            data: data.to_vec(),
            access_list,
            max_blob_fee: optional(self.max_blob_fee, "maxFeePerBlobGas")?,
            blob_hashes: self.blob_hashes.clone().unwrap_or_default(),
            authorizations: self.authorizations.clone().unwrap_or_default(),
            signature: None,
        })
    }

    /// The sender: given, or whose key it is.
    pub fn sender(
        &self,
        crypto: &dyn Crypto,
        node: Node<'_>,
    ) -> Result<Result<Address, CryptoError>, JsonError> {
        match (self.sender, self.secret_key) {
            (Some(sender), _) => Ok(Ok(sender)),
            (None, Some(key)) => match crypto.sign(H256::zero(), key) {
                Err(CryptoError::Invalid) => node.conflict("secretKey is no key of secp256k1"),
                signed => Ok(signed.map(|(_, _, _, signer)| signer)),
            },
            (None, None) => node.conflict("the transaction needs \"sender\" or \"secretKey\""),
        }
    }
}

fn receiver(node: Node<'_>) -> Result<Option<Address>, JsonError> {
    if matches!(node.value().as_str(), Some("" | "0x")) { Ok(None) } else { node.address().map(Some) }
}

/// The first field in which two transactions differ, but for signature and chain.
pub(super) fn difference(one: &Transaction, other: &Transaction) -> Option<&'static str> {
    [
        (one.tx_type == other.tx_type, "type"),
        (one.nonce == other.nonce, "nonce"),
        (one.max_fee == other.max_fee, "gas price or maxFeePerGas"),
        (one.max_priority_fee == other.max_priority_fee, "maxPriorityFeePerGas"),
        (one.gas_limit == other.gas_limit, "gasLimit"),
        (one.to == other.to, "to"),
        (one.value == other.value, "value"),
        (one.data == other.data, "data"),
        (one.access_list == other.access_list, "accessList"),
        (one.max_blob_fee == other.max_blob_fee, "maxFeePerBlobGas"),
        (one.blob_hashes == other.blob_hashes, "blobVersionedHashes"),
        (one.authorizations == other.authorizations, "authorizationList"),
    ]
    .into_iter()
    .find(|(same, _)| !same)
    .map(|(_, field)| field)
}
