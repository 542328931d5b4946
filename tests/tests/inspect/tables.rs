//! Descriptor tables, task states and page tables against what was put there.

use emu_core::inspect::symbols::Symbols;
use emu_core::inspect::{Inspector, Which};
use emu_core::x86::regs::{Segment, TableRegister, cr0, cr4, seg};
use glassbox_tests::system::*;

#[test]
fn descriptors_are_decoded() {
    let mut s = System::new();
    s.descriptor(FREE, segment(0x1234_5678, 0xABCDE, 0x96, 0xC));
    s.descriptor(FREE + 8, gate(CODE0, 0xDEAD_BEEF, 0x8C, 2));
    s.descriptor(FREE + 16, segment(0, 0x10, 0x89, 0));
    s.descriptor(FREE + 24, 0);
    let mut symbols = Symbols::new();
    symbols.load("map", b"deadbee0 T beef\n", 0).expect("a good map");
    let table = Inspector::new(&s.engine).descriptor_table(Which::Gdt, 0, 100, &symbols);
    assert_eq!((table.base, table.limit, table.count, table.entries.len()), (GDT, 511, 64, 64));
    assert_eq!(table.entries[0].kind, "null");
    let code = &table.entries[1];
    assert_eq!(
        (code.type_text.as_str(), code.dpl, code.big),
        ("32-bit code, execute/read, accessed", 0, true)
    );
    let down = &table.entries[usize::from(FREE / 8)];
    assert_eq!((down.base, down.limit), (0x1234_5678, 0xABCD_EFFF));
    assert_eq!(down.type_text, "data, read/write, expand-down");
    let call = &table.entries[usize::from(FREE / 8) + 1];
    assert_eq!((call.kind, call.target_selector, call.target_offset), ("gate", CODE0, 0xDEAD_BEEF));
    assert!(call.faults.is_empty());
    assert_eq!((call.target_linear, call.target_symbol.as_deref()), (Some(0xDEAD_BEEF), Some("beef+0xf")));
    let tss = &table.entries[usize::from(FREE / 8) + 2];
    assert!(tss.faults.iter().any(|f| f.starts_with("#TS(0040)")), "{:?}", tss.faults);
    let busy = &table.entries[usize::from(TASK / 8)];
    assert!(busy.faults.iter().any(|f| f.contains("busy")), "{:?}", busy.faults);
}

#[test]
fn gates_tell_what_they_would_raise() {
    let mut s = System::new();
    s.interrupt_gate(1, gate(0, 0, 0x8E, 0));
    s.interrupt_gate(2, gate(DATA0, 0, 0x8E, 0));
    s.interrupt_gate(3, gate(CODE0, 0, 0x0E, 0));
    s.interrupt_gate(4, segment(0, 0, 0x93, 0));
    s.enter_ring(3);
    let symbols = Symbols::new();
    let table = Inspector::new(&s.engine).descriptor_table(Which::Idt, 0, 6, &symbols);
    let all = |n: usize| table.entries[n].faults.join("; ");
    assert!(all(1).contains("null"), "{}", all(1));
    assert!(all(2).contains("#GP(0010)"), "{}", all(2));
    assert!(all(3).contains("#NP(001A)"), "{}", all(3));
    assert!(all(4).contains("#GP(0022)"), "{}", all(4));
    assert_eq!(all(5), "#GP(002A) from INT n: DPL 0 is below CPL 3");
    s.engine.cpu.st.idtr = TableRegister { base: IDT, limit: 7 };
    let vectors = Inspector::new(&s.engine).descriptor_table(Which::Ivt, 0, 100, &symbols);
    assert_eq!((vectors.count, vectors.entries[0].target_offset), (2, handler(0) & 0xFFFF));
    let far = u32::from(vectors.entries[0].target_selector) * 16 + vectors.entries[0].target_offset;
    assert_eq!(vectors.entries[0].target_linear, Some(far));
    assert_eq!(table.entries[2].target_linear, None, "no code segment behind it");
}

#[test]
fn a_task_state_is_decoded() {
    let mut s = System::new();
    // Ports 3C0-3C7 and 3C9 are open.
    s.put32(TSS + 0x64, 0x68 << 16);
    s.write(TSS + 0x68, &[0xFF; 0x100]);
    s.write(TSS + 0x68 + 0x78, &[0, 0xFD]);
    s.engine.cpu.st.seg[usize::from(seg::TR)] = Segment::new(TASK, TSS, 0x168, 0x8B);
    let tss = Inspector::new(&s.engine).tss(0).expect("there is a task");
    assert_eq!((tss.selector, tss.width, tss.busy), (TASK, 32, true));
    let field = |name: &str| tss.fields.iter().find(|f| f.name == name).map(|f| f.value);
    assert_eq!((field("ESP0"), field("SS0")), (Some(STACK0), Some(u32::from(DATA0))));
    let ports: Vec<_> = tss.ports.iter().map(|r| (r.first, r.last)).collect();
    assert_eq!(ports, [(0x3C0, 0x3C7), (0x3C9, 0x3C9)]);
    assert!(Inspector::new(&s.engine).tss(CODE0).is_none());
}

#[test]
fn page_tables_are_a_tree_of_ranges() {
    let mut s = System::new();
    let (directory, table) = (0x10_0000, 0x10_1000);
    s.put32(directory, table | 7);
    s.put32(directory + 4, 0x40_0000 | 0x87);
    s.put32(directory + 8, 0x80_0000 | 0x87);
    for page in 0..1024u32 {
        s.put32(table + page * 4, page << 12 | if page < 100 { 7 } else { 5 });
    }
    s.put32(table + 50 * 4, 0x1234_5000);
    let look = |s: &System, node: &str| Inspector::new(&s.engine).page_table(node, 0, 2000);
    assert_eq!(look(&s, "").mode, "off");
    s.engine.cpu.st.cr3 = directory;
    s.engine.cpu.set_cr4(cr4::PSE).expect("known bits");
    s.engine.cpu.set_cr0(cr0::PE | cr0::PG).expect("known bits");
    let root = look(&s, "");
    let seen: Vec<_> = root.ranges.iter().map(|r| (r.kind, r.first, r.last, r.entries)).collect();
    assert_eq!(
        seen,
        [
            ("table", 0, 0x3F_FFFF, 1),
            ("large", 0x40_0000, 0xBF_FFFF, 2),
            ("absent", 0xC0_0000, u32::MAX, 1021)
        ]
    );
    let node = root.ranges[0].node.clone().expect("a table can be asked for");
    let pages = look(&s, &node);
    assert_eq!((pages.mode, pages.level, pages.address, pages.total), ("32-bit", "PT", u64::from(table), 4));
    let seen: Vec<_> = pages.ranges.iter().map(|r| (r.kind, r.first, r.entries, r.frame)).collect();
    assert_eq!(
        seen,
        [
            ("page", 0, 50, 0),
            ("absent", 50 << 12, 1, 0),
            ("page", 51 << 12, 49, 51 << 12),
            ("page", 100 << 12, 924, 100 << 12)
        ]
    );
    // Names that nobody gave lead to the root, not out of memory.
    for bad in ["pt", "pt.x.y", "pd.0.ffffffffffffffff", "pt.ffffffff.fffffffff", "....", "é"] {
        look(&s, bad);
    }
}

/// Bits that the manual names, as the CPU holds them.
#[test]
fn registers_are_named_bit_by_bit() {
    let s = System::new();
    let all = Inspector::new(&s.engine).registers();
    let cr0 = &all.control[0];
    let set: Vec<_> = cr0.bits.iter().filter(|b| b.value != 0).map(|b| &*b.name).collect();
    assert_eq!(set, ["PE", "ET", "NE"]);
    let cs = &all.segments[usize::from(seg::CS)];
    assert_eq!((cs.selector_text.as_str(), cs.range.as_str()), ("GDT 1, RPL 0", "0-FFFFFFFF"));
    // Every register's fields lie within it and do not overlap.
    let groups = [&all.control, &all.debug, &all.msrs];
    let one = [&all.eflags, &all.mxcsr, &all.fpu.control, &all.fpu.status, &all.fpu.tag];
    for register in groups.into_iter().flatten().chain(one) {
        let mut next = 0;
        for field in &register.bits {
            assert!(
                field.from >= next && field.to >= field.from && field.to < register.width,
                "{register:?}"
            );
            next = field.to + 1;
        }
    }
}
