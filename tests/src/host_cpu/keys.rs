//! Every form of every instruction, found by asking the decoder: what is not here, the CPU does not execute.

use emu_core::x86::decode::{Decoded, Op, Operand, decode};

/// Where ModRM.rm leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// There is no ModRM byte.
    None,
    /// A register.
    Register,
    /// Memory.
    Memory,
}

/// One form: an opcode with a mandatory prefix and fields of ModRM, as far as they select.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The byte, or 0F00h + the second byte.
    pub opcode: u16,
    /// 66, F3 or F2 where it makes another instruction of the opcode.
    pub prefix: Option<u8>,
    /// Register or memory form.
    pub place: Place,
    /// ModRM.reg where it selects.
    pub reg: Option<u8>,
    /// ModRM.rm where it selects.
    pub rm: Option<u8>,
    /// It, decoded with a 32-bit operand size.
    pub sample: Decoded,
}

impl Key {
    /// The operation.
    pub fn op(&self) -> Op {
        self.sample.op
    }

    /// Opcode bytes, without the mandatory prefix.
    pub fn bytes(&self) -> Vec<u8> {
        opcode_bytes(self.opcode)
    }

    /// Such as `66 0F 6F m`, `80 /7 r`, `D9 /4 rm 0`.
    pub fn name(&self) -> String {
        let mut name: Vec<String> =
            self.prefix.into_iter().chain(self.bytes()).map(|b| format!("{b:02X}")).collect();
        name.extend(self.reg.map(|reg| format!("/{reg}")));
        name.extend(self.rm.map(|rm| format!("rm {rm}")));
        match self.place {
            Place::None => {}
            Place::Register => name.push("r".to_owned()),
            Place::Memory => name.push("m".to_owned()),
        }
        name.join(" ")
    }
}

fn opcode_bytes(opcode: u16) -> Vec<u8> {
    if opcode >> 8 == 0x0F { vec![0x0F, opcode as u8] } else { vec![opcode as u8] }
}

fn is_prefix_or_escape(opcode: u16) -> bool {
    matches!(opcode, 0x0F | 0x26 | 0x2E | 0x36 | 0x3E | 0x64..=0x67 | 0xF0 | 0xF2 | 0xF3)
}

/// What tells two instructions of an opcode apart: operation and kinds of operands, sizes and numbers aside.
type Kind = (Op, [u16; 3]);

fn kind(inst: &Decoded) -> Kind {
    let operand = |operand: Operand| match operand {
        Operand::None => 0,
        Operand::Gpr8(_) => 1,
        Operand::Gpr16(_) | Operand::Gpr32(_) => 2,
        Operand::St(_) => 3,
        Operand::Mm(_) => 4,
        Operand::Xmm(_) => 5,
        Operand::Mem(_) => 6,
        Operand::StringSrc(_) => 7,
        Operand::StringDst(_) => 8,
        Operand::Imm(_) => 9,
        Operand::Imm2 => 10,
        Operand::Rel => 11,
        Operand::FarPtr => 12,
        Operand::Seg(s) => 0x100 + s as u16,
        Operand::Cr(n) => 0x200 + u16::from(n),
        Operand::Dr(n) => 0x300 + u16::from(n),
    };
    (inst.op, inst.operands.map(operand))
}

fn with(prefix: Option<u8>, opcode: u16, modrm: u8) -> Option<Decoded> {
    let mut bytes: Vec<u8> = prefix.into_iter().chain(opcode_bytes(opcode)).collect();
    bytes.push(modrm);
    bytes.extend([0; 10]);
    decode(&bytes, true).ok().filter(|inst| inst.op != Op::Invalid)
}

/// All forms, in order of their opcodes.
pub fn keys() -> Vec<Key> {
    let one_byte = (0..0x100).filter(|opcode| !is_prefix_or_escape(*opcode));
    let mut all = Vec::new();
    for opcode in one_byte.chain(0x0F00..0x1000) {
        let plain = table(None, opcode);
        forms_of(None, opcode, &plain, &[], &mut all);
        for prefix in [0x66, 0xF3, 0xF2] {
            forms_of(Some(prefix), opcode, &table(Some(prefix), opcode), &plain, &mut all);
        }
    }
    all
}

/// What every ModRM byte makes of an opcode.
fn table(prefix: Option<u8>, opcode: u16) -> Vec<Option<Decoded>> {
    (0..=255).map(|modrm| with(prefix, opcode, modrm)).collect()
}

/// Adds the forms of an opcode that are not `known` to be without the prefix.
fn forms_of(
    prefix: Option<u8>,
    opcode: u16,
    table: &[Option<Decoded>],
    known: &[Option<Decoded>],
    all: &mut Vec<Key>,
) {
    let kinds = |table: &[Option<Decoded>]| -> Vec<Option<Kind>> {
        table.iter().map(|inst| inst.as_ref().map(kind)).collect()
    };
    let (here, known) = (kinds(table), kinds(known));
    if here == known {
        return;
    }
    let mut add = |place, reg, rm, modrm: usize| {
        if let Some(sample) = table[modrm]
            && known.get(modrm) != Some(&here[modrm])
        {
            all.push(Key { opcode, prefix, place, reg, rm, sample });
        }
    };
    // A ModRM byte of 0 is the only one that cannot be told from none.
    if table.iter().flatten().all(|inst| inst.modrm == 0) {
        return add(Place::None, None, None, 0);
    }
    let modrm = |reg: usize, rm: usize| 0xC0 | reg << 3 | rm;
    let memory: Vec<usize> = (0..8).map(|reg| reg << 3).collect();
    if memory.iter().all(|m| here[*m] == here[0]) {
        if here[0] != here[0xC0] {
            add(Place::Memory, None, None, 0);
        }
    } else {
        for (reg, m) in memory.into_iter().enumerate() {
            if here[m] != here[modrm(reg, 0)] {
                add(Place::Memory, Some(reg as u8), None, m);
            }
        }
    }
    if here[0xC0..].iter().all(|k| *k == here[0xC0]) {
        return add(Place::Register, None, None, 0xC0);
    }
    for reg in 0..8 {
        let first = modrm(reg, 0);
        if (0..8).all(|rm| here[modrm(reg, rm)] == here[first]) {
            add(Place::Register, Some(reg as u8), None, first);
            continue;
        }
        for rm in 0..8 {
            add(Place::Register, Some(reg as u8), Some(rm as u8), modrm(reg, rm));
        }
    }
}
