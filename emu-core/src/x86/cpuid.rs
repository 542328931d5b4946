//! CPUID: exactly what this CPU has (SDM vol. 2A, CPUID).

/// Family 6, model 8, stepping 6: a Pentium III.
pub const SIGNATURE: u32 = 0x0686;

/// Physical address bits.
const ADDRESS_BITS: u32 = super::paging::spec::MAXPHYADDR;

/// Leaf 1, EDX.
mod feature {
    pub const FPU: u32 = 1 << 0;
    pub const DE: u32 = 1 << 2;
    pub const PSE: u32 = 1 << 3;
    pub const TSC: u32 = 1 << 4;
    pub const MSR: u32 = 1 << 5;
    pub const PAE: u32 = 1 << 6;
    pub const MCE: u32 = 1 << 7;
    pub const CX8: u32 = 1 << 8;
    pub const APIC: u32 = 1 << 9;
    pub const SEP: u32 = 1 << 11;
    pub const MTRR: u32 = 1 << 12;
    pub const PGE: u32 = 1 << 13;
    pub const MCA: u32 = 1 << 14;
    pub const CMOV: u32 = 1 << 15;
    pub const PAT: u32 = 1 << 16;
    pub const CLFSH: u32 = 1 << 19;
    pub const MMX: u32 = 1 << 23;
    pub const FXSR: u32 = 1 << 24;
    pub const SSE: u32 = 1 << 25;
    pub const SSE2: u32 = 1 << 26;
    pub const ALL: u32 = FPU
        | DE
        | PSE
        | TSC
        | MSR
        | PAE
        | MCE
        | CX8
        | APIC
        | SEP
        | MTRR
        | PGE
        | MCA
        | CMOV
        | PAT
        | CLFSH
        | MMX
        | FXSR
        | SSE
        | SSE2;
}

/// NX, in leaf 80000001h, EDX.
const NX: u32 = 1 << 20;

const BRAND: &[u8; 48] = b"Glassbox virtual CPU (Pentium III class)\0\0\0\0\0\0\0\0";

fn text(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |value, &b| value << 8 | u32::from(b))
}

/// EAX, EBX, ECX, EDX for a leaf. `apic` is whether IA32_APIC_BASE enables the local APIC. Leaves beyond the highest
/// give that of the highest basic one, as Intel CPUs do.
pub fn leaf(number: u32, apic: bool) -> [u32; 4] {
    match number {
        0 => [2, text(b"Genu"), text(b"ntel"), text(b"ineI")],
        1 => {
            let hidden = if apic { 0 } else { feature::APIC };
            // EBX: CLFLUSH line of 8 quadwords.
            [SIGNATURE, 8 << 8, 0, feature::ALL & !hidden]
        }
        0x8000_0000 => [0x8000_0008, 0, 0, 0],
        0x8000_0001 => [0, 0, 0, NX],
        0x8000_0002..=0x8000_0004 => {
            let at = (number - 0x8000_0002) as usize * 16;
            std::array::from_fn(|i| text(&BRAND[at + 4 * i..at + 4 * i + 4]))
        }
        0x8000_0005..=0x8000_0007 => [0; 4],
        0x8000_0008 => [ADDRESS_BITS | 32 << 8, 0, 0, 0],
        // Cache descriptors: one 32 KiB data and instruction cache and a 512 KiB second level, 4 KiB TLBs.
        _ => [0x0302_0101, 0, 0, 0x0C04_0843],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendor_reads_in_register_order() {
        let [_, b, c, d] = leaf(0, true);
        let name: Vec<u8> = [b, d, c].into_iter().flat_map(u32::to_le_bytes).collect();
        assert_eq!(name, b"GenuineIntel");
    }

    #[test]
    fn a_disabled_apic_is_hidden() {
        assert_eq!(leaf(1, true)[3] ^ leaf(1, false)[3], 1 << 9);
    }
}
