//! Withdrawals from the beacon chain (EIP-4895).

use crate::rlp::{self, Error, Reader, Writer};
use crate::{Address, H256, trie};

/// Ether that comes from the beacon chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Withdrawal {
    /// Withdrawals before it, over all blocks.
    pub index: u64,
    /// Whose stake.
    pub validator_index: u64,
    /// Who gets it.
    pub address: Address,
    /// In gwei, 10^9 wei.
    pub amount: u64,
}

impl Withdrawal {
    /// Writes the withdrawal.
    pub fn write(&self, writer: &mut Writer) {
        writer.list(|writer| {
            writer.u64(self.index);
            writer.u64(self.validator_index);
            writer.bytes(self.address.as_bytes());
            writer.u64(self.amount);
        });
    }

    /// Reads a withdrawal.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut fields = reader.list("withdrawal")?;
        let withdrawal = Self {
            index: fields.u64("withdrawal index")?,
            validator_index: fields.u64("withdrawal validatorIndex")?,
            address: fields.address("withdrawal address")?,
            amount: fields.u64("withdrawal amount")?,
        };
        fields.end("withdrawal")?;
        Ok(withdrawal)
    }
}

/// Root of a block's withdrawals.
pub fn withdrawals_root(withdrawals: &[Withdrawal]) -> H256 {
    let encoded: Vec<_> =
        withdrawals.iter().map(|withdrawal| rlp::encoded(|writer| withdrawal.write(writer))).collect();
    trie::ordered_root(&encoded)
}
