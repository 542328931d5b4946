//! Transactions by chance, compared with the crate `alloy-consensus`.

use super::*;
use alloy_consensus::transaction::SignerRecoverable;
use alloy_consensus::{EthereumTxEnvelope, Transaction as _, TxEip4844};
use alloy_rlp::Encodable as _;

type Theirs = EthereumTxEnvelope<TxEip4844>;

/// Numbers that look random, the same in every run.
pub(crate) struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub fn word(&mut self) -> U256 {
        let word = U256([self.next(), self.next(), self.next(), self.next()]);
        word >> self.below(257) as usize
    }

    pub fn u64(&mut self) -> u64 {
        self.next().checked_shr(self.below(65) as u32).unwrap_or(0)
    }

    pub fn address(&mut self) -> Address {
        Address::repeat_byte(self.next() as u8)
    }

    pub fn hash(&mut self) -> H256 {
        H256(self.word().to_big_endian())
    }

    pub fn bytes(&mut self, most: u64) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.next() as u8).collect()
    }

    pub fn list<T>(&mut self, most: u64, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most)).map(|_| item(self)).collect()
    }

    fn authorization(&mut self) -> Authorization {
        Authorization {
            chain_id: self.word(),
            address: self.address(),
            nonce: self.u64(),
            y_parity: self.below(256).into(),
            r: self.word(),
            s: self.word(),
        }
    }

    /// A transaction with fees that alloy can hold, under 2^128.
    pub fn transaction(&mut self) -> Transaction {
        let tx_type = TxType::from_byte(self.below(5) as u8).unwrap();
        let typed = tx_type != TxType::Legacy;
        let max_fee = self.word() >> 128;
        let most = |tx_types: bool| if tx_types { 4 } else { 1 };
        let mut transaction = Transaction {
            tx_type,
            // With EIP-155 v has to fit alloy's 64 bits.
            chain_id: (typed || self.below(2) == 0).then(|| self.u64() >> 2),
            nonce: self.u64(),
            max_fee,
            max_priority_fee: if tx_type.has_dynamic_fee() { self.word() >> 128 } else { max_fee },
            gas_limit: self.u64(),
            to: (tx_type >= TxType::Blob || self.below(4) > 0).then(|| self.address()),
            value: self.word(),
            data: self.bytes(100),
            access_list: self.list(most(typed), |random| AccessListItem {
                address: random.address(),
                storage_keys: random.list(4, Self::word),
            }),
            max_blob_fee: if tx_type == TxType::Blob { self.word() >> 128 } else { U256::zero() },
            blob_hashes: self.list(most(tx_type == TxType::Blob), Self::hash),
            authorizations: self.list(most(tx_type == TxType::SetCode), Self::authorization),
            signature: None,
        };
        transaction.sign(H256::repeat_byte(1 + self.below(100) as u8), &K256).unwrap();
        transaction
    }
}

fn theirs(mut bytes: &[u8]) -> Option<Theirs> {
    let transaction = <Theirs as alloy_eips::Decodable2718>::decode_2718(&mut bytes).ok()?;
    bytes.is_empty().then_some(transaction)
}

#[test]
fn random_transactions_are_alloys() {
    let mut random = Random(7);
    for _ in 0..400 {
        let ours = random.transaction();
        let encoded = ours.encode();
        assert_eq!(Transaction::decode(&encoded).as_ref(), Ok(&ours));
        let theirs = theirs(&encoded).expect("alloy reads it");
        assert_eq!(theirs.tx_hash().0, ours.hash().0);
        assert_eq!(theirs.signature_hash().0, ours.signing_hash().0);
        assert_eq!((theirs.nonce(), theirs.gas_limit()), (ours.nonce, ours.gas_limit));
        assert_eq!((theirs.chain_id(), theirs.input().as_ref()), (ours.chain_id, &ours.data[..]));
        assert_eq!(theirs.to().map(|to| to.0.0), ours.to.map(|to| to.0));
        assert_eq!(U256::from(theirs.max_fee_per_gas()), ours.max_fee);
        assert_eq!(U256::from(theirs.max_fee_per_blob_gas().unwrap_or(0)), ours.max_blob_fee);
        let rules = Rules { chain_id: ours.chain_id.unwrap_or(1), ..Rules::of(Fork::Osaka) };
        let signer = theirs.recover_signer().expect("signed");
        assert_eq!(ours.sender(&rules, &K256).map(|sender| sender.0), Ok(signer.0.0));
        // And as it is in a block.
        let mut in_list = Vec::new();
        theirs.encode(&mut in_list);
        assert_eq!(crate::rlp::encoded(|writer| ours.write(writer)), in_list);
        assert_eq!(Transaction::read(&mut Reader::new(&in_list)), Ok(ours));
    }
}

#[test]
fn authorities_are_alloys() {
    let mut random = Random(8);
    for _ in 0..100 {
        let mut ours = random.authorization();
        let (odd_y, r, s, signer) = K256.sign(ours.signing_hash(), H256::repeat_byte(9)).unwrap();
        (ours.y_parity, ours.r, ours.s) = (u64::from(odd_y).into(), r, s);
        let transaction = Transaction {
            tx_type: TxType::SetCode,
            chain_id: Some(1),
            to: Some(signer),
            authorizations: vec![ours.clone()],
            signature: Some(Signature { odd_y, r, s }),
            ..Transaction::default()
        };
        let theirs = theirs(&transaction.encode()).expect("alloy reads it");
        let list = theirs.authorization_list().expect("has one");
        assert_eq!(list[0].signature_hash().0, ours.signing_hash().0);
        assert_eq!(list[0].recover_authority().map(|who| who.0.0).ok(), Some(signer.0));
        assert_eq!(ours.authority(&K256), Ok(signer));
    }
}

/// Damage to bytes: 1 to 3 places.
pub(crate) fn damage(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..1 + random.below(3) {
        // Most that can go wrong is near the start.
        let bound = if random.below(2) == 0 { bytes.len().min(12) } else { bytes.len() };
        let at = random.below(bound as u64 + 1) as usize;
        match random.below(5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, [0, 0x80, 0xC0, 0x81, 0xB8][random.below(5) as usize]),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            _ if at < bytes.len() => bytes[at] = random.next() as u8,
            _ => {}
        }
    }
}

/// What alloy takes we take, and the same; what we take and alloy does not is what it can't hold.
#[test]
fn damaged_transactions_are_taken_and_refused_as_by_alloy() {
    let mut random = Random(9);
    let mut taken = 0;
    for _ in 0..300 {
        let good = random.transaction().encode();
        for _ in 0..60 {
            let mut encoded = good.clone();
            damage(&mut random, &mut encoded);
            let ours = Transaction::decode(&encoded);
            let theirs = theirs(&encoded);
            match (&ours, &theirs) {
                (Ok(ours), Some(theirs)) => {
                    assert_eq!(ours.hash().0, theirs.tx_hash().0);
                    assert_eq!(ours.encode(), encoded);
                    taken += 1;
                }
                (Err(_), None) => {}
                (Ok(ours), None) => {
                    let most = U256::from(u128::MAX);
                    let too_wide = [ours.max_fee, ours.max_priority_fee, ours.max_blob_fee]
                        .iter()
                        .any(|fee| *fee > most);
                    let v_too_wide =
                        ours.tx_type == TxType::Legacy && ours.chain_id.is_some_and(|id| id >= 1 << 63);
                    assert!(too_wide || v_too_wide, "only we take {}", hex::encode(&encoded));
                }
                (Err(error), Some(_)) => panic!("only alloy takes {}: {error}", hex::encode(&encoded)),
            }
        }
    }
    assert!(taken > 1000, "{taken}");
}

#[test]
fn random_bytes_never_panic() {
    let mut random = Random(10);
    for _ in 0..50_000 {
        let mut bytes = random.bytes(60);
        if let Some(first) = bytes.first_mut() {
            *first = [1, 2, 3, 4, 0xC0 | *first][usize::from(*first) % 5];
        }
        if let Ok(transaction) = Transaction::decode(&bytes) {
            assert_eq!(transaction.encode(), bytes);
        }
        let _ = Transaction::decode_list(&bytes).map_err(|error| error.to_string());
    }
}
