pub(crate) mod differential;
mod json;

use super::*;
use crate::fork::Fork;
use crate::keccak::keccak256;
use crate::precompiles::{Crypto, CryptoError, Precompile};
use crate::rlp::{Problem, Reader};
use crate::rules::Rules;
use k256::ecdsa::{RecoveryId, SigningKey, VerifyingKey};

/// Signatures by the crate `k256` alone.
#[derive(Debug)]
pub(crate) struct K256;

fn address_of(key: &VerifyingKey) -> Address {
    Address::from_slice(&keccak256(&key.to_encoded_point(false).as_bytes()[1..])[12..])
}

impl Crypto for K256 {
    fn run(&self, _: Precompile, _: &[u8]) -> Result<Vec<u8>, CryptoError> {
        Err(CryptoError::Unavailable)
    }

    fn recover(&self, hash: H256, odd_y: bool, r: U256, s: U256) -> Result<Address, CryptoError> {
        let bytes = [r.to_big_endian(), s.to_big_endian()].concat();
        let signature = k256::ecdsa::Signature::from_slice(&bytes).map_err(|_| CryptoError::Invalid)?;
        // k256 takes s in the lower half alone; the other is that of the other parity.
        let (signature, odd_y) = match signature.normalize_s() {
            Some(low) => (low, !odd_y),
            None => (signature, odd_y),
        };
        let id = RecoveryId::new(odd_y, false);
        VerifyingKey::recover_from_prehash(hash.as_bytes(), &signature, id)
            .map(|key| address_of(&key))
            .map_err(|_| CryptoError::Invalid)
    }

    fn sign(&self, hash: H256, secret_key: H256) -> Result<(bool, U256, U256, Address), CryptoError> {
        let key = SigningKey::from_slice(secret_key.as_bytes()).map_err(|_| CryptoError::Invalid)?;
        let (signature, id) =
            key.sign_prehash_recoverable(hash.as_bytes()).map_err(|_| CryptoError::Invalid)?;
        let (r, s) = signature.split_bytes();
        let word = |bytes: &[u8]| U256::from_big_endian(bytes);
        Ok((id.is_y_odd(), word(&r), word(&s), address_of(key.verifying_key())))
    }
}

/// A cryptography that is not there yet.
#[derive(Debug)]
pub(crate) struct Absent;

impl Crypto for Absent {
    fn run(&self, _: Precompile, _: &[u8]) -> Result<Vec<u8>, CryptoError> {
        Err(CryptoError::Unavailable)
    }

    fn recover(&self, _: H256, _: bool, _: U256, _: U256) -> Result<Address, CryptoError> {
        Err(CryptoError::Unavailable)
    }

    fn sign(&self, _: H256, _: H256) -> Result<(bool, U256, U256, Address), CryptoError> {
        Err(CryptoError::Unavailable)
    }
}

fn bytes(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap()
}

fn address(digits: &str) -> Address {
    Address::from_slice(&bytes(digits))
}

/// Order of secp256k1's group (SEC 2, 2.4.1).
fn order() -> U256 {
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".parse().unwrap()
}

/// The example of EIP-155.
const EIP_155: &str = "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000802\
                       5a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aec\
                       b703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";

fn eip_155() -> Transaction {
    Transaction::decode(&bytes(EIP_155)).unwrap()
}

#[test]
fn example_of_eip_155() {
    let decoded = eip_155();
    let mut transaction = Transaction {
        chain_id: Some(1),
        nonce: 9,
        max_fee: 20_000_000_000u64.into(),
        max_priority_fee: 20_000_000_000u64.into(),
        gas_limit: 21_000,
        to: Some(Address::repeat_byte(0x35)),
        value: U256::exp10(18),
        ..Transaction::default()
    };
    assert_eq!(
        hex::encode(transaction.signing_hash()),
        "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"
    );
    let signer = transaction.sign(H256::repeat_byte(0x46), &K256).unwrap();
    assert_eq!(signer, address("9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"));
    assert_eq!(decoded, transaction);
    assert_eq!(hex::encode(transaction.encode()), EIP_155);
    assert_eq!(decoded.sender(&Rules::of(Fork::SpuriousDragon), &K256), Ok(signer));
}

/// The first transaction ever, of block 46147.
#[test]
fn first_transaction_of_the_main_network() {
    let transaction = Transaction {
        max_fee: 50_000_000_000_000u64.into(),
        max_priority_fee: 50_000_000_000_000u64.into(),
        gas_limit: 21_000,
        to: Some(address("5df9b87991262f6ba471f09758cde1c0fc1de734")),
        value: 31_337.into(),
        signature: Some(Signature {
            odd_y: true,
            r: "88ff6cf0fefd94db46111149ae4bfc179e9b94721fffd821d38d16464b3f71d0".parse().unwrap(),
            s: "45e0aff800961cfce805daef7016b9b675c137a6a41a548f7b60a3484c06a33a".parse().unwrap(),
        }),
        ..Transaction::default()
    };
    assert_eq!(
        hex::encode(transaction.hash()),
        "5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060"
    );
    let sender = address("a1e4380a3b1f749673e270229993ee55f35663b4");
    assert_eq!(transaction.sender(&Rules::of(Fork::Frontier), &K256), Ok(sender));
    assert_eq!(transaction.sender(&Rules::of(Fork::Osaka), &K256), Ok(sender));
}

#[test]
fn signatures_are_refused_by_the_rules_of_the_fork() {
    let frontier = Rules::of(Fork::Frontier);
    let homestead = Rules::of(Fork::Homestead);
    let dragon = Rules::of(Fork::SpuriousDragon);
    let named = eip_155();
    assert_eq!(named.sender(&homestead, &K256), Err(SenderError::ReplayProtected));
    let elsewhere = Transaction { chain_id: Some(5), ..named.clone() };
    assert_eq!(elsewhere.sender(&dragon, &K256), Err(SenderError::WrongChain { found: 5, expected: 1 }));
    let typed = Transaction { tx_type: TxType::AccessList, chain_id: Some(7), ..named.clone() };
    assert_eq!(
        typed.sender(&Rules::of(Fork::Berlin), &K256),
        Err(SenderError::WrongChain { found: 7, expected: 1 })
    );
    assert_eq!(Transaction::default().sender(&dragon, &K256), Err(SenderError::Unsigned));
    assert_eq!(named.sender(&dragon, &Absent), Err(SenderError::Unavailable));

    let mut plain = Transaction { chain_id: None, ..named };
    let signer = plain.sign(H256::repeat_byte(0x46), &K256).unwrap();
    let Some(Signature { odd_y, r, s }) = plain.signature else { panic!() };
    let mut with = |odd_y, r, s, rules: &Rules| {
        plain.signature = Some(Signature { odd_y, r, s });
        plain.sender(rules, &K256)
    };
    assert_eq!(with(odd_y, r, s, &frontier), Ok(signer));
    // The twin of the signature is one too, until Homestead.
    let high = order() - s;
    assert_eq!(with(!odd_y, r, high, &frontier), Ok(signer));
    assert_eq!(with(!odd_y, r, high, &homestead), Err(SenderError::HighS));
    assert_ne!(with(!odd_y, r, s, &homestead), Ok(signer));
    for bad in [U256::zero(), order(), U256::MAX] {
        assert_eq!(with(odd_y, bad, s, &frontier), Err(SenderError::OutOfRange));
        assert_eq!(with(odd_y, r, bad, &frontier), Err(SenderError::OutOfRange));
    }
    // 5 is no point's x coordinate: 5^3 + 7 is no square.
    assert_eq!(with(odd_y, 5.into(), s, &frontier), Err(SenderError::NoSigner));
    let half = order() >> 1;
    assert_ne!(with(odd_y, r, half, &homestead), Err(SenderError::HighS));
    assert_eq!(with(odd_y, r, half + 1, &homestead), Err(SenderError::HighS));
}

#[test]
fn keys_out_of_range_sign_nothing() {
    for key in [U256::zero(), order(), U256::MAX] {
        let key = H256(key.to_big_endian());
        assert_eq!(eip_155().sign(key, &K256), Err(CryptoError::Invalid));
    }
}

#[test]
fn authorities_are_who_signed() {
    let mut authorization = Authorization {
        chain_id: 1.into(),
        address: Address::repeat_byte(7),
        nonce: 3,
        ..Default::default()
    };
    // keccak(0x05 || rlp([1, 0x07..07, 3])), put together by hand.
    let preimage = [&bytes("05d70194")[..], &[7; 20], &[3]].concat();
    assert_eq!(authorization.signing_hash(), keccak256(&preimage));
    let (odd_y, r, s, signer) = K256.sign(authorization.signing_hash(), H256::repeat_byte(1)).unwrap();
    authorization = Authorization { y_parity: u64::from(odd_y).into(), r, s, ..authorization };
    assert_eq!(authorization.authority(&K256), Ok(signer));
    assert_eq!(authorization.authority(&Absent), Err(CryptoError::Unavailable));
    for void in [
        Authorization { y_parity: 2.into(), ..authorization.clone() },
        Authorization { y_parity: 27.into(), ..authorization.clone() },
        Authorization { r: U256::zero(), ..authorization.clone() },
        Authorization { r: order(), ..authorization.clone() },
        Authorization { s: U256::zero(), ..authorization.clone() },
        Authorization { s: order() - s, y_parity: u64::from(!odd_y).into(), ..authorization.clone() },
        Authorization { r: 5.into(), ..authorization.clone() },
    ] {
        assert_eq!(void.authority(&K256), Err(CryptoError::Invalid));
    }
}

/// Addresses of the first contracts of an account, as geth's tests have them (crypto/crypto_test.go).
#[test]
fn contracts_have_addresses_by_nonce() {
    let creator = address("970e8128ab834e8eac17ab8e3812f010678cf791");
    for (nonce, contract) in [
        (0, "333c3310824b7c685133f2bedb2ca4b8b4df633d"),
        (1, "8bda78331c916a08481428e4b07c96d3e916d165"),
        (2, "c9ddedf451bc62ce88bf9292afb13df35b670699"),
    ] {
        assert_eq!(create_address(creator, nonce), address(contract));
    }
}

#[test]
fn examples_of_eip_1014() {
    for (creator, salt, code, contract) in [
        ("00", "00", "00", "4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38"),
        ("deadbeef00000000000000000000000000000000", "00", "00", "b928f69bb1d91cd65274e3c79d8986362984fda3"),
        (
            "deadbeef00000000000000000000000000000000",
            "000000000000000000000000feed000000000000000000000000000000000000",
            "00",
            "d04116cdd17bebe565eb2422f2497e06cc1c9833",
        ),
        ("00", "00", "deadbeef", "70f2b2914a2a4b783faefb75f459a580616fcb5e"),
        ("deadbeef", "cafebabe", "deadbeef", "60f3f640a8508fc6a86d45df051962668e1e8ac7"),
        ("deadbeef", "cafebabe", &"deadbeef".repeat(11), "1d8bfdc5d46dc4f61d6b6115972536ebe6a8854c"),
        ("00", "00", "", "e33c0c7f7df4809055c3eba6c09cfe4baf1bd9e0"),
    ] {
        let creator = address(&format!("{creator:0>40}"));
        let salt = U256::from_big_endian(&bytes(salt));
        assert_eq!(create2_address(creator, salt, keccak256(&bytes(code))), address(contract));
    }
}

fn refused(digits: &str) -> Error {
    let error = Transaction::decode(&bytes(digits)).unwrap_err();
    assert!(error.to_string().starts_with("byte "), "{error}");
    error
}

#[test]
fn envelopes_that_are_none_are_refused() {
    assert_eq!(refused(""), Error::Empty { at: 0 });
    assert_eq!(refused("00c0"), Error::UnknownType { at: 0, byte: 0 });
    assert_eq!(refused("05c0"), Error::UnknownType { at: 0, byte: 5 });
    assert_eq!(refused("7fc0"), Error::UnknownType { at: 0, byte: 0x7F });
    assert_eq!(refused("8202c0"), Error::InString { at: 0 });
    assert_eq!(refused("03c4c3808080"), Error::BlobSidecar { at: 1 });
    let rlp = |at, field, problem| Error::Rlp(crate::rlp::Error { at, field, problem });
    assert_eq!(refused("02"), rlp(1, "transaction", Problem::Missing));
    assert_eq!(refused("0280"), rlp(1, "transaction", Problem::NotAList));
    assert_eq!(refused("02c080"), rlp(2, "transaction", Problem::Trailing(1)));
    assert_eq!(refused(&format!("{EIP_155}00")), rlp(110, "transaction", Problem::Trailing(1)));
    assert_eq!(refused(&EIP_155[..60]), rlp(0, "transaction", Problem::Truncated { needs: 108, has: 28 }));
    // In a block a legacy transaction is a list, also if it would fit a string.
    let wrapped = crate::rlp::encoded(|writer| writer.bytes(&bytes(EIP_155)));
    assert!(Transaction::read(&mut Reader::new(&wrapped)).is_err());
    assert!(Transaction::read(&mut Reader::new(&[0x02])).is_err());
    assert!(Transaction::read(&mut Reader::new(&[0x80])).is_err());
}

#[test]
fn fields_out_of_range_are_refused_by_name() {
    let legacy = |nonce: &str, gas: &str, value: &str, v: &str| {
        let body = bytes(&format!("{nonce}80{gas}80{value}80{v}0101"));
        let encoded = crate::rlp::list(|writer| writer.raw(&body));
        Transaction::decode(&encoded)
    };
    let field = |result: Result<Transaction, Error>| match result.unwrap_err() {
        Error::Rlp(error) => (error.field, error.problem),
        other => panic!("{other}"),
    };
    assert!(legacy("88ffffffffffffffff", "88ffffffffffffffff", "80", "1b").is_ok());
    let long = |most, found| Problem::IntegerTooLong { most, found };
    let over = "89010000000000000000";
    assert_eq!(field(legacy(over, "80", "80", "1b")), ("nonce", long(8, 9)));
    assert_eq!(field(legacy("80", over, "80", "1b")), ("gasLimit", long(8, 9)));
    let value = format!("a101{}", "00".repeat(32));
    assert_eq!(field(legacy("80", "80", &value, "1b")), ("value", long(32, 33)));
    assert_eq!(field(legacy("80", "80", "00", "1b")), ("value", Problem::IntegerWithZero));
    for v in [0u64, 1, 26, 29, 34] {
        let digits = hex::encode(crate::rlp::encoded(|writer| writer.u64(v)));
        assert_eq!(legacy("80", "80", "80", &digits), Err(Error::SignatureV { at: 7, v: v.into() }));
    }
    assert_eq!(legacy("80", "80", "80", "23").unwrap().chain_id, Some(0));
    // Chain 2^64 - 1 has v 2^65 + 33 or 34; from 2^65 + 35 on there is none.
    let most = legacy("80", "80", "80", "89020000000000000022").unwrap();
    assert_eq!((most.chain_id, most.signature.unwrap().odd_y), (Some(u64::MAX), true));
    assert_eq!(Transaction::decode(&most.encode()), Ok(most));
    assert!(matches!(legacy("80", "80", "80", "89020000000000000023"), Err(Error::ChainId { at: 7, .. })));
}

#[test]
fn blob_and_set_code_transactions_have_a_receiver() {
    for tx_type in [TxType::Blob, TxType::SetCode] {
        let transaction = Transaction { tx_type, to: None, ..Transaction::default() };
        assert_eq!(Transaction::decode(&transaction.encode()), Err(Error::NoReceiver { at: 7, tx_type }));
    }
    let creation = Transaction { tx_type: TxType::DynamicFee, chain_id: Some(0), ..Transaction::default() };
    let read = Transaction::decode(&creation.encode()).unwrap();
    assert_eq!(read, Transaction { signature: Some(Signature::default()), ..creation });
}

#[test]
fn parities_over_1_are_refused() {
    let encoded = bytes("01cb80808080808080c0020101");
    assert_eq!(Transaction::decode(&encoded), Err(Error::YParity { at: 10, parity: 2.into() }));
    // But an authorization's makes only itself void, up to 255.
    let with = |y_parity: u64| Transaction {
        tx_type: TxType::SetCode,
        to: Some(Address::zero()),
        authorizations: vec![Authorization { y_parity: y_parity.into(), ..Authorization::default() }],
        ..Transaction::default()
    };
    assert_eq!(Transaction::decode(&with(255).encode()).unwrap().authorizations, with(255).authorizations);
    assert!(Transaction::decode(&with(256).encode()).is_err());
}
