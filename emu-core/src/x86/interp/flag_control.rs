//! CLC to STI, PUSHF and POPF, and the software interrupts.

use super::{Body, Inst, flag};
use crate::x86::cpu::{Cpu, attention};
use crate::x86::decode::Decoded;
use crate::x86::eflags::{self, CF, DF, IF, RF, VIF, VIP, VM};
use crate::x86::exception::{Exception, vector};
use crate::x86::interrupt::Source;

type Done = Result<(), Exception>;

/// CLC.
pub fn clc(cpu: &mut Cpu, _inst: &Inst) -> Done {
    cpu.st.flags.put(CF, 0);
    Ok(())
}

/// STC.
pub fn stc(cpu: &mut Cpu, _inst: &Inst) -> Done {
    cpu.st.flags.put(CF, CF);
    Ok(())
}

/// CMC.
pub fn cmc(cpu: &mut Cpu, _inst: &Inst) -> Done {
    let carry = cpu.st.flags.cf();
    cpu.st.flags.put(CF, if carry { 0 } else { CF });
    Ok(())
}

/// CLD.
pub fn cld(cpu: &mut Cpu, _inst: &Inst) -> Done {
    cpu.st.flags.put(DF, 0);
    Ok(())
}

/// STD.
pub fn std(cpu: &mut Cpu, _inst: &Inst) -> Done {
    cpu.st.flags.put(DF, DF);
    Ok(())
}

fn may_change_if(cpu: &Cpu) -> bool {
    let level = if cpu.st.v86() { 3 } else { cpu.st.cpl };
    !cpu.st.protected() || level <= cpu.st.flags.iopl()
}

/// CLI.
pub fn cli(cpu: &mut Cpu, _inst: &Inst) -> Done {
    if !may_change_if(cpu) {
        return Err(Exception::GP0);
    }
    cpu.st.flags.put(IF, 0);
    Ok(())
}

/// STI; interrupts wait for one more instruction if they were off.
pub fn sti(cpu: &mut Cpu, _inst: &Inst) -> Done {
    if !may_change_if(cpu) {
        return Err(Exception::GP0);
    }
    if cpu.st.flags.system(IF) == 0 {
        cpu.st.flags.put(IF, IF);
        cpu.st.shadow = true;
        cpu.st.shadow_ss = false;
    }
    cpu.attention |= attention::INTERRUPT;
    Ok(())
}

/// PUSHF; VM and RF read as 0.
fn pushf<const WIDE: bool>(cpu: &mut Cpu, _inst: &Inst) -> Done {
    if cpu.st.v86() && cpu.st.flags.iopl() < 3 {
        return Err(Exception::GP0);
    }
    let value = cpu.st.flags.get() & !(VM | RF);
    if WIDE { cpu.push(value) } else { cpu.push(value as u16) }
}

/// Body of PUSHF.
pub fn pushf_body(d: &Decoded) -> Body {
    if d.opsize32 { pushf::<true> } else { pushf::<false> }
}

/// POPF.
pub fn popf(cpu: &mut Cpu, inst: &Inst) -> Done {
    if cpu.st.v86() && cpu.st.flags.iopl() < 3 {
        return Err(Exception::GP0);
    }
    let wide = inst.has(flag::OPSIZE32);
    let value = if wide { cpu.pop::<u32>()? } else { u32::from(cpu.pop::<u16>()?) };
    let mut mask = if cpu.st.protected() {
        cpu.changeable_flags(wide)
    } else {
        eflags::ALL & !(VM | VIF | VIP | RF) & if wide { u32::MAX } else { 0xFFFF }
    };
    if wide {
        // RF is cleared whatever was popped.
        mask |= RF;
    }
    let merged = cpu.st.flags.get() & !mask | value & mask & !RF;
    cpu.st.flags.set(merged);
    cpu.update_mode();
    Ok(())
}

/// INT n.
pub fn int(cpu: &mut Cpu, inst: &Inst) -> Done {
    if cpu.st.v86() && cpu.st.flags.iopl() < 3 {
        return Err(Exception::GP0);
    }
    let next = cpu.next_eip(inst);
    cpu.software_interrupt(inst.imm as u8, Source::Software, next)
}

/// INT3.
pub fn int3(cpu: &mut Cpu, inst: &Inst) -> Done {
    let next = cpu.next_eip(inst);
    cpu.software_interrupt(vector::BP, Source::Software, next)
}

/// INT1 (ICEBP): #DB as a trap, without the gate's privilege check.
pub fn int1(cpu: &mut Cpu, inst: &Inst) -> Done {
    let next = cpu.next_eip(inst);
    cpu.software_interrupt(vector::DB, Source::Exception, next)
}

/// INTO.
pub fn into(cpu: &mut Cpu, inst: &Inst) -> Done {
    let next = cpu.next_eip(inst);
    if cpu.st.flags.of() {
        return cpu.software_interrupt(vector::OF, Source::Software, next);
    }
    cpu.st.eip = next;
    Ok(())
}
