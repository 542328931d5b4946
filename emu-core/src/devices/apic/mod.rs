//! The local APIC and the I/O APIC as one device: they speak to each other on every interrupt.
//!
//! The 8259s' output is wired to LINT0 and to I/O APIC pin 0; while the local APIC is disabled, globally or by software,
//! it goes straight to the processor. ISA interrupt n is on pin n, but interrupt 0 on pin 2, as QEMU has it.

mod io;
mod local;
mod priority;
mod spec;
mod timer;

use crate::bus::view::RegisterGroup;
use crate::bus::{
    Ack, Cx, Device, Field, Line, LineOut, LoadError, Wiring, fields_of, load_state, save_state,
};
use crate::mem::{DeviceId, Layer, Mapping, PAGE, Target};
use crate::time::{Ns, TimerId};
use io::Io;
use local::{Effects, Local, Message};
use serde::{Deserialize, Serialize};
use spec::reg;

/// Both APICs.
pub struct Apic {
    wires: Option<Wires>,
    state: State,
}

struct Wires {
    id: DeviceId,
    intr: LineOut,
    nmi: LineOut,
    timer: TimerId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    local: Local,
    io: Io,
}

/// I/O APIC pin of an ISA interrupt; interrupt 2 is the 8259s' cascade and no pin's.
const fn pin_of_isa(irq: u8) -> Option<usize> {
    match irq {
        0 => Some(2),
        2 => None,
        _ => Some(irq as usize),
    }
}

impl Default for Apic {
    fn default() -> Self {
        Self::new()
    }
}

impl Apic {
    /// A local APIC with id 0 and an I/O APIC.
    pub fn new() -> Self {
        Self { wires: None, state: State { local: Local::after_reset(false), io: Io::after_reset(0) } }
    }

    /// INIT of the processor alone ([`ResetKind::Cpu`](crate::bus::ResetKind)): the local APIC forgets all but its base
    /// and id; the I/O APIC goes on.
    pub fn init(&mut self, cx: &mut Cx) {
        self.state.local.init();
        self.update(cx);
    }

    /// Drives INTR and sets the timer from the state.
    fn update(&mut self, cx: &mut Cx) {
        let Some(wires) = &self.wires else { return };
        let State { local, io } = &self.state;
        let intr = local.pending().is_some() || local.external() || local.enabled() && io.external();
        cx.lines.set(wires.intr, intr);
        cx.timers.set(wires.timer, local.next_event());
    }

    fn place(&self, cx: &mut Cx) {
        let Some(wires) = &self.wires else { return };
        let here = Mapping::both(Target::Mmio(wires.id));
        cx.mem.map.place(Layer::IoApic, spec::IO_BASE / PAGE, 1, here);
        match self.state.local.page() {
            Some(page) => cx.mem.map.place(Layer::LocalApic, page, 1, here),
            None => cx.mem.map.remove(Layer::LocalApic),
        }
    }

    fn carry_out(&mut self, cx: &mut Cx, effects: Effects) {
        if effects.nmi
            && let Some(wires) = &self.wires
        {
            cx.lines.pulse(wires.nmi);
        }
        if effects.init {
            self.state.local.init();
            cx.signals.reset = cx.signals.reset.or(Some(crate::bus::ResetKind::Cpu));
        }
        if let Some(vector) = effects.eoi {
            self.state.io.end_of_interrupt(vector);
            (0..spec::PINS).for_each(|pin| self.serve_level(cx, pin));
        }
    }

    /// Sends the message of a level-triggered pin, if it has one.
    fn serve_level(&mut self, cx: &mut Cx, pin: usize) {
        if let Some(message) = self.state.io.level_message(pin)
            && self.deliver(cx, message)
        {
            self.state.io.accepted(pin);
        }
    }

    fn deliver(&mut self, cx: &mut Cx, message: Message) -> bool {
        let (accepted, effects) = self.state.local.deliver(message);
        self.carry_out(cx, effects);
        accepted
    }

    fn set_pin(&mut self, cx: &mut Cx, pin: usize, level: bool) {
        match self.state.io.set_pin(pin, level) {
            Some(message) => {
                self.deliver(cx, message);
            }
            None => self.serve_level(cx, pin),
        }
    }

    /// Whether an address is the local APIC's, which lies over the I/O APIC's.
    fn is_local(&self, phys: u32) -> bool {
        self.state.local.page().is_some_and(|page| page & (u32::MAX / PAGE) == phys / PAGE)
    }
}

/// Levels of the I/O APIC's pins, from the board's wires.
fn pin_levels(cx: &Cx) -> u32 {
    let isa = (0..16).filter(|&irq| cx.lines.level(Line::isa(irq))).filter_map(pin_of_isa);
    isa.fold(u32::from(cx.lines.level(Line::PIC_INTR)), |levels, pin| levels | 1 << pin)
}

impl Device for Apic {
    fn name(&self) -> &'static str {
        "APIC"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.apic();
        wiring.listen(Line::PIC_INTR);
        (0..16).filter(|&irq| pin_of_isa(irq).is_some()).for_each(|irq| wiring.listen(Line::isa(irq)));
        self.wires = Some(Wires {
            id: wiring.id(),
            intr: wiring.drive(Line::CPU_INTR),
            nmi: wiring.drive(Line::CPU_NMI),
            timer: wiring.timer(),
        });
    }

    fn reset(&mut self, cx: &mut Cx) {
        let lint0 = cx.lines.level(Line::PIC_INTR);
        self.state = State { local: Local::after_reset(lint0), io: Io::after_reset(pin_levels(cx)) };
        self.place(cx);
        self.update(cx);
    }

    fn mmio_read(&mut self, cx: &mut Cx, phys: u32, size: u8) -> u32 {
        let offset = phys & 0xFF0;
        let within = phys & 0xF;
        if within + u32::from(size) > 4 {
            return 0;
        }
        let value = if self.is_local(phys) {
            self.state.local.catch_up(cx.now);
            let value = self.state.local.read(cx.now, offset);
            self.update(cx);
            value
        } else {
            self.state.io.read(offset)
        };
        value >> (8 * within)
    }

    fn mmio_write(&mut self, cx: &mut Cx, phys: u32, size: u8, value: u32) {
        let offset = phys & 0xFF0;
        // Only aligned dwords are defined; the select register is also written as a byte.
        let io_select = offset == spec::IOREGSEL && !self.is_local(phys);
        if phys & 0xF != 0 || size != 4 && !io_select {
            return;
        }
        if self.is_local(phys) {
            self.state.local.catch_up(cx.now);
            let effects = self.state.local.write(cx.now, offset, value);
            self.carry_out(cx, effects);
            if matches!(offset, reg::SVR | reg::ID | reg::LDR | reg::DFR) {
                // What nobody accepted before may be accepted now.
                (0..spec::PINS).for_each(|pin| self.serve_level(cx, pin));
            }
        } else if let Some(pin) = self.state.io.write(offset, value) {
            self.serve_level(cx, pin);
        }
        self.update(cx);
    }

    fn timer(&mut self, cx: &mut Cx, _timer: TimerId) {
        self.state.local.catch_up(cx.now);
        self.update(cx);
    }

    fn line_changed(&mut self, cx: &mut Cx, line: Line, level: bool) {
        if line == Line::PIC_INTR {
            let effects = self.state.local.set_lint0(level);
            self.carry_out(cx, effects);
            self.set_pin(cx, 0, level);
        } else if let Some(pin) = (0..16).find(|&irq| line == Line::isa(irq)).and_then(pin_of_isa) {
            self.set_pin(cx, pin, level);
        }
        self.update(cx);
    }

    fn acknowledge(&mut self, cx: &mut Cx) -> Ack {
        let State { local, io } = &mut self.state;
        let ack = if !local.enabled() {
            Ack::External
        } else if let Some(vector) = local.take() {
            Ack::Vector(vector)
        } else if local.external() || io.external() {
            Ack::External
        } else {
            Ack::Vector(local.spurious())
        };
        self.update(cx);
        ack
    }

    fn apic_base_written(&mut self, cx: &mut Cx, value: u64) {
        self.state.local.set_base(value);
        self.place(cx);
        self.update(cx);
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        self.state = load_state(self.name(), bytes)?;
        self.place(cx);
        Ok(())
    }

    fn title(&self) -> &'static str {
        "local APIC and I/O APIC"
    }

    fn view(&self, _cx: &Cx, now: Ns) -> Vec<RegisterGroup> {
        self.groups(now)
    }
}

#[cfg(test)]
mod tests;
mod view;
