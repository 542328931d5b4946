//! Transactions as bytes (Yellow Paper 4.2; EIP-2718, 2930, 1559, 4844, 7702).

use super::{AccessListItem, Authorization, Error, Signature, Transaction, TxType};
use crate::U256;
use crate::rlp::{self, Reader, Writer, spec};

/// Type of what begins with `bytes`, a transaction or receipt, and what follows the type byte. `at` is where the bytes
/// are.
pub(crate) fn envelope(bytes: &[u8], at: usize) -> Result<(TxType, Reader<'_>), Error> {
    let Some((&first, rest)) = bytes.split_first() else { return Err(Error::Empty { at }) };
    match first {
        spec::LIST.. => Ok((TxType::Legacy, Reader::within(bytes, at))),
        spec::STRING.. => Err(Error::InString { at }),
        _ => match TxType::from_byte(first) {
            None | Some(TxType::Legacy) => Err(Error::UnknownType { at, byte: first }),
            Some(tx_type) => Ok((tx_type, Reader::within(rest, at + 1))),
        },
    }
}

impl TxType {
    /// The type of a number.
    pub fn from_byte(byte: u8) -> Option<Self> {
        [Self::Legacy, Self::AccessList, Self::DynamicFee, Self::Blob, Self::SetCode]
            .get(usize::from(byte))
            .copied()
    }

    /// True of types that name two fees, EIP-1559's, rather than a gas price.
    pub fn has_dynamic_fee(self) -> bool {
        self >= Self::DynamicFee
    }
}

impl Transaction {
    /// The transaction of these bytes and no others.
    ///
    /// # Errors
    /// What is wrong, with its place.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        Self::decode_at(bytes, 0)
    }

    fn decode_at(bytes: &[u8], at: usize) -> Result<Self, Error> {
        let (tx_type, mut reader) = envelope(bytes, at)?;
        let start = reader.offset();
        let mut fields = reader.list("transaction")?;
        reader.end("transaction")?;
        if tx_type == TxType::Blob && fields.next_is_list() {
            return Err(Error::BlobSidecar { at: start });
        }
        let mut transaction = Self { tx_type, ..Self::default() };
        transaction.read_fields(&mut fields)?;
        let signature = match tx_type {
            TxType::Legacy => transaction.read_v(&mut fields)?,
            _ => read_y_parity(&mut fields)?,
        };
        transaction.signature =
            Some(Signature { odd_y: signature, r: fields.u256("r")?, s: fields.u256("s")? });
        fields.end("transaction")?;
        Ok(transaction)
    }

    /// Reads a transaction as it is in a list of a block: legacy a list, others bytes in a string.
    ///
    /// # Errors
    /// What is wrong, with its place.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let before = reader.offset();
        if reader.next_is_list() {
            return Self::decode_at(reader.encoded("transaction")?, before);
        }
        let bytes = reader.bytes("transaction")?;
        let at = reader.offset() - bytes.len();
        if bytes.first().is_some_and(|&first| first >= spec::LIST) {
            let problem =
                rlp::Problem::Invalid("a legacy transaction is in a list as it is, not in a string");
            return Err(rlp::Error { at, field: "transaction", problem }.into());
        }
        Self::decode_at(bytes, at)
    }

    /// All fields before the signature's.
    fn read_fields(&mut self, fields: &mut Reader<'_>) -> Result<(), Error> {
        let tx_type = self.tx_type;
        if tx_type != TxType::Legacy {
            self.chain_id = Some(fields.u64("chainId")?);
        }
        self.nonce = fields.u64("nonce")?;
        if tx_type.has_dynamic_fee() {
            self.max_priority_fee = fields.u256("maxPriorityFeePerGas")?;
            self.max_fee = fields.u256("maxFeePerGas")?;
        } else {
            self.max_fee = fields.u256("gasPrice")?;
            self.max_priority_fee = self.max_fee;
        }
        self.gas_limit = fields.u64("gasLimit")?;
        let at = fields.offset();
        self.to = fields.optional_address("to")?;
        if self.to.is_none() && tx_type >= TxType::Blob {
            return Err(Error::NoReceiver { at, tx_type });
        }
        self.value = fields.u256("value")?;
        self.data = fields.bytes("data")?.to_vec();
        if tx_type != TxType::Legacy {
            self.access_list = read_access_list(fields.list("accessList")?)?;
        }
        if tx_type == TxType::Blob {
            self.max_blob_fee = fields.u256("maxFeePerBlobGas")?;
            let mut hashes = fields.list("blobVersionedHashes")?;
            while !hashes.is_empty() {
                self.blob_hashes.push(hashes.h256("blobVersionedHash")?);
            }
        }
        if tx_type == TxType::SetCode {
            let mut list = fields.list("authorizationList")?;
            while !list.is_empty() {
                self.authorizations.push(Authorization::read(&mut list)?);
            }
        }
        Ok(())
    }

    /// A legacy signature's v: parity, and with EIP-155 the chain.
    fn read_v(&mut self, fields: &mut Reader<'_>) -> Result<bool, Error> {
        let at = fields.offset();
        let v = fields.u256("v")?;
        let (odd_y, chain_id) = split_v(v).ok_or(Error::SignatureV { at, v })?;
        self.chain_id = match chain_id {
            Some(id) if id > U256::from(u64::MAX) => return Err(Error::ChainId { at, v }),
            id => id.map(|id| id.low_u64()),
        };
        Ok(odd_y)
    }

    /// The transaction's bytes. Without a signature its fields are zero, as in geth.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write_type(&mut writer);
        writer.list(|writer| {
            self.write_fields(writer);
            let signature = self.signature.unwrap_or_default();
            match self.tx_type {
                TxType::Legacy if self.signature.is_none() => writer.u64(0),
                TxType::Legacy => writer.u256(join_v(signature.odd_y, self.chain_id)),
                _ => writer.u64(signature.odd_y.into()),
            }
            writer.u256(signature.r);
            writer.u256(signature.s);
        });
        writer.into_bytes()
    }

    /// Writes the transaction as it is in a list of a block.
    pub fn write(&self, writer: &mut Writer) {
        let encoded = self.encode();
        match self.tx_type {
            TxType::Legacy => writer.raw(&encoded),
            _ => writer.bytes(&encoded),
        }
    }

    /// What is signed: all but the signature; in a legacy transaction with EIP-155 the chain and two zeros instead.
    pub(super) fn unsigned_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write_type(&mut writer);
        writer.list(|writer| {
            self.write_fields(writer);
            if let (TxType::Legacy, Some(id)) = (self.tx_type, self.chain_id) {
                writer.u64(id);
                writer.u64(0);
                writer.u64(0);
            }
        });
        writer.into_bytes()
    }

    fn write_type(&self, writer: &mut Writer) {
        if self.tx_type != TxType::Legacy {
            writer.raw(&[self.tx_type as u8]);
        }
    }

    fn write_fields(&self, writer: &mut Writer) {
        if self.tx_type != TxType::Legacy {
            writer.u64(self.chain_id.unwrap_or(0));
        }
        writer.u64(self.nonce);
        if self.tx_type.has_dynamic_fee() {
            writer.u256(self.max_priority_fee);
        }
        writer.u256(self.max_fee);
        writer.u64(self.gas_limit);
        writer.bytes(self.to.as_ref().map_or(&[], |to| to.as_bytes()));
        writer.u256(self.value);
        writer.bytes(&self.data);
        if self.tx_type != TxType::Legacy {
            write_access_list(&self.access_list, writer);
        }
        if self.tx_type == TxType::Blob {
            writer.u256(self.max_blob_fee);
            writer.list(|writer| self.blob_hashes.iter().for_each(|hash| writer.bytes(hash.as_bytes())));
        }
        if self.tx_type == TxType::SetCode {
            writer.list(|writer| self.authorizations.iter().for_each(|one| one.write(writer)));
        }
    }

    /// All transactions of an RLP list and nothing else, as in a block's body and in t8n's `txs.rlp`.
    ///
    /// # Errors
    /// What is wrong, with its place.
    pub fn decode_list(bytes: &[u8]) -> Result<Vec<Self>, Error> {
        let mut reader = Reader::new(bytes);
        let list = reader.list("transactions")?;
        reader.end("transactions")?;
        Self::read_all(list)
    }

    /// All transactions of a list that is read already.
    pub(crate) fn read_all(mut list: Reader<'_>) -> Result<Vec<Self>, Error> {
        let mut all = Vec::new();
        while !list.is_empty() {
            all.push(Self::read(&mut list)?);
        }
        Ok(all)
    }

    /// The RLP list of `transactions`; see [`Self::decode_list`].
    pub fn encode_list(transactions: &[Self]) -> Vec<u8> {
        rlp::list(|writer| transactions.iter().for_each(|transaction| transaction.write(writer)))
    }
}

/// Parity and chain of a legacy signature's v, or nothing if it is none.
pub(super) fn split_v(v: U256) -> Option<(bool, Option<U256>)> {
    match v {
        v if v == 27.into() || v == 28.into() => Some((v == 28.into(), None)),
        v if v >= 35.into() => Some((!v.bit(0), Some((v - 35) >> 1))),
        _ => None,
    }
}

/// A legacy signature's v.
pub(super) fn join_v(odd_y: bool, chain_id: Option<u64>) -> U256 {
    let first = chain_id.map_or(U256::from(27), |id| U256::from(id) * 2 + 35);
    first + u64::from(odd_y)
}

fn read_y_parity(fields: &mut Reader<'_>) -> Result<bool, Error> {
    let at = fields.offset();
    match fields.u256("yParity")? {
        parity if parity.is_zero() => Ok(false),
        parity if parity == U256::one() => Ok(true),
        parity => Err(Error::YParity { at, parity }),
    }
}

fn read_access_list(mut list: Reader<'_>) -> Result<Vec<AccessListItem>, rlp::Error> {
    let mut all = Vec::new();
    while !list.is_empty() {
        let mut fields = list.list("accessList item")?;
        let address = fields.address("accessList address")?;
        let mut keys = fields.list("accessList storageKeys")?;
        fields.end("accessList item")?;
        let mut storage_keys = Vec::new();
        while !keys.is_empty() {
            storage_keys.push(U256::from_big_endian(&keys.array::<32>("accessList storageKey")?));
        }
        all.push(AccessListItem { address, storage_keys });
    }
    Ok(all)
}

fn write_access_list(access_list: &[AccessListItem], writer: &mut Writer) {
    writer.list(|writer| {
        for item in access_list {
            writer.list(|writer| {
                writer.bytes(item.address.as_bytes());
                writer.list(|writer| {
                    item.storage_keys.iter().for_each(|key| writer.bytes(&key.to_big_endian()));
                });
            });
        }
    });
}

impl Authorization {
    /// Writes the authorization as it is in a transaction's list.
    pub fn write(&self, writer: &mut Writer) {
        writer.list(|writer| {
            self.write_unsigned(writer);
            writer.u256(self.y_parity);
            writer.u256(self.r);
            writer.u256(self.s);
        });
    }

    pub(super) fn write_unsigned(&self, writer: &mut Writer) {
        writer.u256(self.chain_id);
        writer.bytes(self.address.as_bytes());
        writer.u64(self.nonce);
    }

    /// Reads an authorization of a transaction's list.
    ///
    /// # Errors
    /// What is wrong, with its place; not a signature without a signer.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, rlp::Error> {
        let mut fields = reader.list("authorization")?;
        let authorization = Self {
            chain_id: fields.u256("authorization chainId")?,
            address: fields.address("authorization address")?,
            nonce: fields.u64("authorization nonce")?,
            // EIP-7702: y_parity is under 2^8, or the whole transaction is wrong.
            y_parity: fields.u8("authorization yParity")?.into(),
            r: fields.u256("authorization r")?,
            s: fields.u256("authorization s")?,
        };
        fields.end("authorization")?;
        Ok(authorization)
    }
}
