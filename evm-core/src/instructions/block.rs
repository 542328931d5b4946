//! Instructions that look at the block and the transaction.

use crate::block::BlockEnv;
use crate::execution::Host;
use crate::interpreter::{Frame, Halt};
use crate::{U256, word};

/// BLOCKHASH: hashes of the 256 blocks before this one, zero for others.
pub(crate) fn blockhash(env: &BlockEnv, number: U256) -> U256 {
    let Some(number) = word::to_u64(number) else { return U256::zero() };
    if number >= env.number || env.number - number > 256 {
        return U256::zero();
    }
    env.block_hashes.get(&number).map_or_else(U256::zero, |hash| word::from_be_bytes(&hash.0))
}

/// The instructions that push what the block says.
pub(crate) fn push(frame: &mut Frame, host: &mut Host<'_>, opcode: u8) -> Result<(), Halt> {
    let env = host.env;
    let value = match opcode {
        0x41 => super::environment::word_of(&env.coinbase),
        0x42 => U256::from(env.timestamp),
        0x43 => U256::from(env.number),
        0x44 if host.rules.proof_of_stake => word::from_be_bytes(&env.prev_randao.0),
        0x44 => env.difficulty,
        0x45 => U256::from(env.gas_limit),
        0x46 => U256::from(host.rules.chain_id),
        0x48 => env.base_fee,
        0x49 => {
            let index = word::saturating_usize(frame.stack.pop());
            host.tx.blob_hashes.get(index).map_or_else(U256::zero, |hash| word::from_be_bytes(&hash.0))
        }
        0x4A => host.tx.blob_base_fee,
        0x4B => U256::from(env.slot_number),
        _ => return Err(Halt::InvalidOpcode(opcode)),
    };
    frame.stack.push(value);
    Ok(())
}
