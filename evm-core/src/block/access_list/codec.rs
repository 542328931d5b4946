//! Access lists of blocks as RLP.

use super::{AccountAccess, BlockAccessList, Written};
use crate::U256;
use crate::rlp::{Error, Reader, Writer, list};

impl BlockAccessList {
    /// The list's RLP.
    pub fn encode(&self) -> Vec<u8> {
        list(|writer| self.0.iter().for_each(|account| account.write(writer)))
    }

    /// The list of these bytes and no others. Whether it is in order is for the comparison with what the block did to
    /// tell.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let accounts = read_all(&mut reader, "blockAccessList", AccountAccess::read)?;
        reader.end("blockAccessList")?;
        Ok(Self(accounts))
    }
}

impl AccountAccess {
    fn write(&self, writer: &mut Writer) {
        writer.list(|writer| {
            writer.bytes(self.address.as_bytes());
            writer.list(|writer| {
                for (slot, changes) in &self.storage_changes {
                    writer.list(|writer| {
                        writer.u256(*slot);
                        write_all(writer, changes, |writer, value| writer.u256(*value));
                    });
                }
            });
            writer.list(|writer| self.storage_reads.iter().for_each(|slot| writer.u256(*slot)));
            write_all(writer, &self.balance_changes, |writer, value| writer.u256(*value));
            write_all(writer, &self.nonce_changes, |writer, value| writer.u64(*value));
            write_all(writer, &self.code_changes, |writer, code| writer.bytes(code));
        });
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut fields = reader.list("account of the access list")?;
        let access = Self {
            address: fields.address("address")?,
            storage_changes: read_all(&mut fields, "storageChanges", read_slot)?,
            storage_reads: read_all(&mut fields, "storageReads", |reader| reader.u256("storageReads"))?,
            balance_changes: read_changes(&mut fields, "balanceChanges", |reader| {
                reader.u256("postBalance")
            })?,
            nonce_changes: read_changes(&mut fields, "nonceChanges", |reader| reader.u64("newNonce"))?,
            code_changes: read_changes(&mut fields, "codeChanges", |reader| {
                reader.bytes("newCode").map(<[u8]>::to_vec)
            })?,
        };
        fields.end("account of the access list")?;
        Ok(access)
    }
}

fn write_all<T>(writer: &mut Writer, changes: &[Written<T>], write: impl Fn(&mut Writer, &T)) {
    writer.list(|writer| {
        for change in changes {
            writer.list(|writer| {
                writer.u64(change.index);
                write(writer, &change.value);
            });
        }
    });
}

fn read_slot(reader: &mut Reader<'_>) -> Result<(U256, Vec<Written<U256>>), Error> {
    let mut fields = reader.list("slot of the access list")?;
    let slot = fields.u256("slot")?;
    let changes = read_changes(&mut fields, "changes", |reader| reader.u256("newValue"))?;
    fields.end("slot of the access list")?;
    Ok((slot, changes))
}

fn read_changes<'a, T>(
    reader: &mut Reader<'a>,
    field: &'static str,
    read: impl Fn(&mut Reader<'a>) -> Result<T, Error>,
) -> Result<Vec<Written<T>>, Error> {
    read_all(reader, field, |reader| {
        let mut pair = reader.list(field)?;
        let change = Written { index: pair.u64("blockAccessIndex")?, value: read(&mut pair)? };
        pair.end(field)?;
        Ok(change)
    })
}

/// All items of the next item, a list.
fn read_all<'a, T>(
    reader: &mut Reader<'a>,
    field: &'static str,
    read: impl Fn(&mut Reader<'a>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut items = reader.list(field)?;
    let mut all = Vec::new();
    while !items.is_empty() {
        all.push(read(&mut items)?);
    }
    Ok(all)
}
