//! Headers of blocks, with the fields that forks added.

use super::Bloom;
use crate::keccak::keccak256;
use crate::rlp::{self, Error, Reader, Writer};
use crate::{Address, H256, U256};

/// KECCAK-256 of the RLP of an empty list: ommers hash of a block without ommers.
pub const NO_OMMERS: H256 = H256([
    0x1D, 0xCC, 0x4D, 0xE8, 0xDE, 0xC7, 0x5D, 0x7A, 0xAB, 0x85, 0xB5, 0x67, 0xB6, 0xCC, 0xD4, 0x1A, 0xD3,
    0x12, 0x45, 0x1B, 0x94, 0x8A, 0x74, 0x13, 0xF0, 0xA1, 0x42, 0xFD, 0x40, 0xD4, 0x93, 0x47,
]);

/// A block's header, H in the Yellow Paper (4.3). Fields of later forks are there from their fork on, and in this order:
/// whoever has one has all before it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Header {
    /// Hash of the parent's header.
    pub parent_hash: H256,
    /// Hash of the list of ommers.
    pub ommers_hash: H256,
    /// Beneficiary of fees.
    pub coinbase: Address,
    /// Root of the state after the block.
    pub state_root: H256,
    /// Root of the transactions.
    pub transactions_root: H256,
    /// Root of the receipts.
    pub receipts_root: H256,
    /// Filter of all logs.
    pub bloom: Bloom,
    /// Until Paris; then zero.
    pub difficulty: U256,
    /// Ancestors.
    pub number: u64,
    /// Units of gas, at most.
    pub gas_limit: u64,
    /// Units of gas.
    pub gas_used: u64,
    /// Seconds since 1970.
    pub timestamp: u64,
    /// Anything, up to 32 bytes.
    pub extra_data: Vec<u8>,
    /// From Paris on the beacon chain's randomness (EIP-4399); before, the mixHash of the proof of work.
    pub prev_randao: H256,
    /// Of the proof of work; zero from Paris on.
    pub nonce: [u8; 8],
    /// EIP-1559, London: wei a unit of gas.
    pub base_fee: Option<U256>,
    /// EIP-4895, Shanghai.
    pub withdrawals_root: Option<H256>,
    /// EIP-4844, Cancun.
    pub blob_gas_used: Option<u64>,
    /// EIP-4844, Cancun.
    pub excess_blob_gas: Option<u64>,
    /// EIP-4788, Cancun.
    pub parent_beacon_block_root: Option<H256>,
    /// EIP-7685, Prague.
    pub requests_hash: Option<H256>,
    /// EIP-7928, Amsterdam.
    pub block_access_list_hash: Option<H256>,
    /// EIP-7843, Amsterdam.
    pub slot_number: Option<u64>,
}

impl Header {
    /// Reads a header: 15 fields and, in their order, any of the later forks'. Which a fork has is for the validation of
    /// the block to say.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut fields = reader.list("header")?;
        let mut header = Self {
            parent_hash: fields.h256("parentHash")?,
            ommers_hash: fields.h256("ommersHash")?,
            coinbase: fields.address("coinbase")?,
            state_root: fields.h256("stateRoot")?,
            transactions_root: fields.h256("transactionsRoot")?,
            receipts_root: fields.h256("receiptsRoot")?,
            bloom: Bloom(fields.array("logsBloom")?),
            difficulty: fields.u256("difficulty")?,
            number: fields.u64("number")?,
            gas_limit: fields.u64("gasLimit")?,
            gas_used: fields.u64("gasUsed")?,
            timestamp: fields.u64("timestamp")?,
            extra_data: fields.bytes("extraData")?.to_vec(),
            prev_randao: fields.h256("prevRandao (mixHash)")?,
            nonce: fields.array("nonce")?,
            ..Self::default()
        };
        header.read_later_fields(&mut fields)?;
        fields.end("header")?;
        Ok(header)
    }

    fn read_later_fields(&mut self, fields: &mut Reader<'_>) -> Result<(), Error> {
        self.base_fee = if_any(fields, |fields| fields.u256("baseFeePerGas"))?;
        self.withdrawals_root = if_any(fields, |fields| fields.h256("withdrawalsRoot"))?;
        self.blob_gas_used = if_any(fields, |fields| fields.u64("blobGasUsed"))?;
        self.excess_blob_gas = if_any(fields, |fields| fields.u64("excessBlobGas"))?;
        self.parent_beacon_block_root = if_any(fields, |fields| fields.h256("parentBeaconBlockRoot"))?;
        self.requests_hash = if_any(fields, |fields| fields.h256("requestsHash"))?;
        self.block_access_list_hash = if_any(fields, |fields| fields.h256("blockAccessListHash"))?;
        self.slot_number = if_any(fields, |fields| fields.u64("slotNumber"))?;
        Ok(())
    }

    /// Writes the header, to the last field of a later fork that it has. One that is absent before it is written as an
    /// empty string, as geth does.
    pub fn write(&self, writer: &mut Writer) {
        self.write_fields(writer, true);
    }

    fn write_fields(&self, writer: &mut Writer, sealed: bool) {
        writer.list(|writer| {
            let hash = |writer: &mut Writer, hash: &H256| writer.bytes(hash.as_bytes());
            hash(writer, &self.parent_hash);
            hash(writer, &self.ommers_hash);
            writer.bytes(self.coinbase.as_bytes());
            hash(writer, &self.state_root);
            hash(writer, &self.transactions_root);
            hash(writer, &self.receipts_root);
            writer.bytes(&self.bloom.0);
            writer.u256(self.difficulty);
            writer.u64(self.number);
            writer.u64(self.gas_limit);
            writer.u64(self.gas_used);
            writer.u64(self.timestamp);
            writer.bytes(&self.extra_data);
            if sealed {
                hash(writer, &self.prev_randao);
                writer.bytes(&self.nonce);
            }
            self.write_later_fields(writer);
        });
    }

    fn write_later_fields(&self, writer: &mut Writer) {
        let hash = |value: Option<H256>| value.map(Later::Hash);
        let number = |value: Option<u64>| value.map(|number| Later::Integer(number.into()));
        let fields = [
            self.base_fee.map(Later::Integer),
            hash(self.withdrawals_root),
            number(self.blob_gas_used),
            number(self.excess_blob_gas),
            hash(self.parent_beacon_block_root),
            hash(self.requests_hash),
            hash(self.block_access_list_hash),
            number(self.slot_number),
        ];
        let count = fields.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        for field in &fields[..count] {
            match field {
                Some(Later::Hash(hash)) => writer.bytes(hash.as_bytes()),
                Some(Later::Integer(number)) => writer.u256(*number),
                None => writer.bytes(&[]),
            }
        }
    }

    /// The header of these bytes and no others.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let header = Self::read(&mut reader)?;
        reader.end("header")?;
        Ok(header)
    }

    /// The header's RLP.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.into_bytes()
    }

    /// The block's hash.
    pub fn hash(&self) -> H256 {
        keccak256(&self.encode())
    }

    /// What a proof of work is of: the hash of the header without mixHash and nonce.
    pub fn hash_unsealed(&self) -> H256 {
        let mut writer = Writer::new();
        self.write_fields(&mut writer, false);
        keccak256(&writer.into_bytes())
    }
}

/// A field of a later fork.
enum Later {
    Hash(H256),
    Integer(U256),
}

/// The next field, if one is left.
fn if_any<T>(
    fields: &mut Reader<'_>,
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    if fields.is_empty() { Ok(None) } else { read(fields).map(Some) }
}

/// Hash of a list of ommers.
pub fn ommers_hash(ommers: &[Header]) -> H256 {
    keccak256(&rlp::list(|writer| ommers.iter().for_each(|ommer| ommer.write(writer))))
}
