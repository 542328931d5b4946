//! Bytes and back, by hand-made recordings; meddled ones are refused or are what they say.

use super::*;
use crate::devices::bench::Numbers;
use crate::host::MemoryImage;
use crate::machine::{Arrived, Config, Content, Edit, KernelContent};
use xxhash_rust::xxh3::xxh3_64;

/// Sets up the PIC so that keys interrupt, then sleeps; each interrupt is counted in memory and its key kept there, each
/// byte of COM1 sent back.
fn rom() -> Vec<u8> {
    let mut code: Vec<u8> = vec![0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xD0, 0xBC, 0x00, 0x70];
    // Vector 9 (offset, segment) to F000:F100; vectors from 8 on; IRQ 0 and 1 open.
    code.extend([0xC7, 0x06, 0x24, 0x00, 0x00, 0xF1, 0xC7, 0x06, 0x26, 0x00, 0x00, 0xF0]);
    code.extend([0xC7, 0x06, 0x20, 0x00, 0x80, 0xF1, 0xC7, 0x06, 0x22, 0x00, 0x00, 0xF0]);
    for (port, value) in
        [(0x20, 0x11), (0x21, 8), (0x21, 4), (0x21, 1), (0x21, 0xFC), (0x43, 0x34), (0x40, 0), (0x40, 0)]
    {
        code.extend([0xB0, value, 0xE6, port]);
    }
    // Keyboard interrupts on, translation on: command 60h, byte 41h; then sti; hlt; jmp back to the hlt.
    code.extend([0xB0, 0x60, 0xE6, 0x64, 0xB0, 0x41, 0xE6, 0x60, 0xFB, 0xF4, 0xEB, 0xFD]);
    let mut rom = vec![0x90; 0x1000];
    rom[..code.len()].copy_from_slice(&code);
    // F100: in al, 60h; mov di, [500h]; inc word [500h]; mov [di+600h], al; mov al, 20h; out 20h, al; iret
    let key = [0xE4, 0x60, 0x8B, 0x3E, 0x00, 0x05, 0xFF, 0x06, 0x00, 0x05, 0x88, 0x85, 0x00, 0x06];
    rom[0x100..0x100 + key.len()].copy_from_slice(&key);
    rom[0x10E..0x113].copy_from_slice(&[0xB0, 0x20, 0xE6, 0x20, 0xCF]);
    // F180, the timer: inc word [502h]; mov al, 20h; out 20h, al; iret
    rom[0x180..0x189].copy_from_slice(&[0xFF, 0x06, 0x02, 0x05, 0xB0, 0x20, 0xE6, 0x20, 0xCF]);
    // At reset: jmp far F000:F000.
    rom[0xFF0..0xFF5].copy_from_slice(&[0xEA, 0x00, 0xF0, 0x00, 0xF0]);
    rom
}

fn machine() -> Machine {
    let mut image = vec![0; 0xF000];
    image.extend(rom());
    let bios = Config { bios: image, ram_bytes: 1 << 20, ..Config::new() };
    Machine::new(bios).unwrap_or_else(|e| panic!("{e}"))
}

/// A person who types `keys` keys, pressed and released, with a host whose clock has steps of a tenth of a millisecond.
fn typed(keys: u64, random: &mut Numbers) -> (Machine, History, Vec<(u64, u128)>) {
    let mut machine = machine();
    machine.set_image_hash(crate::bus::DriveId::Floppy(0), [7; 32]);
    let mut history = History::new(&mut machine, History::BUDGET);
    let mut seen = Vec::new();
    for n in 0..2 * keys {
        let until = (machine.time() / 100_000 + 300 + u64::from(random.below(900))) * 100_000;
        assert_eq!(history.run(&mut machine, Until::time(until)), Stop::Limit);
        let code = 0x10 + (n / 2 % 20) as u16;
        history.input(&mut machine, Input::Key { code, pressed: n % 2 == 0 });
        // Now the key's interrupt is under way: the CPU is awake, the instruction is one moment.
        let until = Until::instruction(machine.instructions() + 5);
        assert_eq!(history.run(&mut machine, until), Stop::Limit);
        seen.push((machine.instructions(), machine.state_hash()));
    }
    (machine, history, seen)
}

#[test]
fn a_run_is_made_again() {
    let (mut first, history, seen) = typed(20, &mut Numbers(1));
    assert_eq!(first.read_memory(0x500, 2), [Some(40), Some(0)], "each key was an interrupt");
    let recording = Recording::of(&history, &mut first).expect("from power-on");
    let bytes = recording.to_bytes();
    assert!(bytes.len() < 300, "{} bytes", bytes.len());
    let read = Recording::parse(&bytes).expect("it was just made");
    assert_eq!(read, recording);
    let mut second = machine();
    let mut again = read.replay(&mut second, &[], History::BUDGET).expect("it is the same machine");
    for (at, hash) in seen.iter().rev().chain(&seen) {
        assert_eq!(again.go_to(&mut second, *at, u64::MAX), Ok(Arrived::There));
        assert_eq!((second.instructions(), second.state_hash()), (*at, *hash));
    }
    again.run(&mut second, Until::time(recording.end.time));
    assert_eq!((Stamp::of(&second), Some(second.state_hash())), (recording.end, recording.hash));
    assert_eq!(Recording::of(&again, &mut second).map(|r| r.to_bytes()), Ok(bytes));
}

fn stamp(instruction: u64, time: u64) -> Stamp {
    Stamp { instruction, time }
}

/// Everything a recording can hold.
fn full() -> Recording {
    let content = |n: u64| Content { bytes: n, hash: u128::from(n) << 64 | 5 };
    let description = Description {
        ram_bytes: 2 << 30,
        bios: content(0x4_0000),
        vga_bios: content(0x8000),
        rom: Some((0xFFFF_0000, content(9))),
        kernel: Some(KernelContent {
            image: content(u64::MAX),
            initrd: content(0),
            command_line: "console=ttyS0 \u{e9}".into(),
        }),
        drives: [None, Some(1_474_560), Some(1 << 40), None, Some(2048)],
        image_hashes: [None, Some([1; 32]), None, None, Some([2; 32])],
        boot: "[Disk] None".into(),
        reset_on_shutdown: true,
        ports: [Some(0xF4), Some(0xE9)],
        rtc_unix_seconds: -86_400,
    };
    let medium = MediumName { bytes: 1 << 40, sha256: Some([3; 32]), read_only: true };
    let plain = MediumName { bytes: 512, sha256: None, read_only: false };
    let edit = |edit, delivered| Input::Edit { edit, delivered };
    let register = Edit::Register { name: "xmm7".into(), bytes: vec![9; 16] };
    let memory = Edit::Memory { runs: vec![(0, vec![1, 2]), ((1 << 36) - 1, vec![3])] };
    let events = [
        (0, Event::Input(Input::Key { code: 0, pressed: true })),
        (0, Event::Input(Input::Key { code: 0x5F, pressed: false })),
        (50, Event::Input(Input::Key { code: 0x60, pressed: true })),
        (51, Event::Input(Input::Key { code: 0xFFFF, pressed: false })),
        (1_000_000_000, Event::Input(edit(register, true))),
        (90_000_000_000, Event::Input(edit(memory, false))),
        (
            90_000_000_010,
            Event::Input(Input::Medium { drive: DriveId::CdRom, medium: None, delivered: true }),
        ),
        (90_000_000_015, Event::Insert { drive: DriveId::Floppy(1), medium, delivered: false }),
        (90_000_000_015, Event::Insert { drive: DriveId::CdRom, medium: plain, delivered: true }),
        (1 << 59, Event::Input(Input::Mouse { dx: i32::MIN, dy: i32::MAX, wheel: -1, buttons: 255 })),
        (1 << 59, Event::Input(Input::Serial { port: 255, bytes: vec![0, 255, 10] })),
        (1 << 60, Event::Input(Input::Serial { port: 0, bytes: vec![] })),
        (1 << 60, Event::Input(Input::Reset)),
    ];
    let inputs = events.to_vec();
    Recording { description, inputs, end: stamp(1 << 53, 1 << 60), hash: Some(u128::MAX - 1) }
}

#[test]
fn everything_a_recording_can_hold_comes_back() {
    let recording = full();
    assert_eq!(Recording::parse(&recording.to_bytes()), Ok(recording.clone()));
    let plain =
        Recording { description: machine().made_of(), inputs: Vec::new(), end: Stamp::default(), hash: None };
    assert_eq!(Recording::parse(&plain.to_bytes()), Ok(plain));
}

/// The bytes with a checksum that fits them.
fn sealed(body: &[u8]) -> Vec<u8> {
    [body, &(xxh3_64(body) as u32).to_le_bytes()].concat()
}

#[test]
fn what_is_no_recording_is_refused() {
    let bytes = full().to_bytes();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(Recording::parse(&changed).is_err(), "byte {at}");
        assert!(Recording::parse(&bytes[..at]).is_err(), "{at} bytes");
    }
    assert_eq!(Recording::parse(b"GIF89a"), Err(RecordingError::NoRecording));
    assert_eq!(Recording::parse(b""), Err(RecordingError::NoRecording));
    let newer = RecordingError::NewerVersion { found: 2, newest: 1 };
    assert_eq!(Recording::parse(&[b"GBR\x02", &bytes[4..]].concat()), Err(newer));
    let body = &bytes[..bytes.len() - 4];
    let behind = RecordingError::Damaged("something behind the end");
    assert_eq!(Recording::parse(&sealed(&[body, b"\0"].concat())), Err(behind));
    let late = Recording { end: stamp(1 << 53, (1 << 60) - 1), ..full() };
    assert_eq!(Recording::parse(&late.to_bytes()), Err(RecordingError::Damaged("an input behind the end")));
    let far = Recording { end: stamp((1 << 53) + 1, 1 << 60), ..full() };
    assert!(matches!(Recording::parse(&far.to_bytes()), Err(RecordingError::TooLarge { .. })));
    let told =
        RecordingError::TooLarge { what: "bytes", found: MOST_BYTES as u64 + 1, most: MOST_BYTES as u64 };
    assert_eq!(Recording::parse(&vec![0; MOST_BYTES + 1]), Err(told));
}

/// Twenty thousand recordings that somebody meddled with and sealed again: refused, or read as what they say; what is
/// read can be replayed, for a while.
#[test]
fn meddled_recordings_do_no_harm() {
    let (mut first, history, _) = typed(6, &mut Numbers(4));
    let honest = Recording::of(&history, &mut first).expect("from power-on").to_bytes();
    let full = full().to_bytes();
    let mut random = Numbers(5);
    let (mut read, mut replayed) = (0, 0);
    for n in 0..20_000 {
        let bytes = if n % 2 == 0 { &honest } else { &full };
        let mut body = bytes[..bytes.len() - 4].to_vec();
        for _ in 0..=random.below(3) {
            let at = random.below(body.len() as u32) as usize;
            match random.below(5) {
                0 => body[at] = random.byte(),
                1 => body[at] ^= 1 << random.below(8),
                2 => body.truncate(at.max(5)),
                3 => body.insert(at, random.byte()),
                _ => body[at] = if random.below(2) == 0 { 0xFF } else { 0 },
            }
        }
        let Ok(recording) = Recording::parse(&sealed(&body)) else { continue };
        read += 1;
        assert_eq!(Recording::parse(&recording.to_bytes()).as_ref(), Ok(&recording), "mutant {n}");
        let mut machine = machine();
        let Ok(mut history) = recording.replay(&mut machine, &[], 1 << 20) else { continue };
        replayed += 1;
        let target = recording.end.instruction;
        for _ in 0..2 {
            assert!(history.go_to(&mut machine, target, 1000).is_ok(), "mutant {n}");
        }
    }
    assert!(read > 1000 && replayed > 100, "{read} read, {replayed} replayed: the mutants were not tried");
}

#[test]
fn only_what_began_at_power_on_and_only_on_such_a_machine() {
    let mut late = machine();
    late.run(Until::instruction(1000));
    let history = History::new(&mut late, History::BUDGET);
    let at = Stamp::of(&late);
    assert_eq!(Recording::of(&history, &mut late), Err(RecordingError::NotFromPowerOn(at)));
    let (mut first, history, _) = typed(2, &mut Numbers(3));
    let recording = Recording::of(&history, &mut first).expect("from power-on");
    assert_eq!(recording.check(&first), Err(RecordingError::NotFresh));
    let with = |config: Config| {
        let mut image = vec![0; 0xF000];
        image.extend(rom());
        let machine = Machine::new(Config { bios: image, ..config }).unwrap_or_else(|e| panic!("{e}"));
        recording.check(&machine)
    };
    let same = || Config { ram_bytes: 1 << 20, ..Config::new() };
    assert_eq!(with(same()), Ok(()));
    let clock = RecordingError::OtherClock(5, 1_767_225_600);
    assert_eq!(with(Config { rtc_unix_seconds: 5, ..same() }), Err(clock));
    assert!(matches!(with(Config::new()), Err(RecordingError::OtherMachine(_))));
}

/// A recording that says it goes on where the machine only sleeps keeps nobody waiting.
#[test]
fn a_false_end_is_not_waited_for() {
    let (mut first, history, _) = typed(1, &mut Numbers(8));
    let recording = Recording::of(&history, &mut first).expect("from power-on");
    let false_end = Recording { end: stamp(1 << 53, 1 << 60), hash: None, ..recording };
    let mut second = machine();
    let mut again = false_end.replay(&mut second, &[], 1 << 20).expect("it is the same machine");
    assert_eq!(again.go_to(&mut second, 1 << 53, 10_000), Ok(Arrived::OutOfSteps));
    assert!(second.time() < 1_000_000_000, "{}", second.time());
}

/// Media and edits are given again; a medium that nobody has is asked for.
#[test]
fn media_and_edits_are_part_of_a_run() {
    let image = |fill: u8| -> Box<dyn BlockDevice> { Box::new(MemoryImage::new(vec![fill; 1_474_560])) };
    let mut first = machine();
    let mut history = History::new(&mut first, History::BUDGET);
    history.run(&mut first, Until::time(5_000_000));
    let medium = Medium::new(image(1));
    medium.set_sha256(Some([1; 32]));
    history.change_medium(&mut first, DriveId::Floppy(0), Some(medium)).expect("a floppy");
    history.run(&mut first, Until::time(9_000_000));
    history.edit(&mut first, Edit::memory([(0x700, 1), (0x701, 2)])).expect("memory");
    let ebx = Edit::Register { name: "ebx".into(), bytes: vec![1, 2, 3, 4] };
    history.edit(&mut first, ebx).expect("a register");
    history.change_medium(&mut first, DriveId::Floppy(0), None).expect("it goes out");
    history.run(&mut first, Until::time(300_000_000));
    let recording = Recording::of(&history, &mut first).expect("from power-on");
    assert_eq!(Recording::parse(&recording.to_bytes()).as_ref(), Ok(&recording));
    let other = Medium::new(image(2));
    other.set_sha256(Some([2; 32]));
    let wanted = MediumName { bytes: 1_474_560, sha256: Some([1; 32]), read_only: false };
    let refused = recording.replay(&mut machine(), std::slice::from_ref(&other), 1 << 20).map(drop);
    assert_eq!(refused, Err(RecordingError::NeedsMedium(wanted)));
    let mut second = machine();
    let media = [other, Medium::new(image(1))];
    let mut again = recording.replay(&mut second, &media, 1 << 20).expect("all is there");
    again.run(&mut second, Until::time(recording.end.time));
    assert_eq!(Some(second.state_hash()), recording.hash);
    assert_eq!(second.read_memory(0x700, 2), [Some(1), Some(2)]);
}
