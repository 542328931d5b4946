//! LOG0 to LOG4.

use crate::block::Log;
use crate::execution::Host;
use crate::interpreter::{Frame, Halt};
use crate::{H256, word};

pub(crate) fn log(frame: &mut Frame, host: &mut Host<'_>, topics: u8) -> Result<(), Halt> {
    if frame.is_static {
        return Err(Halt::StaticViolation);
    }
    let [offset, len] = frame.stack.pop_n();
    let topics = (0..topics).map(|_| H256(word::to_be_bytes(frame.stack.pop()))).collect();
    let gas = &host.rules.gas;
    let (offset, len) = frame.memory.range(offset, len, &mut frame.gas, gas.memory_word)?;
    frame.charge(gas.log_byte * len as u64)?;
    let data = frame.memory.slice(offset, len).to_vec();
    host.journal.logs.push(Log { address: frame.address, topics, data });
    Ok(())
}
