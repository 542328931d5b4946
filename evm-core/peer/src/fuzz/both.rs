//! One scene through both engines, and what they disagree on.

use super::access_list::access_list;
use super::scene::Scene;
use evm_core::block::{AccessListBuilder, BlockAccessList};
use evm_core::execution::{Executed, Vm};
use evm_core::fork::Fork;
use evm_core::inspector::NoInspector;
use evm_core::rules::Rules;
use evm_core::state::World;
use evm_core::{Address, U256};
use evm_precompiles::Native;
use revm::bytecode::Bytecode;
use revm::context::TxEnv;
use revm::context::result::ExecutionResult;
use revm::context_interface::block::BlobExcessGasAndPrice;
use revm::context_interface::either::Either;
use revm::context_interface::transaction::{
    AccessList, AccessListItem, Authorization, RecoveredAuthority, RecoveredAuthorization,
};
use revm::database::{AccountState, InMemoryDB};
use revm::handler::MainnetContext;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{self, B256, Bytes, TxKind};
use revm::state::AccountInfo;
use revm::{Context, DatabaseCommit, ExecuteEvm, MainBuilder, MainContext};
use std::collections::BTreeMap;

/// Address, topics, data.
type PlainLog = ([u8; 20], Vec<[u8; 32]>, Vec<u8>);

/// What an engine made of a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Result {
    /// 0 refused, 1 succeeded, 2 reverted, 3 halted.
    class: u8,
    gas_used: u64,
    /// EIP-8037: of that, for state.
    state_gas: u64,
    /// EIP-7778: gas for execution that counts for the block.
    block_gas: u64,
    refunded: u64,
    output: Vec<u8>,
    logs: Vec<PlainLog>,
    accounts: BTreeMap<Address, Plain>,
    /// EIP-7928.
    access_list: BlockAccessList,
}

/// An account after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plain {
    nonce: u64,
    balance: U256,
    code: Vec<u8>,
    storage: BTreeMap<U256, U256>,
}

/// Two results that should be one.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What differs first.
    pub what: String,
}

/// Executes `scene` in both engines; whether it succeeded.
pub fn compare(scene: &Scene) -> std::result::Result<bool, Difference> {
    let ours = glassbox(scene);
    let theirs = revm(scene);
    match difference(&ours, &theirs) {
        None => Ok(ours.class == 1),
        Some(what) => Err(Difference { what: format!("{:?}: {what}", scene.fork) }),
    }
}

fn difference(ours: &Result, theirs: &Result) -> Option<String> {
    let Result { class, gas_used, refunded, output, logs, accounts, .. } = ours;
    if (class, gas_used, refunded) != (&theirs.class, &theirs.gas_used, &theirs.refunded) {
        return Some(format!(
            "class, gas, refund {:?}, revm {:?}",
            (class, gas_used, refunded),
            (theirs.class, theirs.gas_used, theirs.refunded)
        ));
    }
    if (ours.state_gas, ours.block_gas) != (theirs.state_gas, theirs.block_gas) {
        return Some(format!(
            "gas for state and block {:?}, revm {:?}",
            (ours.state_gas, ours.block_gas),
            (theirs.state_gas, theirs.block_gas)
        ));
    }
    if output != &theirs.output {
        return Some(format!("output {output:02x?}, revm {:02x?}", theirs.output));
    }
    if logs != &theirs.logs {
        return Some(format!("logs {logs:02x?}, revm {:02x?}", theirs.logs));
    }
    if let Some(what) = ours.access_list.difference(&theirs.access_list) {
        return Some(format!("access list: {what} by revm"));
    }
    let addresses = accounts.keys().chain(theirs.accounts.keys());
    let differs = |address: &&Address| accounts.get(address) != theirs.accounts.get(address);
    let address = addresses.into_iter().find(differs)?;
    Some(format!("{address:?}: {:?}, revm {:?}", accounts.get(address), theirs.accounts.get(address)))
}

fn glassbox(scene: &Scene) -> Result {
    let rules = Rules::of(scene.fork);
    let context =
        evm_core::execution::Context { world: &scene.world, env: &scene.env, rules: &rules, crypto: &Native };
    let mut world = scene.world.clone();
    let mut vm = Vm::new();
    match vm.transact(&context, &scene.tx, scene.sender, &mut NoInspector) {
        Err(_) => Result { accounts: plain(&world), ..refused() },
        Ok((executed, changes)) => {
            let mut list = AccessListBuilder::default();
            if rules.block_access_lists {
                list.record(vm.take_accesses(), &changes, &world);
            }
            world.apply(changes);
            let class = match executed.halt {
                halt if halt.is_success() => 1,
                halt if halt.is_error() => 3,
                _ => 2,
            };
            let Executed { gas_used, state_gas, block_gas, gas_refunded, output, logs, .. } = executed;
            let logs = logs
                .into_iter()
                .map(|log| (log.address.0, log.topics.into_iter().map(|topic| topic.0).collect(), log.data));
            Result {
                class,
                gas_used,
                state_gas,
                block_gas,
                refunded: gas_refunded,
                output,
                logs: logs.collect(),
                accounts: plain(&world),
                access_list: list.finish(),
            }
        }
    }
}

fn refused() -> Result {
    Result {
        class: 0,
        gas_used: 0,
        state_gas: 0,
        block_gas: 0,
        refunded: 0,
        output: vec![],
        logs: vec![],
        accounts: BTreeMap::new(),
        access_list: BlockAccessList::default(),
    }
}

pub(super) fn plain(world: &World) -> BTreeMap<Address, Plain> {
    let account = |account: &evm_core::state::Account| Plain {
        nonce: account.nonce,
        balance: account.balance,
        code: account.code.bytes().to_vec(),
        storage: account.storage.clone(),
    };
    world.accounts.iter().map(|(address, found)| (*address, account(found))).collect()
}

fn spec(fork: Fork) -> SpecId {
    match fork {
        Fork::Frontier => SpecId::FRONTIER,
        Fork::Homestead | Fork::DaoFork => SpecId::HOMESTEAD,
        Fork::TangerineWhistle => SpecId::TANGERINE,
        Fork::SpuriousDragon => SpecId::SPURIOUS_DRAGON,
        Fork::Byzantium => SpecId::BYZANTIUM,
        Fork::Constantinople | Fork::Petersburg => SpecId::PETERSBURG,
        Fork::Istanbul | Fork::MuirGlacier => SpecId::ISTANBUL,
        Fork::Berlin => SpecId::BERLIN,
        Fork::London | Fork::ArrowGlacier | Fork::GrayGlacier => SpecId::LONDON,
        Fork::Paris => SpecId::MERGE,
        Fork::Shanghai => SpecId::SHANGHAI,
        Fork::Cancun => SpecId::CANCUN,
        Fork::Prague => SpecId::PRAGUE,
        Fork::Osaka | Fork::Bpo1 | Fork::Bpo2 => SpecId::OSAKA,
        Fork::Amsterdam => SpecId::AMSTERDAM,
    }
}

fn word(value: U256) -> primitives::U256 {
    primitives::U256::from_limbs(value.0)
}

fn address(address: Address) -> primitives::Address {
    primitives::Address::from(address.0)
}

pub(super) fn database(world: &World) -> InMemoryDB {
    let mut db = InMemoryDB::default();
    for (at, account) in &world.accounts {
        let code = Bytecode::new_raw(Bytes::copy_from_slice(account.code.bytes()));
        let info = AccountInfo {
            nonce: account.nonce,
            balance: word(account.balance),
            code_hash: code.hash_slow(),
            code: Some(code),
            ..AccountInfo::default()
        };
        db.insert_account_info(address(*at), info);
        for (key, value) in &account.storage {
            let _ = db.insert_account_storage(address(*at), word(*key), word(*value));
        }
    }
    db
}

/// An authorization with its authority recovered.
fn authorization(ours: &evm_core::transaction::Authorization) -> RecoveredAuthorization {
    let authority = match ours.authority(&Native) {
        Ok(found) => RecoveredAuthority::Valid(address(found)),
        Err(_) => RecoveredAuthority::Invalid,
    };
    let inner =
        Authorization { chain_id: word(ours.chain_id), address: address(ours.address), nonce: ours.nonce };
    RecoveredAuthorization::new_unchecked(inner, authority)
}

pub(super) fn tx_env(scene: &Scene) -> TxEnv {
    let tx = &scene.tx;
    let items = tx.access_list.iter().map(|item| AccessListItem {
        address: address(item.address),
        storage_keys: item.storage_keys.iter().map(|key| B256::from(word(*key))).collect(),
    });
    let dynamic = tx.tx_type as u8 >= 2;
    TxEnv {
        tx_type: tx.tx_type as u8,
        caller: address(scene.sender),
        gas_limit: tx.gas_limit,
        gas_price: tx.max_fee.low_u128(),
        kind: tx.to.map_or(TxKind::Create, |to| TxKind::Call(address(to))),
        value: word(tx.value),
        data: Bytes::copy_from_slice(&tx.data),
        nonce: tx.nonce,
        chain_id: tx.chain_id,
        access_list: AccessList(items.collect()),
        authorization_list: tx.authorizations.iter().map(|each| Either::Right(authorization(each))).collect(),
        gas_priority_fee: dynamic.then(|| tx.max_priority_fee.low_u128()),
        ..TxEnv::default()
    }
}

pub(super) fn machine(scene: &Scene) -> MainnetContext<InMemoryDB> {
    machine_over(scene, database(&scene.world))
}

/// revm in the scene's block, over another state.
pub(super) fn machine_over(scene: &Scene, db: InMemoryDB) -> MainnetContext<InMemoryDB> {
    let env = &scene.env;
    Context::mainnet()
        .with_db(db)
        .modify_cfg_chained(|cfg| cfg.set_spec_and_mainnet_gas_params(spec(scene.fork)))
        .modify_block_chained(|block| {
            block.number = primitives::U256::from(env.number);
            block.timestamp = primitives::U256::from(env.timestamp);
            block.beneficiary = address(env.coinbase);
            block.gas_limit = env.gas_limit;
            block.slot_num = env.slot_number;
            block.basefee = env.base_fee.low_u64();
            block.difficulty = word(env.difficulty);
            block.prevrandao = Some(B256::from(env.prev_randao.0));
            block.blob_excess_gas_and_price =
                Some(BlobExcessGasAndPrice { excess_blob_gas: 0, blob_gasprice: 1 });
        })
}

fn revm(scene: &Scene) -> Result {
    let done = machine(scene).build_mainnet().transact(tx_env(scene));
    let mut db = database(&scene.world);
    let Ok(done) = done else { return Result { accounts: accounts(&db, scene.fork), ..refused() } };
    let access_list = match scene.fork >= Fork::Amsterdam {
        true => access_list(&done.state),
        false => BlockAccessList::default(),
    };
    db.commit(done.state);
    let class = match &done.result {
        ExecutionResult::Success { .. } => 1,
        ExecutionResult::Revert { .. } => 2,
        ExecutionResult::Halt { .. } => 3,
    };
    let logs = done.result.logs().iter().map(|log| {
        (
            log.address.into_array(),
            log.data.topics().iter().map(|topic| topic.0).collect(),
            log.data.data.to_vec(),
        )
    });
    Result {
        class,
        gas_used: done.result.tx_gas_used(),
        state_gas: done.result.gas().block_state_gas_used(),
        block_gas: match scene.fork >= Fork::Amsterdam {
            true => done.result.gas().block_regular_gas_used(),
            false => done.result.tx_gas_used(),
        },
        refunded: done.result.gas().inner_refunded(),
        output: done.result.output().map(|bytes| bytes.to_vec()).unwrap_or_default(),
        logs: logs.collect(),
        accounts: accounts(&db, scene.fork),
        access_list,
    }
}

/// The accounts that there are. revm's database leaves it to its user to remove what EIP-161 does.
pub(super) fn accounts(db: &InMemoryDB, fork: Fork) -> BTreeMap<Address, Plain> {
    let there = db.cache.accounts.iter().filter(|(_, account)| {
        let kept = fork < Fork::SpuriousDragon || !account.info.is_empty();
        account.account_state != AccountState::NotExisting && kept
    });
    there
        .map(|(address, account)| {
            let code = db.cache.contracts.get(&account.info.code_hash);
            let storage = account.storage.iter().filter(|(_, value)| !value.is_zero());
            let plain = Plain {
                nonce: account.info.nonce,
                balance: U256(*account.info.balance.as_limbs()),
                code: code.map(|code| code.original_byte_slice().to_vec()).unwrap_or_default(),
                storage: storage
                    .map(|(key, value)| (U256(*key.as_limbs()), U256(*value.as_limbs())))
                    .collect(),
            };
            (Address(address.into_array()), plain)
        })
        .collect()
}
