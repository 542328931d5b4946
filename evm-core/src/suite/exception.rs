//! Names that test suites give to the reasons for which a transaction is refused.

use super::Refusal;

/// Names of older suites, and those that are coarser or finer than ours, with the names of [`Refusal::name`] that
/// satisfy them.
const ALSO: &[(&str, &[&str])] = &[
    ("TYPE_NOT_SUPPORTED", PRE_FORK),
    ("TYPE_3_TX_ZERO_BLOBS_PRE_FORK", &["TYPE_3_TX_PRE_FORK", "TYPE_3_TX_ZERO_BLOBS"]),
    // A block's limit and a transaction's are checked in one place.
    ("TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED", &["TYPE_3_TX_BLOB_COUNT_EXCEEDED"]),
    ("PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2", &["PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS"]),
    // A product that does not fit is more than anyone has.
    ("GASLIMIT_PRICE_PRODUCT_OVERFLOW", &["INSUFFICIENT_ACCOUNT_FUNDS"]),
    ("INSUFFICIENT_ACCOUNT_FUNDS", &["GASLIMIT_PRICE_PRODUCT_OVERFLOW"]),
    ("NONCE_TOO_BIG", &["NONCE_IS_MAX", "NONCE_OVERFLOW"]),
    ("NONCE_OVERFLOW", &["NONCE_IS_MAX"]),
    ("GAS_ALLOWANCE_EXCEEDED", &["GASLIMIT_OVERFLOW"]),
    ("RLP_INVALID_SIGNATURE_R", &["INVALID_SIGNATURE_VRS"]),
    ("RLP_INVALID_SIGNATURE_S", &["INVALID_SIGNATURE_VRS"]),
    ("TYPE_3_TX_CONTRACT_CREATION", &["RLP_INVALID_DATA"]),
    ("TYPE_4_TX_CONTRACT_CREATION", &["RLP_INVALID_DATA"]),
    ("TYPE_4_INVALID_AUTHORITY_SIGNATURE", &["RLP_INVALID_DATA", "OVERFLOW"]),
    ("TYPE_4_INVALID_AUTHORITY_SIGNATURE_S_TOO_HIGH", &["RLP_INVALID_DATA", "OVERFLOW"]),
    ("TYPE_4_INVALID_AUTHORIZATION_FORMAT", &["RLP_INVALID_DATA", "OVERFLOW"]),
    // ethereum/tests, as retesteth wrote them.
    ("TR_TypeNotSupported", PRE_FORK),
    ("TR_TypeNotSupportedBlob", PRE_FORK),
    ("TR_IntrinsicGas", &["INTRINSIC_GAS_TOO_LOW", "INTRINSIC_GAS_BELOW_FLOOR_GAS_COST"]),
    ("IntrinsicGas", &["INTRINSIC_GAS_TOO_LOW", "INTRINSIC_GAS_BELOW_FLOOR_GAS_COST"]),
    ("TR_FeeCapLessThanBlocks", &["INSUFFICIENT_MAX_FEE_PER_GAS"]),
    ("TR_TipGtFeeCap", &["PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS"]),
    ("TR_GasLimitReached", &["GAS_ALLOWANCE_EXCEEDED", "GASLIMIT_OVERFLOW", "GAS_LIMIT_EXCEEDS_MAXIMUM"]),
    ("TR_NoFunds", FUNDS),
    ("TR_NoFundsX", FUNDS),
    ("TR_NoFundsOrGas", FUNDS_OR_GAS),
    ("TR_NonceTooHigh", &["NONCE_MISMATCH_TOO_HIGH"]),
    ("TR_NonceTooLow", &["NONCE_MISMATCH_TOO_LOW"]),
    ("TR_NonceHasMaxValue", &["NONCE_IS_MAX", "NONCE_OVERFLOW"]),
    ("TR_NonceOverflow", &["NONCE_IS_MAX", "NONCE_OVERFLOW"]),
    ("TR_InitCodeLimitExceeded", &["INITCODE_SIZE_EXCEEDED"]),
    ("TR_EMPTYBLOB", &["TYPE_3_TX_ZERO_BLOBS"]),
    ("TR_BLOBCREATE", &["TYPE_3_TX_CONTRACT_CREATION", "RLP_INVALID_DATA"]),
    ("TR_BLOBVERSION_INVALID", &["TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH"]),
    ("TR_BLOBLIST_OVERSIZE", &["TYPE_3_TX_BLOB_COUNT_EXCEEDED"]),
    ("SenderNotEOA", &["SENDER_NOT_EOA"]),
    ("SenderNotEOAorNoCODE", &["SENDER_NOT_EOA"]),
    ("ChainID", &["INVALID_CHAINID"]),
];

const PRE_FORK: &[&str] =
    &["TYPE_1_TX_PRE_FORK", "TYPE_2_TX_PRE_FORK", "TYPE_3_TX_PRE_FORK", "TYPE_4_TX_PRE_FORK"];
const FUNDS: &[&str] = &["INSUFFICIENT_ACCOUNT_FUNDS", "GASLIMIT_PRICE_PRODUCT_OVERFLOW", "VALUE_OVERFLOW"];
const FUNDS_OR_GAS: &[&str] = &[
    "INSUFFICIENT_ACCOUNT_FUNDS",
    "GASLIMIT_PRICE_PRODUCT_OVERFLOW",
    "INTRINSIC_GAS_TOO_LOW",
    "INTRINSIC_GAS_BELOW_FLOOR_GAS_COST",
];

/// Names of [`Refusal::name`]: what a test can ask for exactly.
const OURS: &[&str] = &[
    "TYPE_1_TX_PRE_FORK",
    "TYPE_2_TX_PRE_FORK",
    "TYPE_3_TX_PRE_FORK",
    "TYPE_4_TX_PRE_FORK",
    "INVALID_CHAINID",
    "GAS_ALLOWANCE_EXCEEDED",
    "GAS_LIMIT_EXCEEDS_MAXIMUM",
    "INTRINSIC_GAS_TOO_LOW",
    "INTRINSIC_GAS_BELOW_FLOOR_GAS_COST",
    "INSUFFICIENT_MAX_FEE_PER_GAS",
    "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS",
    "NONCE_MISMATCH_TOO_LOW",
    "NONCE_MISMATCH_TOO_HIGH",
    "NONCE_IS_MAX",
    "SENDER_NOT_EOA",
    "GASLIMIT_PRICE_PRODUCT_OVERFLOW",
    "INSUFFICIENT_ACCOUNT_FUNDS",
    "INITCODE_SIZE_EXCEEDED",
    "TYPE_3_TX_ZERO_BLOBS",
    "TYPE_3_TX_BLOB_COUNT_EXCEEDED",
    "TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH",
    "INSUFFICIENT_MAX_FEE_PER_BLOB_GAS",
    "TYPE_3_TX_CONTRACT_CREATION",
    "TYPE_4_TX_CONTRACT_CREATION",
    "TYPE_4_EMPTY_AUTHORIZATION_LIST",
    "NONCE_OVERFLOW",
    "GASLIMIT_OVERFLOW",
    "VALUE_OVERFLOW",
    "GASPRICE_OVERFLOW",
    "PRIORITY_OVERFLOW",
    "INVALID_SIGNATURE_VRS",
];

/// Whether `refusal` is one of the reasons in `expected`, which are separated by `|`. A name that is in no table above
/// is satisfied by any refusal.
pub(super) fn expects(expected: &str, refusal: &Refusal) -> bool {
    let found = refusal.name();
    expected.split('|').map(str::trim).any(|name| {
        let name = name.strip_prefix("TransactionException.").unwrap_or(name);
        let also = ALSO.iter().find(|(known, _)| *known == name).map(|(_, names)| *names);
        match also {
            Some(names) => name == found || names.contains(&found),
            None => name == found || !OURS.contains(&name),
        }
    })
}
