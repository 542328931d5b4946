//! What comes before and after every x87 operation: #NM, the exception that waits from an earlier one, the pointers to
//! the last instruction, FERR#.

use crate::bus::Line;
use crate::x86::cpu::Cpu;
use crate::x86::exception::Exception;
use crate::x86::fpu_state::spec;
use crate::x86::interp::Inst;
use crate::x86::regs::{cr0, seg};

type Done = Result<(), Exception>;

/// Before an instruction that waits: #NM if CR0.EM or CR0.TS is set, #MF if an exception is pending.
#[inline(always)]
pub fn enter(cpu: &mut Cpu) -> Done {
    if cpu.st.cr0 & (cr0::EM | cr0::TS) != 0 || cpu.st.fpu.exception_pending() {
        return enter_slowly(cpu);
    }
    Ok(())
}

#[cold]
fn enter_slowly(cpu: &mut Cpu) -> Done {
    enter_control(cpu)?;
    check_pending(cpu)
}

/// Before an instruction that does not wait: only #NM.
#[inline]
pub fn enter_control(cpu: &Cpu) -> Done {
    if cpu.st.cr0 & (cr0::EM | cr0::TS) != 0 { Err(Exception::NM) } else { Ok(()) }
}

/// #MF if an exception is pending and CR0.NE is set. With CR0.NE clear the chipset was told by FERR# when it came up, and
/// the processor waits for an interrupt, unless IGNNE# says that the error is being dealt with (SDM vol. 1, 8.7.2).
#[inline]
pub fn check_pending(cpu: &Cpu) -> Done {
    if cpu.st.fpu.exception_pending() { pending(cpu) } else { Ok(()) }
}

#[cold]
fn pending(cpu: &Cpu) -> Done {
    if cpu.st.cr0 & cr0::NE != 0 {
        return Err(Exception::MF);
    }
    if cpu.bus.cx.lines.level(Line::IGNNE) { Ok(()) } else { Err(Exception::WAITS) }
}

/// FWAIT: waits for the exception, but minds CR0.TS only if CR0.MP says so, and CR0.EM not at all.
pub fn wait(cpu: &mut Cpu, _inst: &Inst) -> Done {
    const BOTH: u32 = cr0::MP | cr0::TS;
    if cpu.st.cr0 & BOTH == BOTH {
        return Err(Exception::NM);
    }
    check_pending(cpu)
}

/// After an operation without memory operand.
#[inline(always)]
pub fn leave(cpu: &mut Cpu, inst: &Inst) {
    cpu.st.fpu.opcode = inst.imm2 & 0x7FF;
    cpu.st.fpu.instruction_offset = cpu.eip_of(inst);
    cpu.st.fpu.instruction_selector = cpu.st.seg[usize::from(seg::CS)].selector;
    if cpu.st.fpu.status & spec::ES != 0 {
        drive_ferr(cpu);
    }
}

/// After an operation with a memory operand at `offset`.
#[inline(always)]
pub fn leave_memory(cpu: &mut Cpu, inst: &Inst, offset: u32) {
    cpu.st.fpu.data_offset = offset;
    cpu.st.fpu.data_selector = cpu.st.seg[usize::from(inst.seg & 7)].selector;
    leave(cpu, inst);
}

/// Has FERR# follow ES, if CR0.NE leaves errors to the chipset. To be called when ES may have changed.
#[cold]
pub fn drive_ferr(cpu: &mut Cpu) {
    let level = cpu.st.fpu.exception_pending() && cpu.st.cr0 & cr0::NE == 0;
    if cpu.bus.cx.lines.level(Line::FERR) != level {
        cpu.before_device();
        cpu.bus.cx.lines.set(cpu.ferr, level);
        cpu.bus.settle();
        cpu.after_device();
    }
}
