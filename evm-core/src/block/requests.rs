//! Requests to the consensus layer, as a block's execution makes them (EIP-7685): deposits (EIP-6110), withdrawals
//! (EIP-7002), consolidations (EIP-7251).

use super::{BlockError, Log, Receipt};
use crate::chain::ChainConfig;
use crate::{Address, H256};

/// Types of requests; the number is EIP-7685's type byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum RequestType {
    /// EIP-6110.
    Deposit = 0,
    /// EIP-7002.
    Withdrawal = 1,
    /// EIP-7251.
    Consolidation = 2,
}

/// DepositEvent of the deposit contract, as its ABI lays it out.
mod spec {
    use crate::H256;

    /// KECCAK-256 of `DepositEvent(bytes,bytes,bytes,bytes,bytes)`.
    pub const TOPIC: H256 = H256([
        0x64, 0x9B, 0xBC, 0x62, 0xD0, 0xE3, 0x13, 0x42, 0xAF, 0xEA, 0x4E, 0x5C, 0xD8, 0x2D, 0x40, 0x49, 0xE7,
        0xE1, 0xEE, 0x91, 0x2F, 0xC0, 0x88, 0x9A, 0xA7, 0x90, 0x80, 0x3B, 0xE3, 0x90, 0x38, 0xC5,
    ]);
    /// Bytes of its data.
    pub const LEN: usize = 576;
    /// Where each field is, and its bytes: public key, withdrawal credentials, amount, signature, index.
    pub const FIELDS: [(usize, usize); 5] = [(160, 48), (256, 32), (320, 8), (384, 96), (512, 8)];
}

/// Bytes of a deposit request.
pub const DEPOSIT_LEN: usize = 192;

/// One list of requests: the type's byte and their data.
pub fn request_list(which: RequestType, data: &[u8]) -> Vec<u8> {
    [&[which as u8], data].concat()
}

/// Data of the deposits that the block's receipts tell of, in their order.
pub(super) fn deposits(chain: &ChainConfig, receipts: &[Receipt]) -> Result<Vec<u8>, BlockError> {
    let mut data = Vec::new();
    for log in receipts.iter().flat_map(|receipt| &receipt.logs) {
        if is_deposit(log, chain.deposit_contract) {
            data.extend(deposit(&log.data).ok_or(BlockError::DepositEvent)?);
        }
    }
    Ok(data)
}

fn is_deposit(log: &Log, contract: Address) -> bool {
    log.address == contract && log.topics.first() == Some(&spec::TOPIC)
}

/// The request in an event's data; nothing if it is not laid out as the contract does.
fn deposit(data: &[u8]) -> Option<[u8; DEPOSIT_LEN]> {
    if data.len() != spec::LEN {
        return None;
    }
    let word = |at: usize| data.get(at..at + 32).map(H256::from_slice);
    let is = |at: usize, value: usize| word(at) == Some(H256::from_low_u64_be(value as u64));
    let mut request = [0; DEPOSIT_LEN];
    let mut filled = 0;
    for (number, (at, len)) in spec::FIELDS.into_iter().enumerate() {
        if !is(number * 32, at) || !is(at, len) {
            return None;
        }
        request[filled..filled + len].copy_from_slice(data.get(at + 32..at + 32 + len)?);
        filled += len;
    }
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Outcome;
    use crate::fork::Fork;
    use crate::keccak::keccak256;
    use crate::transaction::TxType;

    /// An event as Solidity encodes five `bytes`, each padded to words.
    fn event() -> Vec<u8> {
        let fields = [vec![0x11; 48], vec![0x22; 32], vec![0x33; 8], vec![0x44; 96], vec![0x55; 8]];
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        for field in &fields {
            head.extend(H256::from_low_u64_be((5 * 32 + tail.len()) as u64).0);
            tail.extend(H256::from_low_u64_be(field.len() as u64).0);
            tail.extend(field);
            tail.resize(tail.len().next_multiple_of(32), 0);
        }
        [head, tail].concat()
    }

    #[test]
    fn topic_is_the_events() {
        assert_eq!(spec::TOPIC, keccak256(b"DepositEvent(bytes,bytes,bytes,bytes,bytes)"));
    }

    #[test]
    fn fields_of_a_deposit_come_one_after_the_other() {
        let expected =
            [vec![0x11; 48], vec![0x22; 32], vec![0x33; 8], vec![0x44; 96], vec![0x55; 8]].concat();
        assert_eq!(deposit(&event()).map(Vec::from), Some(expected));
    }

    #[test]
    fn another_layout_is_no_deposit() {
        let good = event();
        assert_eq!(deposit(&good[..575]), None);
        assert_eq!(deposit(&[good.as_slice(), &[0]].concat()), None);
        // Any bit of the offsets and lengths.
        for at in (0..160).chain(spec::FIELDS.iter().flat_map(|(at, _)| *at..*at + 32)) {
            let mut bad = good.clone();
            bad[at] ^= 0x80;
            assert_eq!(deposit(&bad), None, "{at}");
        }
    }

    #[test]
    fn only_the_contracts_events_count() {
        let chain = ChainConfig::of_fork(Fork::Prague);
        let log = |address, topic, data| Log { address, topics: vec![topic], data };
        let receipt = |logs| Receipt {
            tx_type: TxType::Legacy,
            outcome: Outcome::Status(true),
            cumulative_gas_used: 0,
            logs,
        };
        let contract = chain.deposit_contract;
        let other = Address::repeat_byte(1);
        let mut receipts = vec![receipt(vec![
            log(other, spec::TOPIC, event()),
            log(contract, H256::zero(), vec![]),
            log(contract, spec::TOPIC, event()),
        ])];
        assert_eq!(deposits(&chain, &receipts).map(|data| data.len()), Ok(DEPOSIT_LEN));
        receipts.push(receipt(vec![log(contract, spec::TOPIC, vec![1])]));
        assert_eq!(deposits(&chain, &receipts), Err(BlockError::DepositEvent));
    }
}
