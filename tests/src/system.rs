//! A bare CPU with descriptor tables, for tests of what system software sees. Addresses are linear and physical at once
//! (page tables, where a test turns paging on, map one to one).

use emu_core::bus::{Ack, Bus, Cx, Device, Line, LineOut, LoadError, Wiring};
use emu_core::mem::Memory;
use emu_core::x86::cpu::attention;
use emu_core::x86::eflags;
use emu_core::x86::regs::{Segment, TableRegister, cr0, gpr, seg};
use emu_core::x86::segmentation::Descriptor;
use emu_core::x86::{Cpu, Engine, Exit};

/// Bytes of RAM.
pub const RAM: u32 = 4 << 20;
/// Global descriptor table, 64 entries.
pub const GDT: u32 = 0x1000;
/// Interrupt descriptor table, 256 entries.
pub const IDT: u32 = 0x2000;
/// The first task's TSS.
pub const TSS: u32 = 0x3000;
/// Handlers of all vectors, a HLT each, 16 bytes apart.
pub const HANDLERS: u32 = 0x6000;
/// Top of the ring 0 stack in the TSS.
pub const STACK0: u32 = 0x9000;
/// Top of the stack that tests start with.
pub const STACK: u32 = 0xB000;
/// Where tests put their code.
pub const CODE: u32 = 0x1_0000;
/// Where tests put their data.
pub const DATA: u32 = 0x2_0000;

/// Flat 32-bit code, ring 0.
pub const CODE0: u16 = 0x08;
/// Flat 32-bit data, ring 0.
pub const DATA0: u16 = 0x10;
/// Flat 32-bit code, ring 3.
pub const CODE3: u16 = 0x1B;
/// Flat 32-bit data, ring 3.
pub const DATA3: u16 = 0x23;
/// The first task.
pub const TASK: u16 = 0x28;
/// The first free selector, ring 0.
pub const FREE: u16 = 0x30;

/// The vector the interrupt device gives.
pub const INTERRUPT: u8 = 0x40;
const WITH_CODE: [u8; 7] = [8, 10, 11, 12, 13, 14, 17];

/// A segment descriptor: `access` is the byte with P, DPL, S and type, `flags` has G (8) and D/B (4).
pub fn segment(base: u32, limit: u32, access: u8, flags: u8) -> u64 {
    let (base, limit) = (u64::from(base), u64::from(limit));
    limit & 0xFFFF
        | (base & 0xFF_FFFF) << 16
        | u64::from(access) << 40
        | (limit >> 16 & 0xF) << 48
        | u64::from(flags) << 52
        | (base >> 24) << 56
}

/// A gate: `access` is the byte with P, DPL and type.
pub fn gate(selector: u16, offset: u32, access: u8, parameters: u8) -> u64 {
    let offset = u64::from(offset);
    offset & 0xFFFF
        | u64::from(selector) << 16
        | u64::from(parameters) << 32
        | u64::from(access) << 40
        | (offset >> 16) << 48
}

/// Raises INTR when port 0 is written, lowers it when acknowledged; port 1 gives an NMI.
#[derive(Default)]
struct InterruptSource {
    intr: Option<LineOut>,
    nmi: Option<LineOut>,
}

impl Device for InterruptSource {
    fn name(&self) -> &'static str {
        "interrupt source"
    }
    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(0, 1, 1);
        wiring.pic();
        self.intr = Some(wiring.drive(Line::CPU_INTR));
        self.nmi = Some(wiring.drive(Line::CPU_NMI));
    }
    fn reset(&mut self, _cx: &mut Cx) {}
    fn port_read(&mut self, _cx: &mut Cx, port: u16, _size: u8) -> u32 {
        0x50 + u32::from(port)
    }
    fn port_write(&mut self, cx: &mut Cx, port: u16, _size: u8, _value: u32) {
        match (port, self.intr, self.nmi) {
            (0, Some(intr), _) => cx.lines.set(intr, true),
            (1, _, Some(nmi)) => cx.lines.pulse(nmi),
            _ => {}
        }
    }
    fn acknowledge(&mut self, cx: &mut Cx) -> Ack {
        if let Some(intr) = self.intr {
            cx.lines.set(intr, false);
        }
        Ack::Vector(INTERRUPT)
    }
    fn save(&self) -> Vec<u8> {
        Vec::new()
    }
    fn load(&mut self, _cx: &mut Cx, _bytes: &[u8]) -> Result<(), LoadError> {
        Ok(())
    }
}

/// What was found on the stack of a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Vector.
    pub vector: u8,
    /// Error code, for vectors that have one.
    pub code: Option<u32>,
    /// Pushed EIP.
    pub eip: u32,
    /// Pushed CS.
    pub cs: u32,
    /// Pushed EFLAGS.
    pub eflags: u32,
    /// Pushed ESP and SS; of meaning after a change of level only.
    pub esp: u32,
    /// See `esp`.
    pub ss: u32,
}

/// The machine.
pub struct System {
    /// CPU and memory.
    pub engine: Engine,
}

impl Default for System {
    fn default() -> Self {
        Self::new()
    }
}

impl System {
    /// In 32-bit protected mode, ring 0, flat segments, EIP at [`CODE`], interrupts off; all vectors have 32-bit
    /// interrupt gates of DPL 0 to their [`HANDLERS`].
    pub fn new() -> Self {
        let mut bus = Bus::new(Memory::new(RAM, 0));
        bus.attach(Box::new(InterruptSource::default()));
        let mut s = Self { engine: Engine::new(Cpu::new(bus)) };
        let flat = [(CODE0, 0x9B), (DATA0, 0x93), (CODE3, 0xFB), (DATA3, 0xF3)];
        for (selector, access) in flat {
            s.descriptor(selector, segment(0, 0xF_FFFF, access, 0xC));
        }
        s.descriptor(TASK, segment(TSS, 0x67, 0x8B, 0));
        s.put32(TSS + 4, STACK0);
        s.put32(TSS + 8, u32::from(DATA0));
        s.put32(TSS + 0x64, 0x68 << 16);
        for vector in 0..=255u8 {
            s.interrupt_gate(vector, gate(CODE0, handler(vector), 0x8E, 0));
            s.write(handler(vector), &[0xF4]);
        }
        let cpu = &mut s.engine.cpu;
        cpu.st.gdtr = TableRegister { base: GDT, limit: 64 * 8 - 1 };
        cpu.st.idtr = TableRegister { base: IDT, limit: 256 * 8 - 1 };
        cpu.st.cr0 = cr0::PE | cr0::ET | cr0::NE;
        cpu.st.seg[usize::from(seg::TR)] = Segment::new(TASK, TSS, 0x67, 0x8B);
        cpu.st.seg[usize::from(seg::LDTR)] = Segment::null(0);
        s.enter_ring(0);
        s
    }

    /// Flat segments of ring 0 or 3, with the stack at [`STACK`] and EIP at [`CODE`].
    pub fn enter_ring(&mut self, cpl: u8) {
        let (code, data) = if cpl == 0 { (CODE0, DATA0) } else { (CODE3, DATA3) };
        for number in 0..6 {
            self.load(number, if number == seg::CS { code } else { data });
        }
        self.engine.cpu.st.gpr[gpr::ESP] = STACK;
        self.engine.cpu.st.eip = CODE;
        self.engine.cpu.set_cpl(cpl);
    }

    /// Loads a segment register with what the GDT has, unchecked.
    pub fn load(&mut self, number: u8, selector: u16) {
        let at = GDT + u32::from(selector & !7);
        let raw = u64::from(self.get32(at)) | u64::from(self.get32(at + 4)) << 32;
        let segment = Descriptor { linear: at, raw }.segment(selector);
        self.engine.cpu.set_segment(number, segment);
        self.engine.cpu.update_mode();
    }

    /// Writes memory as a bus master does, of which the machine tells the CPU.
    pub fn write(&mut self, at: u32, bytes: &[u8]) {
        self.engine.cpu.attention |= attention::DEVICE;
        self.engine.cpu.bus.cx.mem.write(u64::from(at), bytes);
    }

    /// Writes a doubleword.
    pub fn put32(&mut self, at: u32, value: u32) {
        self.write(at, &value.to_le_bytes());
    }

    /// Reads a doubleword.
    pub fn get32(&self, at: u32) -> u32 {
        self.engine.cpu.read_phys_u32(u64::from(at))
    }

    /// Reads a word.
    pub fn get16(&self, at: u32) -> u32 {
        self.get32(at) & 0xFFFF
    }

    /// Puts a descriptor into the GDT.
    pub fn descriptor(&mut self, selector: u16, raw: u64) {
        self.write(GDT + u32::from(selector & !7), &raw.to_le_bytes());
    }

    /// Puts a gate into the IDT.
    pub fn interrupt_gate(&mut self, vector: u8, raw: u64) {
        self.write(IDT + u32::from(vector) * 8, &raw.to_le_bytes());
    }

    /// Puts code at [`CODE`].
    pub fn code(&mut self, bytes: &[u8]) {
        self.write(CODE, bytes);
    }

    /// A general register.
    pub fn reg(&self, number: usize) -> u32 {
        self.engine.cpu.st.gpr[number]
    }

    /// Sets a general register.
    pub fn set_reg(&mut self, number: usize, value: u32) {
        self.engine.cpu.st.gpr[number] = value;
    }

    /// Adds flags.
    pub fn set_flags(&mut self, flags: u32) {
        let st = &mut self.engine.cpu.st;
        st.flags.set(st.flags.get() | flags);
        self.engine.cpu.update_mode();
    }

    /// EFLAGS.
    pub fn flags(&self) -> u32 {
        self.engine.cpu.eflags()
    }

    /// EIP.
    pub fn eip(&self) -> u32 {
        self.engine.cpu.st.eip
    }

    /// A selector.
    pub fn selector(&self, number: u8) -> u16 {
        self.engine.cpu.st.seg[usize::from(number)].selector
    }

    /// Executes `steps` instructions (or iterations, or faults).
    pub fn run(&mut self, steps: u64) -> Exit {
        let limit = self.engine.cpu.steps + steps;
        self.engine.run(limit, u64::MAX)
    }

    /// Runs until a HLT; panics if there is none soon.
    pub fn halt(&mut self) {
        assert_eq!(self.run(10_000), Exit::Halt, "at {:X}", self.eip());
    }

    /// Runs into a handler; its frame.
    pub fn exception(&mut self) -> Frame {
        self.halt();
        self.frame()
    }

    /// The frame of the handler whose HLT was just executed.
    pub fn frame(&self) -> Frame {
        let eip = self.eip();
        assert!((HANDLERS..HANDLERS + 0x1000).contains(&eip), "halted at {eip:X}, in no handler");
        let vector = ((eip - HANDLERS) / 16) as u8;
        let mut at = self.reg(gpr::ESP);
        let mut pop = || {
            at += 4;
            self.get32(at - 4)
        };
        let code = WITH_CODE.contains(&vector).then(&mut pop);
        Frame { vector, code, eip: pop(), cs: pop(), eflags: pop(), esp: pop(), ss: pop() }
    }

    /// Checks that the code raises an exception at its first byte: vector and error code.
    #[track_caller]
    pub fn expect_fault(&mut self, vector: u8, code: Option<u32>) {
        let start = self.eip();
        let frame = self.exception();
        assert_eq!((frame.vector, frame.code, frame.eip), (vector, code, start));
        assert_ne!(frame.eflags & eflags::RF, 0, "faults push RF");
    }
}

/// Address of a vector's handler.
pub fn handler(vector: u8) -> u32 {
    HANDLERS + u32::from(vector) * 16
}
