//! The processing of blocks (Yellow Paper 11.4, 12; `apply_body` and `state_transition` of the execution specifications).

use super::requests::{RequestType, deposits, request_list};
use super::validate::{self, check};
use super::{
    AccessListBuilder, Block, BlockAccessList, BlockEnv, BlockError, Bloom, GAS_PER_ITEM, Header,
    NO_REQUESTS, Outcome, Receipt, Withdrawal, dao, receipts_bloom, receipts_root, requests_hash, system,
};
use crate::chain::{ChainConfig, Position};
use crate::execution::{Changes, Context, Executed, Rejected, Vm};
use crate::inspector::{Inspector, NoInspector};
use crate::keccak::keccak256;
use crate::precompiles::Crypto;
use crate::rules::{GAS_PER_BLOB, Rules};
use crate::state::World;
use crate::transaction::{SenderError, Transaction};
use crate::trie::state_root;
use crate::{Address, H256, U256};
use std::collections::BTreeMap;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// A block that another follows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ancestor {
    /// Its header.
    pub header: Header,
    /// The header's hash.
    pub hash: H256,
    /// Hashes of its ommers.
    pub ommers: Vec<H256>,
}

impl Ancestor {
    /// That of a block.
    pub fn of(block: &Block) -> Self {
        let ommers = block.ommers.iter().map(Header::hash).collect();
        Self { hash: block.header.hash(), header: block.header.clone(), ommers }
    }
}

/// What the processing of a block needs of those before it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ancestry {
    /// The parent, its parent, and so on: seven where ommers are to be checked.
    pub recent: Vec<Arc<Ancestor>>,
    /// Hashes by number: of the last 256 blocks.
    pub hashes: BTreeMap<u64, H256>,
    /// Difficulties of all ancestors together, where known.
    pub total_difficulty: Option<U256>,
}

/// What a block did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Processed {
    /// The state after it.
    pub world: World,
    /// One for each transaction.
    pub receipts: Vec<Receipt>,
    /// EIP-7685: lists of requests, each behind its type's byte; none is empty.
    pub requests: Vec<Vec<u8>>,
    /// Gas of all transactions.
    pub gas_used: u64,
    /// Blob gas of all transactions.
    pub blob_gas_used: u64,
    /// EIP-7928, where the rules have it.
    pub access_list: Option<BlockAccessList>,
}

impl Header {
    /// The block's place in its chain.
    pub fn position(&self, total_difficulty: Option<U256>) -> Position {
        Position { number: self.number, timestamp: self.timestamp, total_difficulty }
    }

    /// What transactions of the block see of it.
    pub fn env(&self, block_hashes: BTreeMap<u64, H256>) -> BlockEnv {
        BlockEnv {
            number: self.number,
            timestamp: self.timestamp,
            coinbase: self.coinbase,
            gas_limit: self.gas_limit,
            difficulty: self.difficulty,
            prev_randao: self.prev_randao,
            base_fee: self.base_fee.unwrap_or_default(),
            excess_blob_gas: self.excess_blob_gas.unwrap_or(0),
            slot_number: self.slot_number.unwrap_or(0),
            block_hashes,
        }
    }
}

/// A block that is being executed, transaction by transaction: the part of processing that also makes blocks.
#[derive(Clone, Debug)]
pub struct Body<'a> {
    /// The chain.
    pub chain: &'a ChainConfig,
    /// Its rules at this block.
    pub rules: Rules,
    /// What transactions see.
    pub env: BlockEnv,
    /// For precompiles, signatures and hashes.
    pub crypto: &'a dyn Crypto,
    /// The state so far.
    pub world: World,
    /// Receipts so far.
    pub receipts: Vec<Receipt>,
    /// Gas used so far as the header has it: the greater of the next two.
    pub gas_used: u64,
    /// Gas for execution used so far; see [`Executed::block_gas`].
    pub execution_gas: u64,
    /// EIP-8037: state gas used so far.
    pub state_gas: u64,
    /// Gas paid for so far, which receipts tell.
    pub paid_gas: u64,
    /// Blob gas used so far.
    pub blob_gas_used: u64,
    /// EIP-7928: what was accessed so far, where the rules want to know.
    pub access_list: Option<AccessListBuilder>,
    pub(super) vm: Vm,
}

impl<'a> Body<'a> {
    /// The body of a block upon `world`, nothing of it executed.
    pub fn new(
        chain: &'a ChainConfig,
        rules: Rules,
        env: BlockEnv,
        world: World,
        crypto: &'a dyn Crypto,
    ) -> Self {
        let access_list = rules.block_access_lists.then(AccessListBuilder::default);
        Self {
            chain,
            rules,
            env,
            crypto,
            world,
            receipts: Vec::new(),
            gas_used: 0,
            execution_gas: 0,
            state_gas: 0,
            paid_gas: 0,
            blob_gas_used: 0,
            access_list,
            vm: Vm::new(),
        }
    }

    /// What comes before the transactions: the DAO fork, and system calls with the parent beacon block's root and the
    /// parent's hash (that in [`BlockEnv::block_hashes`]).
    pub fn begin<I: Inspector>(
        &mut self,
        parent_beacon_block_root: Option<H256>,
        inspector: &mut I,
    ) -> Result<(), BlockError> {
        if self.chain.is_dao_block(self.env.number) {
            dao::move_dao_ether(&mut self.world);
        }
        if let Some(root) = parent_beacon_block_root.filter(|_| self.rules.beacon_root) {
            self.system_call(system::BEACON_ROOTS, root.0.to_vec(), inspector)?;
        }
        let parent = self.env.number.checked_sub(1).and_then(|number| self.env.block_hashes.get(&number));
        if let Some(hash) = parent.copied().filter(|_| self.rules.history_contract) {
            self.system_call(system::HISTORY_STORAGE, hash.0.to_vec(), inspector)?;
        }
        self.next_index();
        Ok(())
    }

    /// Executes the next transaction. What is refused leaves no trace.
    pub fn transaction<I: Inspector>(
        &mut self,
        tx: &Transaction,
        sender: Address,
        inspector: &mut I,
    ) -> Result<Executed, Rejected> {
        self.check_room(tx)?;
        let blobs = tx.blob_hashes.len() as u64 + self.blob_gas_used / GAS_PER_BLOB;
        if let Some(most) = self.rules.blobs.map(|rules| rules.max).filter(|most| blobs > *most) {
            return Err(Rejected::TooManyBlobs { blobs, most });
        }
        let Self { rules, env, crypto, world, .. } = self;
        let context = Context { world, env, rules, crypto: *crypto };
        let (executed, changes) = self.vm.transact(&context, tx, sender, inspector)?;
        self.apply(changes);
        self.next_index();
        self.paid_gas = self.paid_gas.saturating_add(executed.gas_used);
        self.execution_gas = self.execution_gas.saturating_add(executed.block_gas);
        self.state_gas = self.state_gas.saturating_add(executed.state_gas);
        self.gas_used = self.execution_gas.max(self.state_gas);
        self.blob_gas_used += tx.blob_hashes.len() as u64 * GAS_PER_BLOB;
        let outcome = match self.rules.receipt_status {
            true => Outcome::Status(executed.halt.is_success()),
            false => Outcome::StateRoot(state_root(&self.world)),
        };
        self.receipts.push(Receipt {
            tx_type: tx.tx_type,
            outcome,
            cumulative_gas_used: self.paid_gas,
            logs: executed.logs.clone(),
        });
        Ok(executed)
    }

    /// Takes over what the last transaction or system call changed.
    pub(super) fn apply(&mut self, changes: Changes) {
        if let Some(list) = &mut self.access_list {
            list.record(self.vm.take_accesses(), &changes, &self.world);
        }
        self.world.apply(changes);
    }

    /// What comes next has the next index in the access list.
    fn next_index(&mut self) {
        self.access_list.iter_mut().for_each(AccessListBuilder::next);
    }

    /// The block has gas left for all that the transaction may use; EIP-8037: for execution and for state.
    fn check_room(&self, tx: &Transaction) -> Result<(), Rejected> {
        let left = self.env.gas_limit.saturating_sub(self.execution_gas);
        let apart = self.rules.gas.state.is_some();
        let cap = self.rules.tx_gas_cap.filter(|_| apart).unwrap_or(u64::MAX);
        let limit = tx.gas_limit.min(cap);
        if limit > left {
            return Err(Rejected::OverBlockGasLimit { limit, block: left });
        }
        let left = self.env.gas_limit.saturating_sub(self.state_gas);
        if apart && tx.gas_limit > left {
            return Err(Rejected::OverBlockGasLimit { limit: tx.gas_limit, block: left });
        }
        Ok(())
    }

    /// Pays for the block before proof of stake (Yellow Paper 11.3): `reward` to its beneficiary, with a 32nd more for
    /// each ommer; and to each ommer's, `generations` before, what is left of eight eighths.
    pub fn pay_rewards(&mut self, reward: U256, ommers: impl Iterator<Item = (u64, Address)>) {
        let mut own = reward;
        for (generations, beneficiary) in ommers {
            own = own.saturating_add(reward / 32);
            let share = reward.saturating_mul(8u64.saturating_sub(generations).into()) / 8;
            self.add_balance(beneficiary, share);
        }
        self.add_balance(self.env.coinbase, own);
    }

    /// EIP-4895: pays out what validators withdrew.
    pub fn pay_withdrawals(&mut self, withdrawals: &[Withdrawal]) {
        for withdrawal in withdrawals {
            let wei = U256::from(withdrawal.amount) * U256::from(1_000_000_000);
            if let Some(list) = &mut self.access_list {
                list.access(withdrawal.address);
            }
            self.add_balance(withdrawal.address, wei);
        }
    }

    /// EIP-7685: the lists of requests that follow from the transactions.
    pub fn requests<I: Inspector>(&mut self, inspector: &mut I) -> Result<Vec<Vec<u8>>, BlockError> {
        if !self.rules.requests {
            return Ok(Vec::new());
        }
        let mut lists = vec![request_list(RequestType::Deposit, &deposits(self.chain, &self.receipts)?)];
        for (which, target) in [
            (RequestType::Withdrawal, system::WITHDRAWAL_REQUESTS),
            (RequestType::Consolidation, system::CONSOLIDATION_REQUESTS),
        ] {
            let data = self.checked_system_call(target, inspector)?;
            lists.push(request_list(which, &data));
        }
        lists.retain(|list| list.len() > 1);
        Ok(lists)
    }

    /// Adds wei to an account. With EIP-161 an empty account goes, or does not come, even so.
    fn add_balance(&mut self, address: Address, wei: U256) {
        let account = self.world.accounts.entry(address).or_default();
        let before = account.balance;
        account.balance = before.saturating_add(wei);
        if let Some(list) = &mut self.access_list {
            list.balance(address, before, account.balance);
        }
        if self.rules.state_clearing && account.is_empty() {
            self.world.accounts.remove(&address);
        }
    }
}

/// Executes a block upon the state `world` of its parent, and checks all that its header says but the seal of proof of
/// work: `Ethash` does, where a chain has been mined in earnest.
///
/// # Errors
/// Why the block is refused. [`BlockError::NeedsCrypto`] says nothing of the block.
pub fn process_block(
    chain: &ChainConfig,
    world: &World,
    ancestry: &Ancestry,
    block: &Block,
    crypto: &dyn Crypto,
) -> Result<Processed, BlockError> {
    let header = &block.header;
    let Some(parent) = ancestry.recent.first() else {
        return Err(BlockError::UnknownParent(header.parent_hash));
    };
    if header.parent_hash != parent.hash {
        return Err(BlockError::ParentHash);
    }
    let rules = chain.rules_at(&header.position(ancestry.total_difficulty));
    validate::validate_header(chain, &rules, header, &parent.header)?;
    validate::validate_body(&rules, block)?;
    validate::validate_ommers(chain, ancestry, block)?;
    let processed = execute_block(chain, world, ancestry, block, crypto)?;
    check_results(&processed, header, crypto)?;
    if let Some(list) = &processed.access_list {
        check_access_list(list, block)?;
    }
    Ok(processed)
}

/// What a block does upon the state `world` of its parent, whatever its header says that it does.
///
/// # Errors
/// A transaction is refused, or a system contract fails.
pub fn execute_block(
    chain: &ChainConfig,
    world: &World,
    ancestry: &Ancestry,
    block: &Block,
    crypto: &dyn Crypto,
) -> Result<Processed, BlockError> {
    let rules = chain.rules_at(&block.header.position(ancestry.total_difficulty));
    let env = block.header.env(ancestry.hashes.clone());
    let mut body = Body::new(chain, rules, env, world.clone(), crypto);
    let requests = execute(&mut body, block)?;
    let Body { world, receipts, gas_used, blob_gas_used, access_list, .. } = body;
    let access_list = access_list.map(AccessListBuilder::finish);
    Ok(Processed { world, receipts, requests, gas_used, blob_gas_used, access_list })
}

fn execute(body: &mut Body<'_>, block: &Block) -> Result<Vec<Vec<u8>>, BlockError> {
    let inspector = &mut NoInspector;
    body.begin(block.header.parent_beacon_block_root, inspector)?;
    for (index, tx) in block.transactions.iter().enumerate() {
        let sender = tx.sender(&body.rules, body.crypto).map_err(|error| match error {
            SenderError::Unavailable => BlockError::NeedsCrypto,
            error => BlockError::Sender { index, error },
        })?;
        body.transaction(tx, sender, inspector).map_err(|error| match error {
            Rejected::NeedsCrypto => BlockError::NeedsCrypto,
            error => BlockError::Transaction { index, error },
        })?;
    }
    if !body.rules.proof_of_stake {
        let number = block.header.number;
        let ommers = block.ommers.iter().map(|ommer| (number.saturating_sub(ommer.number), ommer.coinbase));
        body.pay_rewards(body.rules.block_reward, ommers);
    }
    body.pay_withdrawals(block.withdrawals.as_deref().unwrap_or_default());
    body.requests(inspector)
}

/// EIP-7928: the list of what the block accessed is the one that its header commits to, and not too long for its gas.
fn check_access_list(list: &BlockAccessList, block: &Block) -> Result<(), BlockError> {
    let (items, most) = (list.items(), block.header.gas_limit / GAS_PER_ITEM);
    if items > most {
        return Err(BlockError::AccessListSize { items, most });
    }
    if let Some(difference) = block.access_list.as_ref().and_then(|given| given.difference(list)) {
        return Err(BlockError::AccessList(difference));
    }
    match block.header.block_access_list_hash {
        Some(found) => check("blockAccessListHash", found, list.hash()),
        None => Ok(()),
    }
}

fn check_results(processed: &Processed, header: &Header, crypto: &dyn Crypto) -> Result<(), BlockError> {
    if header.gas_used != processed.gas_used {
        return Err(BlockError::GasUsed { found: header.gas_used, expected: processed.gas_used });
    }
    if let Some(found) = header.blob_gas_used.filter(|found| *found != processed.blob_gas_used) {
        return Err(BlockError::BlobGasUsed { found, expected: processed.blob_gas_used });
    }
    check("receiptsRoot", header.receipts_root, receipts_root(&processed.receipts))?;
    let bloom = receipts_bloom(&processed.receipts);
    if header.bloom != bloom {
        let hash = |bloom: &Bloom| keccak256(&bloom.0);
        check("logsBloom", hash(&header.bloom), hash(&bloom))?;
    }
    if let Some(found) = header.requests_hash {
        let expected = match &processed.requests[..] {
            [] => NO_REQUESTS,
            requests => requests_hash(requests, crypto).map_err(|_| BlockError::NeedsCrypto)?,
        };
        check("requestsHash", found, expected)?;
    }
    check("stateRoot", header.state_root, state_root(&processed.world))
}
