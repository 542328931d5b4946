//! FXSAVE and FXRSTOR (SDM vol. 2, FXSAVE).

use super::entry::{drive_ferr, enter_control};
use crate::x86::cpu::Cpu;
use crate::x86::exception::Exception;
use crate::x86::fpu_state::{FpuState, SseState, spec};
use crate::x86::interp::Inst;
use crate::x86::softfloat::F80;
use crate::x86::tlb::{Access, is_user};

type Done = Result<(), Exception>;

/// Quadwords of the area that FXSAVE writes; the rest of the 512 bytes stays as it is.
const USED: usize = 288 / 8;
/// Quadword of the area where ST(0) lies.
const ST0: usize = 4;
/// Quadword of the area where XMM0 lies.
const XMM0: usize = 20;
/// Size of the area.
const AREA: u32 = 512;

/// The area as quadwords.
fn pack(fpu: &FpuState, sse: &SseState) -> [u64; USED] {
    let mut area = [0; USED];
    area[0] = u64::from(fpu.control)
        | u64::from(fpu.status_word()) << 16
        | u64::from(fpu.valid) << 32
        | u64::from(fpu.opcode) << 48;
    area[1] = u64::from(fpu.instruction_offset) | u64::from(fpu.instruction_selector) << 32;
    area[2] = u64::from(fpu.data_offset) | u64::from(fpu.data_selector) << 32;
    area[3] = u64::from(sse.mxcsr) | u64::from(spec::MXCSR_MASK) << 32;
    for i in 0..8 {
        let value = fpu.get(i as u8);
        area[ST0 + 2 * i] = value.significand;
        area[ST0 + 2 * i + 1] = u64::from(value.sign_exponent);
        area[XMM0 + 2 * i..][..2].copy_from_slice(&sse.xmm[i]);
    }
    area
}

/// Takes the state from an area; `None` if reserved bits of MXCSR are set.
fn unpack(area: &[u64; USED]) -> Option<(FpuState, SseState)> {
    let (mut fpu, mut sse) = (FpuState::new(), SseState::new());
    sse.mxcsr = area[3] as u32;
    if sse.mxcsr & !spec::MXCSR_MASK != 0 {
        return None;
    }
    fpu.valid = (area[0] >> 32) as u8;
    fpu.opcode = (area[0] >> 48) as u16 & 0x7FF;
    (fpu.instruction_offset, fpu.instruction_selector) = (area[1] as u32, (area[1] >> 32) as u16);
    (fpu.data_offset, fpu.data_selector) = (area[2] as u32, (area[2] >> 32) as u16);
    fpu.set_control_word(area[0] as u16);
    fpu.set_status_word((area[0] >> 16) as u16);
    for i in 0..8 {
        let index = fpu.index(i as u8);
        fpu.st[index] = F80::new(area[ST0 + 2 * i + 1] as u16, area[ST0 + 2 * i]);
        sse.xmm[i].copy_from_slice(&area[XMM0 + 2 * i..][..2]);
    }
    Some((fpu, sse))
}

/// The linear address of the area, checked: #NM, alignment (#GP), segment.
fn enter(cpu: &mut Cpu, inst: &Inst, access: Access) -> Result<(u32, u32), Exception> {
    enter_control(cpu)?;
    let offset = cpu.ea(inst);
    let linear = cpu.check_segment(inst.seg, offset, AREA, access)?;
    if linear & 15 != 0 {
        return Err(Exception::GP0);
    }
    Ok((offset, linear))
}

/// FXSAVE. A pending x87 exception does not matter to it.
pub fn save(cpu: &mut Cpu, inst: &Inst) -> Done {
    let (offset, linear) = enter(cpu, inst, Access::Write)?;
    cpu.probe_write(linear, AREA, is_user(&cpu.st))?;
    for (i, quadword) in pack(&cpu.st.fpu, &cpu.st.sse).into_iter().enumerate() {
        cpu.write(inst.seg, offset.wrapping_add(8 * i as u32), quadword)?;
    }
    Ok(())
}

/// FXRSTOR.
pub fn restore(cpu: &mut Cpu, inst: &Inst) -> Done {
    let (offset, linear) = enter(cpu, inst, Access::Read)?;
    cpu.probe_read(linear, AREA, is_user(&cpu.st))?;
    let mut area = [0; USED];
    for (i, quadword) in area.iter_mut().enumerate() {
        *quadword = cpu.read(inst.seg, offset.wrapping_add(8 * i as u32))?;
    }
    (cpu.st.fpu, cpu.st.sse) = unpack(&area).ok_or(Exception::GP0)?;
    drive_ferr(cpu);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The offsets of SDM vol. 2, table 3-43: FTW at byte 4, FOP at 6, MXCSR at 24, ST0 at 32, XMM0 at 160.
    #[test]
    fn layout() {
        let (mut fpu, mut sse) = (FpuState::new(), SseState::new());
        fpu.init();
        fpu.push(F80::ONE);
        fpu.opcode = 0x7FF;
        sse.xmm[1] = [1, 2];
        let bytes: Vec<u8> = pack(&fpu, &sse).iter().flat_map(|q| q.to_le_bytes()).collect();
        assert_eq!(bytes[..8], [0x7F, 0x03, 0x00, 0x38, 0x80, 0, 0xFF, 0x07]);
        assert_eq!(bytes[24..32], [0x80, 0x1F, 0, 0, 0xFF, 0xFF, 0, 0]);
        assert_eq!(bytes[32..42], F80::ONE.to_bytes());
        assert_eq!((bytes[176], bytes[184]), (1, 2));
        let area = pack(&fpu, &sse);
        assert_eq!(unpack(&area), Some((fpu, sse)));
    }

    /// Reserved bits of MXCSR are refused.
    #[test]
    fn reserved_mxcsr_bits() {
        let mut area = pack(&FpuState::new(), &SseState::new());
        area[3] |= 1 << 16;
        assert_eq!(unpack(&area), None);
    }
}
