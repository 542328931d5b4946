//! Debug registers: breakpoints, single stepping (SDM vol. 3B, 17.2-17.3).

use super::cpu::{Cpu, attention};
use super::eflags::RF;
use super::exception::Exception;
use super::regs::{cr4, seg};

/// DR6: breakpoints 0-3.
pub const DR6_HITS: u32 = 0xF;
/// DR6: access to a debug register with DR7.GD set.
pub const DR6_BD: u32 = 1 << 13;
/// DR6: single step.
pub const DR6_BS: u32 = 1 << 14;
/// DR6: task switch.
pub const DR6_BT: u32 = 1 << 15;
/// DR6 bits that are always 1.
pub const DR6_ONES: u32 = 0xFFFF_0FF0;
/// DR7: general detect.
pub const DR7_GD: u32 = 1 << 13;
/// DR7 bit that is always 1.
pub const DR7_ONES: u32 = 0x400;

/// A breakpoint's condition in DR7.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Condition {
    Execute,
    Write,
    Io,
    ReadWrite,
}

impl Cpu {
    fn condition(&self, i: usize) -> Option<Condition> {
        let dr7 = self.st.dr[7];
        if dr7 >> (2 * i) & 3 == 0 {
            return None;
        }
        Some(match dr7 >> (16 + 4 * i) & 3 {
            0 => Condition::Execute,
            1 => Condition::Write,
            // Without CR4.DE the encoding means nothing.
            2 if self.st.cr4 & cr4::DE == 0 => return None,
            2 => Condition::Io,
            _ => Condition::ReadWrite,
        })
    }

    fn covers(&self, i: usize, first: u32, len: u32) -> bool {
        let size = [1, 2, 8, 4][(self.st.dr[7] >> (18 + 4 * i) & 3) as usize];
        let start = self.st.dr[i] & !(size - 1);
        first.wrapping_sub(start) < size || start.wrapping_sub(first) < len
    }

    /// Whether any breakpoint is on execution.
    pub fn has_code_breakpoints(&self) -> bool {
        self.st.dr[7] & 0xFF != 0 && (0..4).any(|i| self.condition(i) == Some(Condition::Execute))
    }

    /// Whether any breakpoint is on data or I/O.
    pub fn has_data_breakpoints(&self) -> bool {
        self.st.dr[7] & 0xFF != 0
            && (0..4).any(|i| !matches!(self.condition(i), None | Some(Condition::Execute)))
    }

    /// Whether the next instruction hits an execution breakpoint; sets DR6. RF is used up by the instruction.
    pub fn code_breakpoint(&mut self) -> bool {
        let linear = self.st.seg[usize::from(seg::CS)].base.wrapping_add(self.st.eip);
        // A resumed instruction uses RF up, whatever it does.
        let resumed = self.st.flags.system(RF) != 0;
        self.st.flags.put(RF, 0);
        let mut hits = 0;
        for i in 0..4 {
            if self.condition(i) == Some(Condition::Execute) && self.st.dr[i] == linear {
                hits |= 1 << i;
            }
        }
        if resumed || hits == 0 {
            return false;
        }
        self.st.dr[6] |= hits;
        true
    }

    /// The trap after an instruction that began with TF set.
    pub fn single_step_trap(&mut self) {
        self.st.debug_pending |= DR6_BS;
        self.attention |= attention::DEBUG;
    }

    /// Notes data breakpoints that an access hits.
    #[cold]
    pub fn watch_data(&mut self, linear: u32, len: u32, write: bool) {
        for i in 0..4 {
            let wanted = match self.condition(i) {
                Some(Condition::ReadWrite) => true,
                Some(Condition::Write) => write,
                _ => false,
            };
            if wanted && self.covers(i, linear, len) {
                self.note(i);
            }
        }
    }

    /// Notes I/O breakpoints that an access hits.
    #[cold]
    pub fn watch_io(&mut self, port: u16, size: u8) {
        for i in 0..4 {
            if self.condition(i) == Some(Condition::Io) && self.covers(i, u32::from(port), u32::from(size)) {
                self.note(i);
            }
        }
    }

    fn note(&mut self, i: usize) {
        self.st.debug_pending |= 1 << i;
        self.attention |= attention::DEBUG;
    }

    /// MOV to or from a debug register: aliases of DR4 and DR5, general detect.
    pub fn debug_register(&mut self, number: u8) -> Result<usize, Exception> {
        if matches!(number, 4 | 5) && self.st.cr4 & cr4::DE != 0 {
            return Err(Exception::UD);
        }
        if self.st.dr[7] & DR7_GD != 0 {
            self.st.dr[6] |= DR6_BD;
            self.st.dr[7] &= !DR7_GD;
            return Err(Exception::DB);
        }
        Ok(usize::from(if matches!(number, 4 | 5) { number + 2 } else { number & 7 }))
    }

    /// Stores into a debug register.
    pub fn set_debug_register(&mut self, number: usize, value: u32) {
        self.st.dr[number & 7] = match number & 7 {
            6 => value & 0xE00F | DR6_ONES,
            // Bits 11, 12, 14 and 15 are always 0 (SDM vol. 3B, 17.2.4).
            7 => value & 0xFFFF_23FF | DR7_ONES,
            _ => value,
        };
        self.update_mode();
    }
}
