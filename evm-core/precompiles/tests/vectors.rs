//! Vectors published with the EIPs.

use evm_core::precompiles::Precompile;
use evm_core::precompiles::{Crypto, CryptoError};
use evm_core::{Address, H256, U256};
use evm_precompiles::Native;

fn run(which: Precompile, input: &str) -> Result<String, CryptoError> {
    let digits: String = input.split_whitespace().collect();
    Native.run(which, &hex::decode(digits).unwrap()).map(hex::encode)
}

/// EIP-152's test vectors 4 to 7: no rounds, 12 of them (BLAKE2b of "abc"), not the last block, one round.
#[test]
fn blake2f_of_eip_152() {
    let state = "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5\
                 d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b";
    let message = format!("616263{}", "00".repeat(125));
    let offset = "03000000000000000000000000000000";
    let call = |rounds: &str, last: &str| {
        run(Precompile::Blake2F, &[rounds, state, &message, offset, last].concat())
    };
    for (rounds, last, expected) in [
        (
            "00000000",
            "01",
            "08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5\
             d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b",
        ),
        (
            "0000000c",
            "01",
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1\
             7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
        ),
        (
            "0000000c",
            "00",
            "75ab69d3190a562c51aef8d88f1c2775876944407270c42c9844252c26d28752\
             98743e7f6d5ea2f2d3e8d226039cd31b4e426ac4f2d3d666a610c2116fde4735",
        ),
        (
            "00000001",
            "01",
            "b63a380cb2897d521994a85234ee2c181b5f844d2c624c002677e9703449d2fb\
             a551b3a8333bcdf5f2f7e08993d53923de3d64fcc68c034e717b9293fed7a421",
        ),
    ] {
        assert_eq!(call(rounds, last).as_deref(), Ok(expected));
    }
    assert_eq!(call("0000000c", "02"), Err(CryptoError::Invalid));
}

/// FIPS 180-4's and RIPEMD-160's values of "abc".
#[test]
fn hashes_of_abc() {
    let sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(run(Precompile::Sha256, "616263").as_deref(), Ok(sha));
    let ripemd = "0000000000000000000000008eb208f7e05d987a9b044a8e98c6b087f15a0bfc";
    assert_eq!(run(Precompile::Ripemd160, "616263").as_deref(), Ok(ripemd));
}

/// EIP-155's example: its transaction's signing hash, key, signature and sender.
#[test]
fn signature_of_eip_155() {
    let hash: H256 = "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53".parse().unwrap();
    let key = H256([0x46; 32]);
    let r: U256 = "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276".parse().unwrap();
    let s: U256 = "67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83".parse().unwrap();
    let sender: Address = "9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f".parse().unwrap();
    // Its v is 37: chain 1 with an even y.
    assert_eq!(Native.sign(hash, key), Ok((false, r, s, sender)));
    assert_eq!(Native.recover(hash, false, r, s), Ok(sender));
    assert_ne!(Native.recover(hash, true, r, s), Ok(sender));
}

#[test]
fn signatures_out_of_range_are_invalid() {
    let order: U256 = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".parse().unwrap();
    let (hash, one) = (H256([1; 32]), U256::one());
    for (r, s) in [(U256::zero(), one), (one, U256::zero()), (order, one), (one, order), (U256::MAX, one)] {
        assert_eq!(Native.recover(hash, false, r, s), Err(CryptoError::Invalid), "{r} {s}");
    }
    // No point has 5 as x.
    assert_eq!(Native.recover(hash, false, 5.into(), one), Err(CryptoError::Invalid));
    assert_eq!(Native.sign(hash, H256::zero()), Err(CryptoError::Invalid));
    assert_eq!(Native.sign(hash, H256(order.to_big_endian())), Err(CryptoError::Invalid));
    assert!(Native.sign(hash, H256((order - 1).to_big_endian())).is_ok());
}

/// ECREC takes 27 and 28 only, and has no output for what nobody signed.
#[test]
fn ecrecover_never_fails() {
    let hash = "456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3";
    let r = "9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608";
    let s = "4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada";
    let zeros = "00".repeat(31);
    let call = |v: &str| run(Precompile::EcRecover, &[hash, v, r, s].concat());
    let signer = "0000000000000000000000007156526fbd7a3c72969b54f64e42c10fbb768c8a";
    assert_eq!(call(&format!("{zeros}1c")).as_deref(), Ok(signer));
    for v in [format!("{zeros}00"), format!("{zeros}1d"), format!("01{}1c", "00".repeat(30))] {
        assert_eq!(call(&v).as_deref(), Ok(""));
    }
    assert_eq!(run(Precompile::EcRecover, "").as_deref(), Ok(""));
}

/// c-kzg's verify_kzg_proof_case_correct_proof_4_4, as EIP-4844 calls it.
#[test]
fn point_evaluation_of_c_kzg() {
    let commitment =
        "8f59a8d2a1a625a17f3fea0fe5eb8c896db3764f3185481bc22f91b4aaffcca25f26936857bc3a7c2539ea8ec3a952b7";
    let commitment_bytes = hex::decode(commitment).unwrap();
    let mut hash = Native.run(Precompile::Sha256, &commitment_bytes).unwrap();
    hash[0] = 1;
    let call = |hash: &[u8], y: &str| {
        let z = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000";
        let proof = "a62ad71d14c5719385c0686f1871430475bf3a00f0aa3f7b8dd99a9abc2160744faf0070725e00b60ad9a026a15b1a8c";
        run(Precompile::PointEvaluation, &[&hex::encode(hash), z, y, commitment, proof].concat())
    };
    let y = "1522a4a7f34e1ea350ae07c29c96c7e79655aa926122e95fe69fcbd932ca49e9";
    let expected = "0000000000000000000000000000000000000000000000000000000000001000\
                    73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";
    assert_eq!(call(&hash, y).as_deref(), Ok(expected));
    assert_eq!(call(&hash, &y.replace("e9", "e8")), Err(CryptoError::Invalid));
    hash[0] = 2;
    assert_eq!(call(&hash, y), Err(CryptoError::Invalid));
}

/// EIP-196 and 197: twice the generator; the generators' pairing and its inverse; nothing to pair is one.
#[test]
fn bn254_generators() {
    let generator = format!("{}1{}2", "0".repeat(63), "0".repeat(63));
    let twice = "030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3\
                 15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4";
    assert_eq!(run(Precompile::Bn254Add, &[&generator[..], &generator].concat()).as_deref(), Ok(twice));
    let times_two = format!("{generator}{}2", "0".repeat(63));
    assert_eq!(run(Precompile::Bn254Mul, &times_two).as_deref(), Ok(twice));
    let minus =
        format!("{}130644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45", "0".repeat(63));
    let g2 = "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2\
              1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed\
              090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b\
              12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";
    let (no, yes) = ("0".repeat(64), format!("{}1", "0".repeat(63)));
    let call = |input: &[&str]| run(Precompile::Bn254Pairing, &input.concat());
    assert_eq!(call(&[&generator, g2, &minus, g2]), Ok(yes.clone()));
    assert_eq!(call(&[&generator, g2]), Ok(no));
    assert_eq!(call(&[]), Ok(yes));
    assert_eq!(call(&[&generator]), Err(CryptoError::Invalid));
}

/// RFC 6979, A.2.5: P-256 with SHA-256 of "sample".
#[test]
fn p256_signature_of_rfc_6979() {
    let hash = "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf";
    let signature = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                     f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    let key = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
               7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
    let yes = format!("{}1", "0".repeat(63));
    assert_eq!(run(Precompile::P256Verify, &[hash, signature, key].concat()), Ok(yes));
    assert_eq!(run(Precompile::P256Verify, &[signature, hash, key].concat()).as_deref(), Ok(""));
    assert_eq!(run(Precompile::P256Verify, &[hash, signature, key, "00"].concat()).as_deref(), Ok(""));
    assert_eq!(run(Precompile::P256Verify, "").as_deref(), Ok(""));
}

#[test]
fn lengths_that_no_contract_takes_are_invalid() {
    for which in Precompile::ALL {
        let some = Native.run(which, &[0; 7]);
        match which {
            Precompile::Blake2F
            | Precompile::Bn254Pairing
            | Precompile::PointEvaluation
            | Precompile::Bls12G1Add
            | Precompile::Bls12G1Msm
            | Precompile::Bls12G2Add
            | Precompile::Bls12G2Msm
            | Precompile::Bls12Pairing
            | Precompile::Bls12MapFpToG1
            | Precompile::Bls12MapFp2ToG2 => assert_eq!(some, Err(CryptoError::Invalid), "{which:?}"),
            _ => assert!(some.is_ok(), "{which:?}"),
        }
    }
    for which in [Precompile::Bls12G1Msm, Precompile::Bls12G2Msm, Precompile::Bls12Pairing] {
        assert_eq!(Native.run(which, &[]), Err(CryptoError::Invalid), "{which:?}");
    }
}
