//! System instructions: control and debug registers, descriptor tables, MSRs, HLT, fast system calls.

use super::operand::{Dst, Mem, Place, Reg, Source, Src};
use super::{Body, Inst, flag};
use crate::x86::cpu::{Cpu, attention};
use crate::x86::cpuid;
use crate::x86::decode::{Decoded, Operand};
use crate::x86::eflags::{IF, RF, VM};
use crate::x86::exception::Exception;
use crate::x86::regs::gpr::{EAX, EBX, ECX, EDX, ESP};
use crate::x86::regs::{Segment, TableRegister, attr, cr0, cr4, seg};
use crate::x86::segmentation::{is_null, system};

type Done = Result<(), Exception>;

fn need_cpl0(cpu: &Cpu) -> Done {
    if cpu.st.cpl == 0 { Ok(()) } else { Err(Exception::GP0) }
}

/// HLT.
pub fn hlt(cpu: &mut Cpu, _inst: &Inst) -> Done {
    need_cpl0(cpu)?;
    cpu.st.halted = true;
    cpu.attention |= attention::HALT | attention::INTERRUPT;
    Ok(())
}

/// CPUID.
pub fn cpuid(cpu: &mut Cpu, _inst: &Inst) -> Done {
    let apic = cpu.st.msr.apic_base >> 11 & 1 != 0;
    let [a, b, c, d] = cpuid::leaf(cpu.st.gpr[EAX], apic);
    (cpu.st.gpr[EAX], cpu.st.gpr[EBX], cpu.st.gpr[ECX], cpu.st.gpr[EDX]) = (a, b, c, d);
    Ok(())
}

fn set_edx_eax(cpu: &mut Cpu, value: u64) {
    cpu.st.gpr[EAX] = value as u32;
    cpu.st.gpr[EDX] = (value >> 32) as u32;
}

/// RDTSC.
pub fn rdtsc(cpu: &mut Cpu, _inst: &Inst) -> Done {
    if cpu.st.cr4 & cr4::TSD != 0 && cpu.st.cpl != 0 {
        return Err(Exception::GP0);
    }
    let value = cpu.tsc();
    set_edx_eax(cpu, value);
    Ok(())
}

/// RDPMC: there are no counters.
pub fn rdpmc(_cpu: &mut Cpu, _inst: &Inst) -> Done {
    Err(Exception::GP0)
}

/// RDMSR.
pub fn rdmsr(cpu: &mut Cpu, _inst: &Inst) -> Done {
    need_cpl0(cpu)?;
    let value = cpu.read_msr(cpu.st.gpr[ECX])?;
    set_edx_eax(cpu, value);
    Ok(())
}

/// WRMSR.
pub fn wrmsr(cpu: &mut Cpu, _inst: &Inst) -> Done {
    need_cpl0(cpu)?;
    let value = u64::from(cpu.st.gpr[EDX]) << 32 | u64::from(cpu.st.gpr[EAX]);
    cpu.write_msr(cpu.st.gpr[ECX], value)
}

fn flat(selector: u16, cpl: u8, code: bool) -> Segment {
    let kind = attr::P
        | attr::S
        | attr::RW
        | attr::ACCESSED
        | attr::DB
        | attr::G
        | u16::from(cpl) << attr::DPL_SHIFT;
    let kind = if code { kind | attr::CODE } else { kind };
    Segment::new(selector & !3 | u16::from(cpl), 0, u32::MAX, kind)
}

/// SYSENTER.
pub fn sysenter(cpu: &mut Cpu, _inst: &Inst) -> Done {
    let [cs, esp, eip] = cpu.st.msr.sysenter;
    if !cpu.st.protected() || is_null(cs as u16) {
        return Err(Exception::GP0);
    }
    cpu.st.flags.put(VM | IF | RF, 0);
    cpu.st.seg[usize::from(seg::CS)] = flat(cs as u16, 0, true);
    cpu.set_segment(seg::SS, flat((cs as u16 & !3).wrapping_add(8), 0, false));
    cpu.st.gpr[ESP] = esp;
    cpu.st.eip = eip;
    cpu.set_cpl(0);
    Ok(())
}

/// SYSEXIT.
pub fn sysexit(cpu: &mut Cpu, _inst: &Inst) -> Done {
    let cs = cpu.st.msr.sysenter[0] as u16;
    if !cpu.st.protected() || is_null(cs) || cpu.st.cpl != 0 {
        return Err(Exception::GP0);
    }
    cpu.st.seg[usize::from(seg::CS)] = flat((cs & !3).wrapping_add(16), 3, true);
    cpu.set_segment(seg::SS, flat((cs & !3).wrapping_add(24), 3, false));
    cpu.st.gpr[ESP] = cpu.st.gpr[ECX];
    cpu.st.eip = cpu.st.gpr[EDX];
    cpu.set_cpl(3);
    Ok(())
}

/// CLTS.
pub fn clts(cpu: &mut Cpu, _inst: &Inst) -> Done {
    need_cpl0(cpu)?;
    cpu.probe_control(0, cpu.st.cr0, cpu.st.cr0 & !cr0::TS);
    cpu.st.cr0 &= !cr0::TS;
    Ok(())
}

/// INVD, WBINVD: there is no cache to drop or write back.
pub fn invd(cpu: &mut Cpu, _inst: &Inst) -> Done {
    need_cpl0(cpu)
}

/// INVLPG.
pub fn invlpg(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_cpl0(cpu)?;
    let linear = cpu.st.seg[usize::from(inst.seg & 7)].base.wrapping_add(cpu.ea(inst));
    cpu.flush_tlb_page(linear);
    Ok(())
}

impl Cpu {
    /// MOV to CR0, LMSW: checks, mode changes, TLB (SDM vol. 2, MOV CR; vol. 3A, 4.10.4).
    pub fn set_cr0(&mut self, value: u32) -> Done {
        let new = value & cr0::ALL | cr0::ET;
        let paging_without_protection = new & cr0::PG != 0 && new & cr0::PE == 0;
        if paging_without_protection || new & cr0::NW != 0 && new & cr0::CD == 0 {
            return Err(Exception::GP0);
        }
        let changed = new ^ self.st.cr0;
        // PDPTEs are registers, loaded when one of these changes (SDM vol. 3A, 4.4.1).
        let reload = changed & (cr0::PG | cr0::CD | cr0::NW) != 0;
        if reload && new & cr0::PG != 0 && self.st.cr4 & cr4::PAE != 0 {
            self.load_pdptes(self.st.cr3)?;
            self.flush_tlb(true);
        }
        self.probe_control(0, self.st.cr0, new);
        self.st.cr0 = new;
        if changed & (cr0::PG | cr0::WP | cr0::PE) != 0 {
            self.flush_tlb(true);
        }
        self.update_mode();
        super::x87::entry::drive_ferr(self);
        Ok(())
    }

    /// MOV to CR3.
    pub fn set_cr3(&mut self, value: u32) -> Done {
        if self.st.cr4 & cr4::PAE != 0 && self.st.cr0 & cr0::PG != 0 {
            self.load_pdptes(value)?;
        }
        self.probe_control(3, self.st.cr3, value);
        self.st.cr3 = value;
        self.flush_tlb(false);
        Ok(())
    }

    /// MOV to CR4.
    pub fn set_cr4(&mut self, value: u32) -> Done {
        if value & !cr4::ALL != 0 {
            return Err(Exception::GP0);
        }
        let changed = value ^ self.st.cr4;
        let reload = changed & (cr4::PAE | cr4::PGE | cr4::PSE) != 0;
        if reload && value & cr4::PAE != 0 && self.st.cr0 & cr0::PG != 0 {
            self.load_pdptes(self.st.cr3)?;
        }
        self.probe_control(4, self.st.cr4, value);
        self.st.cr4 = value;
        if changed & (cr4::PSE | cr4::PAE | cr4::PGE) != 0 {
            self.flush_tlb(true);
        }
        self.update_mode();
        Ok(())
    }
}

/// MOV CRn, r32.
pub fn mov_to_cr(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_cpl0(cpu)?;
    let value = u32::get(cpu, inst.src);
    match inst.dst {
        0 => cpu.set_cr0(value),
        2 => {
            cpu.probe_control(2, cpu.st.cr2, value);
            cpu.st.cr2 = value;
            Ok(())
        }
        3 => cpu.set_cr3(value),
        _ => cpu.set_cr4(value),
    }
}

/// MOV r32, CRn.
pub fn mov_from_cr(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_cpl0(cpu)?;
    let value = match inst.src {
        0 => cpu.st.cr0,
        2 => cpu.st.cr2,
        3 => cpu.st.cr3,
        _ => cpu.st.cr4,
    };
    u32::set(cpu, inst.dst, value);
    Ok(())
}

/// MOV DRn, r32.
pub fn mov_to_dr(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_cpl0(cpu)?;
    let number = cpu.debug_register(inst.dst)?;
    let value = u32::get(cpu, inst.src);
    cpu.set_debug_register(number, value);
    Ok(())
}

/// MOV r32, DRn.
pub fn mov_from_dr(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_cpl0(cpu)?;
    let number = cpu.debug_register(inst.src)?;
    let value = cpu.st.dr[number & 7];
    u32::set(cpu, inst.dst, value);
    Ok(())
}

fn smsw<W: Reg, D: Place<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let value = W::from_u32(cpu.st.cr0);
    D::store(cpu, inst, value)
}

/// Body of SMSW: memory gets 16 bits, a 32-bit register all of CR0.
pub fn smsw_body(d: &Decoded) -> Body {
    match d.operands[0] {
        Operand::Mem(_) => smsw::<u16, Mem>,
        Operand::Gpr32(_) => smsw::<u32, Dst>,
        _ => smsw::<u16, Dst>,
    }
}

fn lmsw<S: Source<u16>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_cpl0(cpu)?;
    let value = u32::from(S::load(cpu, inst)?) & 0xF;
    // PE can be set, not cleared.
    let pe = cpu.st.cr0 & cr0::PE;
    let new = cpu.st.cr0 & !0xF | value | pe;
    cpu.set_cr0(new)
}

/// Body of LMSW.
pub fn lmsw_body(d: &Decoded) -> Body {
    if matches!(d.operands[0], Operand::Mem(_)) { lmsw::<Mem> } else { lmsw::<Src> }
}

fn store_table(cpu: &mut Cpu, inst: &Inst, table: TableRegister) -> Done {
    let at = cpu.ea(inst);
    cpu.write(inst.seg, at, table.limit)?;
    cpu.write(inst.seg, at.wrapping_add(2) & inst.ea_mask, table.base)
}

/// SGDT.
pub fn sgdt(cpu: &mut Cpu, inst: &Inst) -> Done {
    store_table(cpu, inst, cpu.st.gdtr)
}

/// SIDT.
pub fn sidt(cpu: &mut Cpu, inst: &Inst) -> Done {
    store_table(cpu, inst, cpu.st.idtr)
}

/// The operand of LGDT and LIDT: with a 16-bit operand size the base has 24 bits.
fn load_table(cpu: &mut Cpu, inst: &Inst) -> Result<TableRegister, Exception> {
    need_cpl0(cpu)?;
    let at = cpu.ea(inst);
    let limit = cpu.read(inst.seg, at)?;
    let base: u32 = cpu.read(inst.seg, at.wrapping_add(2) & inst.ea_mask)?;
    let base = if inst.has(flag::OPSIZE32) { base } else { base & 0xFF_FFFF };
    Ok(TableRegister { base, limit })
}

/// LGDT.
pub fn lgdt(cpu: &mut Cpu, inst: &Inst) -> Done {
    cpu.st.gdtr = load_table(cpu, inst)?;
    Ok(())
}

/// LIDT.
pub fn lidt(cpu: &mut Cpu, inst: &Inst) -> Done {
    cpu.st.idtr = load_table(cpu, inst)?;
    Ok(())
}

fn need_protected(cpu: &Cpu) -> Done {
    if cpu.st.real_segments() { Err(Exception::UD) } else { Ok(()) }
}

fn store_selector<const SEG: u8, W: Reg, D: Place<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_protected(cpu)?;
    let selector = cpu.st.seg[usize::from(SEG)].selector;
    D::store(cpu, inst, W::from_u32(u32::from(selector)))
}

/// Body of SLDT and STR.
pub fn store_selector_body<const SEG: u8>(d: &Decoded) -> Body {
    match d.operands[0] {
        Operand::Mem(_) => store_selector::<SEG, u16, Mem>,
        Operand::Gpr32(_) => store_selector::<SEG, u32, Dst>,
        _ => store_selector::<SEG, u16, Dst>,
    }
}

fn lldt<S: Source<u16>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_protected(cpu)?;
    need_cpl0(cpu)?;
    let selector = S::load(cpu, inst)?;
    if is_null(selector) {
        cpu.st.seg[usize::from(seg::LDTR)] = Segment::null(selector);
        return Ok(());
    }
    if selector & 4 != 0 {
        return Err(Exception::gp(selector));
    }
    let d = cpu.descriptor(selector, Exception::gp)?;
    if d.kind() != system::LDT {
        return Err(Exception::gp(selector));
    }
    if !d.present() {
        return Err(Exception::np(selector));
    }
    cpu.st.seg[usize::from(seg::LDTR)] = d.segment(selector);
    Ok(())
}

/// Body of LLDT.
pub fn lldt_body(d: &Decoded) -> Body {
    if matches!(d.operands[0], Operand::Mem(_)) { lldt::<Mem> } else { lldt::<Src> }
}

fn ltr<S: Source<u16>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_protected(cpu)?;
    need_cpl0(cpu)?;
    let selector = S::load(cpu, inst)?;
    if is_null(selector) {
        return Err(Exception::GP0);
    }
    if selector & 4 != 0 {
        return Err(Exception::gp(selector));
    }
    let mut d = cpu.descriptor(selector, Exception::gp)?;
    if !matches!(d.kind(), system::TSS16 | system::TSS32) {
        return Err(Exception::gp(selector));
    }
    if !d.present() {
        return Err(Exception::np(selector));
    }
    d.raw |= u64::from(system::BUSY) << 40;
    cpu.write_system(d.linear.wrapping_add(4), (d.raw >> 32) as u32)?;
    cpu.st.seg[usize::from(seg::TR)] = d.segment(selector);
    Ok(())
}

/// Body of LTR.
pub fn ltr_body(d: &Decoded) -> Body {
    if matches!(d.operands[0], Operand::Mem(_)) { ltr::<Mem> } else { ltr::<Src> }
}

/// Everything that is no instruction, RSM outside SMM, and UD0-UD2.
pub fn undefined(_cpu: &mut Cpu, _inst: &Inst) -> Done {
    Err(Exception::UD)
}
