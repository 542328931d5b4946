//! Receipts: what became of transactions.

use super::{Bloom, Log};
use crate::rlp::{self, Problem, Writer};
use crate::transaction::{self, TxType};
use crate::{H256, trie};

/// Whether a transaction did what it was to do, as far as its receipt tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Before Byzantium: root of the state after the transaction, whatever it did.
    StateRoot(H256),
    /// EIP-658: false if it was reverted.
    Status(bool),
}

/// A transaction's receipt (Yellow Paper 4.3.1). Its bloom filter follows from its logs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The transaction's.
    pub tx_type: TxType,
    /// What became of it.
    pub outcome: Outcome,
    /// Gas used in the block up to and with this transaction.
    pub cumulative_gas_used: u64,
    /// In the order in which they were made.
    pub logs: Vec<Log>,
}

impl Receipt {
    /// Filter of the logs.
    pub fn bloom(&self) -> Bloom {
        Bloom::of(&self.logs)
    }

    /// The receipt's bytes: RLP, behind its type byte if it has one (EIP-2718).
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        if self.tx_type != TxType::Legacy {
            writer.raw(&[self.tx_type as u8]);
        }
        writer.list(|writer| {
            match self.outcome {
                Outcome::StateRoot(root) => writer.bytes(root.as_bytes()),
                Outcome::Status(success) => writer.u64(success.into()),
            }
            writer.u64(self.cumulative_gas_used);
            writer.bytes(&self.bloom().0);
            writer.list(|writer| self.logs.iter().for_each(|log| log.write(writer)));
        });
        writer.into_bytes()
    }

    /// The receipt of these bytes and no others, with the filter that its logs have.
    pub fn decode(bytes: &[u8]) -> Result<Self, transaction::Error> {
        let (tx_type, mut reader) = transaction::envelope(bytes, 0)?;
        let mut fields = reader.list("receipt")?;
        reader.end("receipt")?;
        let before = fields;
        let outcome = match fields.bytes("status or stateRoot")? {
            [] => Outcome::Status(false),
            [1] => Outcome::Status(true),
            root if root.len() == 32 => Outcome::StateRoot(H256::from_slice(root)),
            other => {
                let problem = Problem::WrongLength { expected: 32, found: other.len() };
                return Err(before.error("status (0 or 1) or stateRoot", problem).into());
            }
        };
        let cumulative_gas_used = fields.u64("cumulativeGasUsed")?;
        let at = fields.offset();
        let bloom = Bloom(fields.array("logsBloom")?);
        let mut list = fields.list("logs")?;
        fields.end("receipt")?;
        let mut logs = Vec::new();
        while !list.is_empty() {
            logs.push(Log::read(&mut list)?);
        }
        let receipt = Self { tx_type, outcome, cumulative_gas_used, logs };
        if receipt.bloom() != bloom {
            let problem = Problem::Invalid("is not the filter of the logs that follow");
            return Err(rlp::Error { at, field: "logsBloom", problem }.into());
        }
        Ok(receipt)
    }
}

/// Root of a block's receipts.
pub fn receipts_root(receipts: &[Receipt]) -> H256 {
    trie::ordered_root(&receipts.iter().map(Receipt::encode).collect::<Vec<_>>())
}

/// Filter of the logs of all receipts.
pub fn receipts_bloom(receipts: &[Receipt]) -> Bloom {
    Bloom::of(receipts.iter().flat_map(|receipt| &receipt.logs))
}
