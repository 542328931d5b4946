//! Far jumps, calls and returns (SDM vol. 3A, 5.8; vol. 2, CALL, JMP, RET, IRET).

use super::operand::Reg;
use super::{Body, Inst, flag};
use crate::x86::access::Int;
use crate::x86::cpu::{Cpu, attention};
use crate::x86::decode::Decoded;
use crate::x86::eflags::{self, IF, IOPL, NT, RF, VIF, VIP, VM};
use crate::x86::exception::Exception;
use crate::x86::regs::gpr::ESP;
use crate::x86::regs::{Segment, attr, seg};
use crate::x86::segmentation::{Descriptor, NewStack, is_null, system};
use crate::x86::task::Switch;

type Done = Result<(), Exception>;

/// JMP or CALL.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transfer {
    Jump,
    Call,
}

impl Cpu {
    /// Sets CS in real or virtual-8086 mode and jumps.
    fn jump_real(&mut self, selector: u16, offset: u32) -> Done {
        if offset > self.real_code_limit() {
            return Err(Exception::GP0);
        }
        self.load_real_segment(seg::CS, selector);
        self.st.eip = offset;
        self.attention |= attention::INTERRUPT;
        Ok(())
    }

    /// Limit CS will have after a load in real or virtual-8086 mode.
    fn real_code_limit(&self) -> u32 {
        if self.st.v86() { 0xFFFF } else { self.st.seg[usize::from(seg::CS)].limit }
    }

    /// Sets CS to a checked code segment at privilege level `cpl` and jumps.
    pub fn enter_code(&mut self, mut d: Descriptor, selector: u16, cpl: u8, offset: u32) -> Done {
        if offset > d.limit() {
            return Err(Exception::GP0);
        }
        self.mark_accessed(&mut d)?;
        self.st.seg[usize::from(seg::CS)] = d.segment(selector & !3 | u16::from(cpl));
        self.st.eip = offset;
        self.set_cpl(cpl);
        Ok(())
    }

    /// Checks of a code segment that is jumped to or called directly.
    fn direct_code(&self, d: Descriptor, selector: u16) -> Done {
        let rpl = (selector & 3) as u8;
        let allowed = if d.is_conforming() {
            d.dpl() <= self.st.cpl
        } else {
            rpl <= self.st.cpl && d.dpl() == self.st.cpl
        };
        if !allowed {
            return Err(Exception::gp(selector));
        }
        if d.present() { Ok(()) } else { Err(Exception::np(selector)) }
    }

    /// The stack for an inner privilege level, from the current TSS: (selector, pointer).
    pub fn inner_stack(&mut self, cpl: u8) -> Result<(u16, u32), Exception> {
        let tr = self.st.seg[usize::from(seg::TR)];
        let wide = tr.kind() & 8 != 0;
        let at = if wide { 4 + 8 * u32::from(cpl) } else { 2 + 4 * u32::from(cpl) };
        let len = if wide { 6 } else { 4 };
        if at + len - 1 > tr.limit {
            return Err(Exception::ts(tr.selector));
        }
        let linear = tr.base.wrapping_add(at);
        if wide {
            let sp = self.read_system::<u32>(linear)?;
            Ok((self.read_system::<u16>(linear.wrapping_add(4))?, sp))
        } else {
            let sp = self.read_system::<u16>(linear)?;
            Ok((self.read_system::<u16>(linear.wrapping_add(2))?, u32::from(sp)))
        }
    }

    /// Loads and checks the stack for an inner privilege level; `external` events set EXT in error codes.
    pub fn open_inner_stack(&mut self, cpl: u8) -> Result<NewStack, Exception> {
        let (selector, sp) = self.inner_stack(cpl)?;
        let segment = self.stack_segment(selector, cpl, Exception::ts)?;
        Ok(NewStack::new(segment, sp, cpl))
    }

    fn far_transfer(&mut self, inst: &Inst, selector: u16, offset: u32, how: Transfer) -> Done {
        let wide = inst.has(flag::OPSIZE32);
        if self.st.real_segments() {
            if how == Transfer::Call {
                if offset > self.real_code_limit() {
                    return Err(Exception::GP0);
                }
                self.push_return(inst, wide)?;
            }
            return self.jump_real(selector, offset);
        }
        if is_null(selector) {
            return Err(Exception::GP0);
        }
        let d = self.descriptor(selector, Exception::gp)?;
        if d.is_code() {
            self.direct_code(d, selector)?;
            if how == Transfer::Call {
                self.call_same(inst, d, offset, wide)?;
            }
            return self.enter_code(d, selector, self.st.cpl, offset);
        }
        if d.is_segment() {
            return Err(Exception::gp(selector));
        }
        self.far_system(inst, selector, d, how)
    }

    fn far_system(&mut self, inst: &Inst, selector: u16, d: Descriptor, how: Transfer) -> Done {
        let rpl = (selector & 3) as u8;
        let switch = if how == Transfer::Jump { Switch::Jump } else { Switch::Call };
        let kind = d.kind();
        let known = matches!(
            kind,
            system::CALL_GATE16 | system::CALL_GATE32 | system::TASK_GATE | system::TSS16 | system::TSS32
        );
        if !known || d.dpl() < rpl.max(self.st.cpl) {
            return Err(Exception::gp(selector));
        }
        if !d.present() {
            return Err(Exception::np(selector));
        }
        let back = self.next_eip(inst);
        match kind {
            system::TSS16 | system::TSS32 => self.switch_task(selector, switch, back, None),
            system::TASK_GATE => self.switch_task(d.gate_selector(), switch, back, None),
            _ => self.call_gate(inst, d, how),
        }
    }

    fn call_gate(&mut self, inst: &Inst, gate: Descriptor, how: Transfer) -> Done {
        let selector = gate.gate_selector();
        if is_null(selector) {
            return Err(Exception::GP0);
        }
        let d = self.descriptor(selector, Exception::gp)?;
        let inner = !d.is_conforming() && d.dpl() < self.st.cpl;
        if !d.is_code() || d.dpl() > self.st.cpl || inner && how == Transfer::Jump {
            return Err(Exception::gp(selector));
        }
        if !d.present() {
            return Err(Exception::np(selector));
        }
        if inner {
            return self.call_inner(inst, gate, d, selector);
        }
        let offset = gate.gate_offset();
        if how == Transfer::Call {
            self.call_same(inst, d, offset, gate.kind() == system::CALL_GATE32)?;
        }
        self.enter_code(d, selector, self.st.cpl, offset)
    }

    /// A call's part on the current stack: room for the return address is looked for before the limit of the code is
    /// looked at (SDM vol. 2A, CALL).
    fn call_same(&mut self, inst: &Inst, d: Descriptor, offset: u32, wide: bool) -> Done {
        NewStack::current(self).room(2, wide).map_err(|_| Exception::SS0)?;
        if offset > d.limit() {
            return Err(Exception::GP0);
        }
        self.push_return(inst, wide)
    }

    fn call_inner(&mut self, inst: &Inst, gate: Descriptor, d: Descriptor, selector: u16) -> Done {
        let wide = gate.kind() == system::CALL_GATE32;
        let cpl = d.dpl();
        let mut stack = self.open_inner_stack(cpl)?;
        let old = (self.st.seg[usize::from(seg::SS)].selector, self.st.gpr[ESP]);
        let mut parameters = [0; 31];
        let count = gate.gate_parameters() as usize;
        stack.room(count as u32 + 4, wide)?;
        if gate.gate_offset() > d.limit() {
            return Err(Exception::GP0);
        }
        let size = if wide { 4 } else { 2 };
        for (i, p) in parameters.iter_mut().take(count).enumerate() {
            let at = self.sp().wrapping_add(i as u32 * size) & self.st.stack_mask;
            *p =
                if wide { self.read::<u32>(seg::SS, at)? } else { u32::from(self.read::<u16>(seg::SS, at)?) };
        }
        stack.push(self, wide, u32::from(old.0))?;
        stack.push(self, wide, old.1)?;
        for &p in parameters[..count].iter().rev() {
            stack.push(self, wide, p)?;
        }
        let (cs, back) = (self.st.seg[usize::from(seg::CS)].selector, self.next_eip(inst));
        stack.push(self, wide, u32::from(cs))?;
        stack.push(self, wide, back)?;
        self.enter_code(d, selector, cpl, gate.gate_offset())?;
        stack.commit(self);
        Ok(())
    }

    /// Pushes CS and the return address on the current stack, both or neither.
    fn push_return(&mut self, inst: &Inst, wide: bool) -> Done {
        let before = self.st.gpr[ESP];
        let (cs, back) = (self.st.seg[usize::from(seg::CS)].selector, self.next_eip(inst));
        let result = if wide {
            self.push(u32::from(cs)).and_then(|()| self.push(back))
        } else {
            self.push(cs).and_then(|()| self.push(back as u16))
        };
        result.inspect_err(|_| self.st.gpr[ESP] = before)
    }

    /// Pops a word or doubleword.
    fn pop_sized(&mut self, wide: bool) -> Result<u32, Exception> {
        if wide { self.pop::<u32>() } else { self.pop::<u16>().map(u32::from) }
    }

    /// Checks of the code segment a far return or IRET goes to.
    fn return_code(&mut self, selector: u16) -> Result<Descriptor, Exception> {
        if is_null(selector) {
            return Err(Exception::GP0);
        }
        let d = self.descriptor(selector, Exception::gp)?;
        let rpl = (selector & 3) as u8;
        let allowed = if d.is_conforming() { d.dpl() <= rpl } else { d.dpl() == rpl };
        if rpl < self.st.cpl || !d.is_code() || !allowed {
            return Err(Exception::gp(selector));
        }
        if d.present() { Ok(d) } else { Err(Exception::np(selector)) }
    }

    fn return_far(&mut self, wide: bool, release: u32) -> Done {
        let offset = self.pop_sized(wide)?;
        let selector = self.pop_sized(wide)? as u16;
        if self.st.real_segments() {
            self.jump_real(selector, offset)?;
            let sp = self.sp().wrapping_add(release);
            self.set_sp(sp);
            return Ok(());
        }
        let d = self.return_code(selector)?;
        let cpl = (selector & 3) as u8;
        let sp = self.sp().wrapping_add(release);
        self.set_sp(sp);
        if cpl == self.st.cpl {
            return self.enter_code(d, selector, cpl, offset);
        }
        self.return_outer(d, selector, offset, wide)?;
        let sp = self.sp().wrapping_add(release);
        self.set_sp(sp);
        Ok(())
    }

    /// The outer level's part of a return: pops its stack, enters its code. The stack is checked before the limit of
    /// the code (SDM vol. 2B, RET).
    fn return_outer(&mut self, d: Descriptor, selector: u16, offset: u32, wide: bool) -> Done {
        let cpl = (selector & 3) as u8;
        let sp = self.pop_sized(wide)?;
        let ss = self.pop_sized(wide)? as u16;
        let stack = self.stack_segment(ss, cpl, Exception::gp)?;
        self.enter_code(d, selector, cpl, offset)?;
        self.set_segment(seg::SS, stack);
        self.set_sp(sp);
        self.drop_privileged_segments();
        Ok(())
    }

    /// EFLAGS bits that POPF and IRET may change at the current privilege.
    pub fn changeable_flags(&self, wide: bool) -> u32 {
        let mut mask = eflags::ALL & !(VM | VIF | VIP | RF | IOPL | IF);
        if self.st.cpl == 0 {
            mask |= IOPL;
        }
        if self.st.cpl <= self.st.flags.iopl() {
            mask |= IF;
        }
        if wide { mask } else { mask & 0xFFFF }
    }

    fn iret_flags(&mut self, value: u32, mask: u32) {
        let merged = self.st.flags.get() & !mask | value & mask;
        self.st.flags.set(merged);
        self.update_mode();
    }

    fn iret_real(&mut self, wide: bool) -> Done {
        if self.st.v86() && self.st.flags.iopl() < 3 {
            return Err(Exception::GP0);
        }
        let offset = self.pop_sized(wide)?;
        let selector = self.pop_sized(wide)? as u16;
        let flags = self.pop_sized(wide)?;
        self.jump_real(selector, offset)?;
        let mut mask = eflags::ALL & !(VM | VIF | VIP);
        if self.st.v86() {
            mask &= !IOPL;
        }
        self.iret_flags(flags, if wide { mask } else { mask & 0xFFFF });
        Ok(())
    }

    fn iret_protected(&mut self, inst: &Inst) -> Done {
        let wide = inst.has(flag::OPSIZE32);
        if self.st.flags.system(NT) != 0 {
            let tr = self.st.seg[usize::from(seg::TR)];
            let link = self.read_system::<u16>(tr.base)?;
            let back = self.next_eip(inst);
            return self.switch_task(link, Switch::Return, back, None);
        }
        let offset = self.pop_sized(wide)?;
        let selector = self.pop_sized(wide)? as u16;
        let flags = self.pop_sized(wide)?;
        if wide && flags & VM != 0 && self.st.cpl == 0 {
            return self.iret_to_v86(offset, selector, flags);
        }
        let d = self.return_code(selector)?;
        // What may change follows from the level that is left.
        let mut mask = self.changeable_flags(wide);
        if wide {
            mask |= RF;
            if self.st.cpl == 0 {
                mask |= VIF | VIP;
            }
        }
        if (selector & 3) as u8 == self.st.cpl {
            self.enter_code(d, selector, self.st.cpl, offset)?;
        } else {
            self.return_outer(d, selector, offset, wide)?;
        }
        self.iret_flags(flags, mask);
        Ok(())
    }

    fn iret_to_v86(&mut self, offset: u32, selector: u16, flags: u32) -> Done {
        if offset > 0xFFFF {
            return Err(Exception::GP0);
        }
        let mut values = [0; 6];
        for value in &mut values {
            *value = self.pop_sized(true)?;
        }
        let [esp, ss, es, ds, fs, gs] = values;
        self.st.flags.set(flags);
        self.st.cpl = 3;
        let data = attr::P | attr::S | attr::RW | attr::ACCESSED | 3 << attr::DPL_SHIFT;
        let all = [
            (seg::CS, u32::from(selector)),
            (seg::SS, ss),
            (seg::ES, es),
            (seg::DS, ds),
            (seg::FS, fs),
            (seg::GS, gs),
        ];
        for (number, value) in all {
            self.set_segment(number, Segment::real(value as u16, data));
        }
        self.st.eip = offset;
        self.st.gpr[ESP] = esp;
        self.update_mode();
        Ok(())
    }

    /// Runs `f`; if it fails, ESP is as before.
    fn keeping_esp(&mut self, f: impl FnOnce(&mut Cpu) -> Done) -> Done {
        let before = self.st.gpr[ESP];
        f(self).inspect_err(|exception| {
            if !exception.is_in_new_task() {
                self.st.gpr[ESP] = before;
            }
        })
    }
}

/// JMP ptr16:16, ptr16:32.
pub fn jmp_ptr(cpu: &mut Cpu, inst: &Inst) -> Done {
    cpu.far_transfer(inst, inst.imm2, inst.imm, Transfer::Jump)
}

/// CALL ptr16:16, ptr16:32.
pub fn call_ptr(cpu: &mut Cpu, inst: &Inst) -> Done {
    cpu.keeping_esp(|cpu| cpu.far_transfer(inst, inst.imm2, inst.imm, Transfer::Call))
}

fn far_pointer<W: Int>(cpu: &mut Cpu, inst: &Inst) -> Result<(u16, W), Exception> {
    let at = cpu.ea(inst);
    let offset = cpu.read(inst.seg, at)?;
    let selector = cpu.read(inst.seg, at.wrapping_add(W::BYTES) & inst.ea_mask)?;
    Ok((selector, offset))
}

fn jmp_memory<W: Int>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let (selector, offset) = far_pointer::<W>(cpu, inst)?;
    cpu.far_transfer(inst, selector, offset.to_u32(), Transfer::Jump)
}

/// Body of JMP m16:16, m16:32.
pub fn jmp_memory_body(d: &Decoded) -> Body {
    if d.opsize32 { jmp_memory::<u32> } else { jmp_memory::<u16> }
}

fn call_memory<W: Int>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let (selector, offset) = far_pointer::<W>(cpu, inst)?;
    cpu.keeping_esp(|cpu| cpu.far_transfer(inst, selector, offset.to_u32(), Transfer::Call))
}

/// Body of CALL m16:16, m16:32.
pub fn call_memory_body(d: &Decoded) -> Body {
    if d.opsize32 { call_memory::<u32> } else { call_memory::<u16> }
}

/// RETF; the immediate is 0 for the plain form.
pub fn retf(cpu: &mut Cpu, inst: &Inst) -> Done {
    cpu.keeping_esp(|cpu| cpu.return_far(inst.has(flag::OPSIZE32), inst.imm & 0xFFFF))
}

/// IRET.
pub fn iret(cpu: &mut Cpu, inst: &Inst) -> Done {
    cpu.keeping_esp(|cpu| {
        if cpu.st.real_segments() {
            cpu.iret_real(inst.has(flag::OPSIZE32))
        } else {
            cpu.iret_protected(inst)
        }
    })?;
    // IRET opens the door to NMIs again.
    cpu.st.nmi_blocked = false;
    cpu.attention |= attention::INTERRUPT | attention::DEBUG;
    Ok(())
}

fn load_far<W: Reg, const SEG: u8>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let (selector, offset) = far_pointer::<W>(cpu, inst)?;
    cpu.load_segment(SEG, selector)?;
    W::set(cpu, inst.dst, offset);
    Ok(())
}

/// Body of LDS, LES, LFS, LGS, LSS.
pub fn load_far_body<const SEG: u8>(d: &Decoded) -> Body {
    if d.opsize32 { load_far::<u32, SEG> } else { load_far::<u16, SEG> }
}
