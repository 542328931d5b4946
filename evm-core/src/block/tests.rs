use super::*;
use crate::json::Node;
use crate::precompiles::{Crypto, CryptoError, Precompile};
use crate::rlp::{Error as RlpError, Problem};
use crate::rules::Rules;
use crate::transaction::tests::K256;
use crate::transaction::tests::differential::{Random, damage};
use crate::transaction::{Transaction, TxType};
use crate::trie::EMPTY_ROOT;
use alloy_consensus as alloy;
use alloy_rlp::{Decodable, Encodable};

fn hash(digits: &str) -> H256 {
    digits.parse().unwrap()
}

fn genesis() -> Header {
    Header {
        ommers_hash: NO_OMMERS,
        state_root: hash("d7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544"),
        transactions_root: EMPTY_ROOT,
        receipts_root: EMPTY_ROOT,
        difficulty: 17_179_869_184u64.into(),
        gas_limit: 5000,
        extra_data: hex::decode("11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa").unwrap(),
        nonce: [0, 0, 0, 0, 0, 0, 0, 0x42],
        ..Header::default()
    }
}

#[test]
fn first_headers_of_the_main_network() {
    let genesis_hash = hash("d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3");
    assert_eq!(genesis().hash(), genesis_hash);
    let first = Header {
        parent_hash: genesis_hash,
        coinbase: "05a56e2d52c817161883f50c441c3228cfe54d9f".parse().unwrap(),
        state_root: hash("d67e4d450343046425ae4271474353857ab860dbc0a1dde64b41b5cd3a532bf3"),
        difficulty: 17_171_480_576u64.into(),
        number: 1,
        timestamp: 1_438_269_988,
        extra_data: b"Geth/v1.0.0/linux/go1.4.2".to_vec(),
        prev_randao: hash("969b900de27b6ac6a67742365dd65f55a0526c41fd18e1b16f1a1215c2e66f59"),
        nonce: [0x53, 0x9B, 0xD4, 0x97, 0x9F, 0xEF, 0x1E, 0xC4],
        ..genesis()
    };
    assert_eq!(first.hash(), hash("88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6"));
    assert_eq!(Header::decode(&first.encode()), Ok(first));
}

/// Block 46147 of the main network, the first with a transaction.
fn block_46147() -> Vec<u8> {
    let no_logs = "00".repeat(256);
    hex::decode(format!(
        "f90277f90208a05a41d0e66b4120775176c09fcf39e7c0520517a13d2b57b18d33d342df038bfca01dcc4de8dec75d7aab85b567b6\
         ccd41ad312451b948a7413f0a142fd40d4934794e6a7a1d47ff21b6321162aea7c6cb457d5476bcaa00e0df2706b0a4fb8bd08c924\
         6d472abbe850af446405d9eba1db41db18b4a169a04513310fcb9f6f616972a3b948dc5d547f280849a87ebb5af0191f98b87be598\
         a0fe2bf2a941abf41d72637e5b91750332a30283efd40c424dc522b77e6f0ed8c4b90100{no_logs}860153886c1bbd82b44382520b\
         8252088455c426598b657468706f6f6c2e6f7267a0b48c515a9dde8d346c3337ea520aa995a4738bb595495506125449c1149d6cf4\
         88ba4f8ecd18aab215f869f86780862d79883d2000825208945df9b87991262f6ba471f09758cde1c0fc1de734827a69801ca088ff\
         6cf0fefd94db46111149ae4bfc179e9b94721fffd821d38d16464b3f71d0a045e0aff800961cfce805daef7016b9b675c137a6a41a\
         548f7b60a3484c06a33ac0"
    ))
    .unwrap()
}

#[test]
fn first_block_with_a_transaction() {
    let encoded = block_46147();
    let block = Block::decode(&encoded).unwrap();
    assert_eq!(block.encode(), encoded);
    assert_eq!(block.header.hash(), hash("4e3a3754410177e6937ef1f84bba68ea139e8d1a2258c5f85db9f1cd715a1bdd"));
    assert_eq!((block.header.number, block.header.gas_used), (46_147, 21_000));
    assert_eq!(transactions_root(&block.transactions), block.header.transactions_root);
    assert_eq!(ommers_hash(&block.ommers), block.header.ommers_hash);
    let sender = block.transactions[0].sender(&Rules::of(crate::fork::Fork::Frontier), &K256);
    assert_eq!(sender, Ok("a1e4380a3b1f749673e270229993ee55f35663b4".parse().unwrap()));
    // The root in the receipt is what nodes say of it.
    let root = hash("96a8e009d2b88b1483e6941e6812e32263b05683fac202abc622a3e31aed1957");
    let receipt = Receipt {
        tx_type: TxType::Legacy,
        outcome: Outcome::StateRoot(root),
        cumulative_gas_used: 21_000,
        logs: vec![],
    };
    assert_eq!(receipts_root(&[receipt]), block.header.receipts_root);
}

#[test]
fn constants_are_hashes_of_nothing() {
    assert_eq!(ommers_hash(&[]), NO_OMMERS);
    assert_eq!(logs_hash(&[]), NO_OMMERS);
    assert_eq!(withdrawals_root(&[]), EMPTY_ROOT);
    assert_eq!(receipts_root(&[]), EMPTY_ROOT);
    assert_eq!(transactions_root(&[]), EMPTY_ROOT);
}

impl Random {
    fn h256(&mut self) -> H256 {
        H256(self.word().to_big_endian())
    }

    /// A header with the first `later` of the later forks' fields.
    fn header(&mut self, later: usize) -> Header {
        Header {
            parent_hash: self.h256(),
            ommers_hash: self.h256(),
            coinbase: self.address(),
            state_root: self.h256(),
            transactions_root: self.h256(),
            receipts_root: self.h256(),
            bloom: Bloom([self.next() as u8; 256]),
            difficulty: self.word(),
            number: self.u64(),
            gas_limit: self.u64(),
            gas_used: self.u64(),
            timestamp: self.u64(),
            extra_data: self.bytes(40),
            prev_randao: self.h256(),
            nonce: self.next().to_be_bytes(),
            base_fee: (later > 0).then(|| self.u64().into()),
            withdrawals_root: (later > 1).then(|| self.h256()),
            blob_gas_used: (later > 2).then(|| self.u64()),
            excess_blob_gas: (later > 3).then(|| self.u64()),
            parent_beacon_block_root: (later > 4).then(|| self.h256()),
            requests_hash: (later > 5).then(|| self.h256()),
            block_access_list_hash: (later > 6).then(|| self.h256()),
            slot_number: (later > 7).then(|| self.u64()),
        }
    }

    fn log(&mut self) -> Log {
        Log { address: self.address(), topics: self.list(5, Self::h256), data: self.bytes(80) }
    }

    fn receipt(&mut self) -> Receipt {
        let outcome = match self.below(3) {
            0 => Outcome::StateRoot(self.h256()),
            status => Outcome::Status(status == 1),
        };
        Receipt {
            tx_type: TxType::from_byte(self.below(5) as u8).unwrap(),
            outcome,
            cumulative_gas_used: self.u64(),
            logs: self.list(4, Self::log),
        }
    }

    fn withdrawal(&mut self) -> Withdrawal {
        Withdrawal {
            index: self.u64(),
            validator_index: self.u64(),
            address: self.address(),
            amount: self.u64(),
        }
    }

    fn block(&mut self) -> Block {
        let later = self.below(9) as usize;
        Block {
            header: self.header(later),
            transactions: self.list(5, Self::transaction),
            ommers: self.list(3, |random| random.header(0)),
            withdrawals: (later > 1).then(|| self.list(4, Self::withdrawal)),
            access_list: None,
        }
    }
}

#[test]
fn random_headers_are_alloys() {
    let mut random = Random(20);
    for round in 0..500 {
        let ours = random.header(round % 9);
        let encoded = ours.encode();
        assert_eq!(Header::decode(&encoded), Ok(ours.clone()));
        let theirs = alloy::Header::decode(&mut &encoded[..]).expect("alloy reads it");
        assert_eq!(theirs.hash_slow().0, ours.hash().0);
        assert_eq!(theirs.base_fee_per_gas.map(U256::from), ours.base_fee);
        assert_eq!((theirs.excess_blob_gas, theirs.slot_number), (ours.excess_blob_gas, ours.slot_number));
        assert_eq!(theirs.requests_hash.map(|hash| hash.0), ours.requests_hash.map(|hash| hash.0));
        let mut again = Vec::new();
        theirs.encode(&mut again);
        assert_eq!(again, encoded);
    }
}

#[test]
fn later_fields_that_lack_earlier_ones_are_written_with_a_gap() {
    let gap = Header { slot_number: Some(7), ..genesis() };
    assert!(gap.encode().ends_with(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 7]));
    assert_ne!(gap.hash(), genesis().hash());
}

type TheirBlock = alloy::Block<alloy::EthereumTxEnvelope<alloy::TxEip4844>>;

#[test]
fn random_blocks_are_alloys() {
    let mut random = Random(21);
    for _ in 0..100 {
        let ours = random.block();
        let encoded = ours.encode();
        assert_eq!(Block::decode(&encoded).as_ref(), Ok(&ours));
        let theirs = TheirBlock::decode(&mut &encoded[..]).expect("alloy reads it");
        assert_eq!(theirs.header.hash_slow().0, ours.header.hash().0);
        let mut again = Vec::new();
        theirs.encode(&mut again);
        assert_eq!(again, encoded);
        let root = alloy::proofs::calculate_transaction_root(&theirs.body.transactions);
        assert_eq!(transactions_root(&ours.transactions).0, root.0);
        assert_eq!(ommers_hash(&ours.ommers).0, alloy::proofs::calculate_ommers_root(&theirs.body.ommers).0);
        if let (Some(theirs), Some(ours)) = (theirs.body.withdrawals, ours.withdrawals) {
            assert_eq!(withdrawals_root(&ours).0, alloy::proofs::calculate_withdrawals_root(&theirs).0);
        }
    }
}

#[test]
fn damaged_blocks_are_refused_with_a_place() {
    let mut random = Random(22);
    let mut refused = 0;
    for _ in 0..60 {
        let good = random.block().encode();
        for _ in 0..50 {
            let mut encoded = good.clone();
            damage(&mut random, &mut encoded);
            match Block::decode(&encoded) {
                Ok(block) => assert_eq!(block.encode(), encoded),
                Err(error) => {
                    refused += 1;
                    assert!(error.to_string().starts_with("byte "), "{error}");
                    // Blobs with their proofs, fees over 2^128, or chains over alloy's: all else alloy refuses too.
                    let mut rest = &encoded[..];
                    let taken = TheirBlock::decode(&mut rest).is_ok() && rest.is_empty();
                    assert!(!taken, "only alloy takes {}: {error}", hex::encode(&encoded));
                }
            }
        }
    }
    assert!(refused > 1000, "{refused}");
}

fn to_theirs(ours: &Receipt) -> alloy::ReceiptEnvelope {
    let status = match ours.outcome {
        Outcome::StateRoot(root) => alloy::Eip658Value::PostState(root.0.into()),
        Outcome::Status(success) => alloy::Eip658Value::Eip658(success),
    };
    let logs = ours.logs.iter().map(|log| {
        let topics = log.topics.iter().map(|topic| topic.0.into()).collect();
        alloy_primitives::Log::new_unchecked(log.address.0.into(), topics, log.data.clone().into())
    });
    let receipt =
        alloy::Receipt { status, cumulative_gas_used: ours.cumulative_gas_used, logs: logs.collect() };
    let tx_type = alloy::TxType::try_from(ours.tx_type as u8).unwrap();
    alloy::ReceiptEnvelope::from_typed(tx_type, receipt)
}

#[test]
fn random_receipts_are_alloys() {
    let mut random = Random(23);
    for _ in 0..100 {
        let receipts = random.list(6, Random::receipt);
        let theirs: Vec<_> = receipts.iter().map(to_theirs).collect();
        assert_eq!(receipts_root(&receipts).0, alloy::proofs::calculate_receipt_root(&theirs).0);
        let mut bloom = Bloom::default();
        for (ours, theirs) in receipts.iter().zip(&theirs) {
            let encoded = ours.encode();
            let mut their_bytes = Vec::new();
            alloy_eips::Encodable2718::encode_2718(theirs, &mut their_bytes);
            assert_eq!(encoded, their_bytes);
            assert_eq!(Receipt::decode(&encoded).as_ref(), Ok(ours));
            bloom.merge(&ours.bloom());
            for log in &ours.logs {
                assert!(bloom.may_contain(log.address.as_bytes()));
                assert!(log.topics.iter().all(|topic| bloom.may_contain(topic.as_bytes())));
            }
        }
        assert_eq!(receipts_bloom(&receipts), bloom);
    }
}

#[test]
fn damaged_receipts_and_random_bytes_never_panic() {
    let mut random = Random(24);
    for _ in 0..2000 {
        let mut encoded = random.receipt().encode();
        damage(&mut random, &mut encoded);
        if let Ok(receipt) = Receipt::decode(&encoded) {
            assert_eq!(receipt.encode(), encoded);
        }
        let bytes = random.bytes(80);
        let _ = (Header::decode(&bytes), Block::decode(&bytes), Receipt::decode(&bytes));
    }
}

#[test]
fn receipts_that_contradict_themselves_are_refused() {
    let receipt = Receipt {
        tx_type: TxType::Legacy,
        outcome: Outcome::Status(true),
        cumulative_gas_used: 1,
        logs: vec![Log::default()],
    };
    let mut encoded = receipt.encode();
    let bloom = encoded.iter().position(|&byte| byte == 0xB9).unwrap();
    encoded[bloom + 3] ^= 1;
    let error = Receipt::decode(&encoded).unwrap_err().to_string();
    assert_eq!(error, format!("byte {bloom}: logsBloom: is not the filter of the logs that follow"));
    let five = Log { topics: vec![H256::zero(); 5], ..Log::default() };
    let encoded = Receipt { logs: vec![five], ..receipt.clone() }.encode();
    assert!(Receipt::decode(&encoded).unwrap_err().to_string().contains("log topics"));
    let mut status = receipt.encode();
    status[3] = 2;
    assert!(Receipt::decode(&status).unwrap_err().to_string().contains("status (0 or 1) or stateRoot"));
}

#[test]
fn fields_out_of_range_are_refused_by_name() {
    let encoded = genesis().encode();
    let error = |bytes: &[u8]| Header::decode(bytes).unwrap_err();
    assert_eq!(
        error(&[&encoded[..], &[0]].concat()),
        RlpError { at: encoded.len(), field: "header", problem: Problem::Trailing(1) }
    );
    let long = Header { extra_data: vec![7; 1000], ..genesis() };
    assert_eq!(
        Header::decode(&long.encode()),
        Ok(long),
        "the length of extraData is for the validation to judge"
    );
    let mut number = genesis();
    number.number = u64::MAX;
    let encoded = number.encode();
    let at =
        encoded.windows(9).position(|bytes| bytes == [0x88, 255, 255, 255, 255, 255, 255, 255, 255]).unwrap();
    let mut wide = encoded.clone();
    wide[at] = 0x89;
    let mut problem = error(&wide);
    assert_eq!((problem.at, problem.field), (at, "number"));
    problem.at = 0;
    assert!(matches!(problem.problem, Problem::IntegerTooLong { most: 8, found: 9 }));
    // A field of a fork after Amsterdam.
    let all = Random(1).header(8);
    let mut reader = crate::rlp::Reader::new(&all.encode()).list("header").unwrap().rest().to_vec();
    reader.push(1);
    let more = crate::rlp::list(|writer| writer.raw(&reader));
    assert!(matches!(error(&more).problem, Problem::Trailing(1)));
}

/// SHA-256 alone.
#[derive(Debug)]
struct Sha256;

impl Crypto for Sha256 {
    fn run(&self, which: Precompile, input: &[u8]) -> Result<Vec<u8>, CryptoError> {
        assert_eq!(which, Precompile::Sha256);
        use k256::sha2::Digest;
        Ok(k256::sha2::Sha256::digest(input).to_vec())
    }

    fn recover(&self, _: H256, _: bool, _: U256, _: U256) -> Result<Address, CryptoError> {
        Err(CryptoError::Unavailable)
    }

    fn sign(&self, _: H256, _: H256) -> Result<(bool, U256, U256, Address), CryptoError> {
        Err(CryptoError::Unavailable)
    }
}

#[test]
fn requests_are_hashed_by_type() {
    // No cryptography is needed where nothing is requested: K256 has no SHA-256.
    assert_eq!(requests_hash(&[], &K256), Ok(NO_REQUESTS));
    assert_eq!(requests_hash(&[vec![0], vec![1], vec![]], &K256), Ok(NO_REQUESTS));
    assert_eq!(requests_hash(&[vec![0, 1]], &K256), Err(CryptoError::Unavailable));
    let mut random = Random(25);
    for _ in 0..20 {
        let requests: Vec<Vec<u8>> = (0..3).map(|kind| [vec![kind], random.bytes(200)].concat()).collect();
        let theirs =
            alloy_eips::eip7685::Requests::new(requests.iter().map(|one| one.clone().into()).collect());
        assert_eq!(requests_hash(&requests, &Sha256).map(|hash| hash.0), Ok(theirs.requests_hash().0));
    }
}

#[test]
fn withdrawals_and_logs_are_read_as_written() {
    let mut random = Random(26);
    for _ in 0..100 {
        let (withdrawal, log) = (random.withdrawal(), random.log());
        let encoded = crate::rlp::encoded(|writer| {
            withdrawal.write(writer);
            log.write(writer);
        });
        let mut reader = crate::rlp::Reader::new(&encoded);
        assert_eq!(Withdrawal::read(&mut reader), Ok(withdrawal));
        assert_eq!(Log::read(&mut reader), Ok(log));
        assert_eq!(reader.end("nothing"), Ok(()));
    }
    assert!(Transaction::decode(&[0xC0]).is_err());
}

#[test]
fn headers_and_withdrawals_are_read_from_json_as_written() {
    let mut random = Random(27);
    for round in 0..90 {
        let header = random.header(round % 9);
        let mut value = header.to_json();
        assert_eq!(Header::from_json(Node::root(&value)), Ok(header.clone()));
        // As in block tests.
        for (ours, tests) in [
            ("sha3Uncles", "uncleHash"),
            ("miner", "coinbase"),
            ("transactionsRoot", "transactionsTrie"),
            ("receiptsRoot", "receiptTrie"),
            ("logsBloom", "bloom"),
        ] {
            let object = value.as_object_mut().unwrap();
            let field = object.remove(ours).unwrap();
            object.insert(tests.into(), field);
        }
        assert_eq!(Header::from_json(Node::root(&value)), Ok(header));
        value["hash"] = format!("0x{}", "11".repeat(32)).into();
        let error = Header::from_json(Node::root(&value)).unwrap_err().to_string();
        assert!(error.starts_with("$: \"hash\" is 0x1111"), "{error}");
        value["nonce"] = "0x11".into();
        let error = Header::from_json(Node::root(&value)).unwrap_err().to_string();
        assert!(error.starts_with("$.nonce: expected 8 bytes"), "{error}");
        let withdrawal = random.withdrawal();
        assert_eq!(Withdrawal::from_json(Node::root(&withdrawal.to_json())), Ok(withdrawal));
    }
}

/// Spellings of the execution APIs' specification.
#[test]
fn receipts_and_logs_are_written_as_by_nodes() {
    let log = Log { address: Address::repeat_byte(1), topics: vec![H256::repeat_byte(2)], data: vec![3] };
    let receipt = Receipt {
        tx_type: TxType::DynamicFee,
        outcome: Outcome::Status(true),
        cumulative_gas_used: 21_000,
        logs: vec![log],
    };
    let value = receipt.to_json();
    let bloom = format!("{:?}", receipt.bloom());
    let expected = serde_json::json!({
        "type": "0x2",
        "status": "0x1",
        "cumulativeGasUsed": "0x5208",
        "logsBloom": bloom,
        "logs": [{
            "address": format!("0x{}", "01".repeat(20)),
            "topics": [format!("0x{}", "02".repeat(32))],
            "data": "0x03",
        }],
    });
    assert_eq!(value, expected);
}
