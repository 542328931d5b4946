//! Control instructions: control and status word, environment, whole state, FXSAVE and FXRSTOR.

use super::entry::{drive_ferr, enter, enter_control};
use super::fxsave;
use super::image::{self, ENVIRONMENT, Layout, STATE};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op, Operand};
use crate::x86::exception::Exception;
use crate::x86::fpu_state::spec;
use crate::x86::interp::{Body, Inst, flag};
use crate::x86::regs::gpr::EAX;
use crate::x86::tlb::{Access, is_user};

type Done = Result<(), Exception>;

/// The body of an x87 control instruction.
pub fn body(d: &Decoded) -> Option<Body> {
    let memory = matches!(d.operands[0], Operand::Mem(_));
    Some(match d.op {
        Op::Fwait => super::entry::wait,
        Op::Fneni | Op::Fndisi | Op::Fnsetpm => nothing,
        Op::Fninit => initialise,
        Op::Fnclex => clear_exceptions,
        Op::Fldcw => load_control,
        Op::Fnstcw => store_control,
        Op::Fnstsw if memory => store_status,
        Op::Fnstsw => store_status_ax,
        Op::Fldenv => load_environment,
        Op::Fnstenv => store_environment,
        Op::Fnsave => save,
        Op::Frstor => restore,
        Op::Fxsave => fxsave::save,
        Op::Fxrstor => fxsave::restore,
        _ => return None,
    })
}

fn nothing(cpu: &mut Cpu, _inst: &Inst) -> Done {
    enter_control(cpu)
}

fn initialise(cpu: &mut Cpu, _inst: &Inst) -> Done {
    enter_control(cpu)?;
    cpu.st.fpu.init();
    drive_ferr(cpu);
    Ok(())
}

fn clear_exceptions(cpu: &mut Cpu, _inst: &Inst) -> Done {
    enter_control(cpu)?;
    cpu.st.fpu.status &= !(spec::EXCEPTIONS | spec::SF | spec::ES | spec::BUSY);
    drive_ferr(cpu);
    Ok(())
}

fn load_control(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter(cpu)?;
    let offset = cpu.ea(inst);
    let word = cpu.read(inst.seg, offset)?;
    cpu.st.fpu.set_control_word(word);
    drive_ferr(cpu);
    Ok(())
}

fn store_control(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_control(cpu)?;
    let offset = cpu.ea(inst);
    cpu.write(inst.seg, offset, cpu.st.fpu.control)
}

fn store_status(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_control(cpu)?;
    let offset = cpu.ea(inst);
    cpu.write(inst.seg, offset, cpu.st.fpu.status_word())
}

fn store_status_ax(cpu: &mut Cpu, _inst: &Inst) -> Done {
    enter_control(cpu)?;
    cpu.st.gpr[EAX] = cpu.st.gpr[EAX] & 0xFFFF_0000 | u32::from(cpu.st.fpu.status_word());
    Ok(())
}

fn layout(cpu: &Cpu, inst: &Inst) -> Layout {
    Layout { wide: inst.has(flag::OPSIZE32), real: cpu.st.real_segments() }
}

fn store_environment(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_control(cpu)?;
    let layout = layout(cpu, inst);
    let mut bytes = [0; ENVIRONMENT];
    image::store_environment(&cpu.st.fpu, layout, &mut bytes);
    write_image(cpu, inst, &bytes[..layout.environment()])?;
    cpu.st.fpu.set_control_word(cpu.st.fpu.control | spec::EXCEPTIONS);
    drive_ferr(cpu);
    Ok(())
}

fn load_environment(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter(cpu)?;
    let layout = layout(cpu, inst);
    let mut bytes = [0; ENVIRONMENT];
    read_image(cpu, inst, &mut bytes[..layout.environment()])?;
    image::load_environment(&mut cpu.st.fpu, layout, &bytes);
    drive_ferr(cpu);
    Ok(())
}

fn save(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_control(cpu)?;
    let layout = layout(cpu, inst);
    let mut bytes = [0; STATE];
    image::store_state(&cpu.st.fpu, layout, &mut bytes);
    write_image(cpu, inst, &bytes[..layout.state()])?;
    cpu.st.fpu.init();
    drive_ferr(cpu);
    Ok(())
}

fn restore(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter(cpu)?;
    let layout = layout(cpu, inst);
    let mut bytes = [0; STATE];
    read_image(cpu, inst, &mut bytes[..layout.state()])?;
    image::load_state(&mut cpu.st.fpu, layout, &bytes);
    drive_ferr(cpu);
    Ok(())
}

/// An image is aligned as one of its fields, by the operand size (SDM vol. 3A, table 6-7).
fn image_alignment(inst: &Inst) -> u32 {
    if inst.has(flag::OPSIZE32) { 4 } else { 2 }
}

/// Writes an image in words, all or none.
fn write_image(cpu: &mut Cpu, inst: &Inst, bytes: &[u8]) -> Done {
    let offset = cpu.ea(inst);
    let linear = cpu.check_segment(inst.seg, offset, bytes.len() as u32, Access::Write)?;
    cpu.check_alignment(linear, image_alignment(inst))?;
    cpu.probe_write(linear, bytes.len() as u32, is_user(&cpu.st))?;
    for (i, word) in bytes.as_chunks::<2>().0.iter().enumerate() {
        cpu.write(inst.seg, offset.wrapping_add(2 * i as u32), u16::from_le_bytes(*word))?;
    }
    Ok(())
}

fn read_image(cpu: &mut Cpu, inst: &Inst, bytes: &mut [u8]) -> Done {
    let offset = cpu.ea(inst);
    let linear = cpu.check_segment(inst.seg, offset, bytes.len() as u32, Access::Read)?;
    cpu.check_alignment(linear, image_alignment(inst))?;
    for (i, word) in bytes.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        *word = cpu.read::<u16>(inst.seg, offset.wrapping_add(2 * i as u32))?.to_le_bytes();
    }
    Ok(())
}
