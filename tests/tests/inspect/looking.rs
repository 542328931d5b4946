//! Nothing changes by looking, and what is edited is what runs.

use emu_core::host::MemoryImage;
use emu_core::inspect::symbols::{Program, Symbols};
use emu_core::inspect::{Inspector, LogFilter, Reason, Search, Space, Which, parse_address};
use emu_core::machine::{Config, Machine, Until};
use emu_core::x86::regs::{Segment, cr0, seg};
use emu_core::x86::tlb::Access;
use glassbox_tests::Guest;
use glassbox_tests::system::System;

fn machine(guest: &Guest) -> Machine {
    Machine::new(guest.config()).unwrap_or_else(|e| panic!("{}: {e}", guest.name))
}

/// Asks for everything there is.
fn look_at_all(machine: &Machine) {
    let look = machine.inspect();
    let symbols = Symbols::new();
    let registers = look.registers();
    assert_eq!(registers.general.len(), 9);
    let eip = machine.registers().linear_ip;
    for space in [Space::Linear, Space::Physical, Space::Segment(1), Space::Segment(2), Space::Selector(0x10)]
    {
        for offset in
            [0u64, 0xA_0000, 0xB_8000, 0xF_FFF0, 0xFEC0_0000, 0xFEE0_0000, 0xFFFF_FFF0, 0xF_FFFF_FFF0]
        {
            let view = look.read(space, offset, 0x2345);
            assert_eq!(view.bytes.len(), 0x2345);
            for access in [Access::Read, Access::Write, Access::Execute] {
                for cpl in 0..4 {
                    look.translate(space, offset, access, 4, cpl);
                }
            }
        }
    }
    let pattern = b"glass".map(Some).to_vec();
    look.search(&Search { space: Space::Linear, first: 0, last: 1 << 21, pattern, fold_case: true, most: 9 });
    for which in [Which::Gdt, Which::Ldt, Which::Idt, Which::Ivt] {
        look.descriptor_table(which, 0, 300, &symbols);
    }
    for selector in (0..0x100).step_by(8) {
        look.tss(selector);
    }
    let root = look.page_table("", 0, 1024);
    for range in &root.ranges {
        if let Some(node) = &range.node {
            look.page_table(node, 0, 1024);
        }
    }
    look.code(eip, 40, 40, &symbols);
    look.code(0, 500, 500, &symbols);
    look.code(u32::MAX, 500, 500, &symbols);
    look.stack(1024, &symbols);
    look.interrupt_log(&LogFilter::default(), &symbols);
    look.port_log(&LogFilter::default(), &symbols);
    for device in look.devices() {
        let view = look.device(device.name).expect("it is in the list");
        for picture in view.pictures {
            let shown = look.device_picture(device.name, picture.name).expect("it is in the list");
            assert_eq!(shown.rgba.len() as u32, shown.width * shown.height * 4);
        }
    }
    for text in ["cs:eip", "ss:esp+4", "phys b8000", "es:di", "10:0"] {
        parse_address(look, text, &symbols).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    }
}

/// Own guests, with and without looks every few thousand instructions: same states.
#[test]
fn looking_changes_nothing() {
    const PIECE: u64 = 600_000;
    const PIECES: u64 = 10;
    for name in ["paging", "v86", "timer", "modex"] {
        let Some(guest) = Guest::find(name) else { continue };
        let (mut watched, mut alone) = (machine(&guest), machine(&guest));
        for n in 1..=PIECES {
            watched.run(Until::instruction(n * PIECE));
            look_at_all(&watched);
            let hash = watched.state_hash();
            look_at_all(&watched);
            assert_eq!(watched.state_hash(), hash, "{name}: a look changed the state");
            alone.run(Until::instruction(n * PIECE));
            assert_eq!(alone.state_hash(), hash, "{name}: after {} instructions", n * PIECE);
        }
    }
}

/// The text screen is read through the VGA without loading its latches.
#[test]
fn text_memory_is_seen() {
    let Some(guest) = Guest::find("hello") else { return };
    let mut pc = machine(&guest);
    pc.run(Until::instruction(20_000_000));
    let rows = pc.text_screen().expect("a text mode").rows;
    let view = pc.inspect().read(Space::Physical, 0xB_8000, 4000);
    assert!(view.absent.is_empty(), "{:?}", view.absent);
    for (n, row) in rows.iter().enumerate() {
        let seen: Vec<u8> = view.bytes[n * 160..][..160].iter().step_by(2).copied().collect();
        for (wanted, byte) in row.chars().zip(seen).filter(|(c, _)| c.is_ascii_alphanumeric()) {
            assert_eq!(char::from(byte), wanted, "row {n}");
        }
    }
}

/// An edit of code that was decoded already is executed; absent bytes refuse the whole edit; ROM is told from nothing.
#[test]
fn edits_are_executed() {
    let Some(guest) = Guest::find("hello") else { return };
    // A boot sector that does nothing for ever.
    let mut image = vec![0; 1_474_560];
    image[..2].copy_from_slice(&[0xEB, 0xFE]);
    image[510..512].copy_from_slice(&[0x55, 0xAA]);
    let config = Config { floppies: [Some(Box::new(MemoryImage::new(image))), None], ..guest.config() };
    let mut pc = Machine::new(config).unwrap_or_else(|e| panic!("{e}"));
    while pc.registers().linear_ip != 0x7C00 {
        assert!(pc.instructions() < 100_000_000, "the boot sector is not reached");
        pc.run(Until::instruction(pc.instructions() + 100_000));
    }
    let eip = pc.registers().linear_ip;
    // inc ax; jmp $-1, where the guest is.
    assert_eq!(pc.write_memory(Space::Linear, u64::from(eip), &[0x40, 0xEB, 0xFD]).written, 3);
    pc.run(Until::instruction(pc.instructions() + 10_000));
    let code = pc.inspect().read(Space::Linear, u64::from(eip), 3);
    assert_eq!(code.bytes, [0x40, 0xEB, 0xFD]);
    assert_eq!(pc.write_memory(Space::Linear, u64::from(eip), &[0x48]).written, 1);
    let before = pc.registers().eax & 0xFFFF;
    let steps = 2000;
    pc.run(Until::instruction(pc.instructions() + steps));
    let after = pc.registers().eax & 0xFFFF;
    assert!((before.wrapping_sub(after) & 0xFFFF).abs_diff(steps as u32 / 2) <= 1, "{before:X} {after:X}");

    let reasons = |offset, len: usize, pc: &mut Machine| {
        let done = pc.write_memory(Space::Physical, offset, &vec![0; len]);
        assert_eq!(done.written, 0);
        done.absent.iter().map(|run| (run.at, run.length, run.reason)).collect::<Vec<_>>()
    };
    assert_eq!(reasons(0xFFFF_FFF0, 4, &mut pc), [(0, 4, Reason::Rom)]);
    assert_eq!(reasons(0xFEE0_0000, 4, &mut pc), [(0, 4, Reason::Device)]);
    assert_eq!(reasons(0xE000_0000 - 2, 2, &mut pc), [(0, 2, Reason::Open)]);
}

#[test]
fn a_search_finds_what_was_put_there() {
    let Some(guest) = Guest::find("hello") else { return };
    let mut pc = machine(&guest);
    pc.run(Until::instruction(1000));
    for at in [0x20_0000u64, 0x20_FFFD, 0x3F_FFFB] {
        assert_eq!(pc.write_memory(Space::Physical, at, b"GlAsS").written, 5);
    }
    let mut search = Search {
        space: Space::Physical,
        first: 0x20_0000,
        last: 0x3F_FFFF,
        pattern: b"glass".map(Some).to_vec(),
        fold_case: true,
        most: 2,
    };
    let found = pc.inspect().search(&search);
    assert_eq!((found.hits, found.next), (vec![0x20_0000, 0x20_FFFD], Some(0x20_FFFE)));
    search.first = 0x20_FFFE;
    let found = pc.inspect().search(&search);
    assert_eq!((found.hits, found.next), (vec![0x3F_FFFB], None));
    search.fold_case = false;
    assert!(pc.inspect().search(&search).hits.is_empty());
    // Any byte between, and only bytes that are there.
    search.pattern = [Some(b'G'), None, None, Some(b'x')].to_vec();
    (search.first, search.last) = (0x20_0000, 0x21_0000);
    assert!(pc.inspect().search(&search).hits.is_empty());
    search.pattern = [Some(b'G'), None, Some(b'A'), None, Some(b'S')].to_vec();
    assert_eq!(pc.inspect().search(&search).hits, [0x20_0000, 0x20_FFFD]);
    search.fold_case = false;
    // A range of nothing costs no time, and goes on where the call ended.
    let all = Search { first: 0, last: u64::from(u32::MAX), most: 1000, ..search };
    let mut next = Some(0);
    let mut calls = 0;
    while let Some(first) = next {
        let found = pc.inspect().search(&Search { first, ..all.clone() });
        next = found.next;
        calls += 1;
    }
    assert!((2..200).contains(&calls), "{calls} calls");
}

/// Offsets of a segment are searched like any others, up to its limit and not beyond.
#[test]
fn a_segment_is_searched() {
    let mut s = System::new();
    s.engine.cpu.set_cr0(cr0::ET).expect("known bits");
    s.engine.cpu.st.seg[usize::from(seg::DS)] = Segment::real(0, 0x93);
    s.write(0x2_FFF8, b"GlassGlass");
    let mut search = Search {
        space: Space::Selector(0x2000),
        first: 0,
        last: u64::from(u32::MAX),
        pattern: b"glass".map(Some).to_vec(),
        fold_case: true,
        most: 1000,
    };
    let found = Inspector::new(&s.engine).search(&search);
    assert_eq!((found.hits, found.next), (vec![0xFFF8], None));
    // Expand-down: only above the limit, and the search comes to its end there too.
    s.engine.cpu.st.seg[usize::from(seg::FS)] = Segment::new(0x33, 0x2_0000, 0xFFF8, 0x0097);
    search.space = Space::Segment(seg::FS);
    search.pattern = b"lass".map(Some).to_vec();
    let found = Inspector::new(&s.engine).search(&search);
    assert_eq!((found.hits, found.next), (vec![0xFFF9], None));
    search.pattern = b"glass".map(Some).to_vec();
    assert!(Inspector::new(&s.engine).search(&search).hits.is_empty());
}

/// Addresses as people type them, and where they err.
#[test]
fn addresses_are_understood() {
    let Some(guest) = Guest::find("hello") else { return };
    let mut pc = machine(&guest);
    pc.run(Until::instruction(5000));
    let mut symbols = Symbols::new();
    symbols.load("t.map", b"00001234 T main\n00005678 T add\n", 0).expect("a good map");
    let lines = vec![(0x1236, 7), (0x1238, 9)];
    let program = Program { name: "dir/boot.asm".into(), lines, ..Program::default() };
    symbols.load_program(program).expect("lines");
    let parse = |text: &str| parse_address(pc.inspect(), text, &symbols);
    let r = pc.registers();
    for (text, space, offset) in [
        ("1234", Space::Linear, 0x1234),
        (" linear 0x10 + 10h ", Space::Linear, 0x20),
        ("phys a0000", Space::Physical, 0xA_0000),
        ("ds:1234", Space::Segment(3), 0x1234),
        ("b800:0", Space::Selector(0xB800), 0),
        ("SS:ESP+4", Space::Segment(2), u64::from(r.esp.wrapping_add(4))),
        ("main-4", Space::Linear, 0x1230),
        ("add", Space::Linear, 0x5678),
        ("0xadd", Space::Linear, 0xADD),
        ("boot.asm:7", Space::Linear, 0x1236),
        ("boot.asm:8", Space::Linear, 0x1238),
        ("es:-1", Space::Segment(0), 0xFFFF_FFFF),
        ("bp", Space::Linear, u64::from(r.ebp & 0xFFFF)),
    ] {
        let found = parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert_eq!((found.space, found.offset), (space, offset), "{text}");
    }
    for (text, column, length) in [
        ("", 0, 1),
        ("ds:", 3, 1),
        ("zs:1", 0, 2),
        ("ds:12*3", 5, 1),
        ("ds:nowhere+1", 3, 7),
        (":1", 0, 1),
        ("ds:1:2", 4, 1),
        ("12 34", 3, 2),
        ("1+", 2, 1),
        ("1000000000", 0, 10),
        ("é:1", 0, 1),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!((error.column, error.length), (column, length), "{text}: {}", error.message);
    }
}
