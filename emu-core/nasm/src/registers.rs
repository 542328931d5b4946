//! Registers, and the kinds of operands as sets of bits.

/// A set of properties of an operand: what an instruction asks for must be among what is given.
pub type Flags = u64;

/// Sizes; the distance of a jump counts as one.
pub const B8: Flags = 1;
pub const B16: Flags = 1 << 1;
pub const B32: Flags = 1 << 2;
pub const B64: Flags = 1 << 3;
pub const B80: Flags = 1 << 4;
pub const B128: Flags = 1 << 5;
pub const B256: Flags = 1 << 6;
pub const FAR: Flags = 1 << 7;
pub const NEAR: Flags = 1 << 8;
pub const SHORT: Flags = 1 << 9;
/// All sizes and distances.
pub const SIZES: Flags = (1 << 10) - 1;
/// `to` before an x87 register.
pub const TO: Flags = 1 << 10;
/// A colon after the operand: the segment of a far address.
pub const COLON: Flags = 1 << 11;
/// `strict`: the size is meant.
pub const STRICT: Flags = 1 << 12;
pub const REGISTER: Flags = 1 << 13;
pub const IMMEDIATE: Flags = 1 << 14;
pub const MEMORY: Flags = 1 << 15;
/// A memory operand without registers.
pub const MEMORY_OFFSET: Flags = 1 << 16;
/// What ModRM.rm can say, by kind of the register it could be.
pub const RM_GENERAL: Flags = 1 << 17;
pub const RM_MMX: Flags = 1 << 18;
pub const RM_XMM: Flags = 1 << 19;
/// What registers are.
pub const GENERAL: Flags = 1 << 20;
pub const SEGMENT: Flags = 1 << 21;
pub const CONTROL: Flags = 1 << 22;
pub const DEBUG: Flags = 1 << 23;
pub const TEST: Flags = 1 << 24;
pub const FPU: Flags = 1 << 25;
pub const MMX: Flags = 1 << 26;
pub const XMM: Flags = 1 << 27;
/// A 32-bit general register other than EAX.
pub const NOT_EAX: Flags = 1 << 28;
/// Immediates: equal to 1; equal to a sign-extended byte in 16 and in 32 bits.
pub const UNITY: Flags = 1 << 29;
pub const SIGNED_BYTE_16: Flags = 1 << 30;
pub const SIGNED_BYTE_32: Flags = 1 << 31;

/// A memory operand as the instruction table sees it.
pub const ANY_MEMORY: Flags = MEMORY | RM_GENERAL | RM_MMX | RM_XMM;

/// A register: kind and size, and its number in the encoding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Register {
    /// What it is.
    pub flags: Flags,
    /// Its number.
    pub number: u8,
}

impl Register {
    /// True for a register that addresses can have.
    pub fn is_general(self) -> bool {
        self.flags & GENERAL != 0
    }

    /// Bits of a general register.
    pub fn bits(self) -> u8 {
        match self.flags & SIZES {
            B8 => 8,
            B16 => 16,
            _ => 32,
        }
    }
}

const NAMES_8: [&str; 8] = ["al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"];
const NAMES_16: [&str; 8] = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di"];
const NAMES_32: [&str; 8] = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];
const NAMES_SEGMENT: [&str; 6] = ["es", "cs", "ss", "ds", "fs", "gs"];

fn general(number: usize, size: Flags) -> Register {
    let not_eax = if size == B32 && number != 0 { NOT_EAX } else { 0 };
    Register { flags: REGISTER | RM_GENERAL | GENERAL | size | not_eax, number: number as u8 }
}

/// The register with a name in lower case.
pub fn register(name: &str) -> Option<Register> {
    if !(2..=4).contains(&name.len()) {
        return None;
    }
    let place = |names: &[&str]| names.iter().position(|n| *n == name);
    if let Some(number) = place(&NAMES_32) {
        return Some(general(number, B32));
    }
    if let Some(number) = place(&NAMES_16) {
        return Some(general(number, B16));
    }
    if let Some(number) = place(&NAMES_8) {
        return Some(general(number, B8));
    }
    if let Some(number) = place(&NAMES_SEGMENT) {
        return Some(Register { flags: REGISTER | SEGMENT | B16, number: number as u8 });
    }
    numbered(name)
}

fn numbered(name: &str) -> Option<Register> {
    let digit = name.as_bytes().last().filter(|b| b.is_ascii_digit())? - b'0';
    let (flags, most) = match &name[..name.len() - 1] {
        "st" => (REGISTER | FPU | B80, 7),
        "mm" => (REGISTER | RM_MMX | MMX | B64, 7),
        "xmm" => (REGISTER | RM_XMM | XMM | B128, 7),
        "cr" => (REGISTER | CONTROL | B32, 7),
        "dr" => (REGISTER | DEBUG | B32, 7),
        "tr" => (REGISTER | TEST | B32, 7),
        _ => return None,
    };
    (digit <= most).then_some(Register { flags, number: digit })
}

/// Name of a general register, which also gives the order in which NASM keeps the registers of an address.
pub fn general_name(register: Register) -> &'static str {
    let names = match register.bits() {
        8 => &NAMES_8,
        16 => &NAMES_16,
        _ => &NAMES_32,
    };
    names[register.number as usize & 7]
}
