//! MXCSR, prefetches, fences, CLFLUSH.

use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op};
use crate::x86::exception::Exception;
use crate::x86::fpu_state::spec::MXCSR_MASK;
use crate::x86::interp::mmx::entry::{enter_sse, read, write};
use crate::x86::interp::{Body, Inst};
use crate::x86::tlb::{Access, is_user};

type Done = Result<(), Exception>;

/// The body of an instruction that controls SSE or the caches.
pub fn body(d: &Decoded) -> Option<Body> {
    Some(match d.op {
        Op::Ldmxcsr => ldmxcsr,
        Op::Stmxcsr => stmxcsr,
        Op::Prefetchnta | Op::Prefetcht0 | Op::Prefetcht1 | Op::Prefetcht2 => nothing,
        Op::Lfence | Op::Mfence | Op::Sfence => nothing,
        Op::Clflush => clflush,
        _ => return None,
    })
}

/// Reserved bits may not be set: #GP(0).
fn ldmxcsr(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value: u32 = read(cpu, inst)?;
    if value & !MXCSR_MASK != 0 {
        return Err(Exception::GP0);
    }
    cpu.st.sse.mxcsr = value;
    Ok(())
}

fn stmxcsr(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    write(cpu, inst, cpu.st.sse.mxcsr)
}

/// Prefetches never fault, and there is nothing to order or to fetch ahead.
fn nothing(_cpu: &mut Cpu, _inst: &Inst) -> Done {
    Ok(())
}

/// CLFLUSH: no cache, but the checks of a load of one byte (SDM vol. 2, CLFLUSH).
fn clflush(cpu: &mut Cpu, inst: &Inst) -> Done {
    let offset = cpu.ea(inst);
    let linear = cpu.check_segment(inst.seg, offset, 1, Access::Read)?;
    cpu.locate(linear, Access::Read, is_user(&cpu.st))?;
    Ok(())
}
