//! The paging structures as a tree, a table at a time, with alike neighbours in one line.

use super::Inspector;
use super::walk::{Entry, Level};
use crate::bus::view::RegisterView;
use crate::x86::paging::spec::*;
use crate::x86::regs::{cr0, cr4};
use serde::Serialize;

/// Most lines of one answer.
const MOST: usize = 1024;

/// Consecutive entries with the same rights that lead to consecutive frames.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageRange {
    /// First linear address.
    pub first: u32,
    /// Last linear address.
    pub last: u32,
    /// How many entries.
    pub entries: u32,
    /// Physical address of the first entry; number of a PDPTE.
    pub address: u64,
    /// `table`, `page`, `large`, `absent`, `reserved`.
    pub kind: &'static str,
    /// Physical address the first entry leads to.
    pub frame: u64,
    /// The first entry.
    pub entry: RegisterView,
    /// What to ask for, to see the table it leads to.
    pub node: Option<String>,
}

/// A table, or a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PageTable {
    /// `off`, `32-bit`, `PAE`.
    pub mode: &'static str,
    /// `PDPT`, `PD`, `PT`.
    pub level: &'static str,
    /// Physical address.
    pub address: u64,
    /// Lines asked for.
    pub ranges: Vec<PageRange>,
    /// Lines there are.
    pub total: usize,
}

/// A table's place in the tree.
#[derive(Clone, Copy)]
struct Node {
    level: Level,
    /// First linear address it is for.
    linear: u32,
    /// Physical address.
    table: u64,
}

impl Node {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let level = match parts.next()? {
            "pd" => Level::Pde,
            "pt" => Level::Pte,
            _ => return None,
        };
        let linear = u32::from_str_radix(parts.next()?, 16).ok()?;
        let table = u64::from_str_radix(parts.next()?, 16).ok()? & PAE_ADDRESS;
        parts.next().is_none().then_some(Self { level, linear, table })
    }
}

fn node_text(level: Level, linear: u32, table: u64) -> String {
    let name = if level == Level::Pde { "pd" } else { "pt" };
    format!("{name}.{linear:x}.{table:x}")
}

impl Inspector<'_> {
    /// A table of the tree: the root for an empty name, else one whose name came from [`PageRange::node`]. Lines
    /// `first..`, at most 1024.
    pub fn page_table(&self, node: &str, first: usize, count: usize) -> PageTable {
        let st = self.state();
        if st.cr0 & cr0::PG == 0 {
            return PageTable { mode: "off", ..PageTable::default() };
        }
        let wide = self.pae();
        let root = if wide {
            Node { level: Level::Pdpte, linear: 0, table: u64::from(st.cr3 & !31) }
        } else {
            Node { level: Level::Pde, linear: 0, table: u64::from(st.cr3 & !0xFFF) }
        };
        let node = Node::parse(node).unwrap_or(root);
        let ranges = self.ranges(node);
        PageTable {
            mode: if wide { "PAE" } else { "32-bit" },
            level: match node.level {
                Level::Pdpte => "PDPT",
                Level::Pde | Level::LargePde => "PD",
                Level::Pte => "PT",
            },
            address: node.table,
            total: ranges.len(),
            ranges: ranges.into_iter().skip(first).take(count.min(MOST)).collect(),
        }
    }

    /// All lines of a table.
    fn ranges(&self, node: Node) -> Vec<PageRange> {
        let wide = self.pae();
        let (count, shift) = match (node.level, wide) {
            (Level::Pdpte, _) => (4, 30),
            (Level::Pde | Level::LargePde, true) => (512, 21),
            (Level::Pde | Level::LargePde, false) => (1024, 22),
            (Level::Pte, true) => (512, 12),
            (Level::Pte, false) => (1024, 12),
        };
        let mut ranges: Vec<PageRange> = Vec::new();
        let mut before: Option<(Entry, &'static str)> = None;
        for index in 0..count {
            let entry = self.tree_entry(node, index);
            let kind = self.kind_of(&entry);
            let linear = node.linear.wrapping_add(index << shift);
            let last = linear.wrapping_add((1u32 << shift) - 1);
            let grows = before
                .is_some_and(|(old, old_kind)| old_kind == kind && continues(&old, &entry, kind, shift));
            before = Some((entry, kind));
            match ranges.last_mut() {
                Some(range) if grows => (range.last, range.entries) = (last, range.entries + 1),
                _ => ranges.push(self.range(&entry, kind, linear, last)),
            }
        }
        ranges
    }

    fn range(&self, entry: &Entry, kind: &'static str, first: u32, last: u32) -> PageRange {
        let frame = match kind {
            "absent" => 0,
            "large" if entry.wide => entry.value & PAE_ADDRESS & !0x1F_FFFF,
            "large" => entry.value & 0xFFC0_0000,
            _ => entry.value & PAE_ADDRESS,
        };
        let below = if entry.level == Level::Pdpte { Level::Pde } else { Level::Pte };
        let node = (kind == "table").then(|| node_text(below, first, frame));
        PageRange {
            first,
            last,
            entries: 1,
            address: entry.at,
            kind,
            frame,
            entry: self.entry_view(entry),
            node,
        }
    }

    fn tree_entry(&self, node: Node, index: u32) -> Entry {
        let wide = self.pae();
        if node.level == Level::Pdpte {
            let value = self.state().pdpte[(index & 3) as usize];
            return Entry { level: Level::Pdpte, at: u64::from(index), value, wide: true };
        }
        let at = node.table + u64::from(index) * if wide { 8 } else { 4 };
        let value = self.entry(at, wide);
        let large = value & PS != 0 && (wide || self.state().cr4 & cr4::PSE != 0);
        let level = if node.level == Level::Pde && large { Level::LargePde } else { node.level };
        Entry { level, at, value, wide }
    }

    fn kind_of(&self, entry: &Entry) -> &'static str {
        if entry.value & P == 0 {
            return "absent";
        }
        if entry.value & self.reserved_bits(entry.level, entry.wide) != 0 {
            return "reserved";
        }
        match entry.level {
            Level::LargePde => "large",
            Level::Pte => "page",
            Level::Pde | Level::Pdpte => "table",
        }
    }
}

/// Whether an entry goes on where the one before ends. A and D do not matter; what absent entries hold is software's.
fn continues(before: &Entry, entry: &Entry, kind: &str, shift: u32) -> bool {
    match kind {
        "absent" => true,
        "page" | "large" => before.value & !(A | D) == (entry.value & !(A | D)).wrapping_sub(1 << shift),
        _ => false,
    }
}
