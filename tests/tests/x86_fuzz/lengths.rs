//! As instructions execute one by one: what the decoder, iced-x86 and the instruction pointer say of their lengths, and
//! what the disassembler and iced-x86 write.

use emu_core::mem::PAGE;
use emu_core::x86::Engine;
use emu_core::x86::decode::{Op, decode};
use emu_core::x86::regs::{gpr, seg};
use emu_core::x86::tlb::{Access, Place, is_user};
use glassbox_tests::iced::Oracle;

/// What is known of an instruction before it executes.
pub struct Before {
    op: Op,
    repeats: bool,
    length: u32,
    eip: u32,
    esp: u32,
    selector: u16,
    code: [u8; 16],
    steps: u64,
}

/// Bytes from the instruction pointer to the end of its page, by the translation that the TLB holds; nothing if it holds
/// none, or none to RAM.
fn fetched(engine: &Engine) -> Option<Vec<u8>> {
    let st = &engine.cpu.st;
    let linear = st.seg[usize::from(seg::CS)].base.wrapping_add(st.eip);
    let (place, _) = engine.cpu.tlb.find(linear, Access::Execute, is_user(st))?;
    let Place::Ram(at) = place else { return None };
    let length = (PAGE - at % PAGE).min(16);
    engine.cpu.bus.cx.mem.ram.all().get(at as usize..(at + length) as usize).map(Vec::from)
}

/// Looks at the instruction at EIP, if the bytes there are one that ends on its page.
pub fn look(engine: &Engine, oracle: &mut Oracle) -> Option<Before> {
    let st = &engine.cpu.st;
    let cs = &st.seg[usize::from(seg::CS)];
    let fetched = fetched(engine)?;
    let mut code = [0x90; 16];
    code[..fetched.len()].copy_from_slice(&fetched);
    if let Err(difference) = oracle.compare(&code, cs.is_32()) {
        panic!("{difference}");
    }
    let inst = decode(&fetched, cs.is_32()).ok()?;
    Some(Before {
        op: inst.op,
        repeats: inst.op.is_string() && inst.rep != emu_core::x86::decode::Rep::None,
        length: u32::from(inst.len),
        eip: st.eip,
        esp: st.gpr[gpr::ESP],
        selector: cs.selector,
        code,
        steps: engine.cpu.steps,
    })
}

impl Before {
    /// True if the instruction behind this one is next: the processor went on by one instruction that is no branch, and
    /// nothing was pushed, so that no exception was delivered.
    fn fell_through(&self, engine: &Engine) -> bool {
        let st = &engine.cpu.st;
        let near = (1..=15).contains(&st.eip.wrapping_sub(self.eip));
        let same = st.gpr[gpr::ESP] == self.esp && st.seg[usize::from(seg::CS)].selector == self.selector;
        near && same && engine.cpu.steps == self.steps + 1 && !self.is_branch()
    }

    fn is_branch(&self) -> bool {
        use Op::*;
        self.repeats
            || matches!(self.op, Invalid | Jcc | JmpRel | JmpInd | JmpFarPtr | JmpFarInd | CallRel | CallInd)
            || matches!(
                self.op,
                CallFarPtr | CallFarInd | RetNear | RetFar | Iret | Loop | Loope | Loopne | Jcxz
            )
            || matches!(self.op, Int | Int1 | Int3 | Into | Sysenter | Sysexit)
    }

    /// Whether EIP went on by the decoder's length; `None` where it went elsewhere.
    pub fn went_on_by_its_length(&self, engine: &Engine) -> Option<bool> {
        let gone = engine.cpu.st.eip.wrapping_sub(self.eip);
        self.fell_through(engine).then_some(gone == self.length)
    }
}

impl std::fmt::Display for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:02x?} at {:X} has {} bytes", self.op, self.code, self.eip, self.length)
    }
}
