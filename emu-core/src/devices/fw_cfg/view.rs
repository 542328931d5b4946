//! The firmware configuration device, for those who look.

use super::FwCfg;
use crate::bus::view::{RegisterGroup, RegisterView};

/// Its select port.
const SELECT: u16 = 0x510;
/// The high half of its DMA address register.
const DMA: u16 = 0x514;

impl FwCfg {
    /// Cursor and DMA address, and the items with their sizes.
    pub(super) fn groups(&self) -> Vec<RegisterGroup> {
        let s = &self.state;
        let address = u64::from_be_bytes(s.address);
        let registers = vec![
            RegisterView::new("selector", "item chosen", 16, s.cursor.key).at(SELECT),
            RegisterView::new("offset", "next byte of the item", 32, s.cursor.offset),
            RegisterView::new("DMA address", "", 64, address).at(DMA).leads_to(address),
            RegisterView::new("DMA left", "bytes still to move", 32, s.transfer.map_or(0, |t| t.left)),
        ];
        let items = self.items.iter().map(|(key, bytes)| {
            RegisterView::new(format!("item {key:04X}"), "size in bytes", 32, bytes.len() as u64).at(*key)
        });
        vec![RegisterGroup::new("registers", registers), RegisterGroup::new("items", items.collect())]
    }
}
