//! The table of forks: what each one changed in the rules before it.

use super::{BlobRules, Gas, ModExpPrice, Rules, Sstore, StateGas, TxParts};
use crate::fork::Fork;
use crate::precompiles::Precompile::{self, *};
use crate::transaction::TxType;
use crate::{Address, U256};

const FRONTIER_GAS: Gas = Gas {
    memory_word: 3,
    exp_byte: 10,
    keccak_word: 6,
    copy_word: 3,
    log_byte: 8,
    sstore: Sstore {
        net: false,
        sentry: None,
        noop: 5_000,
        cold_covers_warm: false,
        set: 20_000,
        reset: 5_000,
        clear_refund: 15_000,
    },
    cold_account: 0,
    cold_slot: 0,
    warm: 0,
    call_value: 9_000,
    call_stipend: 2_300,
    new_account: 25_000,
    selfdestruct_new_account: 0,
    selfdestruct_refund: 24_000,
    code_byte: 200,
    code_word: 0,
    initcode_word: 0,
    tx: 21_000,
    tx_create: 0,
    tx_zero_byte: 4,
    tx_byte: 68,
    access_list_address: 0,
    access_list_key: 0,
    authorization: 0,
    authorization_refund: 0,
    tx_parts: None,
    floor_token: 0,
    floor_zero_byte: 1,
    floor_access_list_byte: 0,
    refund_quotient: 2,
    state: None,
    bn254_add: 500,
    bn254_mul: 40_000,
    bn254_pairing: 100_000,
    bn254_pair: 80_000,
    p256_verify: 6_900,
};

/// Wei of `n` ether.
fn ether(n: u64) -> U256 {
    U256::from(n) * U256::from(1_000_000_000_000_000_000u64)
}

fn frontier() -> Rules {
    Rules {
        fork: Fork::Frontier,
        chain_id: 1,
        gas: FRONTIER_GAS,
        opcodes: Rules::opcodes_of(Fork::Frontier),
        precompiles: Vec::new(),
        modexp: ModExpPrice::Byzantium,
        tx_types: TxType::Legacy,
        homestead: false,
        keep_64th: false,
        replay_protection: false,
        state_clearing: false,
        max_code_size: None,
        receipt_status: false,
        ommer_difficulty: false,
        access_costs: false,
        base_fee: false,
        reject_ef_code: false,
        // EIP-3607 holds for all blocks there ever were.
        reject_code_senders: true,
        proof_of_stake: false,
        warm_coinbase: false,
        max_initcode_size: None,
        withdrawals: false,
        beacon_root: false,
        blobs: None,
        selfdestruct_same_tx: false,
        delegation: false,
        history_contract: false,
        requests: false,
        tx_gas_cap: None,
        max_block_size: None,
        block_reward: ether(5),
        bomb_delay: 0,
        transfer_logs: false,
        keep_destroyed_balance: false,
        gas_before_refunds: false,
        block_access_lists: false,
        slot_numbers: false,
    }
}

/// Precompiled contracts: address, which, since when.
const PRECOMPILES: [(u64, Precompile, Fork); 18] = [
    (0x01, EcRecover, Fork::Frontier),
    (0x02, Sha256, Fork::Frontier),
    (0x03, Ripemd160, Fork::Frontier),
    (0x04, Identity, Fork::Frontier),
    (0x05, ModExp, Fork::Byzantium),
    (0x06, Bn254Add, Fork::Byzantium),
    (0x07, Bn254Mul, Fork::Byzantium),
    (0x08, Bn254Pairing, Fork::Byzantium),
    (0x09, Blake2F, Fork::Istanbul),
    (0x0A, PointEvaluation, Fork::Cancun),
    (0x0B, Bls12G1Add, Fork::Prague),
    (0x0C, Bls12G1Msm, Fork::Prague),
    (0x0D, Bls12G2Add, Fork::Prague),
    (0x0E, Bls12G2Msm, Fork::Prague),
    (0x0F, Bls12Pairing, Fork::Prague),
    (0x10, Bls12MapFpToG1, Fork::Prague),
    (0x11, Bls12MapFp2ToG2, Fork::Prague),
    (0x100, P256Verify, Fork::Osaka),
];

/// Rules of `fork`: those of Frontier, changed by each fork up to it.
pub(super) fn rules(fork: Fork) -> Rules {
    let mut rules = frontier();
    for step in Fork::ALL.into_iter().take_while(|step| *step <= fork) {
        change(&mut rules, step);
    }
    rules.fork = fork;
    rules.opcodes = Rules::opcodes_of(fork);
    rules.precompiles = PRECOMPILES
        .into_iter()
        .filter(|(_, _, since)| *since <= fork)
        .map(|(at, which, _)| (Address::from_low_u64_be(at), which))
        .collect();
    rules
}

fn change(rules: &mut Rules, fork: Fork) {
    let gas = &mut rules.gas;
    match fork {
        Fork::Frontier | Fork::DaoFork => {}
        Fork::Homestead => {
            rules.homestead = true;
            gas.tx_create = 32_000;
        }
        Fork::TangerineWhistle => {
            rules.keep_64th = true;
            gas.selfdestruct_new_account = 25_000;
        }
        Fork::SpuriousDragon => {
            rules.replay_protection = true;
            rules.state_clearing = true;
            rules.max_code_size = Some(24_576);
            gas.exp_byte = 50;
        }
        Fork::Byzantium => {
            rules.receipt_status = true;
            rules.ommer_difficulty = true;
            rules.block_reward = ether(3);
            rules.bomb_delay = 3_000_000;
        }
        Fork::Constantinople => {
            rules.block_reward = ether(2);
            rules.bomb_delay = 5_000_000;
            gas.sstore = Sstore { net: true, noop: 200, ..gas.sstore };
        }
        Fork::Petersburg => gas.sstore = FRONTIER_GAS.sstore,
        Fork::Istanbul => {
            gas.sstore = Sstore { net: true, sentry: Some(2_300), noop: 800, ..gas.sstore };
            gas.tx_byte = 16;
            (gas.bn254_add, gas.bn254_mul) = (150, 6_000);
            (gas.bn254_pairing, gas.bn254_pair) = (45_000, 34_000);
        }
        Fork::MuirGlacier => rules.bomb_delay = 9_000_000,
        Fork::Berlin => {
            rules.access_costs = true;
            rules.tx_types = TxType::AccessList;
            rules.modexp = ModExpPrice::Berlin;
            (gas.cold_account, gas.cold_slot, gas.warm) = (2_600, 2_100, 100);
            gas.sstore = Sstore { noop: 100, reset: 2_900, ..gas.sstore };
            (gas.access_list_address, gas.access_list_key) = (2_400, 1_900);
        }
        Fork::London => {
            rules.base_fee = true;
            rules.tx_types = TxType::DynamicFee;
            rules.reject_ef_code = true;
            rules.bomb_delay = 9_700_000;
            gas.sstore.clear_refund = 4_800;
            gas.selfdestruct_refund = 0;
            gas.refund_quotient = 5;
        }
        Fork::ArrowGlacier => rules.bomb_delay = 10_700_000,
        Fork::GrayGlacier => rules.bomb_delay = 11_400_000,
        Fork::Paris => {
            rules.proof_of_stake = true;
            rules.block_reward = U256::zero();
        }
        Fork::Shanghai => {
            rules.warm_coinbase = true;
            rules.max_initcode_size = Some(49_152);
            rules.withdrawals = true;
            gas.initcode_word = 2;
        }
        Fork::Cancun => {
            rules.tx_types = TxType::Blob;
            rules.beacon_root = true;
            rules.selfdestruct_same_tx = true;
            rules.blobs = Some(blobs(3, 6, 3_338_477));
        }
        Fork::Prague => {
            rules.tx_types = TxType::SetCode;
            rules.delegation = true;
            rules.history_contract = true;
            rules.requests = true;
            rules.blobs = Some(blobs(6, 9, 5_007_716));
            (gas.authorization, gas.authorization_refund) = (25_000, 12_500);
            gas.floor_token = 10;
        }
        Fork::Osaka => {
            rules.modexp = ModExpPrice::Osaka;
            rules.tx_gas_cap = Some(1 << 24);
            rules.max_block_size = Some(8 << 20);
            rules.blobs = Some(osaka_blobs(6, 9, 5_007_716));
        }
        Fork::Bpo1 => rules.blobs = Some(osaka_blobs(10, 15, 8_346_193)),
        Fork::Bpo2 => rules.blobs = Some(osaka_blobs(14, 21, 11_684_671)),
        Fork::Amsterdam => amsterdam(rules),
    }
}

/// The experimental fork; the numbers are those of the development network that revm 43 implements.
fn amsterdam(rules: &mut Rules) {
    const STATE_BYTE: u64 = 1_530;
    const ACCESS_LIST_BYTE: u64 = 64;
    let gas = &mut rules.gas;
    // EIP-8037.
    gas.state = Some(StateGas {
        new_account: 120 * STATE_BYTE,
        slot: 64 * STATE_BYTE,
        code_byte: STATE_BYTE,
        delegation: 23 * STATE_BYTE,
    });
    (gas.code_byte, gas.code_word) = (0, 6);
    // EIP-8038.
    (gas.cold_account, gas.cold_slot, gas.warm) = (3_000, 2_100, 100);
    (gas.call_value, gas.new_account, gas.selfdestruct_new_account) = (11_300, 0, 9_000);
    let write = gas.warm + 10_000;
    gas.sstore =
        Sstore { cold_covers_warm: true, set: write, reset: write, clear_refund: 11_616, ..gas.sstore };
    (gas.authorization, gas.authorization_refund) = (7_816, 0);
    // EIP-2780.
    (gas.tx, gas.tx_create) = (12_000, 12_000);
    gas.tx_parts = Some(TxParts { recipient: 3_000, value: 6_000, account_write: 9_000 });
    // EIP-7976, 7981.
    (gas.floor_token, gas.floor_zero_byte, gas.floor_access_list_byte) = (16, 4, 4);
    gas.access_list_address = 2_900 + 20 * ACCESS_LIST_BYTE;
    gas.access_list_key = 2_000 + 32 * ACCESS_LIST_BYTE;
    // EIP-7954.
    (rules.max_code_size, rules.max_initcode_size) = (Some(1 << 16), Some(1 << 17));
    // EIP-7708, 8246, 7778, 7928, 7843.
    rules.transfer_logs = true;
    rules.keep_destroyed_balance = true;
    rules.gas_before_refunds = true;
    rules.block_access_lists = true;
    rules.slot_numbers = true;
}

fn blobs(target: u64, max: u64, update_fraction: u64) -> BlobRules {
    BlobRules { target, max, update_fraction, max_per_tx: None, base_cost: None }
}

fn osaka_blobs(target: u64, max: u64, update_fraction: u64) -> BlobRules {
    BlobRules { max_per_tx: Some(6), base_cost: Some(1 << 13), ..blobs(target, max, update_fraction) }
}
