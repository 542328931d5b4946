//! The run loop: finds blocks, executes them to an exact instruction count, delivers what interrupts them.

use super::code::{Block, CodeCache, decode_one};
use super::cpu::{Cpu, attention};
use super::decode::DecodeError;
use super::eflags;
use super::exception::Exception;
use super::interp::{Inst, flag};
use super::regs::seg;
use super::tlb::{Access, Place, is_user};
use crate::mem::{CODE, PAGE};
use crate::time::Ns;

/// Why [`Engine::run`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The limit was reached.
    Limit,
    /// A device changed something the machine must look at: a signal, an earlier deadline.
    Device,
    /// The CPU sleeps in HLT and nothing wakes it now.
    Halt,
    /// Triple fault.
    Shutdown,
}

/// The code page the last instruction came from. Looked up again only when EIP leaves it or translations were dropped,
/// so that the TLB sees the same fetches however the run is sliced.
#[derive(Clone, Copy)]
struct CodePage {
    linear: u32,
    place: Place,
    user: bool,
}

/// The CPU and its decoded code.
pub struct Engine {
    /// What bodies work on.
    pub cpu: Cpu,
    code: CodeCache,
    page: Option<CodePage>,
    map_version: u32,
    tlb_version: u32,
}

enum Found {
    Block(Block),
    /// Code that cannot be cached as a block: crosses a page, ends at the limit, is not in RAM.
    Single,
}

impl Engine {
    /// An engine around a CPU.
    pub fn new(cpu: Cpu) -> Self {
        Self { cpu, code: CodeCache::default(), page: None, map_version: 0, tlb_version: 0 }
    }

    /// Executes until `limit` steps in all, an earlier deadline than `deadline`, or something that needs the machine.
    pub fn run(&mut self, limit: u64, deadline: Ns) -> Exit {
        self.cpu.limit = limit;
        self.cpu.position = 0;
        self.cpu.extra_steps = 0;
        loop {
            if self.cpu.steps >= limit {
                return Exit::Limit;
            }
            let mut single = false;
            if self.cpu.attention != 0
                && let Some(exit) = self.attend(deadline, &mut single)
            {
                return exit;
            }
            let result = match self.find_code() {
                Ok(Found::Block(block)) => self.execute(block, if single { 1 } else { u64::MAX }),
                Ok(Found::Single) => self.execute_single(),
                Err(exception) => {
                    self.cpu.steps += 1;
                    Err(exception)
                }
            };
            if single {
                self.cpu.attention |= attention::INTERRUPT | attention::DEBUG;
            }
            if let Err(exception) = result {
                self.fault(exception);
            }
        }
    }

    /// Does all that has to be done between instructions. Sets `single` if only one may follow.
    #[cold]
    fn attend(&mut self, deadline: Ns, single: &mut bool) -> Option<Exit> {
        let cpu = &mut self.cpu;
        let why = std::mem::take(&mut cpu.attention);
        if why & (attention::CODE | attention::DEVICE) != 0 {
            self.drop_written_code();
            self.follow_map();
        }
        let cpu = &mut self.cpu;
        cpu.st.nmi_pending |= cpu.bus.cx.lines.take_nmi();
        if cpu.st.shutdown {
            cpu.attention |= attention::HALT;
            return Some(Exit::Shutdown);
        }
        if why & attention::DEVICE != 0 && (cpu.bus.cx.signals.any() || cpu.bus.cx.timers.next() < deadline) {
            cpu.attention |= why & !attention::DEVICE | attention::INTERRUPT;
            return Some(Exit::Device);
        }
        // The order of SDM vol. 3A, table 6-2: traps of the previous instruction, NMI, INTR.
        if cpu.st.debug_pending != 0 && !(cpu.st.shadow && cpu.st.shadow_ss) {
            let conditions = std::mem::take(&mut cpu.st.debug_pending);
            cpu.st.dr[6] |= conditions;
            cpu.st.shadow = false;
            self.fault(Exception::DB);
            self.cpu.attention |= attention::INTERRUPT;
            return None;
        }
        if cpu.st.nmi_pending && !cpu.st.nmi_blocked && !cpu.st.shadow {
            cpu.st.nmi_pending = false;
            cpu.st.nmi_blocked = true;
            cpu.st.halted = false;
            self.external_interrupt(super::exception::vector::NMI);
        } else if cpu.bus.intr() && !cpu.st.shadow && cpu.st.flags.system(eflags::IF) != 0 {
            cpu.st.halted = false;
            cpu.before_device();
            let vector = cpu.bus.acknowledge();
            cpu.after_device();
            self.external_interrupt(vector);
        }
        let cpu = &mut self.cpu;
        if cpu.st.halted {
            cpu.attention |= attention::INTERRUPT;
            return Some(Exit::Halt);
        }
        if cpu.st.shadow {
            *single = true;
            cpu.st.shadow = false;
        }
        if cpu.st.flags.system(eflags::TF | eflags::RF) != 0 || cpu.has_code_breakpoints() {
            *single = true;
            cpu.attention |= attention::DEBUG;
        }
        None
    }

    fn drop_written_code(&mut self) {
        for (offset, len) in self.cpu.bus.cx.mem.take_code_writes() {
            if self.code.written(offset, len) {
                self.cpu.bus.cx.mem.clear_flags(offset, CODE);
            }
        }
    }

    /// The physical map or the A20 gate changed: all translations go, and blocks too as backing pages moved.
    fn follow_map(&mut self) {
        let a20 = std::mem::take(&mut self.cpu.bus.cx.signals.a20_changed);
        let version = self.cpu.bus.cx.mem.map.version();
        if a20 || version != self.map_version {
            self.map_version = version;
            self.cpu.flush_tlb(true);
        }
    }

    /// Finds or decodes the code at CS:EIP.
    #[inline(always)]
    fn find_code(&mut self) -> Result<Found, Exception> {
        let cpu = &mut self.cpu;
        let cs = &cpu.st.seg[usize::from(seg::CS)];
        let eip = cpu.st.eip;
        let linear = cs.base.wrapping_add(eip);
        let (limit, code32) = (cs.limit, cs.is_32());
        if eip > limit {
            return Err(Exception::GP0);
        }
        let place = match self.page {
            Some(page)
                if page.linear == linear & !0xFFF
                    && page.user == is_user(&cpu.st)
                    && self.tlb_version == cpu.tlb_version =>
            {
                page.place
            }
            _ => self.enter_page(linear)?,
        };
        let Place::Ram(base) = place else { return Ok(Found::Single) };
        let offset = base | linear & 0xFFF;
        let block = match self.code.find(offset, code32) {
            Some(block) => block,
            None => match self.decode_block(offset, code32) {
                Some(block) => block,
                None => return Ok(Found::Single),
            },
        };
        if block.bytes - 1 > limit - eip {
            return Ok(Found::Single);
        }
        self.cpu.code_base = eip.wrapping_sub(linear & 0xFFF);
        Ok(Found::Block(block))
    }

    #[inline(never)]
    fn enter_page(&mut self, linear: u32) -> Result<Place, Exception> {
        let user = is_user(&self.cpu.st);
        let page = linear & !0xFFF;
        let place = match self.cpu.locate(page, Access::Execute, user) {
            Ok(place) => place,
            Err(exception) => {
                // CR2 is the instruction's address, not its page's.
                self.cpu.st.cr2 = linear;
                return Err(exception);
            }
        };
        self.tlb_version = self.cpu.tlb_version;
        self.page = Some(CodePage { linear: page, place, user });
        Ok(place)
    }

    #[inline(never)]
    fn decode_block(&mut self, offset: u32, code32: bool) -> Option<Block> {
        let fresh = !self.code.has_page(offset);
        let page = self.cpu.bus.cx.mem.ram.slice(offset & !0xFFF, PAGE);
        let block = self.code.decode(offset, code32, page)?;
        if fresh {
            self.cpu.bus.cx.mem.set_flags(offset, CODE);
            self.cpu.tlb.demote_writes_to(offset);
        }
        Some(block)
    }

    /// Executes a block, or as much of it as the limit or `most` allows.
    #[inline(always)]
    fn execute(&mut self, block: Block, most: u64) -> Result<(), Exception> {
        let cpu = &mut self.cpu;
        let left = (cpu.limit - cpu.steps).min(most);
        let insts = self.code.insts(&block);
        let insts = if left < insts.len() as u64 { &insts[..left as usize] } else { insts };
        if cpu.attention & attention::DEBUG != 0 && cpu.code_breakpoint() {
            cpu.steps += 1;
            return Err(Exception::DB);
        }
        let trap = cpu.attention & attention::DEBUG != 0 && cpu.st.flags.system(eflags::TF) != 0;
        cpu.attention = 0;
        let mut last = &insts[0];
        for (position, inst) in insts.iter().enumerate() {
            cpu.position = position as u32;
            last = inst;
            if let Err(exception) = (inst.body)(cpu, inst) {
                cpu.st.eip = cpu.eip_of(inst);
                return Self::retire_fault(cpu, exception);
            }
            if cpu.attention != 0 {
                break;
            }
        }
        Self::retire(cpu, last, trap);
        Ok(())
    }

    #[inline(always)]
    fn retire(cpu: &mut Cpu, last: &Inst, trap: bool) {
        if !last.has(flag::SETS_EIP) {
            cpu.st.eip = cpu.next_eip(last);
        }
        cpu.steps += u64::from(cpu.position) + 1 + cpu.extra_steps;
        cpu.position = 0;
        cpu.extra_steps = 0;
        if trap {
            cpu.single_step_trap();
        }
    }

    fn retire_fault(cpu: &mut Cpu, exception: Exception) -> Result<(), Exception> {
        cpu.steps += u64::from(cpu.position) + 1 + cpu.extra_steps;
        cpu.position = 0;
        cpu.extra_steps = 0;
        cpu.attention |= attention::INTERRUPT;
        Err(exception)
    }

    /// Fetches and executes one instruction that has no block.
    #[inline(never)]
    fn execute_single(&mut self) -> Result<(), Exception> {
        let cpu = &mut self.cpu;
        let eip = cpu.st.eip;
        let linear = cpu.st.seg[usize::from(seg::CS)].base.wrapping_add(eip);
        cpu.code_base = eip.wrapping_sub(linear & 0xFFF);
        if cpu.attention & attention::DEBUG != 0 && cpu.code_breakpoint() {
            cpu.steps += 1;
            return Err(Exception::DB);
        }
        let trap = cpu.attention & attention::DEBUG != 0 && cpu.st.flags.system(eflags::TF) != 0;
        let inst = match self.fetch(eip, linear) {
            Ok(inst) => inst,
            Err(exception) => return Self::retire_fault(&mut self.cpu, exception),
        };
        let cpu = &mut self.cpu;
        cpu.attention = 0;
        if let Err(exception) = (inst.body)(cpu, &inst) {
            cpu.st.eip = eip;
            return Self::retire_fault(cpu, exception);
        }
        Self::retire(cpu, &inst, trap);
        Ok(())
    }

    /// Bytes of one instruction, byte by byte under the limit and page by page, decoded.
    fn fetch(&mut self, eip: u32, linear: u32) -> Result<Inst, Exception> {
        let user = is_user(&self.cpu.st);
        let cs = self.cpu.st.seg[usize::from(seg::CS)];
        let allowed = (u64::from(cs.limit - eip) + 1).min(15) as u32;
        let in_page = (PAGE - linear % PAGE).min(allowed);
        let mut bytes = [0; 15];
        let mut have = 0;
        for part in [in_page, allowed] {
            if part > have {
                let from = linear.wrapping_add(have);
                let place = match self.page {
                    Some(page) if have == 0 => match page.place {
                        Place::Ram(base) => Place::Ram(base | from & 0xFFF),
                        Place::Phys(base) => Place::Phys(base | u64::from(from & 0xFFF)),
                    },
                    _ => self.cpu.locate(from, Access::Execute, user)?,
                };
                for i in have..part {
                    let at = i - have;
                    let next = match place {
                        Place::Ram(offset) => Place::Ram(offset + at),
                        Place::Phys(phys) => Place::Phys(phys + u64::from(at)),
                    };
                    bytes[i as usize] = self.cpu.read_place(next, 1) as u8;
                }
                have = part;
            }
            match decode_one(&bytes[..have as usize], cs.is_32(), linear % PAGE) {
                Ok((inst, _)) => return Ok(inst),
                Err(DecodeError::TooLong) => return Err(Exception::GP0),
                Err(DecodeError::Truncated) => {}
            }
        }
        // Ran into the segment limit, or into the 15th byte.
        Err(Exception::GP0)
    }

    /// Delivers an exception; what goes wrong on the way leads to #DF and shutdown.
    #[inline(never)]
    fn fault(&mut self, exception: Exception) {
        self.cpu.deliver_exception(exception);
        self.cpu.attention |= attention::INTERRUPT | attention::DEBUG;
    }

    fn external_interrupt(&mut self, vector: u8) {
        self.cpu.deliver_external(vector);
        self.cpu.attention |= attention::INTERRUPT | attention::DEBUG;
    }

    /// Drops every translation and block: after a snapshot was loaded or the machine was reset.
    pub fn forget(&mut self) {
        self.code.clear();
        self.page = None;
        self.cpu.flush_tlb(true);
        self.cpu.attention = u32::MAX;
    }
}
