//! Delivery of interrupts and exceptions (SDM vol. 3A, chapter 6).

use super::cpu::{Cpu, attention};
use super::debug::DR7_GD;
use super::eflags::{AC, IF, NT, RF, TF, VM};
use super::event_log::InterruptEvent;
use super::exception::{Exception, vector};
use super::regs::gpr::ESP;
use super::regs::{Segment, seg};
use super::segmentation::{Descriptor, NewStack, is_null, system};
use super::task::Switch;
use crate::bus::Happened;

type Done = Result<(), Exception>;

/// Where an event comes from; decides privilege checks, error codes and RF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// INT n, INT3, INTO: the gate's DPL counts.
    Software,
    /// INT1, a fault, a trap or an abort.
    Exception,
    /// INTR or NMI.
    External,
}

#[derive(Clone, Copy)]
struct Event {
    vector: u8,
    source: Source,
    error: Option<u16>,
    /// EIP to return to.
    eip: u32,
    /// EFLAGS to return with.
    flags: u32,
}

impl Event {
    /// Error code for trouble with the gate of this event.
    fn gate_error(self) -> u16 {
        u16::from(self.vector) << 3 | 2
    }
}

/// How badly two exceptions in a row go together (SDM vol. 3A, table 6-5).
fn is_contributory(v: u8) -> bool {
    matches!(v, vector::DE | vector::TS | vector::NP | vector::SS | vector::GP)
}

fn doubles(first: u8, second: u8) -> bool {
    is_contributory(first) && is_contributory(second)
        || first == vector::PF && (second == vector::PF || is_contributory(second))
}

impl Cpu {
    /// Delivers an exception at the current EIP. Trouble on the way becomes the next exception, a double fault, or
    /// shutdown.
    pub fn deliver_exception(&mut self, exception: Exception) {
        let mut current = exception;
        loop {
            let is_trap = current.vector() == vector::DB;
            let mut flags = self.st.flags.get();
            // Faults resume with RF set, so that an instruction breakpoint is not hit again.
            if !is_trap {
                flags |= RF;
            }
            let event = Event {
                vector: current.vector(),
                source: Source::Exception,
                error: current.error_code(),
                eip: self.st.eip,
                flags,
            };
            self.probe_exception(current);
            let Err(next) = self.deliver(event) else { return };
            current = match current.vector() {
                vector::DF => {
                    self.st.shutdown = true;
                    self.attention |= attention::HALT;
                    return;
                }
                first if doubles(first, next.vector()) => Exception::DF,
                _ => next,
            };
        }
    }

    /// Delivers an interrupt from outside.
    pub fn deliver_external(&mut self, vector: u8) {
        let event = Event {
            vector,
            source: Source::External,
            error: None,
            eip: self.st.eip,
            flags: self.st.flags.get(),
        };
        if let Err(exception) = self.deliver(event) {
            self.deliver_exception(exception);
        }
    }

    /// INT n, INT3, INTO, INT1: `eip` is that of the next instruction.
    pub fn software_interrupt(&mut self, vector: u8, source: Source, eip: u32) -> Done {
        let flags = self.st.flags.get();
        self.deliver(Event { vector, source, error: None, eip, flags })
    }

    fn deliver(&mut self, event: Event) -> Done {
        self.mark_happened(match event.source {
            Source::Exception => Happened::Exception(event.vector),
            _ => Happened::Interrupt(event.vector),
        });
        let before = self.st.gpr[ESP];
        let code = self.st.seg[usize::from(seg::CS)];
        let result =
            if self.st.protected() { self.deliver_protected(event) } else { self.deliver_real(event) };
        self.attention |= attention::INTERRUPT | attention::DEBUG;
        self.delivered |= result.is_ok();
        if result.is_ok() && event.vector == vector::DB && event.source == Source::Exception {
            // The handler may use the debug registers (SDM vol. 3B, 17.2.4).
            self.st.dr[7] &= !DR7_GD;
        }
        if result.is_ok() && event.source != Source::Exception {
            self.probe_interrupt(event.vector, event.source == Source::External);
        }
        if self.logs.is_some() {
            self.log_interrupt(event, (code.selector, event.eip), code.base, result);
        }
        result.map_err(|exception| {
            if !exception.is_in_new_task() {
                self.st.gpr[ESP] = before;
            }
            if event.source == Source::Software { exception } else { exception.external() }
        })
    }

    #[cold]
    fn log_interrupt(&mut self, event: Event, from: (u16, u32), from_base: u32, result: Done) {
        let code = self.st.seg[usize::from(seg::CS)];
        let here = (code.selector, self.st.eip);
        let logged = InterruptEvent {
            instruction: self.now_steps(),
            time: self.now(),
            vector: event.vector,
            source: event.source,
            error: event.error,
            from,
            from_base,
            handler: result.map(|()| here).map_err(Exception::vector),
            handler_base: code.base,
            cr2: self.st.cr2,
        };
        if let Some(log) = self.logs.as_mut().and_then(|logs| logs.interrupts.as_mut()) {
            log.push(logged);
        }
    }

    fn deliver_real(&mut self, event: Event) -> Done {
        let at = u32::from(event.vector) * 4;
        if at + 3 > u32::from(self.st.idtr.limit) {
            return Err(Exception::code(vector::GP, event.gate_error()));
        }
        let entry: u32 = self.read_system(self.st.idtr.base.wrapping_add(at))?;
        let cs = self.st.seg[usize::from(seg::CS)].selector;
        self.push(event.flags as u16)?;
        self.push(cs)?;
        self.push(event.eip as u16)?;
        self.load_real_segment(seg::CS, (entry >> 16) as u16);
        self.st.eip = entry & 0xFFFF;
        self.st.flags.put(IF | TF | RF | AC, 0);
        self.update_mode();
        Ok(())
    }

    fn deliver_protected(&mut self, event: Event) -> Done {
        let gate = self.find_gate(event)?;
        if gate.kind() == system::TASK_GATE {
            let error = event.error.map(u32::from);
            self.st.flags.put(RF, event.flags);
            return self.switch_task(gate.gate_selector(), Switch::Interrupt, event.eip, error);
        }
        let selector = gate.gate_selector();
        if is_null(selector) {
            return Err(Exception::GP0);
        }
        let d = self.descriptor(selector, Exception::gp)?;
        if !d.is_code() || d.dpl() > self.st.cpl {
            return Err(Exception::gp(selector));
        }
        if !d.present() {
            return Err(Exception::np(selector));
        }
        if !d.is_conforming() && d.dpl() < self.st.cpl {
            if self.st.v86() && d.dpl() != 0 {
                return Err(Exception::gp(selector));
            }
            self.deliver_inner(event, gate, d)?;
        } else {
            if self.st.v86() {
                return Err(Exception::gp(selector));
            }
            self.deliver_same(event, gate, d)?;
        }
        let interrupts = if gate.kind() & 1 == 0 { IF } else { 0 };
        self.st.flags.put(TF | VM | RF | NT | interrupts, 0);
        self.update_mode();
        Ok(())
    }

    fn find_gate(&mut self, event: Event) -> Result<Descriptor, Exception> {
        let at = u32::from(event.vector) * 8;
        let fault = Exception::code(vector::GP, event.gate_error());
        if at + 7 > u32::from(self.st.idtr.limit) {
            return Err(fault);
        }
        let linear = self.st.idtr.base.wrapping_add(at);
        let raw = self.read_system(linear)?;
        let gate = Descriptor { linear, raw };
        let known = matches!(
            gate.kind(),
            system::TASK_GATE
                | system::INTERRUPT_GATE16
                | system::TRAP_GATE16
                | system::INTERRUPT_GATE32
                | system::TRAP_GATE32
        );
        if !known || event.source == Source::Software && gate.dpl() < self.st.cpl {
            return Err(fault);
        }
        if !gate.present() {
            return Err(Exception::code(vector::NP, event.gate_error()));
        }
        Ok(gate)
    }

    fn push_frame(&mut self, stack: &mut NewStack, wide: bool, event: Event) -> Done {
        stack.push(self, wide, event.flags)?;
        let cs = self.st.seg[usize::from(seg::CS)].selector;
        stack.push(self, wide, u32::from(cs))?;
        stack.push(self, wide, event.eip)?;
        if let Some(error) = event.error {
            stack.push(self, wide, u32::from(error))?;
        }
        Ok(())
    }

    fn deliver_same(&mut self, event: Event, gate: Descriptor, d: Descriptor) -> Done {
        let wide = gate.kind() & 8 != 0;
        let offset = gate.gate_offset();
        let mut stack = NewStack::current(self);
        stack.room(3 + u32::from(event.error.is_some()), wide).map_err(current_stack)?;
        if offset > d.limit() {
            return Err(Exception::GP0);
        }
        self.push_frame(&mut stack, wide, event).map_err(current_stack)?;
        self.enter_code(d, gate.gate_selector(), self.st.cpl, offset)?;
        stack.commit(self);
        Ok(())
    }

    fn deliver_inner(&mut self, event: Event, gate: Descriptor, d: Descriptor) -> Done {
        let wide = gate.kind() & 8 != 0;
        let cpl = d.dpl();
        let mut stack = self.open_inner_stack(cpl)?;
        let v86 = self.st.v86();
        // Room on the stack comes before the limit of the code (SDM vol. 2A, INT n).
        stack.room(5 + u32::from(event.error.is_some()) + if v86 { 4 } else { 0 }, wide)?;
        if gate.gate_offset() > d.limit() {
            return Err(Exception::GP0);
        }
        if v86 {
            for number in [seg::GS, seg::FS, seg::DS, seg::ES] {
                let selector = self.st.seg[usize::from(number)].selector;
                stack.push(self, wide, u32::from(selector))?;
            }
        }
        let ss = self.st.seg[usize::from(seg::SS)].selector;
        stack.push(self, wide, u32::from(ss))?;
        stack.push(self, wide, self.st.gpr[ESP])?;
        self.push_frame(&mut stack, wide, event)?;
        self.st.flags.put(VM, 0);
        self.enter_code(d, gate.gate_selector(), cpl, gate.gate_offset())
            .inspect_err(|_| self.st.flags.put(VM, if v86 { VM } else { 0 }))?;
        stack.commit(self);
        if v86 {
            for number in [seg::ES, seg::DS, seg::FS, seg::GS] {
                self.st.seg[usize::from(number)] = Segment::null(0);
            }
        }
        Ok(())
    }
}

/// On the current stack a limit violation is #SS(0), not #SS(selector).
fn current_stack(exception: Exception) -> Exception {
    if exception.vector() == vector::SS { Exception::SS0 } else { exception }
}
