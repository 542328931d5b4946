//! Storage and transient storage.

use crate::U256;
use crate::execution::{Host, Slot};
use crate::interpreter::{Frame, Halt};
use crate::rules::Sstore;

pub(crate) fn sload(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let key = frame.stack.pop();
    let (slot, cold) = host.journal.load_slot(host.world, frame.account, key);
    if cold && host.rules.access_costs {
        let gas = &host.rules.gas;
        frame.charge(gas.cold_slot - gas.warm)?;
    }
    host.journal.access_slot(slot);
    frame.stack.push(host.journal.slot_at(slot).value);
    Ok(())
}

pub(crate) fn sstore(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    if frame.is_static {
        return Err(Halt::StaticViolation);
    }
    let gas = &host.rules.gas;
    if gas.sstore.sentry.is_some_and(|least| frame.gas <= least) {
        return Err(Halt::OutOfGas);
    }
    let [key, value] = frame.stack.pop_n();
    let (index, cold) = host.journal.load_slot(host.world, frame.account, key);
    if cold && host.rules.access_costs {
        frame.charge(gas.cold_sstore())?;
    }
    host.journal.access_slot(index);
    let slot = *host.journal.slot_at(index);
    frame.charge(price(&gas.sstore, &slot, value))?;
    frame.refund += refund(&gas.sstore, &slot, value);
    if let Some(state) = &gas.state
        && slot.original.is_zero()
        && slot.value != value
    {
        if slot.value.is_zero() {
            frame.charge_state(state.slot)?;
        } else if value.is_zero() {
            frame.state_gas.refill(&mut frame.gas, state.slot);
        }
    }
    if slot.value != value {
        host.journal.store(index, value, frame.checkpoint.0);
    }
    Ok(())
}

/// What a write costs beside the surcharge for a cold slot.
pub(crate) fn price(sstore: &Sstore, slot: &Slot, new: U256) -> u64 {
    if !sstore.net {
        return if slot.value.is_zero() && !new.is_zero() { sstore.set } else { sstore.reset };
    }
    if slot.value == new || slot.value != slot.original {
        sstore.noop
    } else if slot.original.is_zero() {
        sstore.set
    } else {
        sstore.reset
    }
}

/// What a write gives back, or takes back of what an earlier one gave (EIP-2200's table).
pub(crate) fn refund(sstore: &Sstore, slot: &Slot, new: U256) -> i64 {
    let Slot { value, original, .. } = *slot;
    let clear = sstore.clear_refund as i64;
    if !sstore.net {
        return if !value.is_zero() && new.is_zero() { clear } else { 0 };
    }
    if value == new {
        return 0;
    }
    if value == original {
        return if !original.is_zero() && new.is_zero() { clear } else { 0 };
    }
    let mut refund = 0;
    if !original.is_zero() {
        if value.is_zero() {
            refund -= clear;
        } else if new.is_zero() {
            refund += clear;
        }
    }
    if new == original {
        let first = if original.is_zero() { sstore.set } else { sstore.reset };
        refund += first as i64 - sstore.noop as i64;
    }
    refund
}

pub(crate) fn tload(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let key = frame.stack.pop();
    frame.stack.push(host.journal.transient(frame.account, key));
    Ok(())
}

pub(crate) fn tstore(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    if frame.is_static {
        return Err(Halt::StaticViolation);
    }
    let [key, value] = frame.stack.pop_n();
    host.journal.store_transient(frame.account, key, value, frame.checkpoint.0);
    Ok(())
}
