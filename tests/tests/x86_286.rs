//! Every single-instruction vector recorded on an 80286, against the engine. `glassbox_tests::vectors::differences` has
//! the table of what later CPUs do otherwise.

use glassbox_tests::vectors::differences::{DIFFERENCES, UNDEFINED_FLAGS};
use glassbox_tests::vectors::{Bench, Registers, Vector, read};
use std::path::PathBuf;

/// Failures that are shown of each form.
const SHOWN: u32 = 3;

fn folder() -> PathBuf {
    std::env::var_os("GLASSBOX_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors")),
        PathBuf::from,
    )
}

fn files() -> Vec<PathBuf> {
    let folder = folder().join("x86-286");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no vectors in {} (set GLASSBOX_VECTORS)", folder.display());
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "gz"));
    files.sort();
    files
}

/// What all vectors came to.
#[derive(Default)]
struct Totals {
    vectors: u64,
    failures: u32,
    bits: u64,
    masked: u64,
    /// Vectors and masked bits by row of the table; behind them, those without a row.
    rows: [(u64, u64); DIFFERENCES.len() + 1],
}

fn check_file(path: &std::path::Path, bench: &mut Bench, totals: &mut Totals) {
    let form = path.file_name().and_then(|n| n.to_str()).unwrap_or("").trim_end_matches(".jsonl.gz");
    let mut here = 0;
    for v in read(path).expect("readable vectors") {
        let checked = bench.check(&v);
        totals.vectors += 1;
        totals.bits += checked.bits;
        totals.masked += checked.masked;
        let row = &mut totals.rows[checked.row.unwrap_or(DIFFERENCES.len())];
        *row = (row.0 + 1, row.1 + checked.masked);
        if checked.found.is_empty() {
            continue;
        }
        here += 1;
        if here <= SHOWN {
            let why = checked.row.map_or("as recorded", |row| DIFFERENCES[row].name);
            println!("{form} #{} {} ({}) {:?}, {why}:", v.i, v.name, v.bytes, v.exception);
            println!("{}\n", checked.found.join("\n"));
        }
    }
    if here > 0 {
        println!("{form}: {here} failures\n");
    }
    totals.failures += here;
}

#[test]
fn instructions_do_what_an_80286_does() {
    let mut bench = Bench::default();
    let mut totals = Totals::default();
    for path in files() {
        check_file(&path, &mut bench, &mut totals);
    }
    let Totals { vectors, failures, bits, masked, rows } = totals;
    for ((count, masked), row) in rows.iter().zip(&DIFFERENCES) {
        println!("{count:6} vectors, {masked:7} bits: {}. {}", row.name, row.reason);
    }
    let (count, undefined) = rows[DIFFERENCES.len()];
    println!("{count:6} vectors, {undefined:7} bits: as recorded, but for undefined flags:");
    UNDEFINED_FLAGS.iter().for_each(|row| println!("{:32}{}", "", row.reason));
    let share = masked as f64 * 100.0 / bits.max(1) as f64;
    println!("{vectors} vectors, {bits} bits, {masked} masked: {share:.3} %");
    assert_eq!(failures, 0, "of {vectors} vectors");
    assert!(masked * 100 <= bits, "{masked} of {bits} bits are masked");
}

/// A vector made by hand: `regs` before, DS and SS 2000h and 3000h, handlers at 5000h + vector.
fn vector(bytes: &str, regs: Registers, exception: Option<u8>) -> Vector {
    let instruction = (0x10100..)
        .zip((0..bytes.len() / 2).filter_map(|i| u8::from_str_radix(bytes.get(2 * i..2 * i + 2)?, 16).ok()));
    let table =
        (0..20u32).flat_map(|n| [(4 * n, n as u8), (4 * n + 1, 0x50), (4 * n + 2, 0), (4 * n + 3, 0)]);
    let regs = Registers {
        cs: Some(0x1000),
        ip: Some(0x100),
        ds: Some(0x2000),
        ss: Some(0x3000),
        flags: Some(2),
        ..regs
    };
    Vector {
        i: 0,
        name: bytes.to_owned(),
        bytes: bytes.to_owned(),
        regs,
        ram: instruction.chain(table).collect(),
        regs_after: Registers::default(),
        ram_after: Vec::new(),
        exception,
    }
}

/// What the manual says of operands at the end of a segment that the recorded part of the suite has no case of.
#[test]
fn operands_at_the_end_of_a_segment_follow_the_manual() {
    let mut bench = Bench::default();
    let (bx, sp) = (
        |bx| Registers { bx: Some(bx), sp: Some(0x100), ..Default::default() },
        |sp| Registers { sp: Some(sp), bp: Some(0xFFFF), ..Default::default() },
    );
    for (bytes, regs) in [
        // The second word of BOUND's, LES's and CALL FAR's operand is an operand of its own, the x87's are one.
        ("6207f4", bx(0xFFFD)),
        ("c407f4", bx(0xFFFD)),
        ("c507f4", bx(0xFFFD)),
        ("ff1ff4", bx(0xFFFD)),
        ("ff2ff4", bx(0xFFFD)),
        ("d807f4", bx(0xFFFD)),
        ("d807f4", bx(0xFFFE)),
        // From the stack: the words of RETF, IRET and POPA, wherever the odd one is.
        ("cbf4", sp(0xFFFD)),
        ("ca0200f4", sp(0xFFFD)),
        ("cff4", sp(0xFFFB)),
        ("cff4", sp(0xFFFD)),
        ("61f4", sp(0xFFF7)),
        ("c9f4", sp(0x200)),
        ("8f07f4", Registers { bx: Some(0xFFFF), ..sp(0x100) }),
        ("368f07f4", Registers { bx: Some(0xFFFF), ..sp(0x100) }),
        ("8f4600f4", sp(0x100)),
    ] {
        let v = vector(bytes, regs, None);
        let checked = bench.check(&v);
        assert_eq!(
            checked.row.map(|row| DIFFERENCES[row].name),
            Some("operand across the end of its segment")
        );
        assert_eq!(checked.found, Vec::<String>::new(), "{bytes}");
    }
}

/// PUSHA with an odd SP from 7 to 15 is #GP in real mode (SDM vol. 2, PUSHA), on the 286 too, and pushes nothing.
#[test]
fn pusha_refuses_odd_stack_pointers_below_sixteen() {
    let mut bench = Bench::default();
    for sp in [7u16, 9, 11, 13, 15] {
        let regs = Registers { sp: Some(sp), ..Default::default() };
        let mut v = vector("60f4", regs, Some(13));
        let at = 0x30000 + u32::from(sp);
        v.ram_after = vec![(at - 2, 2), (at - 1, 0), (at - 4, 0), (at - 3, 0x10), (at - 6, 0), (at - 5, 1)];
        v.regs_after = Registers { sp: Some(sp - 6), cs: Some(0), ip: Some(0x500E), ..Default::default() };
        let checked = bench.check(&v);
        assert_eq!((checked.row, checked.masked), (None, 0));
        assert_eq!(checked.found, Vec::<String>::new(), "SP {sp}");
    }
}
