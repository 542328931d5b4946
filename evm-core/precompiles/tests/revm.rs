//! Every precompiled contract beside the crate `revm-precompile`, whose default libraries are others than ours but for
//! alt_bn128 (libsecp256k1, blst, c-kzg): the same output and gas for the same input, whether it is good, damaged or
//! nonsense.

mod inputs;

use evm_core::fork::Fork;
use evm_core::precompiles::{Precompile, gas};
use evm_core::rules::Rules;
use evm_precompiles::Native;
use inputs::Random;
use revm_precompile::{PrecompileSpecId, Precompiles, u64_to_address};

/// Gas for each call: enough for all that is meant to succeed, and too little for what would run for seconds.
const LIMIT: u64 = 3_000_000;

const FORKS: [(Fork, PrecompileSpecId); 7] = [
    (Fork::Homestead, PrecompileSpecId::HOMESTEAD),
    (Fork::Byzantium, PrecompileSpecId::BYZANTIUM),
    (Fork::Istanbul, PrecompileSpecId::ISTANBUL),
    (Fork::Berlin, PrecompileSpecId::BERLIN),
    (Fork::Cancun, PrecompileSpecId::CANCUN),
    (Fork::Prague, PrecompileSpecId::PRAGUE),
    (Fork::Osaka, PrecompileSpecId::OSAKA),
];

/// Gas used and output; `None` if the call fails.
type Outcome = Option<(u64, Vec<u8>)>;

fn ours(which: Precompile, input: &[u8], rules: &Rules) -> Outcome {
    let gas = gas(which, input, rules).filter(|gas| *gas <= LIMIT)?;
    Some((gas, which.run(input, &Native).ok()?))
}

fn theirs(which: Precompile, input: &[u8], fork: PrecompileSpecId) -> Outcome {
    let contract = Precompiles::new(fork).get(&u64_to_address(which.number().into()))?;
    let output = contract.execute(input, LIMIT, 0).ok()?;
    output.is_success().then(|| (output.gas_used, output.bytes.to_vec()))
}

/// Compares `which` under the forks that have it, with `good` inputs and what becomes of them when they are damaged.
/// Returns how many calls succeeded and how many failed.
fn compare(which: Precompile, count: usize, mut good: impl FnMut(&mut Random) -> Vec<u8>) -> (usize, usize) {
    let mut random = Random::new(which.number().into());
    let (mut succeeded, mut failed) = (0, 0);
    for round in 0..count {
        let mut input = good(&mut random);
        if round % 3 == 1 {
            random.damage(&mut input);
        } else if round % 16 == 2 {
            let length = random.below(input.len() + 40);
            input = random.bytes(length);
        }
        // Prices differ by fork, outputs don't.
        let having = FORKS
            .iter()
            .filter(|(fork, _)| Rules::of(*fork).precompiles.iter().any(|(_, has)| *has == which));
        let last = having.clone().count() - 1;
        for (fork, spec) in having.skip(round % (last + 1)).take(1) {
            let outcome = ours(which, &input, &Rules::of(*fork));
            assert_eq!(
                outcome,
                theirs(which, &input, *spec),
                "{which:?} in {fork:?}: {}",
                hex::encode(&input)
            );
            if outcome.is_some() { succeeded += 1 } else { failed += 1 }
        }
    }
    (succeeded, failed)
}

#[test]
fn ecrecover() {
    compare(Precompile::EcRecover, 1500, inputs::signed);
}

#[test]
fn hashes_and_identity() {
    for which in [Precompile::Sha256, Precompile::Ripemd160, Precompile::Identity] {
        compare(which, 400, |random| {
            let length = random.below(300);
            random.bytes(length)
        });
    }
}

#[test]
fn modexp() {
    let (succeeded, failed) = compare(Precompile::ModExp, 4000, inputs::modexp);
    assert!(succeeded > 2000 && failed > 20, "{succeeded} succeeded, {failed} failed");
}

#[test]
fn bn254_add_and_mul() {
    for which in [Precompile::Bn254Add, Precompile::Bn254Mul] {
        let (succeeded, failed) = compare(which, 1000, inputs::bn254_points);
        assert!(succeeded > 400 && failed > 100, "{succeeded} succeeded, {failed} failed");
    }
}

#[test]
fn bn254_pairing() {
    let (succeeded, failed) = compare(Precompile::Bn254Pairing, 200, inputs::bn254_pairs);
    assert!(succeeded > 80 && failed > 20, "{succeeded} succeeded, {failed} failed");
}

#[test]
fn blake2f() {
    let (succeeded, failed) = compare(Precompile::Blake2F, 1000, |random| {
        let mut input = random.bytes(213);
        input[..3].copy_from_slice(&[0, 0, 0]);
        input[212] &= 1;
        input
    });
    assert!(succeeded > 500 && failed > 20, "{succeeded} succeeded, {failed} failed");
}

#[test]
fn point_evaluation() {
    let (succeeded, failed) = compare(Precompile::PointEvaluation, 90, inputs::kzg_openings);
    assert!(succeeded > 20 && failed > 20, "{succeeded} succeeded, {failed} failed");
}

#[test]
fn bls12_additions() {
    for (which, g2) in [(Precompile::Bls12G1Add, false), (Precompile::Bls12G2Add, true)] {
        let (succeeded, failed) = compare(which, 400, |random| inputs::bls12_points(random, g2));
        assert!(succeeded > 200 && failed > 40, "{succeeded} succeeded, {failed} failed");
    }
}

#[test]
fn bls12_sums() {
    for (which, g2) in [(Precompile::Bls12G1Msm, false), (Precompile::Bls12G2Msm, true)] {
        let (succeeded, failed) = compare(which, 150, |random| inputs::bls12_multiples(random, g2));
        assert!(succeeded > 50 && failed > 40, "{succeeded} succeeded, {failed} failed");
    }
}

#[test]
fn bls12_pairing() {
    let (succeeded, failed) = compare(Precompile::Bls12Pairing, 120, inputs::bls12_pairs);
    assert!(succeeded > 30 && failed > 20, "{succeeded} succeeded, {failed} failed");
}

#[test]
fn bls12_maps() {
    for (which, length) in [(Precompile::Bls12MapFpToG1, 1), (Precompile::Bls12MapFp2ToG2, 2)] {
        let (succeeded, failed) = compare(which, 200, |random| inputs::bls12_elements(random, length));
        assert!(succeeded > 100 && failed > 20, "{succeeded} succeeded, {failed} failed");
    }
}

/// Elements that the map to G1 takes to poles of its isogeny, found by solving for them: infinity becomes of them.
#[test]
fn poles_of_the_map_to_g1() {
    for element in [
        "000000000000000000000000000000001377c0192d99508a317127abf17c64205c7aad448380027efb47ae73ea231dbd6ecd3f2841b63d309c35bb8fd13e48f0",
        "000000000000000000000000000000000a2605e5991fcf3e63728a7a1468d79bacaa5f23f3816aadcd38efdd330c6d4f5bbf450f92156e0e23e16e3252bcd042",
        "00000000000000000000000000000000146850b3bdc2495ed73bb803dfaa951a88abff0acb5c7aeac52b48f3c808e87ce3885b98ce916e17caef21a6cbc6b598",
        "000000000000000000000000000000000ec1d2551f80abe70136a7f42e52133ebddf9b619a88147ae422a98e57581f2b0961dc019c74599f12a1b5513649a2e8",
    ] {
        let input = hex::decode(element).unwrap();
        let rules = Rules::of(Fork::Prague);
        let outcome = ours(Precompile::Bls12MapFpToG1, &input, &rules);
        assert_eq!(outcome, Some((5_500, vec![0; 128])));
        assert_eq!(outcome, theirs(Precompile::Bls12MapFpToG1, &input, PrecompileSpecId::PRAGUE));
    }
}

#[test]
fn p256_verify() {
    compare(Precompile::P256Verify, 800, inputs::p256_signed);
}
