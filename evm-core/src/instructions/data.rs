//! EXP, KECCAK256, and the copies.

use super::environment::reach_account;
use crate::execution::Host;
use crate::interpreter::{Frame, Halt};
use crate::keccak::keccak256 as hash;
use crate::rules::Gas;
use crate::{U256, word};

/// Words of 32 bytes that hold `len` bytes.
pub(crate) fn words(len: usize) -> u64 {
    (len as u64).div_ceil(32)
}

pub(crate) fn exp(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let [base, exponent] = frame.stack.pop_n();
    frame.charge(host.rules.gas.exp_byte * u64::from(word::byte_len(exponent)))?;
    frame.stack.push(word::exp(base, exponent));
    Ok(())
}

pub(crate) fn keccak256(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let [offset, len] = frame.stack.pop_n();
    let gas = &host.rules.gas;
    let (offset, len) = frame.memory.range(offset, len, &mut frame.gas, gas.memory_word)?;
    frame.charge(gas.keccak_word * words(len))?;
    let digest = hash(frame.memory.slice(offset, len));
    frame.stack.push(word::from_be_bytes(&digest.0));
    Ok(())
}

/// Memory for a copy of `len` bytes, paid with the copy itself.
fn target(frame: &mut Frame, gas: &Gas, to: U256, len: U256) -> Result<(usize, usize), Halt> {
    let range = frame.memory.range(to, len, &mut frame.gas, gas.memory_word)?;
    frame.charge(gas.copy_word * words(range.1))?;
    Ok(range)
}

pub(crate) fn calldatacopy(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let [to, from, len] = frame.stack.pop_n();
    let (to, len) = target(frame, &host.rules.gas, to, len)?;
    frame.memory.write_padded(to, len, &frame.input, from);
    Ok(())
}

pub(crate) fn codecopy(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let [to, from, len] = frame.stack.pop_n();
    let (to, len) = target(frame, &host.rules.gas, to, len)?;
    frame.memory.write_padded(to, len, frame.code.bytes(), from);
    Ok(())
}

pub(crate) fn extcodecopy(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let [address, to, from, len] = frame.stack.pop_n();
    let account = reach_account(frame, host, address)?;
    let (to, len) = target(frame, &host.rules.gas, to, len)?;
    host.journal.access(account);
    frame.memory.write_padded(to, len, host.journal.at(account).code.bytes(), from);
    Ok(())
}

/// EIP-211: reading beyond the end fails.
pub(crate) fn returndatacopy(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let [to, from, len] = frame.stack.pop_n();
    let (end, overflow) = from.overflowing_add(len);
    if overflow || end > U256::from(frame.return_data.len()) {
        return Err(Halt::ReturnDataOutOfBounds);
    }
    let (to, len) = target(frame, &host.rules.gas, to, len)?;
    frame.memory.write_padded(to, len, &frame.return_data, from);
    Ok(())
}

/// EIP-5656.
pub(crate) fn mcopy(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let [to, from, len] = frame.stack.pop_n();
    let furthest = to.max(from);
    let (_, len) = target(frame, &host.rules.gas, furthest, len)?;
    if len != 0 {
        frame.memory.copy_within(to.as_usize(), from.as_usize(), len);
    }
    Ok(())
}
