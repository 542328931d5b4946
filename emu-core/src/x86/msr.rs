//! Model-specific registers (SDM vol. 4): those that Linux, SeaBIOS and memtest86+ touch. Others are #GP(0).

use super::cpu::Cpu;
use super::exception::Exception;

/// Register numbers.
pub mod spec {
    /// IA32_TIME_STAMP_COUNTER.
    pub const TSC: u32 = 0x10;
    /// IA32_PLATFORM_ID.
    pub const PLATFORM_ID: u32 = 0x17;
    /// IA32_APIC_BASE.
    pub const APIC_BASE: u32 = 0x1B;
    /// EBL_CR_POWERON.
    pub const EBL_CR_POWERON: u32 = 0x2A;
    /// IA32_BIOS_UPDT_TRIG.
    pub const BIOS_UPDT_TRIG: u32 = 0x79;
    /// IA32_BIOS_SIGN_ID.
    pub const BIOS_SIGN_ID: u32 = 0x8B;
    /// IA32_MTRRCAP.
    pub const MTRRCAP: u32 = 0xFE;
    /// BBL_CR_CTL3.
    pub const BBL_CR_CTL3: u32 = 0x11E;
    /// IA32_SYSENTER_CS, followed by ESP and EIP.
    pub const SYSENTER_CS: u32 = 0x174;
    /// IA32_SYSENTER_EIP.
    pub const SYSENTER_EIP: u32 = 0x176;
    /// IA32_MCG_CAP.
    pub const MCG_CAP: u32 = 0x179;
    /// IA32_MCG_STATUS.
    pub const MCG_STATUS: u32 = 0x17A;
    /// IA32_MISC_ENABLE.
    pub const MISC_ENABLE: u32 = 0x1A0;
    /// IA32_DEBUGCTL.
    pub const DEBUGCTL: u32 = 0x1D9;
    /// IA32_MTRR_PHYSBASE0, up to PHYSMASK7.
    pub const MTRR_PHYSBASE0: u32 = 0x200;
    /// IA32_MTRR_PHYSMASK7.
    pub const MTRR_PHYSMASK7: u32 = 0x20F;
    /// The fixed-range MTRRs in the order of their number.
    pub const MTRR_FIXED: [u32; 11] =
        [0x250, 0x258, 0x259, 0x268, 0x269, 0x26A, 0x26B, 0x26C, 0x26D, 0x26E, 0x26F];
    /// IA32_PAT.
    pub const PAT: u32 = 0x277;
    /// IA32_MTRR_DEF_TYPE.
    pub const MTRR_DEF_TYPE: u32 = 0x2FF;
    /// IA32_EFER.
    pub const EFER: u32 = 0xC000_0080;
    /// Bits of IA32_APIC_BASE that can be written: base, enable, BSP.
    pub const APIC_BASE_BITS: u64 = 0xF_FFFF_F900;
    /// Bits of IA32_MTRR_PHYSBASEn beside the memory type, and of PHYSMASKn beside the valid bit: an address in pages.
    pub const MTRR_ADDRESS: u64 = crate::x86::paging::spec::PAE_ADDRESS;
    /// IA32_MTRR_PHYSMASKn: the pair is in use.
    pub const MTRR_VALID: u64 = 1 << 11;
    /// Bits of IA32_MTRR_DEF_TYPE: default type, fixed ranges enabled, MTRRs enabled.
    pub const MTRR_DEF_TYPE_BITS: u64 = 0xCFF;
    /// Eight variable ranges, fixed ranges, write combining.
    pub const MTRRCAP_VALUE: u64 = 0x508;
}
use spec::*;

/// Memory types that PAT and MTRRs know.
fn is_memory_type(value: u8, pat: bool) -> bool {
    matches!(value, 0 | 1 | 4 | 5 | 6) || pat && value == 7
}

/// Whether a value has no reserved bit of the base (even number) or mask (odd) of a variable range (SDM vol. 3A,
/// 11.11.2.3).
fn fits_variable_mtrr(number: u32, value: u64) -> bool {
    if number & 1 == 0 {
        is_memory_type(value as u8, false) && value & !(MTRR_ADDRESS | 0xFF) == 0
    } else {
        value & !(MTRR_ADDRESS | MTRR_VALID) == 0
    }
}

impl Cpu {
    /// RDMSR's value.
    pub fn read_msr(&self, number: u32) -> Result<u64, Exception> {
        let m = &self.st.msr;
        Ok(match number {
            // The machine check registers of a Pentium, which P6 CPUs keep as zero.
            0 | 1 => 0,
            TSC => self.tsc(),
            PLATFORM_ID | EBL_CR_POWERON | BBL_CR_CTL3 | MCG_CAP => 0,
            APIC_BASE => m.apic_base,
            BIOS_SIGN_ID => m.bios_sign,
            MTRRCAP => MTRRCAP_VALUE,
            SYSENTER_CS..=SYSENTER_EIP => u64::from(m.sysenter[(number - SYSENTER_CS) as usize]),
            MCG_STATUS => m.mcg_status,
            MISC_ENABLE => m.misc_enable,
            DEBUGCTL => m.debugctl,
            MTRR_PHYSBASE0..=MTRR_PHYSMASK7 => m.mtrr_variable[(number - MTRR_PHYSBASE0) as usize],
            PAT => m.pat,
            MTRR_DEF_TYPE => m.mtrr_def_type,
            EFER => m.efer,
            _ => match MTRR_FIXED.iter().position(|&n| n == number) {
                Some(i) => m.mtrr_fixed[i],
                None => return Err(Exception::GP0),
            },
        })
    }

    /// WRMSR's effect; #GP(0) for what is not there, read-only or reserved.
    pub fn write_msr(&mut self, number: u32, value: u64) -> Result<(), Exception> {
        let types_fit = |pat| value.to_le_bytes().into_iter().all(|t| is_memory_type(t, pat));
        let tsc = self.tsc();
        let m = &mut self.st.msr;
        match number {
            0 | 1 | EBL_CR_POWERON | BBL_CR_CTL3 | BIOS_UPDT_TRIG => {}
            TSC => self.st.tsc_offset = self.st.tsc_offset.wrapping_add(value.wrapping_sub(tsc)),
            APIC_BASE if value & !APIC_BASE_BITS == 0 => {
                m.apic_base = value;
                self.before_device();
                self.bus.set_apic_base(value);
                self.after_device();
            }
            BIOS_SIGN_ID => m.bios_sign = value,
            SYSENTER_CS..=SYSENTER_EIP => m.sysenter[(number - SYSENTER_CS) as usize] = value as u32,
            MCG_STATUS if value == 0 => m.mcg_status = 0,
            MISC_ENABLE => m.misc_enable = value,
            DEBUGCTL => m.debugctl = value & 0x3F,
            MTRR_PHYSBASE0..=MTRR_PHYSMASK7 if fits_variable_mtrr(number, value) => {
                m.mtrr_variable[(number - MTRR_PHYSBASE0) as usize] = value;
            }
            PAT if types_fit(true) => m.pat = value,
            MTRR_DEF_TYPE if is_memory_type(value as u8, false) && value & !MTRR_DEF_TYPE_BITS == 0 => {
                m.mtrr_def_type = value;
            }
            EFER if value & !super::paging::spec::NXE == 0 => {
                m.efer = value;
                self.flush_tlb(true);
            }
            _ => match MTRR_FIXED.iter().position(|&n| n == number) {
                Some(i) if types_fit(false) => m.mtrr_fixed[i] = value,
                _ => return Err(Exception::GP0),
            },
        }
        Ok(())
    }
}
