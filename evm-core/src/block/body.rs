//! Whole blocks, encoded.

use super::{BlockAccessList, Header, Withdrawal};
use crate::rlp::{self, Reader, Writer};
use crate::transaction::{Error, Transaction};
use crate::{H256, trie};

/// A block.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Block {
    /// Its header.
    pub header: Header,
    /// In the order in which they are executed.
    pub transactions: Vec<Transaction>,
    /// Headers of blocks that were mined but came too late; none from Paris on.
    pub ommers: Vec<Header>,
    /// From Shanghai on.
    pub withdrawals: Option<Vec<Withdrawal>>,
    /// EIP-7928: what it says that it accesses, if that came with it; it is no part of its RLP.
    pub access_list: Option<BlockAccessList>,
}

impl Block {
    /// The block of these bytes and no others.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let block = Self::read(&mut reader)?;
        reader.end("block")?;
        Ok(block)
    }

    /// Reads a block.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut fields = reader.list("block")?;
        let header = Header::read(&mut fields)?;
        let transactions = Transaction::read_all(fields.list("transactions")?)?;
        let ommers = read_all(fields.list("ommers")?, Header::read)?;
        let withdrawals = if fields.is_empty() {
            None
        } else {
            Some(read_all(fields.list("withdrawals")?, Withdrawal::read)?)
        };
        fields.end("block")?;
        Ok(Self { header, transactions, ommers, withdrawals, access_list: None })
    }

    /// The block's RLP.
    pub fn encode(&self) -> Vec<u8> {
        rlp::list(|writer| {
            self.header.write(writer);
            writer.list(|writer| self.transactions.iter().for_each(|transaction| transaction.write(writer)));
            writer.list(|writer| self.ommers.iter().for_each(|ommer| ommer.write(writer)));
            if let Some(withdrawals) = &self.withdrawals {
                writer.list(|writer: &mut Writer| withdrawals.iter().for_each(|one| one.write(writer)));
            }
        })
    }
}

/// All items of a list.
fn read_all<'a, T>(
    mut list: Reader<'a>,
    read: impl Fn(&mut Reader<'a>) -> Result<T, rlp::Error>,
) -> Result<Vec<T>, rlp::Error> {
    let mut all = Vec::new();
    while !list.is_empty() {
        all.push(read(&mut list)?);
    }
    Ok(all)
}

/// Root of a block's transactions.
pub fn transactions_root(transactions: &[Transaction]) -> H256 {
    trie::ordered_root(&transactions.iter().map(Transaction::encode).collect::<Vec<_>>())
}
