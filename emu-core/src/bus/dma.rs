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

/// Mode register bits 2-3: the device stores into memory.
const TYPE_WRITE: u8 = 1;
/// Mode register bits 2-3: the device fetches from memory.
const TYPE_READ: u8 = 2;
/// Mode register bit 4: reload address and count at terminal count.
const AUTO_INITIALIZE: u8 = 0x10;
/// Mode register bit 5: addresses count down.
const DECREMENT: u8 = 0x20;
/// Mode register bits 6-7 when a channel belongs to a cascaded controller or an ISA bus master.
const MODE_CASCADE: u8 = 3;
/// Command register: the controller serves nobody.
const CONTROLLER_DISABLE: u8 = 4;
/// The channel of the second controller that the first one is cascaded through.
const CASCADE_CHANNEL: usize = 4;

impl DmaChannel {
    fn cascades(&self) -> bool {
        self.mode >> 6 == MODE_CASCADE
    }

    /// Physical address of the current cycle, which moves `unit` bytes (1 or 2).
    pub fn physical(&self, unit: usize) -> u64 {
        if unit == 1 {
            u64::from(self.page) << 16 | u64::from(self.address)
        } else {
            u64::from(self.page & 0xFE) << 16 | u64::from(self.address) << 1
        }
    }

    /// Goes on by `cycles`, no more than are left before terminal count. True if that reached it.
    fn count_down(&mut self, cycles: usize) -> bool {
        let last = cycles > usize::from(self.count);
        let step = cycles as u16;
        self.count = self.count.wrapping_sub(step);
        let forward = self.mode & DECREMENT == 0;
        self.address =
            if forward { self.address.wrapping_add(step) } else { self.address.wrapping_sub(step) };
        if last {
            self.terminal_count = true;
            self.request = false;
            if self.mode & AUTO_INITIALIZE != 0 {
                (self.address, self.count) = (self.base_address, self.base_count);
            } else {
                self.masked = true;
            }
        }
        last
    }
}

impl IsaDma {
    /// Whether a device's request on the channel would be served now: neither the channel nor its controller is off,
    /// nor, for channels 0-3, the cascade through channel 4. A channel in cascade mode moves nothing itself.
    pub fn ready(&self, channel: usize) -> bool {
        let n = channel & 7;
        let enabled = |n: usize| self.command[n / 4] & CONTROLLER_DISABLE == 0 && !self.channels[n].masked;
        let cascade = &self.channels[CASCADE_CHANNEL];
        let through = n >= 4 || enabled(CASCADE_CHANNEL) && cascade.cascades();
        through && enabled(n) && !self.channels[n].cascades()
    }

    /// A device fetches bytes from memory (8237 "read transfer"), up to terminal count. Where the channel is programmed
    /// for a verify or a write transfer, addresses and counts go on but `buf` is left alone.
    pub fn read_memory(&mut self, mem: &Memory, channel: usize, buf: &mut [u8]) -> DmaResult {
        let reads = self.transfer_type(channel) == TYPE_READ;
        self.transfer(channel, buf.len(), |phys, range| {
            if reads {
                mem.read(phys, &mut buf[range]);
            }
        })
    }

    /// A device stores bytes into memory (8237 "write transfer"), up to terminal count. Where the channel is programmed
    /// for a verify or a read transfer, addresses and counts go on but memory is left alone.
    pub fn write_memory(&mut self, mem: &mut Memory, channel: usize, data: &[u8]) -> DmaResult {
        let writes = self.transfer_type(channel) == TYPE_WRITE;
        self.transfer(channel, data.len(), |phys, range| {
            if writes {
                mem.write(phys, &data[range]);
            }
        })
    }

    fn transfer_type(&self, channel: usize) -> u8 {
        self.channels[channel & 7].mode >> 2 & 3
    }

    /// Moves up to `len` bytes in pieces `each(physical address, range of the buffer)` that lie one way up in memory.
    /// The page register never counts: addresses wrap within 64 KiB (128 KiB on channels 4-7, which move words; an odd
    /// last byte stays behind). Single, demand and block mode differ only in who holds the bus when, which a device
    /// that names how much it moves now has decided itself.
    fn transfer(
        &mut self,
        channel: usize,
        len: usize,
        mut each: impl FnMut(u64, std::ops::Range<usize>),
    ) -> DmaResult {
        if !self.ready(channel) {
            return DmaResult { bytes: 0, terminal_count: false };
        }
        let unit = if channel & 7 < 4 { 1 } else { 2 };
        let c = &mut self.channels[channel & 7];
        let mut left = (len / unit).min(usize::from(c.count) + 1);
        let mut bytes = 0;
        let mut terminal_count = false;
        while left > 0 {
            let to_wrap = 0x1_0000 - usize::from(c.address);
            let cycles = if c.mode & DECREMENT == 0 { left.min(to_wrap) } else { 1 };
            each(c.physical(unit), bytes..bytes + cycles * unit);
            terminal_count = c.count_down(cycles);
            bytes += cycles * unit;
            left -= cycles;
        }
        DmaResult { bytes, terminal_count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITE: u8 = 0x44;
    const READ: u8 = 0x48;

    /// Channel `n` set up as software would, with the cascade open.
    fn dma(n: usize, mode: u8, page: u8, address: u16, count: u16) -> IsaDma {
        let mut d = IsaDma::default();
        d.channels[4] = DmaChannel { mode: 0xC0, ..DmaChannel::default() };
        d.channels[n] = DmaChannel {
            base_address: address,
            base_count: count,
            address,
            count,
            page,
            mode,
            ..DmaChannel::default()
        };
        d
    }

    fn memory() -> Memory {
        Memory::new(1 << 20, 0)
    }

    #[test]
    fn a_block_ends_at_terminal_count_and_masks_the_channel() {
        let (mut m, mut d) = (memory(), dma(2, WRITE, 3, 0x1000, 3));
        assert!(d.ready(2));
        let done = d.write_memory(&mut m, 2, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(done, DmaResult { bytes: 4, terminal_count: true });
        let mut back = [0; 5];
        m.read(0x3_1000, &mut back);
        assert_eq!(back, [1, 2, 3, 4, 0]);
        let c = d.channels[2];
        assert_eq!((c.address, c.count, c.masked, c.terminal_count), (0x1004, 0xFFFF, true, true));
        assert_eq!(d.write_memory(&mut m, 2, &[9]).bytes, 0);
    }

    #[test]
    fn pieces_add_up_and_autoinitialize_starts_over() {
        let (mut m, mut d) = (memory(), dma(1, WRITE | 0x10, 0, 0x2000, 3));
        assert!(!d.write_memory(&mut m, 1, &[1, 2]).terminal_count);
        assert!(d.write_memory(&mut m, 1, &[3, 4]).terminal_count);
        let c = d.channels[1];
        assert_eq!((c.address, c.count, c.masked, c.terminal_count), (0x2000, 3, false, true));
        assert_eq!(d.write_memory(&mut m, 1, &[5]).bytes, 1);
        let mut back = [0; 4];
        m.read(0x2000, &mut back);
        assert_eq!(back, [5, 2, 3, 4]);
    }

    #[test]
    fn addresses_wrap_in_their_page_and_can_count_down() {
        let (mut m, mut d) = (memory(), dma(0, WRITE, 2, 0xFFFE, 9));
        d.write_memory(&mut m, 0, &[1, 2, 3, 4]);
        let mut back = [0; 2];
        m.read(0x2_FFFE, &mut back);
        assert_eq!(back, [1, 2]);
        m.read(0x2_0000, &mut back);
        assert_eq!(back, [3, 4]);
        let mut d = dma(0, READ | 0x20, 2, 1, 9);
        let mut buf = [0; 4];
        d.read_memory(&m, 0, &mut buf);
        assert_eq!((buf, d.channels[0].address), ([4, 3, 2, 1], 0xFFFD));
    }

    #[test]
    fn the_second_controller_moves_words() {
        let (mut m, mut d) = (memory(), dma(5, WRITE, 0x05, 0x8001, 2));
        let done = d.write_memory(&mut m, 5, &[1, 2, 3, 4, 5]);
        assert_eq!((done.bytes, d.channels[5].address, d.channels[5].count), (4, 0x8003, 0));
        let mut back = [0; 4];
        m.read(0x5_0002, &mut back);
        assert_eq!(back, [1, 2, 3, 4]);
        let mut d = dma(6, READ | 0x20, 0x05, 0x8002, 1);
        let mut buf = [0; 4];
        assert!(d.read_memory(&m, 6, &mut buf).terminal_count);
        assert_eq!(buf, [3, 4, 1, 2]);
    }

    #[test]
    fn verify_moves_no_data_and_nor_does_the_wrong_direction() {
        let (mut m, mut d) = (memory(), dma(2, 0x40, 0, 0x100, 1));
        assert_eq!(d.write_memory(&mut m, 2, &[7, 7]), DmaResult { bytes: 2, terminal_count: true });
        let mut d = dma(2, WRITE, 0, 0x100, 1);
        let mut buf = [9; 2];
        assert!(d.read_memory(&m, 2, &mut buf).terminal_count);
        m.read(0x100, &mut buf);
        assert_eq!(buf, [0, 0]);
    }

    #[test]
    fn masks_disables_and_the_cascade_hold_requests_back() {
        let good = dma(2, WRITE, 0, 0, 0);
        let spoilers: [fn(&mut IsaDma); 6] = [
            |d| d.channels[2].masked = true,
            |d| d.channels[2].mode = 0xC0,
            |d| d.command[0] = 4,
            |d| d.command[1] = 4,
            |d| d.channels[4].masked = true,
            |d| d.channels[4].mode = 0x40,
        ];
        for spoil in spoilers {
            let mut d = good.clone();
            spoil(&mut d);
            assert!(good.ready(2) && !d.ready(2));
        }
    }
}
