//! Calls, creations, SELFDESTRUCT: what happens in the frame that executes them. The frame they enter is made by
//! `execution`.

use super::data::words;
use super::environment::{address_of, reach_account};
use crate::execution::{Host, Message};
use crate::interpreter::{Entry, Frame, Halt};
use crate::{Address, U256};

/// Nested frames, at most.
pub(crate) const DEPTH: u16 = 1024;

/// Gas for a callee out of what is left: what is asked for, but since EIP-150 at most all but one 64th.
fn gas_for_callee(frame: &mut Frame, host: &Host<'_>, asked: U256) -> Result<u64, Halt> {
    let most = if host.rules.keep_64th { frame.gas - frame.gas / 64 } else { frame.gas };
    let gas = match u64::try_from(asked) {
        Ok(asked) if asked <= most => asked,
        _ if host.rules.keep_64th => most,
        _ => return Err(Halt::OutOfGas),
    };
    frame.charge(gas)?;
    Ok(gas)
}

/// Why a frame that would move `value` is not begun: then the caller gets 0, the gas back, and no return data.
fn refusal(frame: &Frame, host: &Host<'_>, value: U256) -> Option<Halt> {
    if frame.depth >= DEPTH {
        return Some(Halt::TooDeep);
    }
    (host.journal.balance_at(frame.account) < value).then_some(Halt::InsufficientBalance)
}

/// CALL, CALLCODE, DELEGATECALL, STATICCALL.
pub(crate) fn call(frame: &mut Frame, host: &mut Host<'_>, opcode: u8) -> Result<Box<Message>, Halt> {
    let entry = match opcode {
        0xF1 => Entry::Call,
        0xF2 => Entry::CallCode,
        0xF4 => Entry::DelegateCall,
        _ => Entry::StaticCall,
    };
    let [asked, name] = frame.stack.pop_n();
    let with_value = matches!(entry, Entry::Call | Entry::CallCode);
    let value = if with_value { frame.stack.pop() } else { U256::zero() };
    if entry == Entry::Call && frame.is_static && !value.is_zero() {
        return Err(Halt::StaticViolation);
    }
    let [input_at, input_len, output_at, output_len] = frame.stack.pop_n();
    let memory_word = host.rules.gas.memory_word;
    let (input_at, input_len) = frame.memory.range(input_at, input_len, &mut frame.gas, memory_word)?;
    let output_at = frame.memory.range(output_at, output_len, &mut frame.gas, memory_word)?;
    let callee = reach_account(frame, host, name)?;
    let state_price = pay_for_value(frame, host, entry, callee, value)?;
    let code_address = address_of(name);
    let code = match host.journal.at(callee).code.delegation().filter(|_| host.rules.delegation) {
        Some(target) => delegate(frame, host, target)?,
        None => host.journal.at(callee).code.clone(),
    };
    let mut gas = gas_for_callee(frame, host, asked)?;
    if !value.is_zero() {
        gas += host.rules.gas.call_stipend;
    }
    let own = matches!(entry, Entry::CallCode | Entry::DelegateCall);
    let delegates = entry == Entry::DelegateCall;
    Ok(Box::new(Message {
        entry,
        address: if own { frame.address } else { code_address },
        account: if own { frame.account } else { callee },
        code_address,
        caller: if delegates { frame.caller } else { frame.address },
        caller_account: frame.account,
        value: if delegates { frame.value } else { value },
        transfers: entry == Entry::Call,
        input: frame.memory.slice(input_at, input_len).to_vec(),
        code,
        gas,
        is_static: frame.is_static || entry == Entry::StaticCall,
        depth: frame.depth + 1,
        state_gas: frame.state_gas.lend(),
        state_price,
        output_at,
        refused: refusal(frame, host, value),
    }))
}

/// The surcharges for value, and for an account that comes to be; gives the state gas among them.
fn pay_for_value(
    frame: &mut Frame,
    host: &mut Host<'_>,
    entry: Entry,
    callee: u32,
    value: U256,
) -> Result<u64, Halt> {
    let gas = &host.rules.gas;
    if !value.is_zero() {
        frame.charge(gas.call_value)?;
    }
    host.journal.access(callee);
    let new = match host.rules.state_clearing {
        true => !value.is_zero() && host.journal.is_dead(callee),
        false => !host.journal.at(callee).exists,
    };
    if entry != Entry::Call || !new {
        return Ok(0);
    }
    frame.charge(gas.new_account)?;
    let price = gas.state.map_or(0, |state| state.new_account);
    frame.charge_state(price)?;
    Ok(price)
}

/// EIP-7702: the code that an account delegates to, accessed at the usual price.
fn delegate(
    frame: &mut Frame,
    host: &mut Host<'_>,
    target: Address,
) -> Result<std::sync::Arc<crate::state::Code>, Halt> {
    let account = host.journal.load(host.world, &target);
    let gas = &host.rules.gas;
    frame.charge(if host.journal.warm(account) { gas.cold_account } else { gas.warm })?;
    host.journal.access(account);
    Ok(host.delegated_code(account))
}

/// CREATE and CREATE2.
pub(crate) fn create(frame: &mut Frame, host: &mut Host<'_>, salted: bool) -> Result<Box<Message>, Halt> {
    if frame.is_static {
        return Err(Halt::StaticViolation);
    }
    let [value, offset, len] = frame.stack.pop_n();
    let salt = salted.then(|| frame.stack.pop());
    let gas = &host.rules.gas;
    let (offset, len) = frame.memory.range(offset, len, &mut frame.gas, gas.memory_word)?;
    if host.rules.max_initcode_size.is_some_and(|most| len > most) {
        return Err(Halt::InitcodeTooLarge);
    }
    let hashing = if salted { gas.keccak_word } else { 0 };
    frame.charge((gas.initcode_word + hashing) * words(len))?;
    let nonce = host.journal.at(frame.account).nonce;
    let refused = refusal(frame, host, value).or((nonce == u64::MAX).then_some(Halt::NonceOverflow));
    let init = frame.memory.slice(offset, len).to_vec();
    let address = match salt {
        Some(salt) => {
            crate::transaction::create2_address(frame.address, salt, crate::keccak::keccak256(&init))
        }
        None => crate::transaction::create_address(frame.address, nonce),
    };
    let account = host.journal.load(host.world, &address);
    let mut state_price = 0;
    if refused.is_none() {
        host.journal.set_nonce(frame.account, nonce + 1);
        host.journal.warm(account);
        host.journal.access(account);
        if let Some(state) = host.rules.gas.state.filter(|_| host.journal.is_dead(account)) {
            state_price = state.new_account;
            frame.charge_state(state_price)?;
        }
    }
    let most = if host.rules.keep_64th { u64::MAX } else { frame.gas };
    let gas = gas_for_callee(frame, host, most.into())?;
    frame.return_data.clear();
    Ok(Box::new(Message {
        entry: if salted { Entry::Create2 } else { Entry::Create },
        address,
        account,
        code_address: address,
        caller: frame.address,
        caller_account: frame.account,
        value,
        transfers: true,
        input: Vec::new(),
        code: crate::state::Code::new(init),
        gas,
        is_static: false,
        depth: frame.depth + 1,
        state_gas: frame.state_gas.lend(),
        state_price,
        output_at: (0, 0),
        refused,
    }))
}

/// SELFDESTRUCT, but for the end of the frame.
pub(crate) fn selfdestruct(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    if frame.is_static {
        return Err(Halt::StaticViolation);
    }
    let beneficiary = address_of(frame.stack.pop());
    let heir = host.journal.load(host.world, &beneficiary);
    let gas = &host.rules.gas;
    if host.rules.access_costs && host.journal.warm(heir) {
        frame.charge(gas.cold_account)?;
    }
    host.journal.access(heir);
    let balance = host.journal.balance_at(frame.account);
    let new = match host.rules.state_clearing {
        true => !balance.is_zero() && host.journal.is_dead(heir),
        false => !host.journal.at(heir).exists,
    };
    if new {
        frame.charge(gas.selfdestruct_new_account)?;
        frame.charge_state(gas.state.map_or(0, |state| state.new_account))?;
    }
    host.journal.touch(heir);
    let deletes = !host.rules.selfdestruct_same_tx || host.journal.at(frame.account).created;
    if heir != frame.account {
        host.journal.transfer(frame.account, heir, balance);
        if host.rules.transfer_logs {
            host.journal.log_transfer(frame.account, heir, balance);
        }
    } else if deletes && !host.rules.keep_destroyed_balance {
        host.journal.set_balance(frame.account, U256::zero());
    }
    if deletes && host.journal.destroy(frame.account) {
        frame.refund += gas.selfdestruct_refund as i64;
    }
    host.destroyed = Some((frame.address, beneficiary, balance));
    Ok(())
}
