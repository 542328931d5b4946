//! Blocks of code written by hand.

use super::*;

fn blocks(code: &[u8]) -> Vec<(usize, usize, BlockKind, Jump, bool)> {
    let flow = Flow::of(code, Fork::Amsterdam);
    flow.blocks.iter().map(|b| (b.start, b.end, b.kind, b.jump, b.falls_through)).collect()
}

use BlockKind::{Code, Data, Metadata};

#[test]
fn a_loop_and_data() {
    // JUMPDEST PUSH0 JUMPI(given below) ... then data with a JUMPDEST whose place is pushed nowhere.
    let code = [0x5B, 0x60, 0x01, 0x5F, 0x57, 0x00, 0x5B, 0x01, 0x02];
    assert_eq!(
        blocks(&code),
        [(0, 5, Code, Jump::To(0), true), (5, 6, Code, Jump::None, false), (6, 9, Data, Jump::None, false)]
    );
}

#[test]
fn jumps_by_the_stack() {
    // PUSH1 7, PUSH1 6, SWAP1, DUP2, POP, JUMP(7)
    let code = [0x60, 0x09, 0x60, 0x08, 0x90, 0x81, 0x50, 0x56, 0x5B, 0x5B];
    assert_eq!(blocks(&code)[0], (0, 8, Code, Jump::To(9), false));
    // A return address from below the block, reached through a swap that goes under what the block put there.
    assert_eq!(blocks(&[0x5F, 0x5F, 0x92, 0x56])[0].3, Jump::Given);
    // SWAP3 puts the 0 under three words; it comes up again behind them, and 0 is no JUMPDEST.
    assert_eq!(blocks(&[0x5F, 0x92, 0x50, 0x50, 0x50, 0x56])[0].3, Jump::Wrong);
    assert_eq!(blocks(&[0x60, 0x05, 0x56, 0x00])[0].3, Jump::Wrong);
    assert_eq!(blocks(&[0x33, 0x56])[0].3, Jump::Computed);
}

#[test]
fn computed_jumps_reach_every_jumpdest() {
    let code = [0x33, 0x56, 0xFE, 0x5B, 0x00];
    let expected = [
        (0, 2, Code, Jump::Computed, false),
        (2, 3, Data, Jump::None, false),
        (3, 5, Code, Jump::None, false),
    ];
    assert_eq!(blocks(&code), expected);
    // PC in one block, the jump in the next.
    assert_eq!(blocks(&[0x58, 0x5B, 0x56, 0xFE, 0x5B]).last().map(|b| b.2), Some(Code));
}

#[test]
fn undefined_bytes_end_blocks() {
    assert_eq!(blocks(&[0x0C, 0x01]), [(0, 1, Code, Jump::None, false), (1, 2, Data, Jump::None, false)]);
    assert_eq!(blocks(&[]), []);
}

/// What the Solidity compiler left behind the code of a contract: ipfs and solc, 0x33 bytes.
#[test]
fn metadata_is_recognised() {
    let hash = "a2646970667358221220b8f7e2b1c1d9a3f4e5061728394a5b6c7d8e9fa0b1c2d3e4f5061728394a5b6c";
    let record = hex::decode(format!("{hash}64736f6c63430008130033")).unwrap();
    let code = [&[0x00, 0xFE][..], &record].concat();
    let expected = [
        (0, 1, Code, Jump::None, false),
        (1, 2, Data, Jump::None, false),
        (2, code.len(), Metadata, Jump::None, false),
    ];
    assert_eq!(blocks(&code), expected);
}

#[test]
fn data_that_is_copied_is_found() {
    // PUSH1 3, PUSH1 9, PUSH0, CODECOPY, STOP, data
    let code = [0x60, 0x03, 0x60, 0x07, 0x5F, 0x39, 0x00, 0x01, 0x02, 0x03];
    let flow = Flow::of(&code, Fork::Osaka);
    assert_eq!(flow.copied.iter().copied().collect::<Vec<_>>(), [7]);
    assert_eq!(flow.references.get(&2), Some(&7));
    assert_eq!(flow.blocks.last().map(|block| (block.start, block.kind)), Some((7, Data)));
}
