//! The logs of interrupts and ports, and the counts of instructions: switched on, filtered, shown.

use super::Inspector;
use super::fault;
use crate::machine::Machine;
use crate::x86::counts::Counts;
use crate::x86::cpu::attention;
use crate::x86::event_log::{EventLogs, InterruptEvent, PortEvent, Ring};
use crate::x86::exception::vector;
use crate::x86::interrupt::Source;
use serde::{Deserialize, Serialize};

/// The largest ring.
const MOST: usize = 65536;
/// Events of an answer that does not say how many.
const USUAL: usize = 256;

/// What to give of a log; what is left out does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct LogFilter {
    /// Only events with a higher number.
    pub after: Option<u64>,
    /// At most so many, the newest.
    pub count: Option<usize>,
    /// Lowest vector or port.
    pub first: Option<u32>,
    /// Highest vector or port.
    pub last: Option<u32>,
    /// `software`, `exception`, `external`.
    pub source: Option<String>,
    /// Writes, or reads, only.
    pub write: Option<bool>,
}

/// A part of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogView<Event> {
    /// Whether it is on.
    pub on: bool,
    /// Events ever logged.
    pub total: u64,
    /// Oldest first.
    pub events: Vec<Event>,
}

/// Code: CS and EIP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Selector.
    pub cs: u16,
    /// Offset.
    pub eip: u32,
}

/// An interrupt or exception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InterruptView {
    /// Number in the log.
    pub sequence: u64,
    /// Instructions executed before.
    pub instruction: u64,
    /// Virtual nanoseconds.
    pub time: u64,
    /// Vector.
    pub vector: u8,
    /// `#PF`, or empty.
    pub name: &'static str,
    /// `software`, `exception`, `external`.
    pub source: &'static str,
    /// Error code.
    pub error_code: Option<u16>,
    /// Where it came between.
    pub cs: u16,
    /// EIP it returns to.
    pub eip: u32,
    /// First instruction of its handler.
    pub handler: Option<Place>,
    /// Vector of the exception that came up instead.
    pub failed: Option<u8>,
    /// CR2, of page faults.
    pub cr2: Option<u32>,
}

/// An access to a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PortView {
    /// Number in the log.
    pub sequence: u64,
    /// Instructions executed before.
    pub instruction: u64,
    /// Virtual nanoseconds.
    pub time: u64,
    /// First port.
    pub port: u16,
    /// Bytes.
    pub size: u8,
    /// Value.
    pub value: u32,
    /// OUT, not IN.
    pub write: bool,
    /// Selector of the code.
    pub cs: u16,
    /// EIP of the instruction.
    pub eip: u32,
}

fn source_name(source: Source) -> &'static str {
    match source {
        Source::Software => "software",
        Source::Exception => "exception",
        Source::External => "external",
    }
}

impl LogFilter {
    fn in_range(&self, number: u32) -> bool {
        self.first.is_none_or(|first| number >= first) && self.last.is_none_or(|last| number <= last)
    }

    /// The newest events of a ring that pass, as `view` makes them.
    fn select<Event, View>(
        &self,
        ring: Option<&Ring<Event>>,
        passes: impl Fn(&Event) -> bool,
        view: impl Fn(u64, &Event) -> View,
    ) -> LogView<View> {
        let Some(ring) = ring else { return LogView { on: false, total: 0, events: Vec::new() } };
        let fresh = |number: u64| self.after.is_none_or(|after| number > after);
        let mut events: Vec<_> = ring
            .events()
            .rev()
            .take_while(|(number, _)| fresh(*number))
            .filter(|(_, event)| passes(event))
            .take(self.count.unwrap_or(USUAL).min(MOST))
            .map(|(number, event)| view(number, event))
            .collect();
        events.reverse();
        LogView { on: true, total: ring.total(), events }
    }
}

fn interrupt_view(sequence: u64, event: &InterruptEvent) -> InterruptView {
    InterruptView {
        sequence,
        instruction: event.instruction,
        time: event.time,
        vector: event.vector,
        name: if event.source == Source::Exception { fault::name(event.vector) } else { "" },
        source: source_name(event.source),
        error_code: event.error,
        cs: event.from.0,
        eip: event.from.1,
        handler: event.handler.ok().map(|(cs, eip)| Place { cs, eip }),
        failed: event.handler.err(),
        cr2: (event.source == Source::Exception && event.vector == vector::PF).then_some(event.cr2),
    }
}

fn port_view(sequence: u64, event: &PortEvent) -> PortView {
    let &PortEvent { instruction, time, port, size, value, write, cs, eip } = event;
    PortView { sequence, instruction, time, port, size, value, write, cs, eip }
}

impl Inspector<'_> {
    /// Interrupts and exceptions.
    pub fn interrupt_log(&self, filter: &LogFilter) -> LogView<InterruptView> {
        let ring = self.cpu().logs.as_ref().and_then(|logs| logs.interrupts.as_ref());
        let wanted = |event: &InterruptEvent| {
            let source = filter.source.as_deref().is_none_or(|name| name == source_name(event.source));
            source && filter.in_range(u32::from(event.vector))
        };
        filter.select(ring, wanted, interrupt_view)
    }

    /// Accesses to ports.
    pub fn port_log(&self, filter: &LogFilter) -> LogView<PortView> {
        let ring = self.cpu().logs.as_ref().and_then(|logs| logs.ports.as_ref());
        let wanted = |event: &PortEvent| {
            let reaches = (0..u32::from(event.size)).any(|i| filter.in_range(u32::from(event.port) + i));
            reaches && filter.write.is_none_or(|write| write == event.write)
        };
        filter.select(ring, wanted, port_view)
    }

    /// Instructions counted, and where most ran: linear address and count.
    pub fn hottest(&self, most: usize) -> (u64, Vec<(u32, u64)>) {
        self.cpu().counts.as_ref().map_or((0, Vec::new()), |counts| (counts.total(), counts.hottest(most)))
    }
}

impl Machine {
    /// Switches the logs on (from empty, unless they are on already) or off. The machine's state is not concerned.
    pub fn set_event_logs(&mut self, interrupts: bool, ports: bool, capacity: usize) {
        let capacity = capacity.clamp(1, MOST);
        let cpu = &mut self.engine.cpu;
        let old = cpu.logs.take().map(|logs| *logs).unwrap_or_default();
        if interrupts || ports {
            cpu.logs = Some(Box::new(EventLogs {
                interrupts: interrupts.then(|| old.interrupts.unwrap_or_else(|| Ring::new(capacity))),
                ports: ports.then(|| old.ports.unwrap_or_else(|| Ring::new(capacity))),
            }));
        }
    }

    /// Counts how often each instruction runs, from 0 on, or stops counting. The machine goes through the same states, but
    /// slower: it executes one instruction at a time.
    pub fn set_counting(&mut self, on: bool) {
        let cpu = &mut self.engine.cpu;
        cpu.counts = on.then(|| Box::new(Counts::new()));
        // Has the run loop look up before the next block.
        cpu.attention |= attention::DEBUG;
    }
}
