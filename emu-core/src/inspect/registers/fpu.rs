//! The x87's words and stack, and MXCSR (SDM vol. 1, 8.1 and 10.2.3).

use super::super::Inspector;
use super::super::decimal::decimal;
use crate::bus::view::{Field, RegisterView};
use crate::x86::softfloat::{Class, F80};
use serde::Serialize;

/// The x87.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FpuView {
    /// Control word.
    pub control: RegisterView,
    /// Status word.
    pub status: RegisterView,
    /// Tag word.
    pub tag: RegisterView,
    /// ST(0) to ST(7).
    pub stack: Vec<FpuRegister>,
    /// Last instruction, `selector:offset`.
    pub instruction: String,
    /// Its operand, `selector:offset`.
    pub operand: String,
    /// Its opcode's 11 bits.
    pub opcode: u16,
}

/// A register of the stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FpuRegister {
    /// `st0` to `st7`.
    pub name: String,
    /// Physical register.
    pub physical: u8,
    /// 20 hexadecimal digits, sign and exponent first.
    pub hex: String,
    /// `valid`, `zero`, `special`, `empty`.
    pub tag: &'static str,
    /// What the encoding means.
    pub class: &'static str,
    /// In decimal.
    pub text: String,
}

const TAGS: &[&str] = &["valid", "zero", "special", "empty"];
const ROUNDING: &[&str] = &["to nearest, ties to even", "down", "up", "towards zero"];

const CONTROL: &[Field] = &[
    Field::flag(0, "IM", "invalid operation is masked"),
    Field::flag(1, "DM", "denormal operand is masked"),
    Field::flag(2, "ZM", "division by zero is masked"),
    Field::flag(3, "OM", "overflow is masked"),
    Field::flag(4, "UM", "underflow is masked"),
    Field::flag(5, "PM", "inexact result is masked"),
    Field::choice(8, 9, "PC", "precision", &["24 bits", "reserved", "53 bits", "64 bits"]),
    Field::choice(10, 11, "RC", "rounding", ROUNDING),
    Field::flag(12, "X", "infinity control, without effect since the 387"),
];

const STATUS: &[Field] = &[
    Field::flag(0, "IE", "invalid operation"),
    Field::flag(1, "DE", "denormal operand"),
    Field::flag(2, "ZE", "division by zero"),
    Field::flag(3, "OE", "overflow"),
    Field::flag(4, "UE", "underflow"),
    Field::flag(5, "PE", "inexact result"),
    Field::flag(6, "SF", "stack fault"),
    Field::flag(7, "ES", "an unmasked error is pending"),
    Field::flag(8, "C0", "condition: below"),
    Field::flag(9, "C1", "condition: rounded up; stack overflow, not underflow"),
    Field::flag(10, "C2", "condition: unordered; not done yet"),
    Field::number(11, 13, "TOP", "physical register that is ST(0)"),
    Field::flag(14, "C3", "condition: equal"),
    Field::flag(15, "B", "busy: as ES"),
];

const TAG: &[Field] = &[
    Field::choice(0, 1, "R0", "physical register 0", TAGS),
    Field::choice(2, 3, "R1", "physical register 1", TAGS),
    Field::choice(4, 5, "R2", "physical register 2", TAGS),
    Field::choice(6, 7, "R3", "physical register 3", TAGS),
    Field::choice(8, 9, "R4", "physical register 4", TAGS),
    Field::choice(10, 11, "R5", "physical register 5", TAGS),
    Field::choice(12, 13, "R6", "physical register 6", TAGS),
    Field::choice(14, 15, "R7", "physical register 7", TAGS),
];

const MXCSR: &[Field] = &[
    Field::flag(0, "IE", "invalid operation"),
    Field::flag(1, "DE", "denormal operand"),
    Field::flag(2, "ZE", "division by zero"),
    Field::flag(3, "OE", "overflow"),
    Field::flag(4, "UE", "underflow"),
    Field::flag(5, "PE", "inexact result"),
    Field::flag(6, "DAZ", "denormal operands count as zero"),
    Field::flag(7, "IM", "invalid operation is masked"),
    Field::flag(8, "DM", "denormal operand is masked"),
    Field::flag(9, "ZM", "division by zero is masked"),
    Field::flag(10, "OM", "overflow is masked"),
    Field::flag(11, "UM", "underflow is masked"),
    Field::flag(12, "PM", "inexact result is masked"),
    Field::choice(13, 14, "RC", "rounding", ROUNDING),
    Field::flag(15, "FTZ", "tiny results become zero"),
];

/// MXCSR.
pub(super) fn mxcsr(value: u32) -> RegisterView {
    RegisterView::new("MXCSR", "SSE control and status", 32, value).fields(MXCSR)
}

fn class(value: F80) -> &'static str {
    match value.class() {
        Class::Zero => "zero",
        Class::Denormal => "denormal",
        Class::Normal => "normal",
        Class::Infinity => "infinity",
        Class::QuietNan => "quiet NaN",
        Class::SignalingNan => "signalling NaN",
        Class::Unsupported => "unsupported",
    }
}

impl Inspector<'_> {
    pub(super) fn fpu(&self) -> FpuView {
        let fpu = &self.state().fpu;
        let tags = fpu.tag_word();
        let register = |i: u8| {
            let physical = fpu.index(i);
            let value = fpu.get(i);
            FpuRegister {
                name: format!("st{i}"),
                physical: physical as u8,
                hex: format!("{:04X}{:016X}", value.sign_exponent, value.significand),
                tag: TAGS[usize::from(tags >> (2 * physical) & 3)],
                class: class(value),
                text: decimal(value),
            }
        };
        FpuView {
            control: RegisterView::new("FCW", "x87 control word", 16, fpu.control).fields(CONTROL),
            status: RegisterView::new("FSW", "x87 status word", 16, fpu.status_word()).fields(STATUS),
            tag: RegisterView::new("FTW", "x87 tag word", 16, tags).fields(TAG),
            stack: (0..8).map(register).collect(),
            instruction: format!("{:04X}:{:08X}", fpu.instruction_selector, fpu.instruction_offset),
            operand: format!("{:04X}:{:08X}", fpu.data_selector, fpu.data_offset),
            opcode: fpu.opcode,
        }
    }
}
