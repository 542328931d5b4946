//! Symbol files: what nasm, gcc and nm make, and what nobody makes.

use emu_core::inspect::symbols::{Program, Symbols};
use glassbox_tests::Random;
use std::process::Command;

/// As `nm -n vmlinux` prints.
const MAP: &str = "00000000 A NOT_A_PLACE\nc1000000 T _text\nc1000000 T startup_32\nc10001a0 t check_x87\nc1800000 D jiffies\n";

#[test]
fn a_system_map_is_read() {
    let mut symbols = Symbols::new();
    let loaded = symbols.load("System.map", MAP.as_bytes(), 0).expect("a good map");
    assert_eq!((loaded.format, loaded.symbols), ("system.map", 4));
    assert_eq!(symbols.named("check_x87"), Some(0xC100_01A0));
    assert_eq!(symbols.name_at(0xC100_01A4).as_deref(), Some("check_x87+0x4"));
    assert_eq!(symbols.name_at(0xC100_0000).as_deref(), Some("_text"));
    assert_eq!(symbols.name_at(0x1000), None);
    let names = |text| symbols.search(text, 10).into_iter().map(|hit| hit.name).collect::<Vec<_>>();
    assert_eq!(names("_"), ["_text", "check_x87", "startup_32"], "those that begin so come first");
    assert_eq!(names("X8"), ["check_x87"]);
    assert_eq!(symbols.search("", 2).len(), 2);
    assert_eq!(symbols.named("NOT_A_PLACE"), None);
    let error = symbols.load("System.map", b"c1000000 T a\nwhat is this\n", 0).expect_err("a bad row");
    assert!(error.to_string().contains("line 2"), "{error}");
    assert_eq!(symbols.named("a"), None, "nothing of a bad file is kept");
    let error = symbols.load("System.map", b"ffffffff81000000 T _text\n", 0).expect_err("64 bits");
    assert!(error.to_string().contains("64-bit"), "{error}");
}

/// What `nasm -f bin -l` writes.
const LISTING: &str = "     1                                  \torg 0x7c00
     2                                  \tbits 16
     3                                  start:
     4 00000000 31C0                    \txor ax, ax
     5 00000002 8ED8                    \tmov ds, ax
     6                                  .loop:
     7 00000004 BE[0A00]                \tmov si, text
     8 00000007 EBFB                    \tjmp .loop
     9 00000009 90                      \tnop
    10 0000000A 68656C6C6F776F726C-     text\tdb \"helloworld\", 0
    10 00000013 6400               
";

#[test]
fn a_nasm_listing_is_read() {
    let mut symbols = Symbols::new();
    let loaded = symbols.load("boot/boot.lst", LISTING.as_bytes(), 0).expect("a good listing");
    assert_eq!((loaded.format, loaded.symbols, loaded.lines), ("nasm", 3, 6));
    assert_eq!(symbols.named("start.loop"), Some(0x7C04));
    assert_eq!(symbols.named("text"), Some(0x7C0A));
    assert_eq!(symbols.source_at(0x7C08).as_deref(), Some("boot.lst:8"));
    assert_eq!(symbols.line_address("boot.lst", 7), Some(0x7C04));
    assert_eq!(symbols.line_address("boot.lst", 6), Some(0x7C04), "the next line with code");
    assert_eq!(symbols.line_address("other.lst", 7), None);
    assert!(symbols.load("poem.txt", b"Half a league, half a league\n", 0).is_err());
}

/// What `nasm -f bin` writes for `[map all]`, shortened.
const NASM_MAP: &str = "
- NASM Map file ---------------------------------------------------------------

Source file:  t.asm
Output file:  t.bin

-- Program origin -------------------------------------------------------------

00007C00

-- Sections (summary) ---------------------------------------------------------

Vstart            Start             Stop              Length    Class     Name
            7C00              7C00              7C05  00000005  progbits  .text

-- Symbols --------------------------------------------------------------------

---- No Section ---------------------------------------------------------------

Value     Name
00000007  foo

---- Section .text ------------------------------------------------------------

Real              Virtual           Name
            7C00              7C00  start
            7C03              7C03  start.loop

---- Section .bss -------------------------------------------------------------

Real              Virtual           Name
            7C0C              8C0C  b
";

#[test]
fn a_nasm_map_is_read() {
    let mut symbols = Symbols::new();
    let loaded = symbols.load("t.map", NASM_MAP.as_bytes(), 0x1_0000).expect("a good map");
    assert_eq!((loaded.format, loaded.symbols, loaded.base), ("nasm map", 3, 0x1_0000));
    assert_eq!(symbols.named("start.loop"), Some(0x1_7C03));
    assert_eq!(symbols.named("b"), Some(0x1_8C0C), "labels stand for virtual addresses");
    assert_eq!(symbols.named("foo"), None, "a constant is no place");
    assert!(symbols.load("t.map", b"- NASM Map file ---\n", 0).is_err());
    assert_eq!(symbols.files().len(), 1, "a bad file of the same name takes nothing away");
}

#[test]
fn files_come_and_go() {
    let mut symbols = Symbols::new();
    symbols.load("System.map", MAP.as_bytes(), 0).expect("a good map");
    symbols.load("boot.lst", LISTING.as_bytes(), 0x1000).expect("a good listing");
    assert_eq!(
        symbols.files().iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
        ["System.map", "boot.lst"]
    );
    assert_eq!(symbols.named("start"), Some(0x8C00), "what was asked for is added");
    assert_eq!(symbols.text_at(0x8C04).as_deref(), Some("mov si, text"));
    assert_eq!(symbols.text_at(0x8C05), None, "no line begins within an instruction");
    // The same file again, elsewhere.
    symbols.load("boot.lst", LISTING.as_bytes(), 0).expect("a good listing");
    assert_eq!(
        (symbols.named("start"), symbols.at(0x8C00).map(|view| view.name)),
        (Some(0x7C00), Some("text".into()))
    );
    assert_eq!(symbols.files().len(), 2);
    assert!(symbols.remove("boot.lst") && !symbols.remove("boot.lst"));
    assert_eq!((symbols.named("start"), symbols.named("check_x87")), (None, Some(0xC100_01A0)));
}

#[test]
fn places_are_named_and_wrong_names_nearly_so() {
    let mut symbols = Symbols::new();
    assert!(symbols.place("main").expect_err("nothing is known").message.contains("no symbols are loaded"));
    symbols.load("boot.lst", LISTING.as_bytes(), 0).expect("a good listing");
    symbols.load("System.map", MAP.as_bytes(), 0).expect("a good map");
    for (text, wanted) in [
        ("start", 0x7C00),
        (" start + 4 ", 0x7C04),
        ("start.loop+0x10", 0x7C14),
        ("check_x87-1h", 0xC100_019F),
        ("boot.lst:6", 0x7C04),
        ("boot.lst: 8", 0x7C07),
    ] {
        assert_eq!(symbols.place(text).map_err(|error| error.message), Ok(wanted), "{text}");
    }
    for (text, column, words) in [
        ("strat", 0, "did you mean start"),
        ("  loop", 2, "did you mean start.loop"),
        ("JIFFIES", 0, "did you mean jiffies"),
        ("start+zz", 6, "no hexadecimal number"),
        ("elsewhere", 0, "no known symbol"),
        ("boot.lst:99", 0, "no code is known of line 99"),
        ("other.c:1", 0, "no lines are known"),
    ] {
        let error = symbols.place(text).expect_err(text);
        assert!(error.message.contains(words) && error.column == column, "{text}: {error:?}");
    }
}

#[test]
fn an_assembled_program_tells_its_lines() {
    let mut symbols = Symbols::new();
    let program = Program {
        name: "boot.asm".into(),
        text: "org 0x7c00\nstart:\n    cli ; no interrupts\n    hlt\n".into(),
        labels: vec![("start".into(), 0x7C00)],
        lines: vec![(0x7C00, 3), (0x7C01, 4)],
    };
    let loaded = symbols.load_program(program).expect("labels");
    assert_eq!((loaded.format, loaded.symbols, loaded.lines), ("program", 1, 2));
    assert_eq!(symbols.source_at(0x7C00).as_deref(), Some("boot.asm:3"));
    assert_eq!(symbols.text_at(0x7C00).as_deref(), Some("cli ; no interrupts"));
    assert_eq!(symbols.place("boot.asm:4"), Ok(0x7C01));
    assert!(symbols.load_program(Program::default()).is_err());
}

/// The real nasm's listing against the bytes it made, where it is installed.
#[test]
fn nasm_agrees() {
    let folder = std::env::temp_dir().join(format!("glassbox-nasm-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let source = folder.join("t.asm");
    let text = "org 0x100\n%macro twice 1\n inc %1\n inc %1\n%endmacro\nbegin: mov ax, 1\n twice bx\n.inner: nop\nvalue dw 0x1234\nbuffer: times 40 db 0xAB\nlast: ret\n";
    std::fs::write(&source, text).expect("a file");
    let run = Command::new("nasm")
        .args(["-f", "bin", "-l", "t.lst", "-o", "t.bin", "t.asm"])
        .current_dir(&folder)
        .status();
    if !run.is_ok_and(|status| status.success()) {
        eprintln!("nasm is not installed: left out");
        return;
    }
    let (binary, listing) = (std::fs::read(folder.join("t.bin")), std::fs::read(folder.join("t.lst")));
    let (binary, listing) = (binary.expect("made"), listing.expect("made"));
    std::fs::remove_dir_all(&folder).expect("ours");
    let mut symbols = Symbols::new();
    symbols.load("t.lst", &listing, 0).expect("nasm's own");
    let at = |name: &str| symbols.named(name).unwrap_or_else(|| panic!("{name}")) as usize - 0x100;
    assert_eq!(at("begin"), 0);
    assert_eq!(binary[at("begin.inner")], 0x90);
    assert_eq!(binary[at("value")..][..2], [0x34, 0x12]);
    assert_eq!(binary[at("buffer")], 0xAB);
    assert_eq!(binary[at("last")], 0xC3);
    assert_eq!(at("last"), binary.len() - 1);
}

const C: &str = "int counter;\n\nint add(int a, int b)\n{\n    return a + b;\n}\n\nvoid _start(void)\n{\n    counter = add(1, 2);\n    for (;;)\n        counter++;\n}\n";

/// Symbols and lines that gcc makes, in each version of DWARF, against what `addr2line` and `nm` say.
#[test]
fn elf_and_dwarf_agree_with_binutils() {
    let folder = std::env::temp_dir().join(format!("glassbox-dwarf-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    std::fs::write(folder.join("t.c"), C).expect("a file");
    for version in 2..=5 {
        let run = Command::new("gcc")
            .args([
                "-m32",
                "-ffreestanding",
                "-nostdlib",
                "-static",
                "-O1",
                "-fno-pie",
                "-no-pie",
                "-fno-inline",
            ])
            .args([&format!("-gdwarf-{version}"), "-Wl,-Ttext=0x100000", "-o", "t.elf", "t.c"])
            .current_dir(&folder)
            .stderr(std::process::Stdio::null())
            .status();
        if !run.is_ok_and(|status| status.success()) {
            eprintln!("gcc -m32 is not installed: left out");
            break;
        }
        let elf = std::fs::read(folder.join("t.elf")).expect("made");
        let mut symbols = Symbols::new();
        let loaded = symbols.load("t.elf", &elf, 0).expect("gcc's own");
        assert!(loaded.format == "elf" && loaded.notes.is_empty() && loaded.lines > 3, "{loaded:?}");
        let output = |program: &str, args: &[&str]| {
            let run = Command::new(program).args(args).current_dir(&folder).output().expect("binutils");
            String::from_utf8_lossy(&run.stdout).into_owned()
        };
        for line in output("nm", &["t.elf"]).lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [address, "T" | "B", name] = words[..] {
                let wanted = u32::from_str_radix(address, 16).expect("nm's number");
                if !name.starts_with("__") && !name.starts_with("_e") {
                    assert_eq!(symbols.named(name), Some(wanted), "DWARF {version}: {name}");
                }
            }
        }
        let (first, last) =
            (symbols.named("add").expect("add"), symbols.named("_start").expect("_start") + 24);
        for at in first.min(last - 24)..last {
            let said = output("addr2line", &["-e", "t.elf", &format!("{at:x}")]);
            let wanted = said
                .trim()
                .split(" (")
                .next()
                .and_then(|s| s.rsplit_once(':'))
                .map(|(_, line)| line.to_owned());
            let ours =
                symbols.source_at(at).and_then(|s| s.rsplit_once(':').map(|(_, line)| line.to_owned()));
            let wanted = wanted.filter(|line| line != "?" && line != "0");
            assert_eq!(ours, wanted, "DWARF {version} at {at:x}: {said}");
        }
        let first = symbols.line_address("t.c", 5).expect("line 5 has code");
        assert_eq!(symbols.source_at(first).as_deref().map(|s| s.ends_with("t.c:5")), Some(true));
        assert_eq!(symbols.text_at(first), None, "the source was not given");
        assert!(symbols.load("else.c", C.as_bytes(), 0).is_err(), "no lines are known of it");
        let source = symbols.load("t.c", C.as_bytes(), 0).expect("its source");
        assert_eq!(source.format, "source");
        assert_eq!(symbols.text_at(first).as_deref(), Some("return a + b;"));
        hostile(&elf);
    }
    std::fs::remove_dir_all(&folder).expect("ours");
}

/// Damaged files give an error or what is left of them, never a panic or a flood.
fn hostile(good: &[u8]) {
    let mut random = Random::new(good.len() as u64);
    for _ in 0..400 {
        let mut bad = good.to_vec();
        for _ in 0..1 + random.below(8) {
            let at = random.below(bad.len() as u64) as usize;
            bad[at] = random.bits() as u8;
        }
        bad.truncate(
            bad.len() - random.below(bad.len() as u64 / 2) as usize * usize::from(random.below(3) == 0),
        );
        let mut symbols = Symbols::new();
        if symbols.load("bad", &bad, 0).is_ok() {
            symbols.source_at(random.bits() as u32);
            symbols.line_address("t.c", 5);
        }
    }
}

#[test]
fn texts_are_hostile_too() {
    let mut random = Random::new(3);
    for good in [MAP, LISTING, NASM_MAP] {
        for _ in 0..500 {
            let mut bad = good.as_bytes().to_vec();
            for _ in 0..1 + random.below(6) {
                let at = random.below(bad.len() as u64) as usize;
                bad[at] = 1 + (random.bits() % 255) as u8;
            }
            let _ = Symbols::new().load("bad", &bad, random.bits() as u32);
        }
    }
    for bad in [&b""[..], b"\x7FELF", b"\x7FELF\x02\x01", &[0; 100]] {
        assert!(Symbols::new().load("bad", bad, 0).is_err());
    }
}
