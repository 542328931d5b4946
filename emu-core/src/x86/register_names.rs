//! Registers by name, to be read and changed from outside while the machine stands still. What is changed so is an input
//! like any other: the machine goes on from there.

use super::Cpu;
use super::cpu::attention;
use super::regs::seg;
use super::softfloat::F80;

const GENERAL: [&str; 8] = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];
const SEGMENTS: [&str; 8] = ["es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr"];

/// A register that is not a numbered one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Register {
    General(usize),
    /// As a linear address: CS's base added.
    Eip,
    Eflags,
    Selector(usize),
    Base(usize),
    Limit(usize),
    TableBase(bool),
    TableLimit(bool),
    St(u8),
    FpuWord(FpuWord),
    Xmm(usize),
    Mxcsr,
    Cr(u8),
    Dr(usize),
    Cpl,
}

/// Words of the x87 environment, as gdb calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FpuWord {
    Control,
    Status,
    Tag,
    CodeSelector,
    CodeOffset,
    DataSelector,
    DataOffset,
    Opcode,
}

const FPU_WORDS: [(&str, FpuWord); 8] = [
    ("fctrl", FpuWord::Control),
    ("fstat", FpuWord::Status),
    ("ftag", FpuWord::Tag),
    ("fiseg", FpuWord::CodeSelector),
    ("fioff", FpuWord::CodeOffset),
    ("foseg", FpuWord::DataSelector),
    ("fooff", FpuWord::DataOffset),
    ("fop", FpuWord::Opcode),
];

fn numbered(name: &str, prefix: &str, below: usize) -> Option<usize> {
    let digits = name.strip_prefix(prefix).filter(|d| d.len() == 1)?;
    digits.parse().ok().filter(|&n| n < below)
}

fn find(name: &str) -> Option<Register> {
    let position = |names: &[&str], name: &str| names.iter().position(|n| *n == name);
    let table = |name: &str| match name {
        "gdtr" => Some(false),
        "idtr" => Some(true),
        _ => None,
    };
    if let Some(n) = position(&GENERAL, name) {
        return Some(Register::General(n));
    }
    if let Some(n) = position(&SEGMENTS, name) {
        return Some(Register::Selector(n));
    }
    if let Some(base) = name.strip_suffix("_base") {
        return table(base).map(Register::TableBase).or(position(&SEGMENTS, base).map(Register::Base));
    }
    if let Some(limit) = name.strip_suffix("_limit") {
        return table(limit).map(Register::TableLimit).or(position(&SEGMENTS, limit).map(Register::Limit));
    }
    if let Some(word) = FPU_WORDS.iter().find(|w| w.0 == name) {
        return Some(Register::FpuWord(word.1));
    }
    match name {
        "eip" => Some(Register::Eip),
        "eflags" => Some(Register::Eflags),
        "mxcsr" => Some(Register::Mxcsr),
        "cpl" => Some(Register::Cpl),
        _ => numbered(name, "st", 8)
            .map(|n| Register::St(n as u8))
            .or(numbered(name, "xmm", 8).map(Register::Xmm))
            .or(numbered(name, "cr", 5).filter(|n| *n != 1).map(|n| Register::Cr(n as u8)))
            .or(numbered(name, "dr", 8).filter(|n| !matches!(n, 4 | 5)).map(Register::Dr)),
    }
}

/// What is looked at of a register: the whole of it, a part that has a name of its own, a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    register: Register,
    shift: u8,
    mask: u128,
}

/// Flags by their names in the SDM (vol. 1, 3.4.3): lowest bit and bits.
const FLAGS: [(&str, u8, u8); 17] = [
    ("cf", 0, 1),
    ("pf", 2, 1),
    ("af", 4, 1),
    ("zf", 6, 1),
    ("sf", 7, 1),
    ("tf", 8, 1),
    ("if", 9, 1),
    ("df", 10, 1),
    ("of", 11, 1),
    ("iopl", 12, 2),
    ("nt", 14, 1),
    ("rf", 16, 1),
    ("vm", 17, 1),
    ("ac", 18, 1),
    ("vif", 19, 1),
    ("vip", 20, 1),
    ("id", 21, 1),
];
const WORDS: [&str; 8] = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di"];
const BYTES: [&str; 8] = ["al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"];

impl Watched {
    /// A register by its name, as for [`read_register`], a 16- or 8-bit part of a general register, or a flag.
    pub fn named(name: &str) -> Option<Self> {
        let whole = |register| Self { register, shift: 0, mask: u128::MAX };
        let position = |names: &[&str]| names.iter().position(|n| *n == name);
        if let Some(&(_, shift, bits)) = FLAGS.iter().find(|flag| flag.0 == name) {
            return Some(Self { register: Register::Eflags, shift, mask: (1 << bits) - 1 });
        }
        if let Some(n) = position(&WORDS) {
            return Some(Self { mask: 0xFFFF, ..whole(Register::General(n)) });
        }
        if let Some(n) = position(&BYTES) {
            return Some(Self { shift: (n as u8 / 4) * 8, mask: 0xFF, ..whole(Register::General(n % 4)) });
        }
        find(name).map(whole)
    }

    /// How many bytes it has.
    pub fn bytes(&self) -> usize {
        match (self.mask, self.register) {
            (0xFFFF, _) => 2,
            (..=0xFF, _) => 1,
            (_, Register::St(_)) => 10,
            (_, Register::Xmm(_)) => 16,
            _ => 4,
        }
    }

    /// Its value.
    pub fn value(&self, cpu: &Cpu) -> u128 {
        let little = |bytes: &[u8]| bytes.iter().rev().fold(0, |value, byte| value << 8 | u128::from(*byte));
        let value = match self.register {
            Register::General(n) => u128::from(cpu.st.gpr[n]),
            Register::St(_) | Register::Xmm(_) => little(&bytes(cpu, self.register)),
            other => u128::from(word(cpu, other)),
        };
        value >> self.shift & self.mask
    }
}

/// A register's bytes, little-endian: 4, but 10 for `st0` to `st7` and 16 for `xmm0` to `xmm7`. Names are gdb's, and
/// `cs_base`, `cs_limit` and so on, `gdtr_base`, `idtr_limit`, `ldtr`, `tr`, `cr0`, `dr7`, `cpl`. `eip` is linear: CS's
/// base is in it.
pub fn read_register(cpu: &Cpu, name: &str) -> Option<Vec<u8>> {
    find(name).map(|register| bytes(cpu, register))
}

fn bytes(cpu: &Cpu, register: Register) -> Vec<u8> {
    match register {
        Register::St(n) => cpu.st.fpu.get(n).to_bytes().to_vec(),
        Register::Xmm(n) => cpu.st.sse.xmm[n].iter().flat_map(|half| half.to_le_bytes()).collect(),
        other => word(cpu, other).to_le_bytes().to_vec(),
    }
}

/// The value of one that has 32 bits.
fn word(cpu: &Cpu, register: Register) -> u32 {
    let st = &cpu.st;
    match register {
        Register::General(n) => st.gpr[n],
        Register::Eip => cpu.linear_ip(),
        Register::Eflags => cpu.eflags(),
        Register::Selector(n) => u32::from(st.seg[n].selector),
        Register::Base(n) => st.seg[n].base,
        Register::Limit(n) => st.seg[n].limit,
        Register::TableBase(idt) => if idt { st.idtr } else { st.gdtr }.base,
        Register::TableLimit(idt) => u32::from(if idt { st.idtr } else { st.gdtr }.limit),
        Register::FpuWord(word) => fpu_word(cpu, word),
        Register::Mxcsr => st.sse.mxcsr,
        Register::Cr(n) => [st.cr0, 0, st.cr2, st.cr3, st.cr4][usize::from(n)],
        Register::Dr(n) => st.dr[n],
        Register::Cpl => u32::from(st.cpl),
        Register::St(_) | Register::Xmm(_) => 0,
    }
}

fn fpu_word(cpu: &Cpu, word: FpuWord) -> u32 {
    let fpu = &cpu.st.fpu;
    match word {
        FpuWord::Control => u32::from(fpu.control),
        FpuWord::Status => u32::from(fpu.status_word()),
        FpuWord::Tag => u32::from(fpu.tag_word()),
        FpuWord::CodeSelector => u32::from(fpu.instruction_selector),
        FpuWord::CodeOffset => fpu.instruction_offset,
        FpuWord::DataSelector => u32::from(fpu.data_selector),
        FpuWord::DataOffset => fpu.data_offset,
        FpuWord::Opcode => u32::from(fpu.opcode),
    }
}

/// Changes a register. A segment register takes a new selector in real and virtual-8086 mode only; bases, limits and the
/// privilege level follow from selectors.
///
/// # Errors
/// One line: no such register, not so many bytes, or a value that the CPU does not take.
pub fn write_register(cpu: &mut Cpu, name: &str, new: &[u8]) -> Result<(), String> {
    let register = find(name).ok_or_else(|| format!("{name} is no register"))?;
    cpu.attention |= attention::INTERRUPT | attention::DEBUG;
    let lengths = || format!("{name} has another number of bytes than {}", new.len());
    match register {
        Register::St(n) => {
            let index = cpu.st.fpu.index(n);
            cpu.st.fpu.st[index] = F80::from_bytes(new.try_into().map_err(|_| lengths())?);
            return Ok(());
        }
        Register::Xmm(n) => {
            let new: [u8; 16] = new.try_into().map_err(|_| lengths())?;
            for (half, from) in cpu.st.sse.xmm[n].iter_mut().zip(new.as_chunks::<8>().0) {
                *half = u64::from_le_bytes(*from);
            }
            return Ok(());
        }
        _ => {}
    }
    let value = u32::from_le_bytes(new.try_into().map_err(|_| lengths())?);
    if word(cpu, register) == value {
        return Ok(());
    }
    write_word(cpu, register, value).ok_or_else(|| format!("{name} does not take {value:#x}"))
}

fn write_word(cpu: &mut Cpu, register: Register, value: u32) -> Option<()> {
    match register {
        Register::General(n) => cpu.st.gpr[n] = value,
        Register::Eip => cpu.st.eip = value.wrapping_sub(cpu.st.seg[usize::from(seg::CS)].base),
        Register::Eflags => {
            cpu.st.flags.set(value);
            cpu.update_mode();
        }
        Register::Selector(n) if n < 6 && cpu.st.real_segments() => {
            cpu.load_real_segment(n as u8, u16::try_from(value).ok()?);
        }
        Register::FpuWord(word) => write_fpu_word(cpu, word, value)?,
        Register::Mxcsr => cpu.st.sse.mxcsr = value & crate::x86::fpu_state::spec::MXCSR_MASK,
        Register::Cr(0) => cpu.set_cr0(value).ok()?,
        Register::Cr(2) => cpu.st.cr2 = value,
        Register::Cr(3) => cpu.set_cr3(value).ok()?,
        Register::Cr(_) => cpu.set_cr4(value).ok()?,
        Register::Dr(n) => cpu.set_debug_register(n, value),
        Register::Selector(_)
        | Register::Base(_)
        | Register::Limit(_)
        | Register::TableBase(_)
        | Register::TableLimit(_)
        | Register::Cpl
        | Register::St(_)
        | Register::Xmm(_) => return None,
    }
    Some(())
}

fn write_fpu_word(cpu: &mut Cpu, word: FpuWord, value: u32) -> Option<()> {
    let fpu = &mut cpu.st.fpu;
    let short = u16::try_from(value).ok();
    match word {
        FpuWord::Control => fpu.set_control_word(short?),
        FpuWord::Status => fpu.set_status_word(short?),
        FpuWord::Tag => fpu.set_tag_word(short?),
        FpuWord::CodeSelector => fpu.instruction_selector = short?,
        FpuWord::CodeOffset => fpu.instruction_offset = value,
        FpuWord::DataSelector => fpu.data_selector = short?,
        FpuWord::DataOffset => fpu.data_offset = value,
        FpuWord::Opcode => fpu.opcode = short? & 0x7FF,
    }
    Some(())
}
