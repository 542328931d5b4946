//! Model-specific registers (SDM vol. 4).

use super::super::Inspector;
use crate::bus::view::{Field, RegisterView};
use crate::x86::msr::spec;

const APIC_BASE: &[Field] = &[
    Field::flag(8, "BSP", "bootstrap processor"),
    Field::flag(11, "EN", "local APIC on"),
    Field::number(12, 35, "base", "page of its registers"),
];
const EFER: &[Field] = &[Field::flag(11, "NXE", "execute-disable bits count")];
const TYPES: &[&str] = &["UC", "WC", "reserved", "reserved", "WT", "WP", "WB", "UC-"];
const PAT: &[Field] = &[
    Field::choice(0, 2, "PA0", "memory type", TYPES),
    Field::choice(8, 10, "PA1", "memory type", TYPES),
    Field::choice(16, 18, "PA2", "memory type", TYPES),
    Field::choice(24, 26, "PA3", "memory type", TYPES),
    Field::choice(32, 34, "PA4", "memory type", TYPES),
    Field::choice(40, 42, "PA5", "memory type", TYPES),
    Field::choice(48, 50, "PA6", "memory type", TYPES),
    Field::choice(56, 58, "PA7", "memory type", TYPES),
];
const DEF_TYPE: &[Field] = &[
    Field::choice(0, 7, "type", "memory type elsewhere", TYPES),
    Field::flag(10, "FE", "fixed ranges are on"),
    Field::flag(11, "E", "MTRRs are on"),
];
const CAP: &[Field] = &[
    Field::number(0, 7, "VCNT", "variable ranges"),
    Field::flag(8, "FIX", "has fixed ranges"),
    Field::flag(10, "WC", "has write combining"),
];
const PHYS_BASE: &[Field] =
    &[Field::choice(0, 7, "type", "memory type", TYPES), Field::number(12, 35, "base", "first page")];
const PHYS_MASK: &[Field] = &[Field::flag(11, "V", "valid"), Field::number(12, 35, "mask", "bits compared")];
const DEBUGCTL: &[Field] =
    &[Field::flag(0, "LBR", "last branch records"), Field::flag(1, "BTF", "TF steps branches")];

/// Registers with a name of their own: number, name, title, fields.
const NAMED: &[(u32, &str, &str, &[Field])] = &[
    (0, "P5_MC_ADDR", "machine check address", &[]),
    (1, "P5_MC_TYPE", "machine check type", &[]),
    (spec::TSC, "IA32_TIME_STAMP_COUNTER", "nanoseconds of virtual time", &[]),
    (spec::PLATFORM_ID, "IA32_PLATFORM_ID", "platform", &[]),
    (spec::APIC_BASE, "IA32_APIC_BASE", "local APIC", APIC_BASE),
    (spec::EBL_CR_POWERON, "EBL_CR_POWERON", "bus configuration", &[]),
    (spec::BIOS_SIGN_ID, "IA32_BIOS_SIGN_ID", "microcode revision", &[]),
    (spec::MTRRCAP, "IA32_MTRRCAP", "what MTRRs there are", CAP),
    (spec::BBL_CR_CTL3, "BBL_CR_CTL3", "second-level cache", &[]),
    (spec::SYSENTER_CS, "IA32_SYSENTER_CS", "selector for SYSENTER", &[]),
    (spec::SYSENTER_CS + 1, "IA32_SYSENTER_ESP", "stack for SYSENTER", &[]),
    (spec::SYSENTER_EIP, "IA32_SYSENTER_EIP", "entry for SYSENTER", &[]),
    (spec::MCG_CAP, "IA32_MCG_CAP", "machine check banks", &[]),
    (spec::MCG_STATUS, "IA32_MCG_STATUS", "machine check status", &[]),
    (spec::MISC_ENABLE, "IA32_MISC_ENABLE", "miscellaneous features", &[]),
    (spec::DEBUGCTL, "IA32_DEBUGCTL", "branch tracing", DEBUGCTL),
    (spec::PAT, "IA32_PAT", "page attribute table", PAT),
    (spec::MTRR_DEF_TYPE, "IA32_MTRR_DEF_TYPE", "default memory type", DEF_TYPE),
    (spec::EFER, "IA32_EFER", "extended features", EFER),
];

/// Names of the fixed-range MTRRs, in the order of their number.
const FIXED: [&str; 11] = [
    "IA32_MTRR_FIX64K_00000",
    "IA32_MTRR_FIX16K_80000",
    "IA32_MTRR_FIX16K_A0000",
    "IA32_MTRR_FIX4K_C0000",
    "IA32_MTRR_FIX4K_C8000",
    "IA32_MTRR_FIX4K_D0000",
    "IA32_MTRR_FIX4K_D8000",
    "IA32_MTRR_FIX4K_E0000",
    "IA32_MTRR_FIX4K_E8000",
    "IA32_MTRR_FIX4K_F0000",
    "IA32_MTRR_FIX4K_F8000",
];

impl Inspector<'_> {
    /// All that RDMSR can read, by number.
    pub(super) fn msr_registers(&self) -> Vec<RegisterView> {
        let read = |number: u32| self.cpu().read_msr(number).unwrap_or(0);
        let mut registers: Vec<_> = NAMED
            .iter()
            .map(|&(n, name, title, fields)| RegisterView::new(name, title, 64, read(n)).at(n).fields(fields))
            .collect();
        for n in spec::MTRR_PHYSBASE0..=spec::MTRR_PHYSMASK7 {
            let range = (n - spec::MTRR_PHYSBASE0) / 2;
            let (name, fields) = if n & 1 == 0 { ("BASE", PHYS_BASE) } else { ("MASK", PHYS_MASK) };
            let name = format!("IA32_MTRR_PHYS{name}{range}");
            registers.push(RegisterView::new(name, "variable range", 64, read(n)).at(n).fields(fields));
        }
        for (n, name) in spec::MTRR_FIXED.into_iter().zip(FIXED) {
            registers.push(RegisterView::new(name, "memory types of eight pieces", 64, read(n)).at(n));
        }
        registers.sort_by_key(|register| register.address);
        registers
    }
}
