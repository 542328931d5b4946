//! Files that earlier versions wrote. They are never made anew: what they hold has to open in every later version.
//! `cargo test -p glassbox-tests --test snapshots write_the_corpus -- --ignored` writes those of today's format that are
//! not there yet.

use emu_core::host::MemoryImage;
use emu_core::inspect::Space;
use emu_core::machine::{Config, Input, Machine, Until};
use emu_core::snapshot::file::FORMAT;
use emu_core::snapshot::{File, Limits, Snapshot};
use std::fs;
use std::path::{Path, PathBuf};

/// A machine of the corpus: what its ROM does, and how far it ran.
struct Case {
    name: &'static str,
    rom: fn() -> Vec<u8>,
    instructions: u64,
    input: Option<Input>,
}

/// In real mode at F000:F000 (linear FFFFF000h), then wherever it likes.
const CASES: [Case; 4] = [
    Case { name: "halted", rom: halted, instructions: 10, input: None },
    Case { name: "chips", rom: chips, instructions: 5_000, input: None },
    Case { name: "protected", rom: protected, instructions: 2_000, input: None },
    Case {
        name: "keys",
        rom: keys,
        instructions: 200_000,
        input: Some(Input::Key { code: 0x1E, pressed: true }),
    },
];

fn rom(code: &[u8]) -> Vec<u8> {
    let mut rom = vec![0x90; 0x1000];
    rom[..code.len()].copy_from_slice(code);
    // At reset: jmp to the start of the ROM.
    rom[0xFF0..0xFF3].copy_from_slice(&[0xE9, 0x0D, 0xF0]);
    rom
}

/// sti; hlt; jmp back
fn halted() -> Vec<u8> {
    rom(&[0xFB, 0xF4, 0xEB, 0xFD])
}

/// Programs chips half and whole, then counts in memory.
fn chips() -> Vec<u8> {
    let mut code = Vec::new();
    for (port, value) in [
        (0x20u16, 0x11u8),
        (0x21, 0x08),
        (0xA0, 0x11),
        (0x43, 0x34),
        (0x40, 0x9C),
        (0x43, 0xB6),
        (0x42, 0x00),
        (0x42, 0x10),
        (0x61, 0x03),
        (0x04, 0x34),
        (0x80, 0x5A),
        (0x70, 0x8B),
        (0x71, 0x42),
        (0x64, 0x60),
        (0x3FB, 0x83),
        (0x3F8, 0x01),
        (0x3F2, 0x1C),
        (0x3C4, 0x02),
        (0x3C5, 0x0F),
        (0x3C8, 0x07),
        (0x3C9, 0x2A),
        (0x3F6, 0x02),
    ] {
        let [low, high] = port.to_le_bytes();
        code.extend([0xBA, low, high, 0xB0, value, 0xEE]);
    }
    // xor ax, ax; mov ds, ax; inc word [2000h]; jmp back to the inc
    code.extend([0x31, 0xC0, 0x8E, 0xD8, 0xFF, 0x06, 0x00, 0x20, 0xEB, 0xFA]);
    rom(&code)
}

/// Protected mode with flat segments, an FPU value, an SSE-free count in memory.
fn protected() -> Vec<u8> {
    let mut code = vec![
        // cli; o32 lgdt [cs:F0F0h]; mov eax, cr0; or al, 1; mov cr0, eax; o32 jmp 8:FFFFF020h
        0xFA, 0x2E, 0x66, 0x0F, 0x01, 0x16, 0xF0, 0xF0, 0x0F, 0x20, 0xC0, 0x0C, 0x01, 0x0F, 0x22, 0xC0, 0x66,
        0xEA, 0x20, 0xF0, 0xFF, 0xFF, 0x08, 0x00,
    ];
    code.resize(0x20, 0x90);
    // mov ax, 10h; mov ds, ax; mov es, ax; fninit; fldpi; mov edi, 4000h; mov [edi], edi; inc edi; jmp back to the mov
    code.extend([0x66, 0xB8, 0x10, 0x00, 0x8E, 0xD8, 0x8E, 0xC0, 0xDB, 0xE3, 0xD9, 0xEB]);
    code.extend([0xBF, 0x00, 0x40, 0x00, 0x00, 0x89, 0x3F, 0x47, 0xEB, 0xFB]);
    code.resize(0xD0, 0x90);
    let descriptors: [u64; 3] = [0, 0x00CF_9A00_0000_FFFF, 0x00CF_9200_0000_FFFF];
    descriptors.iter().for_each(|d| code.extend(d.to_le_bytes()));
    code.resize(0xF0, 0);
    // The table's limit and base: FFFFF0D0h.
    code.extend([0x17, 0x00, 0xD0, 0xF0, 0xFF, 0xFF]);
    rom(&code)
}

/// Reads the keyboard for ever: in al, 64h; test al, 1; jz back; in al, 60h; jmp back
fn keys() -> Vec<u8> {
    rom(&[0xE4, 0x64, 0xA8, 0x01, 0x74, 0xFA, 0xE4, 0x60, 0xEB, 0xF6])
}

fn machine(case: &Case) -> Machine {
    let mut config = Config { rom: Some((0xFFFF_F000, (case.rom)())), ram_bytes: 1 << 20, ..Config::new() };
    config.floppies[0] = Some(Box::new(MemoryImage::new(vec![0; 1_474_560])));
    Machine::new(config).unwrap_or_else(|e| panic!("{}: {e}", case.name))
}

/// The machine where its file was made: an input half way.
fn at_its_moment(case: &Case) -> Machine {
    let mut pc = machine(case);
    pc.run(Until { instruction: case.instructions / 2, time: 1_000_000_000 });
    case.input.iter().for_each(|input| pc.input(input.clone()));
    pc.run(Until { instruction: case.instructions, time: 2_000_000_000 });
    pc
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

fn read(path: &Path) -> Snapshot {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert!(bytes.len() < 8192, "{}: {} bytes", path.display(), bytes.len());
    let file = File::parse(&bytes, &Limits::default()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    file.unpack(None).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Files of all versions open, are what the machine is that gets there by itself, and run on as it does.
#[test]
fn files_of_every_version_open() {
    for version in 1..=FORMAT {
        for case in &CASES {
            let snapshot =
                read(&folder().join(format!("v{version}")).join(format!("{}.glassbox", case.name)));
            let mut straight = at_its_moment(case);
            assert_eq!(snapshot.instruction(), straight.instructions(), "{}", case.name);
            let mut opened = machine(case);
            opened.open(&snapshot).unwrap_or_else(|e| panic!("{}: {e}", case.name));
            assert_eq!(opened.state_hash(), straight.state_hash(), "v{version}, {}", case.name);
            for pc in [&mut straight, &mut opened] {
                pc.run(Until { instruction: 1_000_000, time: 3_000_000_000 });
            }
            assert_eq!(opened.state_hash(), straight.state_hash(), "v{version}, {}, run on", case.name);
        }
    }
}

/// The cases reach what they are about.
#[test]
fn the_corpus_is_of_different_states() {
    let at = |n: usize| at_its_moment(&CASES[n]);
    assert!(at(0).is_halted());
    assert_eq!(at(1).inspect().device("8259A").map(|d| d.groups[0].registers[7].get()), Some(8), "ICW2");
    let counted = at(2).inspect().read(Space::Physical, 0x4010, 4).bytes;
    assert_eq!(counted, [0x10, 0x11, 0x12, 0x13], "32-bit addresses were written");
    let keyboard = at(3).inspect().device("8042").expect("it is there");
    assert!(format!("{keyboard:?}").contains("\"held\""));
}

#[test]
#[ignore = "writes files"]
fn write_the_corpus() {
    let folder = folder().join(format!("v{FORMAT}"));
    fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for case in &CASES {
        let path = folder.join(format!("{}.glassbox", case.name));
        if !path.exists() {
            fs::write(&path, at_its_moment(case).snapshot(None).to_bytes(None))
                .unwrap_or_else(|e| panic!("{e}"));
        }
    }
}
