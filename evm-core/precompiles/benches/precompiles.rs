//! Time of a call beside `revm-precompile` with its default libraries: `cargo bench -p evm-precompiles`, with `-- NAME` for
//! those whose names begin so.

#[path = "../tests/inputs/mod.rs"]
#[allow(dead_code, reason = "tests use all of it")]
mod inputs;

use evm_core::precompiles::{Crypto, Precompile};
use evm_precompiles::Native;
use inputs::Random;
use revm_precompile::{PrecompileSpecId, Precompiles, u64_to_address};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The shortest time of a call, of many tries that are shorter than a time slice on a busy machine.
fn time(mut call: impl FnMut()) -> Duration {
    let begin = Instant::now();
    call();
    let once = begin.elapsed().max(Duration::from_nanos(20));
    let calls = (Duration::from_micros(500).as_nanos() / once.as_nanos()).clamp(1, 10_000) as u32;
    let tries = (Duration::from_millis(200).as_nanos() / once.as_nanos()).clamp(7, 100);
    let tries = (0..tries).map(|_| {
        let begin = Instant::now();
        (0..calls).for_each(|_| call());
        begin.elapsed() / calls
    });
    tries.min().unwrap_or_default()
}

fn main() {
    let revm = Precompiles::new(PrecompileSpecId::OSAKA);
    println!("{:36} {:>12} {:>12} {:>8}", "", "ours", "revm", "speed");
    // Cargo adds an option of its own.
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for (name, which, input) in inputs().into_iter().filter(|(name, ..)| name.starts_with(&wanted)) {
        let theirs = revm.get(&u64_to_address(which.number().into())).expect("Osaka has them all");
        let (mut our_output, mut their_output) = (None, None);
        let ours = time(|| our_output = Native.run(which, black_box(&input)).ok());
        let revms = time(|| their_output = theirs.execute(black_box(&input), u64::MAX, 0).ok());
        let their_output =
            their_output.filter(|output| output.is_success()).map(|output| output.bytes.to_vec());
        assert_eq!(our_output, their_output, "{name}");
        let ratio = revms.as_secs_f64() / ours.as_secs_f64();
        println!("{name:36} {:>9.2} µs {:>9.2} µs {ratio:>7.2}x", micros(ours), micros(revms));
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// MODEXP with operands of `length` bytes and an exponent of all ones.
fn modexp(random: &mut Random, length: usize, exponent: &[u8], even: bool) -> Vec<u8> {
    let mut input = Vec::new();
    for length in [length, exponent.len(), length] {
        input.extend([0; 30]);
        input.extend((length as u16).to_be_bytes());
    }
    input.extend(random.bytes(length));
    input.extend(exponent);
    let mut modulus = random.bytes(length);
    modulus[0] |= 0x80;
    modulus[length - 1] |= 1;
    if even {
        modulus[length - length / 4..].fill(0);
    }
    input.extend(modulus);
    input
}

/// The first input that is good by itself.
fn good(which: Precompile, mut make: impl FnMut() -> Vec<u8>) -> Vec<u8> {
    let mut tries = (0..1000).map(|_| make());
    tries.find(|input| !input.is_empty() && Native.run(which, input).is_ok()).expect("most inputs are good")
}

fn inputs() -> Vec<(String, Precompile, Vec<u8>)> {
    let random = &mut Random::new(7);
    let mut all = Vec::new();
    let mut add =
        |name: &str, which: Precompile, input| all.push((format!("{} {name}", which.name()), which, input));
    let signed = loop {
        let input = inputs::signed(random);
        if Native.run(Precompile::EcRecover, &input).is_ok_and(|output| !output.is_empty()) {
            break input;
        }
    };
    add("", Precompile::EcRecover, signed);
    add("", Precompile::P256Verify, inputs::p256_signed(random));
    add("128 bytes", Precompile::Sha256, random.bytes(128));
    add("128 bytes", Precompile::Ripemd160, random.bytes(128));
    let mut blake = random.bytes(213);
    blake[..4].copy_from_slice(&1000u32.to_be_bytes());
    blake[212] = 1;
    add("1000 rounds", Precompile::Blake2F, blake);
    for length in [32, 64, 128, 256, 512] {
        let bits = length * 8;
        let full = random.bytes(length);
        add(&format!("{bits} bits, e=65537"), Precompile::ModExp, modexp(random, length, &[1, 0, 1], false));
        add(&format!("{bits} bits, full e"), Precompile::ModExp, modexp(random, length, &full, false));
        add(&format!("{bits} bits, full e, even"), Precompile::ModExp, modexp(random, length, &full, true));
    }
    for which in [Precompile::Bn254Add, Precompile::Bn254Mul] {
        add(
            "",
            which,
            good(which, || [inputs::bn254_points(random), random.bytes(32)].concat()[..128].to_vec()),
        );
    }
    for pairs in [2, 4] {
        let which = Precompile::Bn254Pairing;
        let input = good(which, || {
            let pair = inputs::bn254_pairs(random);
            if pair.len() == 384 { pair.repeat(pairs / 2) } else { Vec::new() }
        });
        add(&format!("{pairs} pairs"), which, input);
    }
    let which = Precompile::PointEvaluation;
    add("", which, good(which, || inputs::kzg_openings(random)));
    for (which, g2) in [(Precompile::Bls12G1Add, false), (Precompile::Bls12G2Add, true)] {
        add("", which, good(which, || inputs::bls12_points(random, g2)));
    }
    for (which, size, g2) in [(Precompile::Bls12G1Msm, 160, false), (Precompile::Bls12G2Msm, 288, true)] {
        for count in [1, 2, 4, 16, 64] {
            let input = good(which, || {
                let item = |random: &mut Random| {
                    let items = inputs::bls12_multiples(random, g2);
                    items.get(..size).map(<[u8]>::to_vec).filter(|item| Native.run(which, item).is_ok())
                };
                let mut items = (0..100 * count).filter_map(|_| item(random));
                items.by_ref().take(count).collect::<Vec<_>>().concat()
            });
            add(&format!("{count} items"), which, input);
        }
    }
    let which = Precompile::Bls12Pairing;
    let input = good(which, || {
        let pairs = inputs::bls12_pairs(random);
        if pairs.len() == 768 { pairs } else { Vec::new() }
    });
    add("2 pairs", which, input);
    for (which, count) in [(Precompile::Bls12MapFpToG1, 1), (Precompile::Bls12MapFp2ToG2, 2)] {
        add("", which, good(which, || inputs::bls12_elements(random, count)));
    }
    all
}
