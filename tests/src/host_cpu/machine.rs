//! Our side: a CPU in protected mode with paging, laid out as the executor's process is.

use super::segments::ENTRIES;
use super::{CODE, DATA, FX, Outcome, Selectors, Test, USER_CODE, USER_DATA, WINDOW, fx};
use emu_core::bus::Bus;
use emu_core::mem::Memory;
use emu_core::x86::regs::{Segment, TableRegister, cr0, cr4, seg};
use emu_core::x86::segmentation::Descriptor;
use emu_core::x86::softfloat::F80;
use emu_core::x86::{Cpu, Engine};

const RAM: u32 = 1 << 20;
const PAGE: u32 = 4096;
// Physical pages.
const DIRECTORY: u32 = 0x1000;
const USER_TABLE: u32 = 0x2000;
const KERNEL_TABLE: u32 = 0x3000;
const KERNEL_PAGES: u32 = 0x10000;
const DATA_PAGES: u32 = 0x20000;
const CODE_PAGE: u32 = 0x30000;
// Linear addresses of the kernel's pages: GDT, IDT, TSS, stack.
const GDT: u32 = 0xC000_0000;
const IDT: u32 = GDT + PAGE;
const TSS: u32 = IDT + PAGE;
const STACK: u32 = TSS + PAGE;
const LDT: u32 = TSS + 0x800;
const STACK_TOP: u32 = STACK + PAGE;
/// Offset of the handler of vector 0; the others follow at a distance of 16 bytes. Nothing is there.
const HANDLERS: u32 = 0xC010_0000;

// Selectors as Linux has them for 32-bit programs.
const KERNEL_CODE: u16 = 0x10;
const KERNEL_DATA: u16 = 0x18;
const GDT_LIMIT: u16 = 127;
const DESCRIPTORS: [(u16, u64); 4] = [
    (KERNEL_CODE, 0x00CF_9B00_0000_FFFF),
    (KERNEL_DATA, 0x00CF_9300_0000_FFFF),
    (USER_CODE, 0x00CF_FB00_0000_FFFF),
    (USER_DATA, 0x00CF_F300_0000_FFFF),
];
/// Vectors with an error code.
const WITH_CODE: [u8; 7] = [8, 10, 11, 12, 13, 14, 17];
/// Vectors that programs may raise with INT.
const USER_GATES: [u8; 2] = [3, 4];
/// More than any test takes.
const MOST_STEPS: u32 = 100_000;
const TSS_LIMIT: u32 = 0x67;
const TF: u32 = 1 << 8;
const RF: u32 = 1 << 16;

/// A machine that runs one test after the other; memory outside the windows is zero.
pub struct Machine {
    engine: Engine,
}

impl Default for Machine {
    fn default() -> Self {
        let mut machine = Self { engine: Engine::new(Cpu::new(Bus::new(Memory::new(RAM, 0)))) };
        machine.lay_out();
        machine
    }
}

impl Machine {
    fn put32(&mut self, phys: u32, value: u32) {
        self.engine.cpu.bus.cx.mem.write(u64::from(phys), &value.to_le_bytes());
    }

    fn lay_out(&mut self) {
        const P: u32 = 1;
        const RW: u32 = 2;
        const US: u32 = 4;
        self.put32(DIRECTORY + (DATA >> 22) * 4, USER_TABLE | P | RW | US);
        self.put32(DIRECTORY + (GDT >> 22) * 4, KERNEL_TABLE | P | RW);
        for (i, writable) in [(0, RW), (1, RW), (2, 0)] {
            self.put32(USER_TABLE + i * 4, DATA_PAGES + i * PAGE | P | US | writable);
        }
        let code = CODE >> 12 & 0x3FF;
        self.put32(USER_TABLE + code * 4, CODE_PAGE | P | RW | US);
        for i in 0..4 {
            self.put32(KERNEL_TABLE + i * 4, KERNEL_PAGES + i * PAGE | P | RW);
        }
        for (selector, raw) in DESCRIPTORS {
            let at = KERNEL_PAGES + u32::from(selector & !7);
            self.engine.cpu.bus.cx.mem.write(u64::from(at), &raw.to_le_bytes());
        }
        for vector in 0..=255u8 {
            let handler = HANDLERS + u32::from(vector) * 16;
            let dpl = if USER_GATES.contains(&vector) { 3 } else { 0 };
            let at = KERNEL_PAGES + (IDT - GDT) + u32::from(vector) * 8;
            self.put32(at, u32::from(KERNEL_CODE) << 16 | handler & 0xFFFF);
            self.put32(at + 4, handler & 0xFFFF_0000 | 0x8E00 | dpl << 13);
        }
        for (i, entry) in (0u32..).zip(ENTRIES) {
            let raw = entry.map_or(0, |e| e.descriptor());
            self.engine
                .cpu
                .bus
                .cx
                .mem
                .write(u64::from(KERNEL_PAGES + (LDT - GDT) + i * 8), &raw.to_le_bytes());
        }
        let tss = KERNEL_PAGES + (TSS - GDT);
        self.put32(tss + 4, STACK_TOP);
        self.put32(tss + 8, u32::from(KERNEL_DATA));
        // No I/O permission bitmap.
        self.put32(tss + 0x64, TSS_LIMIT << 16 | 1 << 16);
    }

    /// Runs one test.
    pub fn run(&mut self, test: &Test) -> Outcome {
        self.set_up(test);
        // One instruction behind a load of SS, which holds the trap back, or many elements of a string.
        for _ in 0..MOST_STEPS {
            let next = self.engine.cpu.steps + 1;
            self.engine.run(next, u64::MAX);
            let cpu = &mut self.engine.cpu;
            // The single-step trap is not delivered but stands for completion; a load of SS holds it back.
            let held = cpu.st.shadow && cpu.st.shadow_ss;
            let stepped = !held && std::mem::take(&mut cpu.st.debug_pending) != 0;
            let repeats = test.repeats && stepped && cpu.st.eip == test.start;
            let is_held_back = !stepped && cpu.st.cpl == 3;
            if !repeats && !is_held_back {
                break;
            }
        }
        self.outcome(test)
    }

    fn set_up(&mut self, test: &Test) {
        let cpu = &mut self.engine.cpu;
        cpu.reset();
        let st = &mut cpu.st;
        st.cr0 = cr0::PE | cr0::PG | cr0::WP | cr0::NE | cr0::ET | cr0::AM;
        st.cr3 = DIRECTORY;
        st.cr4 = cr4::PSE | cr4::DE | cr4::OSFXSR | cr4::OSXMMEXCPT;
        st.gdtr = TableRegister { base: GDT, limit: GDT_LIMIT };
        st.idtr = TableRegister { base: IDT, limit: 256 * 8 - 1 };
        st.gpr[..8].copy_from_slice(&test.regs);
        st.eip = test.start;
        st.flags.set(test.eflags | TF);
        let order = [seg::CS, seg::SS, seg::DS, seg::ES, seg::FS, seg::GS];
        for (number, selector) in order.into_iter().zip(test.selectors.all()) {
            cpu.set_segment(number, loaded(selector));
        }
        load_fx(cpu, &test.fx);
        cpu.st.seg[usize::from(seg::LDTR)] = Segment::new(0x88, LDT, ENTRIES.len() as u32 * 8 - 1, 0x82);
        cpu.st.seg[usize::from(seg::TR)] = Segment::new(0x80, TSS, TSS_LIMIT, 0x8B);
        cpu.set_cpl(3);
        let mem = &mut cpu.bus.cx.mem;
        mem.write(u64::from(CODE_PAGE), &[0x90; 64]);
        mem.write(u64::from(CODE_PAGE), &test.code);
        mem.write(u64::from(DATA_PAGES), &[0; 2 * PAGE as usize]);
        for (at, data) in test.window.into_iter().zip(test.data) {
            mem.write(u64::from(at - DATA + DATA_PAGES), &data);
        }
    }

    fn outcome(&mut self, test: &Test) -> Outcome {
        let mut data = [[0; WINDOW]; 2];
        for (at, data) in test.window.into_iter().zip(&mut data) {
            self.engine.cpu.bus.cx.mem.read(u64::from(at - DATA + DATA_PAGES), data);
        }
        let st = &self.engine.cpu.st;
        let [es, cs, ss, ds, fs, gs] = std::array::from_fn(|i| st.seg[i].selector);
        let mut outcome = Outcome {
            regs: std::array::from_fn(|i| st.gpr[i]),
            eip: st.eip,
            eflags: st.flags.get() & !RF,
            exception: None,
            cr2: 0,
            selectors: Selectors { cs, ss, ds, es, fs, gs },
            fx: stored_fx(&self.engine.cpu),
            data,
        };
        if st.cpl == 0 {
            self.unwind(&mut outcome);
        }
        outcome
    }

    /// An exception was delivered: takes the state it found from the frame.
    fn unwind(&self, outcome: &mut Outcome) {
        let st = &self.engine.cpu.st;
        let vector = (st.eip.wrapping_sub(HANDLERS) / 16) as u8;
        let mut at = st.gpr[4] - STACK + KERNEL_PAGES + (STACK - GDT);
        let mut pop = || {
            at += 4;
            self.engine.cpu.read_phys_u32(u64::from(at - 4))
        };
        let code = if WITH_CODE.contains(&vector) { pop() as u16 } else { 0 };
        outcome.exception = Some((vector, code));
        outcome.eip = pop();
        outcome.selectors.cs = pop() as u16;
        outcome.eflags = pop() & !RF;
        outcome.regs[4] = pop();
        outcome.selectors.ss = pop() as u16;
        outcome.cr2 = if vector == super::PAGE_FAULT { st.cr2 } else { 0 };
    }
}

/// A segment register loaded with a selector of either table.
fn loaded(selector: u16) -> Segment {
    let raw = if selector & 4 != 0 {
        ENTRIES.get(usize::from(selector >> 3)).copied().flatten().map_or(0, |e| e.descriptor())
    } else {
        DESCRIPTORS.iter().find(|(s, _)| *s == selector).map_or(0, |(_, raw)| *raw)
    };
    if raw == 0 { Segment::null(selector) } else { Descriptor { linear: 0, raw }.segment(selector) }
}

fn load_fx(cpu: &mut Cpu, image: &[u8; FX]) {
    let word = |at: usize| u16::from_le_bytes([image[at], image[at + 1]]);
    let dword = |at: usize| u32::from(word(at)) | u32::from(word(at + 2)) << 16;
    let quad = |at: usize| u64::from(dword(at)) | u64::from(dword(at + 4)) << 32;
    let fpu = &mut cpu.st.fpu;
    fpu.valid = image[fx::TAGS];
    fpu.opcode = word(fx::OPCODE);
    (fpu.instruction_offset, fpu.instruction_selector) = (dword(fx::IP), word(fx::CS));
    (fpu.data_offset, fpu.data_selector) = (dword(fx::DP), word(fx::DS));
    fpu.set_control_word(word(fx::CONTROL));
    fpu.set_status_word(word(fx::STATUS));
    for i in 0..8u8 {
        let (index, at) = (fpu.index(i), fx::ST0 + 16 * usize::from(i));
        fpu.st[index] = F80::new(word(at + 8), quad(at));
        let at = fx::XMM0 + 16 * usize::from(i);
        cpu.st.sse.xmm[usize::from(i)] = [quad(at), quad(at + 8)];
    }
    cpu.st.sse.mxcsr = dword(fx::MXCSR);
}

fn stored_fx(cpu: &Cpu) -> [u8; FX] {
    let (fpu, sse) = (&cpu.st.fpu, &cpu.st.sse);
    let mut image = [0; FX];
    let mut put = |at: usize, bytes: &[u8]| image[at..][..bytes.len()].copy_from_slice(bytes);
    put(fx::CONTROL, &fpu.control.to_le_bytes());
    put(fx::STATUS, &fpu.status_word().to_le_bytes());
    put(fx::TAGS, &[fpu.valid]);
    put(fx::OPCODE, &fpu.opcode.to_le_bytes());
    put(fx::IP, &fpu.instruction_offset.to_le_bytes());
    put(fx::CS, &fpu.instruction_selector.to_le_bytes());
    put(fx::DP, &fpu.data_offset.to_le_bytes());
    put(fx::DS, &fpu.data_selector.to_le_bytes());
    put(fx::MXCSR, &sse.mxcsr.to_le_bytes());
    for i in 0..8u8 {
        put(fx::ST0 + 16 * usize::from(i), &fpu.get(i).to_bytes());
        let quads = sse.xmm[usize::from(i)].map(u64::to_le_bytes);
        put(fx::XMM0 + 16 * usize::from(i), quads.as_flattened());
    }
    image
}
