//! Where a far CALL leads whose selector names no code segment: through a call gate, or to another task (SDM vol. 3A,
//! 5.8.3 to 5.8.5, 7.3).

use super::Inspector;
use super::fault::Fault;
use super::segment::{detail, selector_text};
use super::translation::TranslationView;
use crate::x86::exception::Exception;
use crate::x86::regs::Segment;
use crate::x86::segmentation::{Descriptor, is_null, system};

const GATES: &str = "SDM vol. 3A, 5.8.4";
const TASKS: &str = "SDM vol. 3A, 7.3";

/// Where a transfer through a system descriptor goes.
pub(super) enum Through {
    /// Code, its offset, and the privilege level it runs at.
    Code(Segment, u32, u8),
    /// The EIP that a task was left at.
    Task,
}

/// The system descriptor that a far CALL may name, if this is one.
pub(super) fn leads_on(d: Descriptor) -> bool {
    use system::*;
    !d.is_segment() && matches!(d.kind(), CALL_GATE16 | CALL_GATE32 | TASK_GATE | TSS16 | TSS32)
}

impl Inspector<'_> {
    /// Follows a far CALL at privilege level `cpl` to a selector whose descriptor [`leads_on`].
    pub(super) fn show_gate(
        &self,
        view: &mut TranslationView,
        selector: u16,
        d: Descriptor,
        cpl: u8,
    ) -> Result<Through, Fault> {
        let gate = matches!(d.kind(), system::CALL_GATE16 | system::CALL_GATE32);
        let what = match d.kind() {
            system::CALL_GATE16 | system::CALL_GATE32 => {
                format!("call gate: to {:04X}:{:X}", d.gate_selector(), d.gate_offset())
            }
            system::TASK_GATE => format!("task gate: to the task of TSS {:04X}", d.gate_selector()),
            _ => "TSS of another task".to_owned(),
        };
        let text = format!("descriptor at linear {:08X}: {:016X}, a {what}", d.linear, d.raw);
        view.step("descriptor", text).address = Some(u64::from(d.linear));
        let rpl = (selector & 3) as u8;
        let section = if gate { GATES } else { TASKS };
        view.step(
            "check",
            format!("DPL {} against CPL {cpl} and RPL {rpl}: neither may be above it", d.dpl()),
        );
        if d.dpl() < rpl.max(cpl) {
            let why = "DPL is below the larger of RPL and CPL: too privileged a descriptor";
            return Err(Fault::new(Exception::gp(selector), why, section));
        }
        if !d.present() {
            return Err(Fault::new(Exception::np(selector), "the descriptor's P is 0", section));
        }
        if gate {
            return self.show_gate_target(view, d, cpl);
        }
        view.step("target", "a task switch: CS and EIP come from the new task's TSS");
        Ok(Through::Task)
    }

    /// The code segment behind a call gate.
    fn show_gate_target(
        &self,
        view: &mut TranslationView,
        gate: Descriptor,
        cpl: u8,
    ) -> Result<Through, Fault> {
        let (selector, offset) = (gate.gate_selector(), gate.gate_offset());
        view.step("selector", format!("the gate's selector {selector:04X}: {}", selector_text(selector)));
        if is_null(selector) {
            return Err(Fault::new(Exception::GP0, "the gate's selector is null", GATES));
        }
        let d = self.find(selector)?;
        let text = format!("descriptor at linear {:08X}: {:016X}", d.linear, d.raw);
        let step = view.step("descriptor", text);
        step.address = Some(u64::from(d.linear));
        step.segment = Some(detail("cs", &d.segment(selector), false));
        let inner = !d.is_conforming() && d.dpl() < cpl;
        let level = if inner { d.dpl() } else { cpl };
        let change = if inner {
            format!(
                "CALL goes on in ring {level}, on the stack that the TSS has for it; JMP raises #GP({:04X})",
                selector & !3
            )
        } else {
            format!("the ring stays {level}, and so does the stack")
        };
        view.step("check", format!("code with DPL {}, from CPL {cpl}: {change}", d.dpl()));
        let refuse = |why: &str| Err(Fault::new(Exception::gp(selector), why, GATES));
        if !d.is_code() {
            return refuse("the gate leads to no code segment");
        }
        if d.dpl() > cpl {
            return refuse("the code's DPL is above CPL: no call leads outwards");
        }
        if !d.present() {
            return Err(Fault::new(Exception::np(selector), "the code segment's P is 0", GATES));
        }
        if offset > d.limit() {
            let why =
                format!("the gate's offset {offset:X} is beyond the code segment's limit {:X}", d.limit());
            return Err(Fault::new(Exception::GP0, why, GATES));
        }
        let d = self.mark(d)?;
        Ok(Through::Code(d.segment(selector & !3 | u16::from(level)), offset, level))
    }
}
