//! A file to hand on: a snapshot behind a card that says for people and pages what it is of. Numbers little-endian:
//!
//! | at | bytes | what |
//! | --- | --- | --- |
//! | 0 | 8 | [`MAGIC`] |
//! | 8 | 2 | version of this layout, 1 |
//! | 10 | 1 | kind: 3 is a card |
//! | 11 | 1 | 0 |
//! | 12 | 4 | bytes of the card |
//! | 16 | 32 | SHA-256 of bytes 0-15 and of the card |
//! | 48 | | the card, then the snapshot's file |
//!
//! The engine does not look into a card: it is the page's, which checks it.

use super::SnapshotError;
use super::file::{FORMAT, MAGIC};
use sha2::{Digest, Sha256};

const KIND_CARD: u8 = 3;
/// Bytes before the hash.
const HEAD: usize = 16;
const HEADER: usize = HEAD + 32;
/// The most bytes of a card: the images of small disks may lie in it.
pub const LARGEST: usize = 32 << 20;

/// A file of a card and of a snapshot's file.
///
/// # Errors
/// The card is too large.
pub fn with_card(card: &[u8], snapshot: &[u8]) -> Result<Vec<u8>, SnapshotError> {
    if card.len() > LARGEST {
        return Err(too_large(card.len()));
    }
    let mut file = Vec::with_capacity(HEADER + card.len() + snapshot.len());
    file.extend(MAGIC);
    file.extend(FORMAT.to_le_bytes());
    file.extend([KIND_CARD, 0]);
    file.extend((card.len() as u32).to_le_bytes());
    let hash = Sha256::new().chain_update(&file).chain_update(card).finalize();
    file.extend(hash);
    file.extend_from_slice(card);
    file.extend_from_slice(snapshot);
    Ok(file)
}

/// A file's card, if it has one, and the snapshot's file.
///
/// # Errors
/// The card is damaged or too large.
pub fn split(bytes: &[u8]) -> Result<(Option<&[u8]>, &[u8]), SnapshotError> {
    if !bytes.starts_with(&MAGIC) || bytes.get(8..11) != Some(&[FORMAT as u8, 0, KIND_CARD]) {
        return Ok((None, bytes));
    }
    let short =
        |expected: usize| SnapshotError::Length { found: bytes.len() as u64, expected: expected as u64 };
    let (header, rest) = bytes.split_first_chunk::<HEADER>().ok_or(short(HEADER))?;
    let (head, hash) = header.split_at(HEAD);
    let len = u32::from_le_bytes([header[12], header[13], header[14], header[15]]) as usize;
    if len > LARGEST {
        return Err(too_large(len));
    }
    let (card, snapshot) = rest.split_at_checked(len).ok_or(short(HEADER + len))?;
    if header[11] != 0 || Sha256::new().chain_update(head).chain_update(card).finalize()[..] != *hash {
        return Err(SnapshotError::Damaged("the card"));
    }
    Ok((Some(card), snapshot))
}

fn too_large(found: usize) -> SnapshotError {
    SnapshotError::TooLarge { what: "bytes of its card", found: found as u64, most: LARGEST as u64 }
}
