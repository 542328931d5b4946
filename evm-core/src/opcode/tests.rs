//! The table against the documents that define the opcodes.

use super::*;

fn named(mnemonic: &str) -> &'static Opcode {
    OPCODES.iter().flatten().find(|opcode| opcode.mnemonic == mnemonic).unwrap()
}

#[test]
fn every_opcode_is_at_its_byte_and_named_once() {
    let mut names = std::collections::BTreeSet::new();
    for (byte, opcode) in OPCODES.iter().enumerate() {
        let Some(opcode) = opcode else { continue };
        assert_eq!(opcode.byte as usize, byte);
        assert!(names.insert(opcode.mnemonic), "{}", opcode.mnemonic);
    }
    assert_eq!(names.len(), 154);
}

/// From the EIPs' specification sections: EIP, byte, mnemonic, words taken and put, gas, fork.
#[test]
fn opcodes_added_by_eips() {
    for (eip, byte, mnemonic, inputs, outputs, gas, fork) in [
        (7, 0xF4, "DELEGATECALL", 6, 1, 40, Homestead),
        (140, 0xFD, "REVERT", 2, 0, 0, Byzantium),
        (211, 0x3D, "RETURNDATASIZE", 0, 1, 2, Byzantium),
        (211, 0x3E, "RETURNDATACOPY", 3, 0, 3, Byzantium),
        (214, 0xFA, "STATICCALL", 6, 1, 700, Byzantium),
        (145, 0x1B, "SHL", 2, 1, 3, Constantinople),
        (145, 0x1C, "SHR", 2, 1, 3, Constantinople),
        (145, 0x1D, "SAR", 2, 1, 3, Constantinople),
        (1014, 0xF5, "CREATE2", 4, 1, 32000, Constantinople),
        (1052, 0x3F, "EXTCODEHASH", 1, 1, 400, Constantinople),
        (1344, 0x46, "CHAINID", 0, 1, 2, Istanbul),
        (1884, 0x47, "SELFBALANCE", 0, 1, 5, Istanbul),
        (3198, 0x48, "BASEFEE", 0, 1, 2, London),
        (3855, 0x5F, "PUSH0", 0, 1, 2, Shanghai),
        (1153, 0x5C, "TLOAD", 1, 1, 100, Cancun),
        (1153, 0x5D, "TSTORE", 2, 0, 100, Cancun),
        (4844, 0x49, "BLOBHASH", 1, 1, 3, Cancun),
        (5656, 0x5E, "MCOPY", 3, 0, 3, Cancun),
        (7516, 0x4A, "BLOBBASEFEE", 0, 1, 2, Cancun),
        (7939, 0x1E, "CLZ", 1, 1, 5, Osaka),
        (7843, 0x4B, "SLOTNUM", 0, 1, 2, Amsterdam),
        (8024, 0xE6, "DUPN", 0, 1, 3, Amsterdam),
        (8024, 0xE7, "SWAPN", 0, 0, 3, Amsterdam),
        (8024, 0xE8, "EXCHANGE", 0, 0, 3, Amsterdam),
    ] {
        let immediate = u8::from(eip == 8024);
        let expected = Opcode { byte, mnemonic, inputs, outputs, immediate, base_gas: gas, since: fork };
        assert_eq!(OPCODES[byte as usize], Some(expected), "EIP-{eip}");
        let before = Fork::ALL[fork as usize - 1];
        assert_eq!(Opcode::lookup(byte, before), None, "EIP-{eip}");
        assert_eq!(Opcode::lookup(byte, fork), Some(&expected), "EIP-{eip}");
    }
    let later = OPCODES.iter().flatten().filter(|opcode| opcode.since > Frontier).count();
    assert_eq!(later, 24);
}

/// Yellow Paper appendix G: the sets of opcodes that share a price.
#[test]
fn fee_sets_of_the_yellow_paper() {
    let base = "ADDRESS ORIGIN CALLER CALLVALUE CALLDATASIZE CODESIZE GASPRICE COINBASE TIMESTAMP NUMBER PREVRANDAO \
                GASLIMIT CHAINID RETURNDATASIZE POP PC MSIZE GAS BASEFEE BLOBBASEFEE PUSH0";
    let very_low = "ADD SUB NOT LT GT SLT SGT EQ ISZERO AND OR XOR BYTE SHL SHR SAR CALLDATALOAD MLOAD MSTORE MSTORE8 \
                    PUSH1 PUSH32 DUP1 DUP16 SWAP1 SWAP16 CALLDATACOPY CODECOPY RETURNDATACOPY MCOPY BLOBHASH";
    let low = "MUL DIV SDIV MOD SMOD SIGNEXTEND SELFBALANCE CLZ";
    let access = "BALANCE EXTCODESIZE EXTCODECOPY EXTCODEHASH SLOAD CALL CALLCODE DELEGATECALL STATICCALL TLOAD TSTORE";
    let sets = [
        (0, "STOP RETURN REVERT INVALID"),
        (1, "JUMPDEST"),
        (2, base),
        (3, very_low),
        (5, low),
        (8, "ADDMOD MULMOD JUMP"),
        (10, "JUMPI EXP"),
        (20, "BLOCKHASH"),
        (30, "KECCAK256"),
        (100, access),
        (375, "LOG0"),
        (1875, "LOG4"),
        (5000, "SELFDESTRUCT"),
        (32000, "CREATE CREATE2"),
    ];
    for (gas, mnemonics) in sets {
        for mnemonic in mnemonics.split_whitespace() {
            assert_eq!(named(mnemonic).base_gas_in(Fork::LATEST), gas, "{mnemonic}");
        }
    }
}

/// EIP-150, EIP-1884 and EIP-2929, in that order.
#[test]
fn prices_of_state_access_over_time() {
    let forks = [Frontier, TangerineWhistle, Fork::Petersburg, Istanbul, Berlin, Osaka];
    let prices = |mnemonic| forks.map(|fork| named(mnemonic).base_gas_in(fork));
    assert_eq!(prices("SLOAD"), [50, 200, 200, 800, 100, 100]);
    assert_eq!(prices("BALANCE"), [20, 400, 400, 700, 100, 100]);
    assert_eq!(prices("EXTCODESIZE"), [20, 700, 700, 700, 100, 100]);
    assert_eq!(prices("EXTCODECOPY"), [20, 700, 700, 700, 100, 100]);
    assert_eq!(prices("CALL"), [40, 700, 700, 700, 100, 100]);
    assert_eq!(prices("SELFDESTRUCT"), [0, 5000, 5000, 5000, 5000, 5000]);
    assert_eq!(named("EXTCODEHASH").base_gas_in(Constantinople), 400);
    assert_eq!(named("EXTCODEHASH").base_gas_in(Istanbul), 700);
}

/// Yellow Paper appendix H.2: the columns of words removed and added.
#[test]
fn stack_use_of_the_yellow_paper() {
    for (mnemonic, inputs, outputs) in [
        ("STOP", 0, 0),
        ("ADDMOD", 3, 1),
        ("ISZERO", 1, 1),
        ("KECCAK256", 2, 1),
        ("CALLDATACOPY", 3, 0),
        ("EXTCODECOPY", 4, 0),
        ("MSTORE8", 2, 0),
        ("SSTORE", 2, 0),
        ("JUMPI", 2, 0),
        ("JUMPDEST", 0, 0),
        ("PUSH1", 0, 1),
        ("PUSH32", 0, 1),
        ("DUP1", 1, 2),
        ("DUP16", 16, 17),
        ("SWAP1", 2, 2),
        ("SWAP16", 17, 17),
        ("LOG0", 2, 0),
        ("LOG4", 6, 0),
        ("CREATE", 3, 1),
        ("CALL", 7, 1),
        ("RETURN", 2, 0),
        ("SELFDESTRUCT", 1, 0),
    ] {
        let opcode = named(mnemonic);
        assert_eq!((opcode.inputs, opcode.outputs), (inputs, outputs), "{mnemonic}");
    }
    assert_eq!((named("PUSH1").byte, named("PUSH1").immediate), (0x60, 1));
    assert_eq!((named("PUSH32").byte, named("PUSH32").immediate), (0x7F, 32));
}

#[test]
fn opcode_44_changed_its_name() {
    let opcode = Opcode::lookup(0x44, Fork::LATEST).unwrap();
    assert_eq!(opcode.mnemonic_in(Fork::GrayGlacier), "DIFFICULTY");
    assert_eq!(opcode.mnemonic_in(Paris), "PREVRANDAO");
}
