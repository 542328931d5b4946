//! The names that chain files have for fields of the rules.

use crate::precompiles::Precompile::{self, *};
use crate::rules::{Gas, Rules, StateGas, TxParts};

/// The name in `names` that is `name`.
pub(super) fn known(names: &[&'static str], name: &str) -> Option<&'static str> {
    names.iter().find(|each| **each == name).copied()
}

macro_rules! fields {
    ($(#[$doc:meta])* $list:ident, $get:ident($whole:ident: $Whole:ty) -> $Field:ty {
        $($name:literal => $($path:ident).+,)*
    }) => {
        $(#[$doc])*
        pub(super) const $list: &[&str] = &[$($name),*];

        pub(super) fn $get<'a>($whole: &'a mut $Whole, name: &str) -> Option<&'a mut $Field> {
            match name {
                $($name => Some(&mut $whole.$($path).+),)*
                _ => None,
            }
        }
    };
}

fields! {
    /// Prices; see [`Gas`].
    GAS, gas(prices: Gas) -> u64 {
        "memoryWord" => memory_word,
        "expByte" => exp_byte,
        "keccakWord" => keccak_word,
        "copyWord" => copy_word,
        "logByte" => log_byte,
        "sstoreNoop" => sstore.noop,
        "sstoreSet" => sstore.set,
        "sstoreReset" => sstore.reset,
        "sstoreClearRefund" => sstore.clear_refund,
        "coldAccount" => cold_account,
        "coldSlot" => cold_slot,
        "warm" => warm,
        "callValue" => call_value,
        "callStipend" => call_stipend,
        "newAccount" => new_account,
        "selfdestructNewAccount" => selfdestruct_new_account,
        "selfdestructRefund" => selfdestruct_refund,
        "codeByte" => code_byte,
        "codeWord" => code_word,
        "initcodeWord" => initcode_word,
        "tx" => tx,
        "txCreate" => tx_create,
        "txZeroByte" => tx_zero_byte,
        "txByte" => tx_byte,
        "accessListAddress" => access_list_address,
        "accessListKey" => access_list_key,
        "authorization" => authorization,
        "authorizationRefund" => authorization_refund,
        "floorToken" => floor_token,
        "floorZeroByte" => floor_zero_byte,
        "floorAccessListByte" => floor_access_list_byte,
        "refundQuotient" => refund_quotient,
        "bn254Add" => bn254_add,
        "bn254Mul" => bn254_mul,
        "bn254Pairing" => bn254_pairing,
        "bn254Pair" => bn254_pair,
        "p256Verify" => p256_verify,
    }
}

fields! {
    /// Prices of what grows the state (EIP-8037); see [`StateGas`].
    STATE_GAS, state_gas(prices: StateGas) -> u64 {
        "newAccount" => new_account,
        "slot" => slot,
        "codeByte" => code_byte,
        "delegation" => delegation,
    }
}

fields! {
    /// Prices of a transaction's parts (EIP-2780); see [`TxParts`].
    TX_PARTS, tx_parts(prices: TxParts) -> u64 {
        "recipient" => recipient,
        "value" => value,
        "accountWrite" => account_write,
    }
}

fields! {
    /// Rules that hold or not; see [`Rules`].
    FEATURES, feature(rules: Rules) -> bool {
        "keep64th" => keep_64th,
        "stateClearing" => state_clearing,
        "rejectEfCode" => reject_ef_code,
        "rejectCodeSenders" => reject_code_senders,
        "warmCoinbase" => warm_coinbase,
        "netSstore" => gas.sstore.net,
        "sstoreColdCoversWarm" => gas.sstore.cold_covers_warm,
        "selfdestructSameTx" => selfdestruct_same_tx,
        "delegation" => delegation,
        "beaconRoot" => beacon_root,
        "historyContract" => history_contract,
        "requests" => requests,
        "transferLogs" => transfer_logs,
        "keepDestroyedBalance" => keep_destroyed_balance,
        "gasBeforeRefunds" => gas_before_refunds,
        "blockAccessLists" => block_access_lists,
    }
}

/// Limits; see [`set_limit`].
pub(super) const LIMITS: &[&str] =
    &["codeSize", "initcodeSize", "transactionGas", "blockSize", "blobsPerTransaction", "sstoreSentry"];

/// Sets a limit; nothing lifts it. Sizes are in bytes.
pub(super) fn set_limit(rules: &mut Rules, name: &str, limit: Option<u64>) {
    let size = limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
    match name {
        "codeSize" => rules.max_code_size = size,
        "initcodeSize" => rules.max_initcode_size = size,
        "transactionGas" => rules.tx_gas_cap = limit,
        "blockSize" => rules.max_block_size = size,
        "sstoreSentry" => rules.gas.sstore.sentry = limit,
        "blobsPerTransaction" => {
            if let Some(blobs) = &mut rules.blobs {
                blobs.max_per_tx = limit;
            }
        }
        _ => {}
    }
}

/// Precompiled contracts by the names of EIP-7910.
pub(super) const PRECOMPILES: &[(&str, Precompile)] = &[
    ("ECREC", EcRecover),
    ("SHA256", Sha256),
    ("RIPEMD160", Ripemd160),
    ("ID", Identity),
    ("MODEXP", ModExp),
    ("BN254_ADD", Bn254Add),
    ("BN254_MUL", Bn254Mul),
    ("BN254_PAIRING", Bn254Pairing),
    ("BLAKE2F", Blake2F),
    ("KZG_POINT_EVALUATION", PointEvaluation),
    ("BLS12_G1ADD", Bls12G1Add),
    ("BLS12_G1MSM", Bls12G1Msm),
    ("BLS12_G2ADD", Bls12G2Add),
    ("BLS12_G2MSM", Bls12G2Msm),
    ("BLS12_PAIRING_CHECK", Bls12Pairing),
    ("BLS12_MAP_FP_TO_G1", Bls12MapFpToG1),
    ("BLS12_MAP_FP2_TO_G2", Bls12MapFp2ToG2),
    ("P256VERIFY", P256Verify),
];
