//! Every single-instruction vector recorded on an 80286, against the engine.

use glassbox_tests::vectors::{Bench, Expect, Leeway, Vector, read};
use std::path::PathBuf;

const CF: u16 = 1 << 0;
const PF: u16 = 1 << 2;
const AF: u16 = 1 << 4;
const ZF: u16 = 1 << 6;
const SF: u16 = 1 << 7;
const OF: u16 = 1 << 11;

/// Exceptions by vector.
const DE: u8 = 0;
const UD: u8 = 6;
const SS: u8 = 12;
const GP: u8 = 13;
/// The 286 refuses longer instructions with #GP, later CPUs those longer than 15 bytes (SDM vol. 3B, 22.25).
const LONGEST_ON_286: usize = 10;

/// Flags that the manual leaves undefined (SDM vol. 2, the instructions' "Flags affected") and that the 286 sets
/// otherwise than we do: by form, with whether the shift count must be other than 1 for it.
const UNDEFINED_FLAGS: [(&[&str], u16); 8] = [
    (&["27", "2F"], OF),
    (&["37", "3F"], OF | SF | ZF | PF),
    (&["D4", "D5"], OF | AF | CF),
    (&["69", "6B", "F6.4", "F6.5", "F7.4", "F7.5"], SF | ZF | AF | PF),
    (&["F6.6", "F6.7", "F7.6", "F7.7"], OF | SF | ZF | AF | PF | CF),
    // Shifts by one: AF.
    (&["D0.4", "D0.5", "D0.6", "D0.7", "D1.4", "D1.5", "D1.6", "D1.7"], AF),
    // Shifts by an immediate or CL: OF too.
    (
        &[
            "C0.4", "C0.5", "C0.6", "C0.7", "C1.4", "C1.5", "C1.6", "C1.7", "D2.4", "D2.5", "D2.6", "D2.7",
            "D3.4", "D3.5", "D3.6", "D3.7",
        ],
        AF | OF,
    ),
    // Rotates by an immediate or CL: OF.
    (
        &[
            "C0.0", "C0.1", "C0.2", "C0.3", "C1.0", "C1.1", "C1.2", "C1.3", "D2.0", "D2.1", "D2.2", "D2.3",
            "D3.0", "D3.1", "D3.2", "D3.3",
        ],
        OF,
    ),
];

fn undefined(form: &str, v: &Vector) -> u16 {
    // AAM by zero: a fault leaves the flags alone on later CPUs (SDM vol. 3A, 6.5).
    if form == "D4" && v.exception == Some(DE) {
        return OF | SF | ZF | AF | PF | CF;
    }
    UNDEFINED_FLAGS.iter().find(|(forms, _)| forms.contains(&form)).map_or(0, |(_, flags)| *flags)
}

/// Whether the manual allows LOCK: read-modify-write operations with a memory destination (SDM vol. 2, LOCK).
fn may_lock(v: &Vector) -> bool {
    let (opcode, modrm) = v.opcode();
    let operation = match opcode {
        0x00..=0x37 => opcode & 7 < 2,
        0x80..=0x83 => modrm >> 3 & 7 != 7,
        0x86 | 0x87 => true,
        0xF6 | 0xF7 => matches!(modrm >> 3 & 7, 2 | 3),
        0xFE | 0xFF => matches!(modrm >> 3 & 7, 0 | 1),
        _ => false,
    };
    operation && modrm < 0xC0
}

/// Whether the access that failed was to the stack segment: by a stack operation, BP in the address, or a prefix.
fn is_on_stack(v: &Vector) -> bool {
    let (opcode, modrm) = v.opcode();
    match opcode {
        0x06 | 0x07 | 0x0E | 0x16 | 0x17 | 0x1E | 0x1F | 0x50..=0x61 | 0x68 | 0x6A => true,
        0x9A | 0x9C | 0x9D | 0xC2 | 0xC3 | 0xC8 | 0xC9 | 0xCA | 0xCB | 0xCF | 0xE8 => true,
        // ES:DI, whatever the prefix.
        0x6D | 0xAB | 0xAF => false,
        // Whichever of the two operands it was that ran against the end of its segment.
        0xA5 | 0xA7 if v.regs_after.si.is_none_or(|si| !matches!(si, 1 | 0xFFFD)) => false,
        _ => match v.segment_override() {
            Some(prefix) => prefix == 0x36,
            None if matches!(opcode, 0xA0..=0xAF | 0x6C..=0x6F | 0xD7) => false,
            None => modrm < 0xC0 && matches!((modrm >> 6, modrm & 7), (_, 2 | 3) | (1 | 2, 6)),
        },
    }
}

/// All differences between the 286 and a Pentium III class CPU, each with its reason.
fn expect(form: &str, v: &Vector) -> Expect {
    let (opcode, modrm) = v.opcode();
    // The 286 ignores LOCK where it means nothing; later CPUs raise #UD (SDM vol. 2, LOCK).
    if v.has_prefix(0xF0) && !may_lock(v) {
        return Expect::Fault(UD);
    }
    if v.exception == Some(GP) && v.code().len() > LONGEST_ON_286 {
        return Expect::NoFault;
    }
    // The 286 looks at no more of MOV's opcode group than its first byte.
    if matches!(opcode, 0xC6 | 0xC7) && modrm >> 3 & 7 != 0 {
        return Expect::Fault(UD);
    }
    // -29600 / 103: a quotient of -287 that the 286 does not see to be too large (SDM vol. 2, IDIV).
    if (form, v.i) == ("F6.7", 1085) {
        return Expect::Fault(DE);
    }
    // An operand across the end of its segment: without a coprocessor the 286 does not touch it.
    if (form, v.i) == ("D8", 2655) {
        return Expect::Fault(GP);
    }
    // FS and GS are there since the 386 (SDM vol. 3B, 22.18).
    if matches!(opcode, 0x8C | 0x8E) && matches!(modrm >> 3 & 7, 4 | 5) {
        return Expect::NoFault;
    }
    // POP to memory: SP is as before if the write fails (SDM vol. 3A, 6.5: faults restore the state).
    if form == "8F" && v.exception == Some(GP) {
        return Expect::Fault(if is_on_stack(v) { SS } else { GP });
    }
    // Limit violations in the stack segment are #SS since the 386; in real mode the 286 raises #GP (SDM vol. 3A, 6.15).
    let vector = (v.exception == Some(GP) && is_on_stack(v)).then_some(SS);
    // The 286 has moved on by one element when a string instruction faults.
    let word_string = matches!(opcode, 0x6D | 0x6F | 0xA5 | 0xA7 | 0xAB | 0xAD | 0xAF);
    let restarts_string = word_string && v.exception == Some(GP);
    Expect::Recorded(Leeway { undefined: undefined(form, v), vector, restarts_string })
}

fn folder() -> PathBuf {
    std::env::var_os("GLASSBOX_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors")),
        PathBuf::from,
    )
}

#[test]
fn instructions_do_what_an_80286_does() {
    let folder = folder().join("x86-286");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no vectors in {} (set GLASSBOX_VECTORS)", folder.display());
        return;
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "gz"));
    files.sort();
    let mut bench = Bench::default();
    let (mut tests, mut failures) = (0, 0);
    for path in files {
        let form = path.file_name().and_then(|n| n.to_str()).unwrap_or("").trim_end_matches(".jsonl.gz");
        let mut here = 0;
        for v in read(&path).expect("readable vectors") {
            tests += 1;
            if let Err(found) = bench.check(&v, expect(form, &v)) {
                here += 1;
                if here <= 3 {
                    println!("{form} #{} {} ({}) {:?}:\n{found}\n", v.i, v.name, v.bytes, v.exception);
                }
            }
        }
        if here > 0 {
            println!("{form}: {here} failures\n");
        }
        failures += here;
    }
    println!("{tests} vectors");
    assert_eq!(failures, 0, "of {tests} vectors");
}
