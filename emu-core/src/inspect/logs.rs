//! The logs of interrupts and ports, and the counts of instructions: switched on, filtered, shown.

use super::Inspector;
use super::fault;
use super::symbols::Symbols;
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Selector.
    pub cs: u16,
    /// Offset.
    pub eip: u32,
    /// Linear address, by CS's base then.
    pub linear: u32,
    /// Symbol there, with an offset.
    pub symbol: Option<String>,
}

impl Place {
    fn new((cs, eip): (u16, u32), base: u32, symbols: &Symbols) -> Self {
        let linear = base.wrapping_add(eip);
        Self { cs, eip, linear, symbol: symbols.name_at(linear) }
    }
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
    /// Where it came between: what it returns to.
    pub from: Place,
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
    /// The instruction.
    pub from: Place,
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

fn interrupt_view(sequence: u64, event: &InterruptEvent, symbols: &Symbols) -> InterruptView {
    InterruptView {
        sequence,
        instruction: event.instruction,
        time: event.time,
        vector: event.vector,
        name: if event.source == Source::Exception { fault::name(event.vector) } else { "" },
        source: source_name(event.source),
        error_code: event.error,
        from: Place::new(event.from, event.from_base, symbols),
        handler: event.handler.ok().map(|handler| Place::new(handler, event.handler_base, symbols)),
        failed: event.handler.err(),
        cr2: (event.source == Source::Exception && event.vector == vector::PF).then_some(event.cr2),
    }
}

fn port_view(sequence: u64, event: &PortEvent, symbols: &Symbols) -> PortView {
    let &PortEvent { instruction, time, port, size, value, write, cs, eip, base } = event;
    let from = Place::new((cs, eip), base, symbols);
    PortView { sequence, instruction, time, port, size, value, write, from }
}

impl Inspector<'_> {
    /// Interrupts and exceptions.
    pub fn interrupt_log(&self, filter: &LogFilter, symbols: &Symbols) -> LogView<InterruptView> {
        let ring = self.cpu().logs.as_ref().and_then(|logs| logs.interrupts.as_ref());
        let wanted = |event: &InterruptEvent| {
            let source = filter.source.as_deref().is_none_or(|name| name == source_name(event.source));
            source && filter.in_range(u32::from(event.vector))
        };
        filter.select(ring, wanted, |number, event| interrupt_view(number, event, symbols))
    }

    /// Accesses to ports.
    pub fn port_log(&self, filter: &LogFilter, symbols: &Symbols) -> LogView<PortView> {
        let ring = self.cpu().logs.as_ref().and_then(|logs| logs.ports.as_ref());
        let wanted = |event: &PortEvent| {
            let reaches = (0..u32::from(event.size)).any(|i| filter.in_range(u32::from(event.port) + i));
            reaches && filter.write.is_none_or(|write| write == event.write)
        };
        filter.select(ring, wanted, |number, event| port_view(number, event, symbols))
    }

    /// Whether instructions are counted.
    pub fn counting(&self) -> bool {
        self.cpu().counts.is_some()
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
