//! Transactions: checked, paid for, executed, settled (Yellow Paper 6).

mod rejected;
mod validate;

pub use rejected::Rejected;
pub use validate::{Intrinsic, intrinsic_gas};

use super::message::{Message, Outcome};
use super::{Changes, Context, Execution, Progress, TxContext};
use crate::block::{BlockEnv, Log, blob_base_fee};
use crate::inspector::Inspector;
use crate::interpreter::{Entry, Halt};
use crate::precompiles::{Crypto, CryptoError};
use crate::rules::{GAS_PER_BLOB, Rules};
use crate::state::{Code, World};
use crate::transaction::{Authorization, Transaction, create_address};
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
}

/// What is to be settled when the message has ended.
#[derive(Clone, Debug)]
struct Begun {
    sender: u32,
    gas_limit: u64,
    floor: u64,
    gas_price: U256,
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
        journal.touch(from);
        journal.set_balance(from, balance.saturating_sub(fee));
        journal.set_nonce(from, tx.nonce.wrapping_add(1));
        let creates = tx.to.is_none().then(|| create_address(sender, tx.nonce));
        let to = tx.to.or(creates).unwrap_or_default();
        self.warm_up(context, tx, from, &to);
        let refund = self.delegate(context, tx)?;
        let message = self.message(context, tx, sender, from, &to, tx.gas_limit - paid.intrinsic.gas);
        self.begun = Some(Begun {
            sender: from,
            gas_limit: tx.gas_limit,
            floor: paid.intrinsic.floor,
            gas_price: paid.gas_price,
            refund,
            creates,
        });
        self.execution.enter(message, context, inspector).map_err(|_| Rejected::NeedsCrypto)?;
        Ok(())
    }

    /// EIP-2929, 2930, 3651: what starts warm.
    fn warm_up(&mut self, context: &Context<'_>, tx: &Transaction, from: u32, to: &Address) {
        let Context { world, env, rules, .. } = *context;
        let journal = &mut self.execution.journal;
        let account = journal.load(world, to);
        if !rules.access_costs {
            return;
        }
        journal.warm(from);
        journal.warm(account);
        if rules.warm_coinbase {
            let coinbase = journal.load(world, &env.coinbase);
            journal.warm(coinbase);
        }
        for (address, _) in &rules.precompiles {
            let account = journal.load(world, address);
            journal.warm(account);
        }
        for item in &tx.access_list {
            let account = journal.load(world, &item.address);
            journal.warm(account);
            for key in &item.storage_keys {
                journal.load_slot(world, account, *key);
            }
        }
    }

    /// EIP-7702: takes the authorizations that hold; gas given back for authorities that exist.
    fn delegate(&mut self, context: &Context<'_>, tx: &Transaction) -> Result<u64, Rejected> {
        let mut refund = 0;
        for authorization in &tx.authorizations {
            if let Some(exists) = self.authorize(context, authorization)? {
                refund += if exists { context.rules.gas.authorization_refund } else { 0 };
            }
        }
        Ok(refund)
    }

    /// One authorization: nothing if it does not hold, else whether the authority existed.
    fn authorize(
        &mut self,
        context: &Context<'_>,
        authorization: &Authorization,
    ) -> Result<Option<bool>, Rejected> {
        let chain = authorization.chain_id;
        if !chain.is_zero() && chain != U256::from(context.rules.chain_id) || authorization.nonce == u64::MAX
        {
            return Ok(None);
        }
        let authority = match authorization.authority(context.crypto) {
            Ok(authority) => authority,
            Err(CryptoError::Invalid) => return Ok(None),
            Err(CryptoError::Unavailable) => return Err(Rejected::NeedsCrypto),
        };
        let journal = &mut self.execution.journal;
        let index = journal.load(context.world, &authority);
        journal.warm(index);
        let account = journal.at(index);
        let free = account.code.is_empty() || account.code.delegation().is_some();
        if !free || account.nonce != authorization.nonce {
            return Ok(None);
        }
        let exists = account.exists;
        let code = match authorization.address.is_zero() {
            true => Default::default(),
            false => Code::delegating_to(authorization.address),
        };
        journal.touch(index);
        journal.set_code(index, code);
        journal.set_nonce(index, authorization.nonce + 1);
        Ok(Some(exists))
    }

    fn message(
        &mut self,
        context: &Context<'_>,
        tx: &Transaction,
        sender: Address,
        from: u32,
        to: &Address,
        gas: u64,
    ) -> Message {
        let journal = &mut self.execution.journal;
        let account = journal.load(context.world, to);
        let code = match tx.to {
            None => Code::new(tx.data.as_slice()),
            Some(_) => match journal.at(account).code.delegation().filter(|_| context.rules.delegation) {
                None => journal.at(account).code.clone(),
                Some(target) => {
                    let target = journal.load(context.world, &target);
                    journal.warm(target);
                    match context.rules.precompile(&journal.at(target).address) {
                        Some(_) => Default::default(),
                        None => journal.at(target).code.clone(),
                    }
                }
            },
        };
        Message {
            entry: if tx.to.is_none() { Entry::Create } else { Entry::Call },
            address: *to,
            account,
            code_address: *to,
            caller: sender,
            caller_account: from,
            value: tx.value,
            transfers: true,
            input: if tx.to.is_none() { Vec::new() } else { tx.data.clone() },
            code,
            gas,
            is_static: false,
            depth: 0,
            output_at: (0, 0),
            refused: None,
        }
    }

    /// Settles a transaction whose message has ended: refunds, fees, deletions. Nothing while it has not.
    pub fn finish(&mut self, context: &Context<'_>) -> Option<(Executed, Changes)> {
        let Outcome { halt, gas_left, refund, output } = self.execution.outcome.take()?;
        let begun = self.begun.take()?;
        let Context { world, env, rules, .. } = *context;
        let spent = begun.gas_limit - gas_left;
        let refund = begun.refund.saturating_add_signed(refund).min(spent / rules.gas.refund_quotient);
        let gas_used = (spent - refund).max(begun.floor);
        let mut journal = std::mem::take(&mut self.execution.journal);
        let back = begun.gas_price.saturating_mul((begun.gas_limit - gas_used).into());
        let balance = journal.balance_at(begun.sender);
        journal.set_balance(begun.sender, balance.saturating_add(back));
        let tip = if rules.base_fee { begun.gas_price.saturating_sub(env.base_fee) } else { begun.gas_price };
        let coinbase = journal.load(world, &env.coinbase);
        let fee = tip.saturating_mul(gas_used.into());
        journal.touch(coinbase);
        let balance = journal.balance_at(coinbase);
        journal.set_balance(coinbase, balance.saturating_add(fee));
        let logs = std::mem::take(&mut journal.logs);
        let created = begun.creates.filter(|_| halt.is_success());
        let executed = Executed { halt, gas_used, gas_refunded: refund, output, logs, created };
        Some((executed, journal.into_changes(rules.state_clearing)))
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
        loop {
            match self.execution.resume(context, inspector) {
                Progress::Paused => {}
                Progress::NeedsCrypto => return Err(Rejected::NeedsCrypto),
                Progress::Done => return self.finish(context).ok_or(Rejected::NeedsCrypto),
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
        self.message_alone(context, &tx, SYSTEM, inspector)
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
        let message = self.message(context, tx, sender, from, &target, tx.gas_limit);
        self.execution.enter(message, context, inspector).map_err(|_| Rejected::NeedsCrypto)?;
        while self.execution.resume(context, inspector) == Progress::Paused {}
        let Outcome { halt, gas_left, refund, output } =
            self.execution.outcome.take().ok_or(Rejected::NeedsCrypto)?;
        let mut journal = std::mem::take(&mut self.execution.journal);
        let logs = std::mem::take(&mut journal.logs);
        let gas_used = tx.gas_limit - gas_left;
        let gas_refunded = u64::try_from(refund).unwrap_or(0);
        let created = creates.filter(|_| halt.is_success());
        let executed = Executed { halt, gas_used, gas_refunded, output, logs, created };
        Ok((executed, journal.into_changes(context.rules.state_clearing)))
    }
}

/// Caller of system calls.
pub const SYSTEM: Address = Address([
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFE,
]);
const SYSTEM_GAS: u64 = 30_000_000;

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
