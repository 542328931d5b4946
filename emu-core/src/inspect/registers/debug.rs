//! DR0 to DR7 (SDM vol. 3B, 17.2).

use super::super::Inspector;
use crate::bus::view::{Field, RegisterView};
use crate::x86::regs::cr4;

const DR6: &[Field] = &[
    Field::flag(0, "B0", "breakpoint 0 was met"),
    Field::flag(1, "B1", "breakpoint 1 was met"),
    Field::flag(2, "B2", "breakpoint 2 was met"),
    Field::flag(3, "B3", "breakpoint 3 was met"),
    Field::flag(13, "BD", "the next instruction would touch a debug register"),
    Field::flag(14, "BS", "single step"),
    Field::flag(15, "BT", "switch to a task with its T bit set"),
];

const CONDITIONS: &[&str] = &["execution", "write", "I/O, with CR4.DE", "read or write"];
const LENGTHS: &[&str] = &["1 byte", "2 bytes", "8 bytes", "4 bytes"];

const DR7: &[Field] = &[
    Field::flag(0, "L0", "breakpoint 0 is on, until a task switch"),
    Field::flag(1, "G0", "breakpoint 0 is on"),
    Field::flag(2, "L1", "breakpoint 1 is on, until a task switch"),
    Field::flag(3, "G1", "breakpoint 1 is on"),
    Field::flag(4, "L2", "breakpoint 2 is on, until a task switch"),
    Field::flag(5, "G2", "breakpoint 2 is on"),
    Field::flag(6, "L3", "breakpoint 3 is on, until a task switch"),
    Field::flag(7, "G3", "breakpoint 3 is on"),
    Field::flag(8, "LE", "exact data breakpoints (no effect since the P6)"),
    Field::flag(9, "GE", "exact data breakpoints (no effect since the P6)"),
    Field::flag(13, "GD", "general detect: touching a debug register raises #DB"),
    Field::choice(16, 17, "R/W0", "breakpoint 0 is on", CONDITIONS),
    Field::choice(18, 19, "LEN0", "length of breakpoint 0", LENGTHS),
    Field::choice(20, 21, "R/W1", "breakpoint 1 is on", CONDITIONS),
    Field::choice(22, 23, "LEN1", "length of breakpoint 1", LENGTHS),
    Field::choice(24, 25, "R/W2", "breakpoint 2 is on", CONDITIONS),
    Field::choice(26, 27, "LEN2", "length of breakpoint 2", LENGTHS),
    Field::choice(28, 29, "R/W3", "breakpoint 3 is on", CONDITIONS),
    Field::choice(30, 31, "LEN3", "length of breakpoint 3", LENGTHS),
];

impl Inspector<'_> {
    /// The debug registers; those of addresses say in their title what they watch.
    pub(super) fn debug_registers(&self) -> Vec<RegisterView> {
        let st = self.state();
        let names = ["DR0", "DR1", "DR2", "DR3"];
        let mut registers: Vec<_> =
            (0..4).map(|i| RegisterView::new(names[i], self.watched(i), 32, st.dr[i])).collect();
        registers.push(RegisterView::new("DR6", "debug status", 32, st.dr[6]).fields(DR6));
        registers.push(RegisterView::new("DR7", "debug control", 32, st.dr[7]).fields(DR7));
        registers
    }

    /// What breakpoint `i` waits for.
    fn watched(&self, i: usize) -> String {
        let dr7 = self.state().dr[7];
        if dr7 >> (2 * i) & 3 == 0 {
            return "off".into();
        }
        let condition = (dr7 >> (16 + 4 * i) & 3) as usize;
        let length = (dr7 >> (18 + 4 * i) & 3) as usize;
        if condition == 2 && self.state().cr4 & cr4::DE == 0 {
            return "I/O without CR4.DE: never met".into();
        }
        format!("{} of {}", ["execution", "write", "I/O", "read or write"][condition], LENGTHS[length])
    }
}
