//! Transactions: checked, paid for, executed, settled (Yellow Paper 6).

mod prepare;
mod rejected;
mod validate;

pub use rejected::Rejected;
pub use validate::{Intrinsic, intrinsic_gas};

use prepare::{Prepared, Stop, TxGas};

use super::message::{Message, Outcome};
use super::{Accesses, Changes, Context, Execution, Journal, Progress, TxContext};
use crate::block::{BlockEnv, Log, blob_base_fee};
use crate::inspector::Inspector;
use crate::interpreter::{Entry, Halt, StateMeter};
use crate::precompiles::Crypto;
use crate::rules::{GAS_PER_BLOB, Rules};
use crate::state::World;
use crate::transaction::{Transaction, create_address};
use crate::{Address, U256};

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// How its message ended.
    pub halt: Halt,
    /// Gas paid for.
    pub gas_used: u64,
    /// Gas given back by refunds, within the limit; not part of [`Self::gas_used`].
    pub gas_refunded: u64,
    /// EIP-8037: how much of the gas paid for grew the state.
    pub state_gas: u64,
    /// Gas for execution that counts against the block's limit: [`Self::gas_used`], but with EIP-7778 before refunds, and
    /// with EIP-8037 without [`Self::state_gas`].
    pub block_gas: u64,
    /// Data returned or reverted with; for a creation the new code.
    pub output: Vec<u8>,
    /// Empty if it failed.
    pub logs: Vec<Log>,
    /// Address of the new contract.
    pub created: Option<Address>,
}

/// Executes transactions, one after the other: keeps programs of code and spare stacks between them.
#[derive(Clone, Debug, Default)]
pub struct Vm {
    /// The transaction being executed.
    pub execution: Execution,
    begun: Option<Begun>,
    /// Of the last transaction or message that ended, where the rules want to know.
    accesses: Accesses,
}

/// What is to be settled when the message has ended.
#[derive(Clone, Debug)]
struct Begun {
    sender: u32,
    gas_limit: u64,
    floor: u64,
    gas_price: U256,
    /// Gas when the message began, which took what was left for execution.
    gas: TxGas,
    refund: u64,
    creates: Option<Address>,
}

impl Vm {
    /// Nothing executed yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks a transaction, takes its gas, and enters its message. What was executed before is forgotten.
    pub fn begin<I: Inspector>(
        &mut self,
        context: &Context<'_>,
        tx: &Transaction,
        sender: Address,
        inspector: &mut I,
    ) -> Result<(), Rejected> {
        self.execution.clear();
        self.begun = None;
        let paid = validate::validate(context, tx, sender)?;
        let world = context.world;
        let execution = &mut self.execution;
        execution.tx = TxContext {
            origin: sender,
            gas_price: paid.gas_price,
            blob_hashes: tx.blob_hashes.clone(),
            blob_base_fee: paid.blob_base_fee,
        };
        let journal = &mut execution.journal;
        let from = journal.load(world, &sender);
        let balance = journal.balance_at(from);
        let fee = paid.gas_price.saturating_mul(tx.gas_limit.into()).saturating_add(paid.blob_fee);
        journal.access(from);
        journal.touch(from);
        journal.set_balance(from, balance.saturating_sub(fee));
        journal.set_nonce(from, tx.nonce.wrapping_add(1));
        let creates = tx.to.is_none().then(|| create_address(sender, tx.nonce));
        let to = tx.to.or(creates).unwrap_or_default();
        self.warm_up(context, tx, from, &to);
        let journal = &mut self.execution.journal;
        let account = journal.load(world, &to);
        let checkpoint = journal.checkpoint();
        let whole = TxGas::of(tx, context.rules, paid.intrinsic.gas);
        let mut gas = whole;
        let mut refused = None;
        let prepared = match self.prepare(context, tx, from, account, &mut gas) {
            Ok(prepared) => prepared,
            Err(Stop::Rejected(rejected)) => return Err(rejected),
            Err(Stop::Halt(halt)) => {
                self.execution.journal.revert(checkpoint);
                (refused, gas) = (Some(halt), whole);
                Prepared { refund: 0, state_price: 0, code: Default::default() }
            }
        };
        let Prepared { refund, state_price, code } = prepared;
        let message = Message {
            code,
            gas: gas.left,
            state_gas: gas.state.lend(),
            state_price,
            refused,
            ..self.message(tx, sender, from, (to, account))
        };
        self.begun = Some(Begun {
            sender: from,
            gas_limit: tx.gas_limit,
            floor: paid.intrinsic.floor,
            gas_price: paid.gas_price,
            gas,
            refund,
            creates,
        });
        self.execution.enter(message, context, inspector).map_err(|_| Rejected::NeedsCrypto)?;
        Ok(())
    }

    /// The message of a transaction, but for its code and gas.
    fn message(&self, tx: &Transaction, sender: Address, from: u32, to: (Address, u32)) -> Message {
        Message {
            entry: if tx.to.is_none() { Entry::Create } else { Entry::Call },
            address: to.0,
            account: to.1,
            code_address: to.0,
            caller: sender,
            caller_account: from,
            value: tx.value,
            transfers: true,
            input: if tx.to.is_none() { Vec::new() } else { tx.data.clone() },
            code: Default::default(),
            gas: 0,
            state_gas: StateMeter::default(),
            state_price: 0,
            is_static: false,
            depth: 0,
            output_at: (0, 0),
            refused: None,
        }
    }

    /// Settles a transaction whose message has ended: refunds, fees, deletions. Nothing while it has not.
    pub fn finish(&mut self, context: &Context<'_>) -> Option<(Executed, Changes)> {
        let Outcome { halt, gas_left, refund, state_gas, state_price, output } =
            self.execution.outcome.take()?;
        let begun = self.begun.take()?;
        let Context { world, env, rules, .. } = *context;
        let mut gas = TxGas { left: gas_left, ..begun.gas };
        gas.state.absorb(&mut gas.left, &state_gas);
        gas.state.refill(&mut gas.left, state_price);
        if halt.is_error() {
            gas.left = 0;
        }
        let spent = begun.gas_limit.saturating_sub(gas.left.saturating_add(gas.state.reservoir));
        let state_gas = u64::try_from(gas.state.spent).unwrap_or(0);
        let refund = begun.refund.saturating_add_signed(refund).min(spent / rules.gas.refund_quotient);
        let gas_used = (spent - refund).max(begun.floor);
        let block_gas = match rules.gas_before_refunds {
            true => spent.saturating_sub(state_gas).max(begun.floor),
            false => gas_used.saturating_sub(state_gas),
        };
        let mut journal = std::mem::take(&mut self.execution.journal);
        let back = begun.gas_price.saturating_mul((begun.gas_limit - gas_used).into());
        let balance = journal.balance_at(begun.sender);
        journal.set_balance(begun.sender, balance.saturating_add(back));
        let tip = if rules.base_fee { begun.gas_price.saturating_sub(env.base_fee) } else { begun.gas_price };
        let coinbase = journal.load(world, &env.coinbase);
        let fee = tip.saturating_mul(gas_used.into());
        journal.access(coinbase);
        journal.touch(coinbase);
        let balance = journal.balance_at(coinbase);
        journal.set_balance(coinbase, balance.saturating_add(fee));
        let logs = std::mem::take(&mut journal.logs);
        let created = begun.creates.filter(|_| halt.is_success());
        let executed =
            Executed { halt, gas_used, gas_refunded: refund, state_gas, block_gas, output, logs, created };
        Some((executed, self.settle(journal, rules)))
    }

    /// Ends a journal.
    fn settle(&mut self, journal: Journal, rules: &Rules) -> Changes {
        if rules.block_access_lists {
            self.accesses = journal.accesses();
        }
        journal.into_changes(rules)
    }

    /// What the last transaction or message that ended accessed (EIP-7928). Nothing under rules without
    /// [`Rules::block_access_lists`].
    pub fn take_accesses(&mut self) -> Accesses {
        std::mem::take(&mut self.accesses)
    }

    /// Executes a transaction from its beginning to its end.
    pub fn transact<I: Inspector>(
        &mut self,
        context: &Context<'_>,
        tx: &Transaction,
        sender: Address,
        inspector: &mut I,
    ) -> Result<(Executed, Changes), Rejected> {
        self.begin(context, tx, sender, inspector)?;
        self.complete(context, inspector)?;
        self.finish(context).ok_or(Rejected::NeedsCrypto)
    }

    /// Goes on to the message's end, whatever pauses the inspector wants.
    fn complete<I: Inspector>(&mut self, context: &Context<'_>, inspector: &mut I) -> Result<(), Rejected> {
        loop {
            match self.execution.resume(context, inspector) {
                Progress::Paused => {}
                Progress::NeedsCrypto => return Err(Rejected::NeedsCrypto),
                Progress::Done => return Ok(()),
            }
        }
    }

    /// A system call of a block (EIP-4788, 2935, 7002, 7251): 30 million gas, no fee, no nonce, not part of the block's
    /// gas.
    pub fn system_call<I: Inspector>(
        &mut self,
        context: &Context<'_>,
        target: Address,
        input: Vec<u8>,
        inspector: &mut I,
    ) -> Result<(Executed, Changes), Rejected> {
        let tx =
            Transaction { to: Some(target), data: input, gas_limit: SYSTEM_GAS, ..Transaction::default() };
        let reservoir = context.rules.gas.state.map_or(0, |state| state.slot * SYSTEM_SLOTS);
        self.alone(context, &tx, SYSTEM, reservoir, inspector)
    }

    /// Executes a transaction's message and nothing else: nothing of the transaction is checked, no gas is bought, no
    /// nonce counted, nothing paid for data, and nothing refunded. All gas that the message has is its limit.
    ///
    /// # Errors
    /// [`Rejected::NeedsCrypto`] alone.
    pub fn message_alone<I: Inspector>(
        &mut self,
        context: &Context<'_>,
        tx: &Transaction,
        sender: Address,
        inspector: &mut I,
    ) -> Result<(Executed, Changes), Rejected> {
        self.alone(context, tx, sender, 0, inspector)
    }

    /// A message with `reservoir` state gas (EIP-8037) beside the gas limit.
    fn alone<I: Inspector>(
        &mut self,
        context: &Context<'_>,
        tx: &Transaction,
        sender: Address,
        reservoir: u64,
        inspector: &mut I,
    ) -> Result<(Executed, Changes), Rejected> {
        self.execution.clear();
        self.begun = None;
        let blob_price = |rules| blob_base_fee(context.env.excess_blob_gas, rules);
        self.execution.tx = TxContext {
            origin: sender,
            gas_price: tx.max_fee,
            blob_hashes: tx.blob_hashes.clone(),
            blob_base_fee: context.rules.blobs.as_ref().map_or_else(U256::zero, blob_price),
        };
        let creates = tx.to.is_none().then(|| create_address(sender, tx.nonce));
        let target = tx.to.or(creates).unwrap_or_default();
        let from = self.execution.journal.load(context.world, &sender);
        self.warm_up(context, tx, from, &target);
        let account = self.execution.journal.load(context.world, &target);
        self.execution.journal.access(account);
        let mut gas = TxGas { left: tx.gas_limit, state: StateMeter { reservoir, ..StateMeter::default() } };
        let (code, refused) = match self.code(context, tx, account, &mut gas) {
            Ok(code) => (code, None),
            Err(halt) => (Default::default(), Some(halt)),
        };
        let message = Message {
            code,
            gas: gas.left,
            state_gas: gas.state,
            refused,
            ..self.message(tx, sender, from, (target, account))
        };
        self.execution.enter(message, context, inspector).map_err(|_| Rejected::NeedsCrypto)?;
        self.complete(context, inspector)?;
        let Outcome { halt, gas_left, refund, output, .. } =
            self.execution.outcome.take().ok_or(Rejected::NeedsCrypto)?;
        let mut journal = std::mem::take(&mut self.execution.journal);
        let executed = Executed {
            halt,
            gas_used: tx.gas_limit.saturating_sub(gas_left),
            gas_refunded: u64::try_from(refund).unwrap_or(0),
            state_gas: 0,
            block_gas: 0,
            output,
            logs: std::mem::take(&mut journal.logs),
            created: creates.filter(|_| halt.is_success()),
        };
        Ok((executed, self.settle(journal, context.rules)))
    }
}

/// Caller of system calls.
pub const SYSTEM: Address = Address([
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFE,
]);
const SYSTEM_GAS: u64 = 30_000_000;
/// EIP-8037: words of storage that a system call has state gas for.
const SYSTEM_SLOTS: u64 = 16;

/// Executes one transaction over `world`; what it changed is to be [applied](World::apply).
pub fn transact<I: Inspector>(
    world: &World,
    env: &BlockEnv,
    rules: &Rules,
    crypto: &dyn Crypto,
    tx: &Transaction,
    sender: Address,
    inspector: &mut I,
) -> Result<(Executed, Changes), Rejected> {
    Vm::new().transact(&Context { world, env, rules, crypto }, tx, sender, inspector)
}

/// Blob gas of a transaction.
pub(crate) fn blob_gas(tx: &Transaction) -> u64 {
    GAS_PER_BLOB.saturating_mul(tx.blob_hashes.len() as u64)
}
