//! What both engines do in the scene of a seed where they differ: EIP-3155 lines, ours to standard error, revm's to
//! standard output. `cargo run --profile quick -p evm-peer --example seed -- 1130 2>ours >revm`

use evm_core::trace::eip3155::Options;
use evm_peer::fuzz::{Scene, our_lines, revm_lines};

fn main() {
    let Some(seed) = std::env::args().nth(1).and_then(|text| text.parse().ok()) else {
        eprintln!("usage: seed NUMBER, as a failing test names it");
        std::process::exit(2);
    };
    let scene = Scene::new(seed);
    our_lines(&scene, Options::default()).unwrap_or_default().iter().for_each(|line| eprintln!("{line}"));
    revm_lines(&scene, false).unwrap_or_default().iter().for_each(|line| println!("{line}"));
}
