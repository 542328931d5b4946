//! The firmware configuration device: through it SeaBIOS learns what machine it is on and gets files, option ROMs and
//! the parts of a directly booted kernel.

mod items;
mod spec;

pub use items::{Items, boot_path};
pub use spec::{DMA_READ, DMA_SELECT, DMA_SKIP, key};

use crate::bus::view::RegisterGroup;
use crate::bus::{Cx, Device, Field, LoadError, Wiring, fields_of, load_state, save_state};
use crate::time::{Ns, TimerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The device at ports 510h-51Bh.
pub struct FwCfg {
    items: BTreeMap<u16, Vec<u8>>,
    piece: Option<TimerId>,
    state: State,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct State {
    cursor: Cursor,
    /// The DMA address register, big-endian as its ports.
    address: [u8; 8],
    transfer: Option<Transfer>,
}

/// Where in which item the next byte comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    key: u16,
    offset: u32,
}

/// A read that is being moved to memory in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Transfer {
    /// Physical address of the descriptor's control field.
    descriptor: u64,
    from: Cursor,
    to: u64,
    left: u32,
}

impl FwCfg {
    /// A device that holds `items`.
    pub fn new(items: Items) -> Self {
        Self { items: items.finish(), piece: None, state: State::default() }
    }

    /// Bytes of the item from the cursor on, none past its end or without item.
    fn rest(&self, cursor: Cursor) -> &[u8] {
        self.items.get(&cursor.key).and_then(|bytes| bytes.get(cursor.offset as usize..)).unwrap_or(&[])
    }

    fn next_byte(&mut self) -> u8 {
        let byte = self.rest(self.state.cursor).first().copied();
        let cursor = &mut self.state.cursor;
        cursor.offset = cursor.offset.saturating_add(u32::from(byte.is_some()));
        byte.unwrap_or(0)
    }

    fn address_written(&mut self, cx: &mut Cx, port: u16, size: u8, value: u32) {
        let first = usize::from(port - spec::DMA);
        for (i, byte) in value.to_le_bytes().into_iter().take(usize::from(size)).enumerate() {
            if let Some(at) = self.state.address.get_mut(first + i) {
                *at = byte;
            }
        }
        if first + usize::from(size) >= self.state.address.len() {
            let descriptor = u64::from_be_bytes(std::mem::take(&mut self.state.address));
            self.start(cx, descriptor);
        }
    }

    /// Carries out the descriptor at a physical address: control, length (u32) and address (u64), all big-endian.
    fn start(&mut self, cx: &mut Cx, descriptor: u64) {
        let mut raw = [0; 16];
        cx.mem.read(descriptor, &mut raw);
        let [c0, c1, c2, c3, l0, l1, l2, l3, address @ ..] = raw;
        let control = u32::from_be_bytes([c0, c1, c2, c3]);
        let length = u32::from_be_bytes([l0, l1, l2, l3]);
        let to = u64::from_be_bytes(address);
        if self.state.transfer.is_some() {
            return finish(cx, descriptor, spec::DMA_ERROR);
        }
        if control & spec::DMA_SELECT != 0 {
            self.state.cursor = Cursor { key: (control >> 16) as u16, offset: 0 };
        }
        if control & spec::DMA_READ != 0 {
            let transfer = Transfer { descriptor, from: self.state.cursor, to, left: length };
            self.advance(length);
            self.begin(cx, transfer);
        } else if control & spec::DMA_WRITE != 0 {
            finish(cx, descriptor, spec::DMA_ERROR);
        } else {
            if control & spec::DMA_SKIP != 0 {
                self.advance(length);
            }
            finish(cx, descriptor, 0);
        }
    }

    /// Moves the cursor over `length` bytes, at most to the item's end.
    fn advance(&mut self, length: u32) {
        let rest = u32::try_from(self.rest(self.state.cursor).len()).unwrap_or(u32::MAX);
        let cursor = &mut self.state.cursor;
        cursor.offset = cursor.offset.saturating_add(length.min(rest));
    }

    fn begin(&mut self, cx: &mut Cx, mut transfer: Transfer) {
        if transfer.left <= spec::AT_ONCE {
            self.copy(cx, &mut transfer, spec::AT_ONCE);
            return finish(cx, transfer.descriptor, 0);
        }
        self.state.transfer = Some(transfer);
        self.schedule(cx);
    }

    fn schedule(&self, cx: &mut Cx) {
        if let Some(timer) = self.piece {
            cx.timers.set(timer, cx.now + spec::PIECE_TIME);
        }
    }

    /// Copies up to `most` bytes; past the item's end come zeros.
    fn copy(&self, cx: &mut Cx, transfer: &mut Transfer, most: u32) {
        let len = transfer.left.min(most) as usize;
        let rest = self.rest(transfer.from);
        let item = &rest[..rest.len().min(len)];
        cx.mem.write(transfer.to, item);
        if item.len() < len {
            cx.mem.write(transfer.to.wrapping_add(item.len() as u64), &vec![0; len - item.len()]);
        }
        transfer.from.offset = transfer.from.offset.saturating_add(len as u32);
        transfer.to = transfer.to.wrapping_add(len as u64);
        transfer.left -= len as u32;
    }
}

/// Tells the guest the outcome in the descriptor's control field.
fn finish(cx: &mut Cx, descriptor: u64, control: u32) {
    cx.mem.write(descriptor, &control.to_be_bytes());
}

impl Device for FwCfg {
    fn name(&self) -> &'static str {
        "fw_cfg"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(spec::SELECTOR, spec::SELECTOR, 2);
        wiring.ports(spec::DATA, spec::DATA, 1);
        wiring.ports(spec::DMA, spec::DMA_LAST, 4);
        self.piece = Some(wiring.timer());
    }

    fn reset(&mut self, cx: &mut Cx) {
        self.state = State::default();
        if let Some(timer) = self.piece {
            cx.timers.cancel(timer);
        }
    }

    fn port_read(&mut self, _cx: &mut Cx, port: u16, size: u8) -> u32 {
        match port {
            // The selector is write-only.
            spec::SELECTOR => 0,
            spec::DATA => u32::from(self.next_byte()),
            _ => (0..usize::from(size)).fold(0, |value, i| {
                let at = usize::from(port - spec::DMA) + i;
                value | u32::from(spec::DMA_SIGNATURE.get(at).copied().unwrap_or(0)) << (8 * i)
            }),
        }
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, size: u8, value: u32) {
        match port {
            spec::SELECTOR => self.state.cursor = Cursor { key: value as u16, offset: 0 },
            // Items cannot be written through the data port any more (since QEMU 2.4).
            spec::DATA => {}
            _ => self.address_written(cx, port, size, value),
        }
    }

    fn timer(&mut self, cx: &mut Cx, _timer: TimerId) {
        let Some(mut transfer) = self.state.transfer.take() else { return };
        self.copy(cx, &mut transfer, spec::PIECE);
        if transfer.left == 0 {
            return finish(cx, transfer.descriptor, 0);
        }
        self.state.transfer = Some(transfer);
        self.schedule(cx);
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, _cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        self.state = load_state(self.name(), bytes)?;
        Ok(())
    }

    fn title(&self) -> &'static str {
        "firmware configuration"
    }

    fn view(&self, _cx: &Cx, _now: Ns) -> Vec<RegisterGroup> {
        self.groups()
    }
}

#[cfg(test)]
mod tests;
mod view;
