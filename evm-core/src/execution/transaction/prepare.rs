//! What happens between a transaction's payment and its message: warm accounts, authorizations, and since EIP-2780 the
//! price of what these and the recipient need, which the transaction may fail to pay.

use super::{Rejected, Vm};
use crate::execution::Context;
use crate::interpreter::{Halt, StateMeter};
use crate::precompiles::CryptoError;
use crate::rules::Rules;
use crate::state::Code;
use crate::transaction::{Authorization, Transaction};
use crate::{Address, U256};
use std::sync::Arc;

/// Gas of a transaction outside its frames.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TxGas {
    /// For execution.
    pub left: u64,
    /// EIP-8037.
    pub state: StateMeter,
}

impl TxGas {
    /// What `tx` has after paying `intrinsic`. EIP-8037: what is over the limit for execution is for state.
    pub fn of(tx: &Transaction, rules: &Rules, intrinsic: u64) -> Self {
        let all = tx.gas_limit.saturating_sub(intrinsic);
        let most = rules.tx_gas_cap.filter(|_| rules.gas.state.is_some()).unwrap_or(u64::MAX);
        let left = all.min(most.saturating_sub(intrinsic));
        Self { left, state: StateMeter { reservoir: all - left, ..StateMeter::default() } }
    }

    fn charge(&mut self, gas: u64) -> Result<(), Halt> {
        self.left = self.left.checked_sub(gas).ok_or(Halt::OutOfGas)?;
        Ok(())
    }

    fn charge_state(&mut self, price: u64) -> Result<(), Halt> {
        self.state.charge(&mut self.left, price)
    }
}

/// A transaction whose message can begin.
pub(super) struct Prepared {
    /// Given back for authorities that existed.
    pub refund: u64,
    /// State gas paid for the recipient or the new contract.
    pub state_price: u64,
    /// What is to run.
    pub code: Arc<Code>,
}

/// Why there is none.
pub(super) enum Stop {
    Rejected(Rejected),
    /// Its message fails before it begins.
    Halt(Halt),
}

impl From<Halt> for Stop {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

/// What is paid for already of a transaction's authorizations: each authority only once.
struct Written<'a> {
    gas: &'a mut TxGas,
    /// Accounts that were written to.
    accounts: Vec<u32>,
    /// Accounts that got a delegation.
    delegations: Vec<u32>,
}

impl Vm {
    /// EIP-2929, 2930, 3651: what starts warm.
    pub(super) fn warm_up(&mut self, context: &Context<'_>, tx: &Transaction, from: u32, to: &Address) {
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

    /// Takes the authorizations, and finds the code to run.
    pub(super) fn prepare(
        &mut self,
        context: &Context<'_>,
        tx: &Transaction,
        from: u32,
        to: u32,
        gas: &mut TxGas,
    ) -> Result<Prepared, Stop> {
        let mut accounts = vec![from];
        if tx.to.is_some() && !tx.value.is_zero() {
            accounts.push(to);
        }
        let mut written = Written { gas, accounts, delegations: Vec::new() };
        let mut refund = 0;
        for authorization in &tx.authorizations {
            if let Some(exists) = self.authorize(context, authorization, &mut written)? {
                refund += if exists { context.rules.gas.authorization_refund } else { 0 };
            }
        }
        // The recipient is looked at only once all authorizations are paid for.
        self.execution.journal.access(to);
        let grows = tx.to.is_none() || !tx.value.is_zero();
        let state_price = match context.rules.gas.state {
            Some(state) if grows && self.execution.journal.is_dead(to) => state.new_account,
            _ => 0,
        };
        gas.charge_state(state_price)?;
        let code = self.code(context, tx, to, gas)?;
        Ok(Prepared { refund, state_price, code })
    }

    /// EIP-7702: one authorization: nothing if it does not hold, else whether the authority existed.
    fn authorize(
        &mut self,
        context: &Context<'_>,
        authorization: &Authorization,
        written: &mut Written<'_>,
    ) -> Result<Option<bool>, Stop> {
        let chain = authorization.chain_id;
        if !chain.is_zero() && chain != U256::from(context.rules.chain_id) || authorization.nonce == u64::MAX
        {
            return Ok(None);
        }
        let authority = match authorization.authority(context.crypto) {
            Ok(authority) => authority,
            Err(CryptoError::Invalid) => return Ok(None),
            Err(CryptoError::Unavailable) => return Err(Stop::Rejected(Rejected::NeedsCrypto)),
        };
        let journal = &mut self.execution.journal;
        let index = journal.load(context.world, &authority);
        journal.warm(index);
        journal.access(index);
        let account = journal.at(index);
        let free = account.code.is_empty() || account.code.delegation().is_some();
        if !free || account.nonce != authorization.nonce {
            return Ok(None);
        }
        let (exists, had_code) = (account.exists, !account.code.is_empty());
        let code = match authorization.address.is_zero() {
            true => Default::default(),
            false => Code::delegating_to(authorization.address),
        };
        let before = context.world.accounts.get(&authority).is_some_and(|account| !account.code.is_empty());
        let delegates = !code.is_empty() && !had_code && !before;
        written.pay(&context.rules.gas, index, exists, delegates)?;
        journal.touch(index);
        journal.set_code(index, code);
        journal.set_nonce(index, authorization.nonce + 1);
        Ok(Some(exists))
    }

    /// What the message runs. EIP-2780: a delegation is paid for as any access; before it was free.
    pub(super) fn code(
        &mut self,
        context: &Context<'_>,
        tx: &Transaction,
        to: u32,
        gas: &mut TxGas,
    ) -> Result<Arc<Code>, Halt> {
        let rules = context.rules;
        let journal = &mut self.execution.journal;
        if tx.to.is_none() {
            return Ok(Code::new(tx.data.as_slice()));
        }
        let Some(target) = journal.at(to).code.delegation().filter(|_| rules.delegation) else {
            return Ok(journal.at(to).code.clone());
        };
        let target = journal.load(context.world, &target);
        let cold = journal.warm(target);
        if rules.gas.tx_parts.is_some() {
            gas.charge(if cold { rules.gas.cold_account } else { rules.gas.warm })?;
        }
        journal.access(target);
        let target = journal.at(target);
        Ok(if rules.precompile(&target.address).is_some() { Arc::default() } else { target.code.clone() })
    }
}

impl Written<'_> {
    /// EIP-2780, 8037: pays for an authorization that holds.
    fn pay(
        &mut self,
        prices: &crate::rules::Gas,
        account: u32,
        exists: bool,
        delegates: bool,
    ) -> Result<(), Halt> {
        if let Some(state) = prices.state.filter(|_| !exists) {
            self.gas.charge_state(state.new_account)?;
        }
        if let Some(parts) = prices.tx_parts.filter(|_| !self.accounts.contains(&account)) {
            self.gas.charge(parts.account_write)?;
            self.accounts.push(account);
        }
        if let Some(state) = prices.state.filter(|_| delegates && !self.delegations.contains(&account)) {
            self.gas.charge_state(state.delegation)?;
            self.delegations.push(account);
        }
        Ok(())
    }
}
