//! Entries of paging structures, bit by bit (SDM vol. 3A, 4.3 and 4.4).

use super::Inspector;
use super::walk::{Entry, Level};
use crate::bus::view::{Field, RegisterView};

const PRESENT: Field =
    Field::choice(0, 0, "P", "present", &["not present: the other bits are software's", "present"]);
const WRITE: Field = Field::choice(1, 1, "R/W", "writes", &["read-only", "writable"]);
const USER: Field = Field::choice(2, 2, "U/S", "who", &["supervisor only", "user too"]);
const WRITE_THROUGH: Field = Field::flag(3, "PWT", "cache write-through");
const CACHE_DISABLE: Field = Field::flag(4, "PCD", "cache disabled");
const ACCESSED: Field = Field::flag(5, "A", "accessed: a translation went through here");
const DIRTY: Field = Field::flag(6, "D", "dirty: the page was written");
const IGNORED_6: Field = Field::flag(6, "6", "ignored");
const SIZE: Field = Field::choice(7, 7, "PS", "what it leads to", &["a page table", "a large page"]);
const SIZE_IGNORED: Field = Field::flag(7, "PS", "ignored while CR4.PSE is 0");
const PAT: Field = Field::flag(7, "PAT", "page attribute table, index bit 2");
const GLOBAL: Field = Field::flag(8, "G", "global: kept over loads of CR3, if CR4.PGE");
const IGNORED_8: Field = Field::flag(8, "8", "ignored");
const SOFTWARE: Field = Field::number(9, 11, "AVL", "left to software");
const NX: Field = Field::flag(63, "XD", "no fetches, if IA32_EFER.NXE (else reserved)");
const RESERVED_WIDE: Field = Field::number(36, 62, "reserved", "must be 0");

const LOW: [Field; 6] = [PRESENT, WRITE, USER, WRITE_THROUGH, CACHE_DISABLE, ACCESSED];

fn tail(entry: &Entry, pse: bool) -> Vec<Field> {
    let address = |from, title| Field::number(from, if entry.wide { 35 } else { 31 }, "address", title);
    let mut fields = match entry.level {
        Level::Pte => vec![DIRTY, PAT, GLOBAL, SOFTWARE, address(12, "frame of the page, in its place")],
        Level::LargePde => {
            let from = if entry.wide { 21 } else { 22 };
            vec![
                DIRTY,
                SIZE,
                GLOBAL,
                SOFTWARE,
                Field::flag(12, "PAT", "page attribute table, index bit 2"),
                Field::number(13, from - 1, "reserved", "must be 0"),
                address(from, "frame of the large page, in its place"),
            ]
        }
        Level::Pde => {
            let size = if entry.wide || pse { SIZE } else { SIZE_IGNORED };
            vec![IGNORED_6, size, IGNORED_8, SOFTWARE, address(12, "the page table, in its place")]
        }
        Level::Pdpte => Vec::new(),
    };
    if entry.wide {
        fields.extend([RESERVED_WIDE, NX]);
    }
    fields
}

/// A page-directory-pointer entry has few bits.
const PDPTE: &[Field] = &[
    Field::choice(0, 0, "P", "present", &["not present", "present"]),
    Field::number(1, 2, "reserved", "must be 0"),
    WRITE_THROUGH,
    CACHE_DISABLE,
    Field::number(5, 8, "reserved", "must be 0"),
    SOFTWARE,
    Field::number(12, 35, "address", "the page directory, in its place"),
    Field::number(36, 63, "reserved", "must be 0"),
];

impl Inspector<'_> {
    /// An entry with its bits named.
    pub(super) fn entry_view(&self, entry: &Entry) -> RegisterView {
        let name = match entry.level {
            Level::Pdpte => "PDPTE",
            Level::Pde | Level::LargePde => "PDE",
            Level::Pte => "PTE",
        };
        let title = match entry.level {
            Level::Pdpte => "page-directory-pointer entry",
            Level::Pde => "page-directory entry",
            Level::LargePde => "page-directory entry of a large page",
            Level::Pte => "page-table entry",
        };
        let view = RegisterView::new(name, title, if entry.wide { 64 } else { 32 }, entry.value).at(entry.at);
        if entry.level == Level::Pdpte {
            return view.fields(PDPTE);
        }
        let pse = self.state().cr4 & crate::x86::regs::cr4::PSE != 0;
        view.fields(&LOW).fields(&tail(entry, pse))
    }
}
