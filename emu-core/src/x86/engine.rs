//! The run loop: finds blocks, executes them to an exact instruction count, delivers what interrupts them.

use super::code::{Block, CodeCache, decode_one};
use super::cpu::{Cpu, attention};
use super::decode::DecodeError;
use super::eflags;
use super::exception::{Exception, vector};
use super::interp::{Inst, flag};
use super::probe::Wanted;
use super::regs::{State, seg};
use super::tlb::{Access, Place, SavedTlb, is_user};
use crate::mem::PAGE;
use crate::time::Ns;
use serde::{Deserialize, Serialize};

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
    /// What the CPU's probe waits for happened; see [`Cpu::take_notices`].
    Probe,
}

/// The code page the last instruction came from. Looked up again only when EIP leaves it or translations were dropped,
/// so that the TLB sees the same fetches however the run is sliced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// An event was delivered, or there is another reason to execute one instruction before the next is looked for, but
    /// the probe had the run end before that instruction.
    owes_step: bool,
    /// The probe waits for the instruction that was to be found: it is not executed now.
    wanted: bool,
    /// After an event was delivered the run ends, before the first instruction of its handler.
    hold: bool,
}

/// What a snapshot holds of the CPU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedEngine {
    state: State,
    tlb: SavedTlb,
    page: Option<CodePage>,
    /// An interrupt was delivered, and the first instruction of its handler is yet to execute.
    owes_step: bool,
    steps: u64,
    time_base: Ns,
}

/// What to do after [`Engine::attend`].
enum Next {
    /// Whole blocks.
    Run,
    /// One instruction, then attend again.
    Step,
    /// Leave the run loop.
    Leave(Exit),
}

enum Found {
    Block(Block),
    /// Code that cannot be cached as a block: crosses a page, ends at the limit, is not in RAM.
    Single,
}

impl Engine {
    /// An engine around a CPU.
    pub fn new(cpu: Cpu) -> Self {
        Self {
            cpu,
            code: CodeCache::default(),
            page: None,
            map_version: 0,
            tlb_version: 0,
            owes_step: false,
            wanted: false,
            hold: false,
        }
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
            if self.cpu.attention != 0 {
                match self.attend(deadline) {
                    Next::Run => {}
                    Next::Step => {
                        self.step();
                        continue;
                    }
                    Next::Leave(exit) => return exit,
                }
            }
            if let Err(exception) = self.advance() {
                self.fault(exception);
            }
        }
    }

    /// Executes up to the end of a block, or one instruction that has no block.
    #[inline(always)]
    fn advance(&mut self) -> Result<(), Exception> {
        match self.find_code() {
            Ok(Found::Block(block)) => self.execute(block),
            Ok(Found::Single) => self.execute_single(),
            Err(exception) => {
                self.cpu.steps += 1;
                Err(exception)
            }
        }
    }

    /// Executes one instruction, or one iteration of a repeated one, with all that debugging asks for.
    #[cold]
    fn step(&mut self) {
        // The frame of an event that was just delivered may lie on code.
        if self.cpu.attention & attention::CODE != 0 {
            self.drop_written_code();
        }
        let cpu = &mut self.cpu;
        if cpu.code_breakpoint() {
            cpu.steps += 1;
            cpu.deliver_exception(Exception::DB);
            return;
        }
        if let Some(counts) = &mut cpu.counts {
            counts.note(cpu.st.seg[usize::from(seg::CS)].base.wrapping_add(cpu.st.eip));
        }
        let origin = cpu.probe.on_registers().then(|| cpu.before_step());
        let trap = cpu.st.flags.system(eflags::TF) != 0;
        let limit = std::mem::replace(&mut cpu.limit, cpu.steps + 1);
        cpu.delivered = false;
        cpu.attention = 0;
        let result = self.advance();
        let cpu = &mut self.cpu;
        cpu.limit = limit;
        cpu.attention |= attention::INTERRUPT | attention::DEBUG;
        match result {
            Err(exception) => self.fault(exception),
            Ok(()) => {
                // INT n and its like clear TF before the trap would come; a load of SS suppresses it (SDM vol. 3A, 6.8.3).
                if trap && !cpu.delivered && !(cpu.st.shadow && cpu.st.shadow_ss) {
                    cpu.single_step_trap();
                }
            }
        }
        if let Some(origin) = origin {
            self.cpu.after_step(origin);
        }
    }

    /// Does all that has to be done between instructions.
    #[cold]
    fn attend(&mut self, deadline: Ns) -> Next {
        let why = std::mem::take(&mut self.cpu.attention);
        if why & (attention::CODE | attention::DEVICE) != 0 {
            self.drop_written_code();
            self.follow_map();
        }
        let cpu = &mut self.cpu;
        if why & attention::PROBE != 0 || why & attention::DEVICE != 0 && cpu.bus.cx.has_news() {
            cpu.attention |= why & !attention::PROBE | attention::INTERRUPT;
            return Next::Leave(Exit::Probe);
        }
        cpu.st.nmi_pending |= cpu.bus.cx.lines.take_nmi();
        if cpu.st.shutdown {
            cpu.attention |= attention::HALT;
            return Next::Leave(Exit::Shutdown);
        }
        if why & attention::DEVICE != 0 && (cpu.bus.cx.signals.any() || cpu.bus.cx.timers.next() < deadline) {
            cpu.attention |= why & !attention::DEVICE | attention::INTERRUPT;
            return Next::Leave(Exit::Device);
        }
        // After an event one instruction is executed before the next is looked for, so that none can hold up time.
        let mut single = std::mem::take(&mut self.owes_step) || Self::deliver_events(cpu);
        if cpu.st.shutdown {
            cpu.attention |= attention::HALT;
            return Next::Leave(Exit::Shutdown);
        }
        if cpu.st.halted {
            cpu.attention |= attention::INTERRUPT;
            return Next::Leave(Exit::Halt);
        }
        if single && self.hold {
            self.owes_step = true;
            cpu.attention |= attention::INTERRUPT;
            return Next::Leave(Exit::Probe);
        }
        if cpu.probe.on_execution() {
            // Now, as what follows uses up the shadow and RF.
            cpu.probe_execution();
        }
        if cpu.attention & attention::PROBE != 0 {
            // What was delivered is noticed before the first instruction of its handler.
            self.owes_step = single;
            cpu.attention = cpu.attention & !attention::PROBE | attention::INTERRUPT;
            return Next::Leave(Exit::Probe);
        }
        let shadow = std::mem::take(&mut cpu.st.shadow);
        let debugging = cpu.st.flags.system(eflags::TF) != 0 || cpu.has_code_breakpoints();
        if !debugging {
            // The next instruction uses it up, and no breakpoint is there that it could hold back.
            cpu.st.flags.put(eflags::RF, 0);
        } else if shadow && cpu.st.shadow_ss {
            // A breakpoint on the instruction after a load of SS is suppressed, as if RF were set (SDM vol. 3A, 6.8.3).
            cpu.st.flags.put(eflags::RF, eflags::RF);
        }
        single |= shadow || debugging;
        // Counting goes by the way that single-stepping goes: no other sees every instruction.
        single |= cpu.counts.is_some() || cpu.probe.on_registers();
        if single { Next::Step } else { Next::Run }
    }

    /// What comes between two instructions, in the order of SDM vol. 3A, table 6-2: traps of the previous one, NMI,
    /// INTR. Whether there was anything.
    fn deliver_events(cpu: &mut Cpu) -> bool {
        let mut any = false;
        if cpu.st.debug_pending != 0 && !(cpu.st.shadow && cpu.st.shadow_ss) {
            cpu.st.dr[6] |= std::mem::take(&mut cpu.st.debug_pending);
            (cpu.st.shadow, cpu.st.halted) = (false, false);
            cpu.deliver_exception(Exception::DB);
            any = true;
        }
        if cpu.st.nmi_pending && !cpu.st.nmi_blocked && !cpu.st.shadow {
            (cpu.st.nmi_pending, cpu.st.nmi_blocked, cpu.st.halted) = (false, true, false);
            cpu.deliver_external(vector::NMI);
            any = true;
        } else if cpu.bus.intr() && !cpu.st.shadow && cpu.st.flags.system(eflags::IF) != 0 {
            cpu.st.halted = false;
            cpu.before_device();
            let vector = cpu.bus.acknowledge();
            cpu.after_device();
            cpu.deliver_external(vector);
            any = true;
        }
        any
    }

    fn drop_written_code(&mut self) {
        while let Some((offset, len)) = self.cpu.bus.cx.mem.take_code_write() {
            let left = self.code.written(offset, len);
            self.cpu.bus.cx.mem.set_code(offset, left);
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
        if self.cpu.probe.on_execution() && self.cpu.probe_execution() {
            // Before the page is looked for, as that may leave marks in page tables.
            self.wanted = true;
            return Ok(Place::Phys(0));
        }
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

    /// The block of code that was not found by the fast look-up.
    #[inline(never)]
    fn decode_block(&mut self, offset: u32, code32: bool) -> Option<Block> {
        if !self.cpu.probe.on_execution() {
            return self.decode_new(offset, code32);
        }
        let block = self.code.find_watched(offset, code32).or_else(|| self.decode_new(offset, code32))?;
        if block.watched() && self.cpu.probe_execution() {
            self.wanted = true;
            return None;
        }
        Some(block)
    }

    fn decode_new(&mut self, offset: u32, code32: bool) -> Option<Block> {
        let page = self.cpu.bus.cx.mem.ram.slice(offset & !0xFFF, PAGE);
        // Single steps execute one instruction of each block.
        let ahead = self.cpu.limit - self.cpu.steps > 1;
        let block = self.code.decode(offset, code32, page, ahead, &self.cpu.probe)?;
        if self.cpu.bus.cx.mem.mark_code(offset, block.bytes) {
            self.cpu.tlb.demote_writes_to(offset);
        }
        Some(block)
    }

    /// Executes a block, or as much of it as the limit allows.
    #[inline(always)]
    fn execute(&mut self, block: Block) -> Result<(), Exception> {
        let cpu = &mut self.cpu;
        let left = cpu.limit - cpu.steps;
        if block.fused && left >= u64::from(block.len) && cpu.st.seg[usize::from(seg::CS)].limit == u32::MAX {
            let (head, pair) = self.code.fused(&block);
            return if Self::straight(cpu, head)? {
                Self::pair(cpu, pair, head.len() as u32)
            } else {
                Ok(())
            };
        }
        let insts = self.code.insts(&block);
        let insts = if left < insts.len() as u64 { &insts[..left as usize] } else { insts };
        if Self::straight(cpu, insts)?
            && let Some(last) = insts.last()
        {
            Self::retire(cpu, last);
        }
        Ok(())
    }

    /// Executes instructions one after the other. False if one of them asked for attention; then all is counted.
    #[inline(always)]
    fn straight(cpu: &mut Cpu, insts: &[Inst]) -> Result<bool, Exception> {
        for (position, inst) in insts.iter().enumerate() {
            cpu.position = position as u32;
            if let Err(exception) = (inst.body)(cpu, inst) {
                return Err(Self::retire_fault(cpu, inst, exception));
            }
            if cpu.attention != 0 {
                Self::retire_attended(cpu, inst);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Executes the fused pair at a position of its block.
    #[inline(always)]
    fn pair(cpu: &mut Cpu, pair: &Inst, position: u32) -> Result<(), Exception> {
        cpu.position = position;
        if let Err(exception) = (pair.body)(cpu, pair) {
            return Err(Self::retire_fault(cpu, pair, exception));
        }
        // With something to attend to, the body left the branch for later.
        if cpu.attention == 0 {
            cpu.position += 1;
            Self::count(cpu);
        } else {
            Self::count_attended(cpu, pair);
        }
        Ok(())
    }

    #[inline(always)]
    fn retire(cpu: &mut Cpu, last: &Inst) {
        if !last.has(flag::SETS_EIP) {
            cpu.st.eip = cpu.next_eip(last);
        }
        Self::count(cpu);
    }

    /// As [`Engine::retire`], for an instruction after which there is something to attend to.
    #[inline(never)]
    fn retire_attended(cpu: &mut Cpu, last: &Inst) {
        Self::sign(cpu, last);
        Self::retire(cpu, last);
    }

    #[inline(never)]
    fn count_attended(cpu: &mut Cpu, last: &Inst) {
        Self::sign(cpu, last);
        Self::count(cpu);
    }

    #[inline(always)]
    fn count(cpu: &mut Cpu) {
        cpu.steps += u64::from(cpu.position) + 1 + cpu.extra_steps;
        cpu.position = 0;
        cpu.extra_steps = 0;
    }

    #[cold]
    fn retire_fault(cpu: &mut Cpu, inst: &Inst, exception: Exception) -> Exception {
        Self::sign(cpu, inst);
        if !exception.is_in_new_task() {
            cpu.st.eip = cpu.eip_of(inst);
        }
        if exception.vector() == vector::DB {
            // General detect is a fault: it resumes with RF (SDM vol. 3B, 17.3.1.1).
            cpu.st.flags.put(eflags::RF, eflags::RF);
        }
        Self::count(cpu);
        exception
    }

    /// Fetches and executes one instruction that has no block.
    #[inline(never)]
    fn execute_single(&mut self) -> Result<(), Exception> {
        let wanted = std::mem::take(&mut self.wanted);
        if wanted || self.cpu.probe.on_execution() && self.cpu.probe_execution() {
            return Ok(());
        }
        let eip = self.cpu.st.eip;
        let linear = self.cpu.st.seg[usize::from(seg::CS)].base.wrapping_add(eip);
        self.cpu.code_base = eip.wrapping_sub(linear & 0xFFF);
        let fetched = self.fetch(eip, linear);
        let cpu = &mut self.cpu;
        let inst = match fetched {
            Ok(inst) => inst,
            Err(exception) => {
                Self::count(cpu);
                return Err(exception);
            }
        };
        if let Err(exception) = (inst.body)(cpu, &inst) {
            return Err(Self::retire_fault(cpu, &inst, exception));
        }
        Self::sign(cpu, &inst);
        Self::retire(cpu, &inst);
        Ok(())
    }

    /// Tells the probe which instruction did what it noticed.
    #[inline]
    fn sign(cpu: &mut Cpu, inst: &Inst) {
        if cpu.attention & attention::PROBE != 0 {
            cpu.sign_notices(cpu.eip_of(inst));
        }
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
                self.cpu.read_code(place, &mut bytes[have as usize..part as usize]);
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
        // The instruction will be repeated, and its accesses watched again.
        self.cpu.st.debug_pending &= !super::debug::DR6_HITS;
        if exception == Exception::WAITS {
            self.cpu.st.halted = true;
            self.cpu.attention |= attention::HALT | attention::INTERRUPT;
            return;
        }
        self.cpu.deliver_exception(exception);
        self.cpu.attention |= attention::INTERRUPT | attention::DEBUG;
    }

    /// Where in the backing page of `offset` instructions begin that were decoded to be executed: offsets in the page, in
    /// order.
    pub fn decoded_starts(&self, offset: u32, code32: bool) -> Vec<u16> {
        self.code.starts(offset, code32)
    }

    /// Drops every translation and block: after a snapshot was loaded or the machine was reset.
    pub fn forget(&mut self) {
        self.code.clear();
        self.page = None;
        self.owes_step = false;
        self.cpu.flush_tlb(true);
        self.cpu.attention = attention::ALL;
    }

    /// Whether an interrupt was delivered, and the first instruction of its handler is yet to execute: only a probe stops
    /// there.
    pub fn owes_step(&self) -> bool {
        self.owes_step
    }

    /// Has runs end after an event was delivered, or again not.
    pub fn set_hold(&mut self, hold: bool) {
        self.hold = hold;
    }

    /// The CPU's state, between two runs.
    pub fn save(&self) -> SavedEngine {
        let cpu = &self.cpu;
        let mut state = cpu.st.clone();
        // Flags are kept as the last result, the pin's edge until somebody looks: one state, one form.
        state.flags.set(cpu.st.flags.get());
        state.nmi_pending |= cpu.bus.cx.lines.nmi();
        let page = self.page.filter(|_| self.tlb_version == cpu.tlb_version);
        SavedEngine {
            state,
            tlb: cpu.tlb.save(),
            page,
            owes_step: self.owes_step,
            steps: cpu.steps,
            time_base: cpu.time_base,
        }
    }

    /// Puts back what [`Engine::save`] gave, after the rest of the machine. False if it cannot be; then the engine is to
    /// be loaded with something that can.
    pub fn load(&mut self, saved: SavedEngine) -> bool {
        let mem = &self.cpu.bus.cx.mem;
        let (vram, vram_bytes) = mem.vram();
        let (all, writable) = (mem.ram.len() as u32, vram + vram_bytes);
        let page_is_sound = saved.page.is_none_or(|page| match page.place {
            Place::Ram(offset) => offset < all && offset % PAGE == 0,
            Place::Phys(phys) => phys % u64::from(PAGE) == 0,
        });
        // Half of what a counter holds: nothing overflows in the lifetime of a page.
        let counts = saved.steps < 1 << 58 && saved.time_base < 1 << 62;
        if !counts || !page_is_sound || !saved.state.is_sound() {
            return false;
        }
        self.forget();
        if !self.cpu.tlb.load(&saved.tlb, all, writable) {
            return false;
        }
        let cpu = &mut self.cpu;
        (cpu.st, cpu.steps, cpu.time_base) = (saved.state, saved.steps, saved.time_base);
        (cpu.position, cpu.extra_steps) = (0, 0);
        cpu.update_mode();
        cpu.attention = u32::MAX;
        (self.page, self.owes_step) = (saved.page, saved.owes_step);
        self.tlb_version = self.cpu.tlb_version;
        self.map_version = self.cpu.bus.cx.mem.map.version();
        true
    }

    /// Sets what the CPU's probe waits for.
    pub fn set_probe(&mut self, wanted: Wanted) {
        if self.cpu.set_probe(wanted) {
            self.code.clear();
        }
    }
}
