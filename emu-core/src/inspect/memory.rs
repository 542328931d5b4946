//! Memory as a pane shows it: bytes of any space, and for those that are not there the reason.

use super::space::{is_stack, offsets};
use super::{Inspector, Space};
use crate::machine::{Edit, Machine};
use crate::mem::{PAGE, Target};
use crate::x86::tlb::Access;
use serde::Serialize;

/// Why a byte is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// No page is mapped, or an entry on the way has reserved bits set.
    Pf,
    /// Outside of the segment's limit.
    Limit,
    /// The segment register holds a null selector.
    Null,
    /// The selector cannot be loaded.
    Selector,
    /// A device's registers: reading could disturb it.
    Device,
    /// No chip answers at that physical address.
    Open,
    /// A write, and there is ROM.
    Rom,
}

impl Reason {
    fn text(self) -> &'static str {
        match self {
            Self::Pf => "no page is mapped here",
            Self::Limit => "outside of the segment's limit",
            Self::Null => "the segment register holds a null selector",
            Self::Selector => "the selector cannot be loaded",
            Self::Device => "a device's registers: reading could disturb it",
            Self::Open => "no memory and no device answers here",
            Self::Rom => "read-only memory",
        }
    }
}

/// A run of bytes that are not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AbsentRun {
    /// Offset from the first byte asked for.
    pub at: usize,
    /// Bytes.
    pub length: usize,
    /// Why.
    pub reason: Reason,
    /// The reason in words.
    pub text: String,
}

/// Bytes of a space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryView {
    /// Absent ones are 0.
    pub bytes: Vec<u8>,
    /// What is not there, in order.
    pub absent: Vec<AbsentRun>,
}

impl MemoryView {
    /// The bytes, `None` for those that are not there.
    pub fn into_options(self) -> Vec<Option<u8>> {
        let mut bytes: Vec<Option<u8>> = self.bytes.into_iter().map(Some).collect();
        for run in self.absent {
            bytes.iter_mut().skip(run.at).take(run.length).for_each(|b| *b = None);
        }
        bytes
    }

    fn push_absent(&mut self, length: usize, reason: Reason) {
        let at = self.bytes.len();
        self.bytes.resize(at + length, 0);
        match self.absent.last_mut() {
            Some(last) if last.reason == reason && last.at + last.length == at => last.length += length,
            _ => self.absent.push(AbsentRun { at, length, reason, text: reason.text().into() }),
        }
    }
}

/// What an edit did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemoryWritten {
    /// Bytes written: all or none.
    pub written: usize,
    /// Why none were.
    pub absent: Vec<AbsentRun>,
}

fn to_page_end(at: u64) -> usize {
    (u64::from(PAGE) - at % u64::from(PAGE)) as usize
}

/// Bytes from an offset to the last one of 4 GiB.
fn to_last(offset: u32) -> usize {
    ((u32::MAX - offset) as usize).saturating_add(1)
}

impl Inspector<'_> {
    /// `len` bytes of a space. Rights do not count, only whether there is something. Offsets of linear and segment spaces
    /// wrap at 4 GiB.
    pub fn read(&self, space: Space, offset: u64, len: usize) -> MemoryView {
        let mut view = MemoryView { bytes: Vec::with_capacity(len), absent: Vec::new() };
        while view.bytes.len() < len {
            let at = offset.wrapping_add(view.bytes.len() as u64);
            let (place, room) = self.place(space, at, Access::Read);
            let room = room.min(len - view.bytes.len());
            match place {
                Ok(phys) => self.read_physical(&mut view, phys, room),
                Err(reason) => view.push_absent(room, reason),
            }
        }
        view
    }

    /// Where a byte of a space is: its physical address after the A20 gate or why there is none, and for how many bytes
    /// (at least one) the answer goes on likewise.
    pub(super) fn place(&self, space: Space, offset: u64, access: Access) -> (Result<u64, Reason>, usize) {
        if space == Space::Physical {
            return (Ok(offset), to_page_end(offset));
        }
        let offset = offset as u32;
        let (linear, segment_room) = match self.segment_of(space, Access::Read) {
            None => (offset, usize::MAX),
            Some(Err(_)) => return (Err(Reason::Selector), to_last(offset)),
            Some(Ok(segment)) => {
                if segment.attr & crate::x86::regs::attr::P == 0 {
                    let reason = if is_stack(space) { Reason::Selector } else { Reason::Null };
                    return (Err(reason), to_last(offset));
                }
                let (first, last) = offsets(&segment);
                if offset < first {
                    return (Err(Reason::Limit), (first - offset) as usize);
                }
                if offset > last {
                    return (Err(Reason::Limit), to_last(offset));
                }
                (segment.base.wrapping_add(offset), ((last - offset) as usize).saturating_add(1))
            }
        };
        let walk = self.walk(linear, access, false);
        let unusable = matches!(walk.denied, Some(super::walk::Denied::Reserved));
        match walk.reached.filter(|_| !unusable) {
            Some(phys) => {
                let room = to_page_end(u64::from(linear)).min(segment_room);
                (Ok(self.cpu().bus.cx.mem.gate_a20(phys)), room)
            }
            None => (Err(Reason::Pf), walk.absent_from(linear).min(segment_room)),
        }
    }

    fn read_physical(&self, view: &mut MemoryView, phys: u64, len: usize) {
        let cx = &self.cpu().bus.cx;
        match cx.mem.map.resolve(phys).read {
            Target::Ram(offset) => view.bytes.extend_from_slice(cx.mem.ram.slice(offset, len as u32)),
            Target::Open => view.push_absent(len, Reason::Open),
            Target::Mmio(_) => {
                for at in (phys..).take(len) {
                    match self.physical_byte(at) {
                        Some(byte) => view.bytes.push(byte),
                        None => view.push_absent(1, Reason::Device),
                    }
                }
            }
        }
    }

    /// A byte of physical memory, that of a device included where it is memory.
    pub(super) fn physical_byte(&self, phys: u64) -> Option<u8> {
        let bus = &self.cpu().bus;
        match bus.cx.mem.map.resolve(phys).read {
            Target::Ram(offset) => Some(bus.cx.mem.ram.read::<1>(offset)[0]),
            Target::Mmio(id) => bus.peek(id, u32::try_from(phys).ok()?),
            Target::Open => None,
        }
    }

    /// Physical addresses of bytes that can all be written, or which cannot.
    fn writable(&self, space: Space, offset: u64, len: usize) -> Result<Vec<u64>, Vec<AbsentRun>> {
        let mut found = Vec::with_capacity(len);
        let mut missing = MemoryView::default();
        for i in 0..len as u64 {
            let (place, _) = self.place(space, offset.wrapping_add(i), Access::Write);
            let place = place.and_then(|phys| self.write_target(phys).map(|()| phys));
            match place {
                Ok(phys) => {
                    found.push(phys);
                    missing.bytes.push(0);
                }
                Err(reason) => missing.push_absent(1, reason),
            }
        }
        if missing.absent.is_empty() { Ok(found) } else { Err(missing.absent) }
    }

    fn write_target(&self, phys: u64) -> Result<(), Reason> {
        let mapping = self.cpu().bus.cx.mem.map.resolve(phys);
        match (mapping.write, mapping.read) {
            (Target::Ram(_), _) => Ok(()),
            (Target::Mmio(_), _) if self.physical_byte(phys).is_some() => Ok(()),
            (Target::Mmio(_), _) => Err(Reason::Device),
            (Target::Open, Target::Open) => Err(Reason::Open),
            (Target::Open, _) => Err(Reason::Rom),
        }
    }
}

impl Machine {
    /// The edit that writes these bytes to memory, wherever they are found by the tables of now.
    ///
    /// # Errors
    /// What of it is no memory to write.
    pub fn memory_edit(&self, space: Space, offset: u64, bytes: &[u8]) -> Result<Edit, Vec<AbsentRun>> {
        let places = Inspector::new(&self.engine).writable(space, offset, bytes.len())?;
        Ok(Edit::memory(places.into_iter().zip(bytes.iter().copied())))
    }

    /// Edits memory from outside: all bytes or none. Write protection does not count, absence does. Decoded code that is
    /// overwritten is decoded anew. The machine's state is another one afterwards.
    pub fn write_memory(&mut self, space: Space, offset: u64, bytes: &[u8]) -> MemoryWritten {
        match self.memory_edit(space, offset, bytes).map(|edit| self.edit(&edit)) {
            Err(absent) => MemoryWritten { written: 0, absent },
            Ok(_) => MemoryWritten { written: bytes.len(), absent: Vec::new() },
        }
    }
}
