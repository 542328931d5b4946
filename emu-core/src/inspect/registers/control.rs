//! CR0 to CR4 (SDM vol. 3A, 2.5).

use super::super::Inspector;
use super::super::walk::{Entry, Level};
use crate::bus::view::{Field, RegisterView};
use crate::x86::regs::{cr0, cr4};

const CR0: &[Field] = &[
    Field::flag(0, "PE", "protected mode"),
    Field::flag(1, "MP", "WAIT heeds TS"),
    Field::flag(2, "EM", "no x87: its instructions raise #NM"),
    Field::flag(3, "TS", "task switched: the next FPU instruction raises #NM"),
    Field::flag(4, "ET", "always 1: a 387 or later"),
    Field::choice(5, 5, "NE", "x87 errors", &["by FERR# and IRQ 13", "by #MF"]),
    Field::flag(16, "WP", "read-only pages hold for the supervisor too"),
    Field::flag(18, "AM", "EFLAGS.AC counts"),
    Field::flag(29, "NW", "not write-through"),
    Field::flag(30, "CD", "cache disabled"),
    Field::flag(31, "PG", "paging"),
];

const CR3_LEGACY: &[Field] = &[
    Field::flag(3, "PWT", "page directory: write-through"),
    Field::flag(4, "PCD", "page directory: cache disabled"),
    Field::number(12, 31, "base", "page directory, in its place"),
];

const CR3_PAE: &[Field] = &[
    Field::flag(3, "PWT", "page-directory pointers: write-through"),
    Field::flag(4, "PCD", "page-directory pointers: cache disabled"),
    Field::number(5, 31, "base", "page-directory-pointer table, in its place"),
];

const CR4: &[Field] = &[
    Field::flag(0, "VME", "virtual-8086 extensions (this CPU has none)"),
    Field::flag(1, "PVI", "protected-mode virtual interrupts (this CPU has none)"),
    Field::flag(2, "TSD", "RDTSC at CPL 0 only"),
    Field::flag(3, "DE", "I/O breakpoints; DR4 and DR5 raise #UD"),
    Field::flag(4, "PSE", "4 MiB pages"),
    Field::flag(5, "PAE", "8-byte page-table entries, 36-bit addresses"),
    Field::flag(6, "MCE", "machine checks"),
    Field::flag(7, "PGE", "global pages"),
    Field::flag(8, "PCE", "RDPMC at any CPL"),
    Field::flag(9, "OSFXSR", "the system saves SSE registers: SSE is on"),
    Field::flag(10, "OSXMMEXCPT", "SSE errors raise #XM, not #UD"),
];

impl Inspector<'_> {
    /// CR0, CR2, CR3, CR4, and with PAE the pointers that CR3 was loaded with.
    pub(super) fn control_registers(&self) -> Vec<RegisterView> {
        let st = self.state();
        let cr3 = if self.pae() { CR3_PAE } else { CR3_LEGACY };
        let mut registers = vec![
            RegisterView::new("CR0", "system control", 32, st.cr0).fields(CR0),
            RegisterView::new("CR2", "linear address of the last page fault", 32, st.cr2),
            RegisterView::new("CR3", "root of the page tables", 32, st.cr3).fields(cr3),
            RegisterView::new("CR4", "extensions", 32, st.cr4).fields(CR4),
        ];
        if st.cr0 & cr0::PG != 0 && st.cr4 & cr4::PAE != 0 {
            for (n, &value) in st.pdpte.iter().enumerate() {
                let entry = Entry { level: Level::Pdpte, at: n as u64, value, wide: true };
                let view = self.entry_view(&entry);
                registers.push(RegisterView { name: format!("PDPTE{n}").into(), ..view });
            }
        }
        registers
    }
}
