//! Several transactions in one block of Amsterdam, through both engines: gas that counts for the block is not what is
//! paid (EIP-7778, 8037), and the access list goes over all of them (EIP-7928).

use super::access_list::{finish, record};
use super::both::{Difference, accounts, database, machine_over, plain, tx_env};
use super::scene::{FORKS, Scene};
use evm_core::block::{AccessListBuilder, BlockEnv, Body};
use evm_core::chain::ChainConfig;
use evm_core::fork::Fork;
use evm_core::inspector::NoInspector;
use evm_precompiles::Native;
use revm::state::bal::Bal;
use revm::{DatabaseCommit, ExecuteEvm, MainBuilder};

/// Transactions of a block.
const LENGTH: u64 = 4;

/// Gas of a block that both engines agree on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refunded {
    /// For execution, before refunds.
    pub execution: u64,
    /// For state.
    pub state: u64,
    /// What the senders paid.
    pub paid: u64,
}

/// Scenes of Amsterdam: the state and the block of the first, and a transaction of each that follows on the others.
fn scenes(seed: u64) -> Vec<Scene> {
    let amsterdam = FORKS.len() as u64 - 1;
    let scene = |n| Scene::new((seed * LENGTH + n) * FORKS.len() as u64 + amsterdam);
    (0..LENGTH).map(scene).collect()
}

/// Executes the block of a seed in both engines.
pub fn compare_block(seed: u64) -> Result<Refunded, Difference> {
    let scenes = scenes(seed);
    let Some(first) = scenes.first() else { return Ok(Refunded::default()) };
    // Room for all of them: revm does not know of the others.
    let env = BlockEnv { gas_limit: 30_000_000 * LENGTH, ..first.env.clone() };
    let chain = ChainConfig::of_fork(Fork::Amsterdam);
    let rules = evm_core::rules::Rules::of(Fork::Amsterdam);
    let mut body = Body::new(&chain, rules, env.clone(), first.world.clone(), &Native);
    // No system contract is called here; transactions count from 1 on.
    body.access_list.iter_mut().for_each(AccessListBuilder::next);
    let (mut db, mut list, mut theirs) = (database(&first.world), Bal::new(), Refunded::default());
    let (mut nonce, mut index) = (0, 1);
    for scene in &scenes {
        let mut scene = Scene { world: Default::default(), env: env.clone(), ..scene.clone() };
        scene.tx.nonce = nonce;
        let ours = body.transaction(&scene.tx, scene.sender, &mut NoInspector);
        let done = machine_over(&scene, db.clone()).build_mainnet().transact(tx_env(&scene));
        match (ours, done) {
            (Ok(_), Ok(done)) => {
                record(&mut list, index, &done.state);
                theirs.execution += done.result.gas().block_regular_gas_used();
                theirs.state += done.result.gas().block_state_gas_used();
                theirs.paid += done.result.tx_gas_used();
                db.commit(done.state);
                (nonce, index) = (nonce + 1, index + 1);
            }
            (Err(_), Err(_)) => {}
            (ours, _) => return different(format!("transaction {index}: ours {ours:?}, not so revm's")),
        }
    }
    let ours = Refunded { execution: body.execution_gas, state: body.state_gas, paid: body.paid_gas };
    if ours != theirs {
        return different(format!("{ours:?}, revm {theirs:?}"));
    }
    if body.gas_used != ours.execution.max(ours.state) {
        return different(format!("the block's gas is {} of {ours:?}", body.gas_used));
    }
    let told = body.receipts.last().map_or(0, |receipt| receipt.cumulative_gas_used);
    if told != theirs.paid {
        return different(format!("receipts tell {told}, paid were {}", theirs.paid));
    }
    let (world, accessed) = (plain(&body.world), body.access_list.take().map(AccessListBuilder::finish));
    if let Some(what) = accessed.and_then(|ours| ours.difference(&finish(list))) {
        return different(format!("access list: {what} by revm"));
    }
    if world != accounts(&db, Fork::Amsterdam) {
        return different("the state differs".to_owned());
    }
    Ok(ours)
}

fn different(what: String) -> Result<Refunded, Difference> {
    Err(Difference { what })
}
