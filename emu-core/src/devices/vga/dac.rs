//! The RAMDAC: 256 colours of three 6-bit (or, by DISPI, 8-bit) values.

use serde::{Deserialize, Serialize};

/// Colours, indexes and the write latch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Dac {
    /// 256 entries in 16 rows: (serde derives no longer arrays than 32).
    colors: [[[u8; 3]; 16]; 16],
    pub mask: u8,
    read_index: u8,
    write_index: u8,
    component: u8,
    latch: [u8; 3],
    reading: bool,
}

impl Dac {
    /// An entry as written.
    pub fn entry(&self, index: u8) -> [u8; 3] {
        self.colors[usize::from(index >> 4)][usize::from(index & 15)]
    }

    /// Entry `index & mask` as bytes R, G, B, A of a pixel; `wide` if entries have 8 bits.
    pub fn rgba(&self, index: u8, wide: bool) -> [u8; 4] {
        let [r, g, b] = self.entry(index & self.mask).map(|v| if wide { v } else { v << 2 | (v >> 4 & 3) });
        [r, g, b, 0xFF]
    }

    /// Port 3C7h written: the next reads of data start at this entry.
    pub fn set_read_index(&mut self, index: u8) {
        (self.read_index, self.component, self.reading) = (index, 0, true);
    }

    /// Port 3C8h written: the next writes of data start at this entry.
    pub fn set_write_index(&mut self, index: u8) {
        (self.write_index, self.component, self.reading) = (index, 0, false);
    }

    /// Port 3C8h read.
    pub fn write_index(&self) -> u8 {
        self.write_index
    }

    /// The entry that the next reads of data are from.
    pub fn read_index(&self) -> u8 {
        self.read_index
    }

    /// Which of red, green and blue the next access of data is to: 0-2.
    pub fn component(&self) -> u8 {
        self.component % 3
    }

    /// Port 3C7h read: 3 after the read index was set, 0 after the write index was.
    pub fn state(&self) -> u8 {
        if self.reading { 3 } else { 0 }
    }

    /// Port 3C9h read: red, green, blue, then the next entry.
    pub fn read(&mut self) -> u8 {
        let value = self.entry(self.read_index)[usize::from(self.component % 3)];
        if self.step() {
            self.read_index = self.read_index.wrapping_add(1);
        }
        value
    }

    /// Port 3C9h written; an entry changes with its third value.
    pub fn write(&mut self, value: u8, wide: bool) {
        self.latch[usize::from(self.component % 3)] = if wide { value } else { value & 0x3F };
        if self.step() {
            let index = self.write_index;
            self.colors[usize::from(index >> 4)][usize::from(index & 15)] = self.latch;
            self.write_index = index.wrapping_add(1);
        }
    }

    /// Goes to the next component; true after the third.
    fn step(&mut self) -> bool {
        self.component = (self.component % 3 + 1) % 3;
        self.component == 0
    }
}
