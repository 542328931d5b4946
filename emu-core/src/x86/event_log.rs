//! Rings of what happened to the CPU, for those who look: interrupts and exceptions, accesses to I/O ports. No part of
//! the machine's state, off until somebody switches them on.

use super::interrupt::Source;
use crate::time::Ns;
use std::collections::VecDeque;

/// The last events of a kind.
#[derive(Clone, Debug)]
pub struct Ring<Event> {
    events: VecDeque<Event>,
    capacity: usize,
    total: u64,
}

impl<Event> Ring<Event> {
    /// An empty ring for `capacity` events.
    pub fn new(capacity: usize) -> Self {
        Self { events: VecDeque::new(), capacity: capacity.max(1), total: 0 }
    }

    /// Adds an event; the oldest goes where there is no room.
    pub fn push(&mut self, event: Event) {
        if self.events.len() >= self.capacity {
            self.events.pop_front();
        }
        self.events.push_back(event);
        self.total += 1;
    }

    /// Events ever added.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The events that are still there with their numbers from 0 on, oldest first.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = (u64, &Event)> {
        let first = self.total - self.events.len() as u64;
        self.events.iter().enumerate().map(move |(i, event)| (first + i as u64, event))
    }
}

/// An interrupt or exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InterruptEvent {
    /// Instructions executed before it.
    pub instruction: u64,
    /// Virtual time.
    pub time: Ns,
    /// Vector.
    pub vector: u8,
    /// Where it comes from.
    pub source: Source,
    /// Error code.
    pub error: Option<u16>,
    /// CS and the EIP to return to.
    pub from: (u16, u32),
    /// CS's base then.
    pub from_base: u32,
    /// CS and EIP of the handler, or the vector of the exception that came up instead.
    pub handler: Result<(u16, u32), u8>,
    /// CS's base after it.
    pub handler_base: u32,
    /// CR2.
    pub cr2: u32,
}

/// An access to I/O ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortEvent {
    /// Instructions executed before the one that does it.
    pub instruction: u64,
    /// Virtual time.
    pub time: Ns,
    /// First port.
    pub port: u16,
    /// Bytes.
    pub size: u8,
    /// What was read or written.
    pub value: u32,
    /// OUT or OUTS.
    pub write: bool,
    /// CS and EIP of the block of code that does it; see [`PortEvent::eip`].
    pub cs: u16,
    /// EIP of the instruction.
    pub eip: u32,
    /// CS's base then.
    pub base: u32,
}

/// The logs that are on.
#[derive(Clone, Debug, Default)]
pub struct EventLogs {
    /// Interrupts and exceptions.
    pub interrupts: Option<Ring<InterruptEvent>>,
    /// Ports.
    pub ports: Option<Ring<PortEvent>>,
}
