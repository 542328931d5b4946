//! Instructions that look at accounts and at the message.

use crate::execution::Host;
use crate::interpreter::{Frame, Halt};
use crate::{Address, U256, word};

/// An address as a word.
#[inline(always)]
pub(crate) fn word_of(address: &Address) -> U256 {
    let mut bytes = [0; 32];
    bytes[12..].copy_from_slice(&address.0);
    word::from_be_bytes(&bytes)
}

/// The address in the low 20 bytes of a word.
#[inline(always)]
pub(crate) fn address_of(value: U256) -> Address {
    let bytes = word::to_be_bytes(value);
    Address::from_slice(&bytes[12..])
}

/// The journal's entry for the account that a word names; pays EIP-2929's surcharge if it is cold. That it was accessed
/// is for the caller to say, once all is paid.
pub(crate) fn reach_account(frame: &mut Frame, host: &mut Host<'_>, name: U256) -> Result<u32, Halt> {
    let account = host.journal.load(host.world, &address_of(name));
    if host.rules.access_costs && host.journal.warm(account) {
        let gas = &host.rules.gas;
        frame.charge(gas.cold_account - gas.warm)?;
    }
    Ok(account)
}

/// The account that a word names, for instructions that pay nothing else.
fn access_account(frame: &mut Frame, host: &mut Host<'_>, name: U256) -> Result<u32, Halt> {
    let account = reach_account(frame, host, name)?;
    host.journal.access(account);
    Ok(account)
}

pub(crate) fn balance(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let name = frame.stack.pop();
    let account = access_account(frame, host, name)?;
    frame.stack.push(host.journal.balance_at(account));
    Ok(())
}

pub(crate) fn extcodesize(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let name = frame.stack.pop();
    let account = access_account(frame, host, name)?;
    frame.stack.push(U256::from(host.journal.at(account).code.bytes().len()));
    Ok(())
}

pub(crate) fn extcodehash(frame: &mut Frame, host: &mut Host<'_>) -> Result<(), Halt> {
    let name = frame.stack.pop();
    let account = access_account(frame, host, name)?;
    frame.stack.push(word::from_be_bytes(&host.journal.code_hash(account).0));
    Ok(())
}

/// CALLDATALOAD: 32 bytes of the input, zeros after its end.
#[inline]
pub(crate) fn calldata_word(input: &[u8], from: U256) -> U256 {
    let rest = usize::try_from(from).ok().and_then(|from| input.get(from..)).unwrap_or_default();
    if let Some(bytes) = rest.first_chunk::<32>() {
        return word::from_be_bytes(bytes);
    }
    let mut bytes = [0; 32];
    bytes[..rest.len()].copy_from_slice(rest);
    word::from_be_bytes(&bytes)
}
