//! What the CPU's probe has to wait for, for all stops and the command under way.

use super::action::Action;
use super::stop::{Access, What};
use super::{Address, Debugger, memory};
use crate::machine::Machine;
use crate::x86::probe::{DataRange, PortRange, Wanted, WatchedSpace};

impl Debugger {
    /// Has the machine wait for what the stops that are on, and the command, are about.
    pub(super) fn arm(&self, machine: &mut Machine) {
        let mut wanted = Wanted::default();
        let mut serial = false;
        for stop in self.stops.iter().filter(|stop| stop.spec.enabled) {
            match stop.what {
                What::Execute(address) => add(&mut wanted, machine, address),
                What::Data { first, physical, length, access } => wanted.data.push(DataRange {
                    first,
                    last: first + u64::from(length) - 1,
                    space: if physical { WatchedSpace::Physical } else { WatchedSpace::Linear },
                    reads: matches!(access, Access::Read | Access::Either),
                    writes: access != Access::Read,
                }),
                What::Video(ref offsets) => wanted.data.extend(video(machine, offsets)),
                What::Port { first, last, .. } => wanted.ports.push(PortRange { first, last }),
                What::Interrupt(_) | What::Exception(..) => wanted.vectors = true,
                What::Mode(_) | What::Cpl(_) => wanted.modes = true,
                What::Control(_) => wanted.controls = true,
                What::Register(watched) => wanted.registers.push(watched),
                What::Serial(_) => serial = true,
                What::Screen | What::Instructions(_) | What::Time(_) => {}
            }
        }
        match self.action {
            Action::To(address) => add(&mut wanted, machine, address),
            Action::Until { linear, .. } => wanted.linear.push(linear),
            Action::Single { .. } => wanted.vectors = true,
            Action::Return { frame, .. } => wanted.returns = Some(frame),
            Action::Mode => wanted.modes = true,
            Action::Continue | Action::Into { .. } => {}
        }
        wanted.linear.sort_unstable();
        wanted.linear.dedup();
        machine.engine.set_probe(wanted);
        machine.engine.cpu.bus.cx.out.listen_serial(serial);
    }
}

/// Video memory as such, and the window through which the graphics controller writes to it.
fn video(machine: &Machine, offsets: &[u32]) -> impl Iterator<Item = DataRange> {
    let range =
        |space, first, bytes| DataRange { first, last: first + bytes - 1, space, reads: false, writes: true };
    let (vram, window) = (u64::from(machine.video_memory()), Machine::VIDEO_WINDOW);
    let bytes = offsets.iter().map(move |at| range(WatchedSpace::Backing, vram + u64::from(*at), 1));
    bytes.chain([range(WatchedSpace::Physical, window.0, window.1)])
}

fn add(wanted: &mut Wanted, machine: &Machine, address: Address) {
    match address {
        Address::Linear(linear) => wanted.linear.push(linear),
        Address::Physical(phys) => wanted.physical.push(phys),
        Address::Segmented(selector, eip) => {
            wanted.segmented.push((selector, eip));
            wanted.bases.extend(memory::segment_base(machine, selector).map(|base| (selector, base)));
        }
    }
}

/// Whether the next instruction is at an address.
pub(super) fn is_here(machine: &Machine, address: Address) -> bool {
    let cpu = &machine.engine.cpu;
    match address {
        Address::Linear(linear) => cpu.linear_ip() == linear,
        Address::Physical(phys) => {
            cpu.peek(cpu.linear_ip()).map(|p| cpu.bus.cx.mem.gate_a20(p)) == Some(phys)
        }
        Address::Segmented(selector, eip) => cpu.st.seg[1].selector == selector && cpu.st.eip == eip,
    }
}
