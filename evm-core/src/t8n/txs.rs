//! Transactions of the input: an array of objects, or a text with an RLP list in hexadecimal.

use crate::json::{JsonError, Node};
use crate::rlp::Reader;
use crate::transaction::{Given, Transaction};

/// A transaction, or why its bytes are none: it is refused then, and the others go on.
pub type Entry = Result<Given, String>;

/// Reads them. Objects must make sense; of an RLP list only the outermost structure.
///
/// # Errors
/// One that names the place and says what belongs there.
pub fn read_txs(node: Node<'_>) -> Result<Vec<Entry>, JsonError> {
    if node.is_null() {
        return Ok(Vec::new());
    }
    if !node.value().is_string() {
        return node.items(|node| Given::from_json(node).map(Ok));
    }
    let bytes = node.bytes()?;
    match items(&bytes) {
        Ok(entries) => Ok(entries),
        Err(error) => node.conflict(error.to_string()),
    }
}

fn items(bytes: &[u8]) -> Result<Vec<Entry>, crate::rlp::Error> {
    let mut reader = Reader::new(bytes);
    let mut list = reader.list("transactions")?;
    reader.end("transactions")?;
    let mut entries = Vec::new();
    while !list.is_empty() {
        let at = list.offset();
        let mut item = Reader::within(list.encoded("transaction")?, at);
        let entry = Transaction::read(&mut item).map(Given::from);
        entries.push(entry.map_err(|error| error.to_string()));
    }
    Ok(entries)
}
