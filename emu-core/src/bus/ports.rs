//! Who owns which I/O port.

use crate::mem::DeviceId;

/// Owner and native access width of every port.
pub struct PortMap {
    owner: Vec<u8>,
    width: Vec<u8>,
}

impl Default for PortMap {
    fn default() -> Self {
        Self { owner: vec![0; 65536], width: vec![0; 65536] }
    }
}

impl PortMap {
    /// Nobody owns anything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives ports `first..=last` to a device; accesses wider than `width` bytes are split. The last one mapped wins.
    pub fn map(&mut self, first: u16, last: u16, width: u8, id: DeviceId) {
        let range = usize::from(first)..=usize::from(last);
        self.owner[range.clone()].fill(id.0);
        self.width[range].fill(width);
    }

    /// Takes ports `first..=last` from the device, where it still owns them.
    pub fn unmap(&mut self, first: u16, last: u16, id: DeviceId) {
        for port in usize::from(first)..=usize::from(last) {
            if self.owner[port] == id.0 {
                (self.owner[port], self.width[port]) = (0, 0);
            }
        }
    }

    /// The owner of a port and its width in bytes (0 without owner).
    pub fn owner(&self, port: u16) -> (Option<DeviceId>, u8) {
        let id = self.owner[usize::from(port)];
        ((id != 0).then_some(DeviceId(id)), self.width[usize::from(port)])
    }
}
