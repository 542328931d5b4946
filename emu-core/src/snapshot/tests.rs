//! Files of one small machine: what is written is read, and nothing else is.

use super::file::seal;
use super::manifest::Manifest;
use super::*;
use crate::devices::bench::Numbers;
use crate::host::MemoryImage;
use crate::machine::{Config, Difference, RestoreError, Until};
use crate::mem::PAGE;

/// Programs some chips, writes two sectors to a disk, fills a page of memory, then counts in another for ever.
fn rom() -> Vec<u8> {
    let mut code = Vec::new();
    let outb = |code: &mut Vec<u8>, port: u16, value: u8| {
        let [low, high] = port.to_le_bytes();
        code.extend([0xBA, low, high, 0xB0, value, 0xEE]);
    };
    let outd = |code: &mut Vec<u8>, port: u16, value: u32| {
        let [low, high] = port.to_le_bytes();
        code.extend([0xBA, low, high, 0x66, 0xB8]);
        code.extend(value.to_le_bytes());
        code.extend([0x66, 0xEF]);
    };
    // The IDE function: decode the primary channel, answer at ports.
    for (register, value) in [(0x40, 0x8000_8000), (0x04, 5)] {
        outd(&mut code, 0xCF8, 0x8000_0900 | register);
        outd(&mut code, 0xCFC, value);
    }
    for (port, value) in [
        (0x20, 0x11),
        (0x21, 0x08),
        (0x43, 0x34),
        (0x40, 0x9C),
        (0x40, 0x2E),
        (0x70, 0x0B),
        (0x71, 0x42),
        (0x64, 0xAA),
        (0x3F9, 0x0F),
        (0x3F8, 0x41),
        (0x3F2, 0x1C),
        (0x3C8, 1),
        (0x3C9, 0x3F),
        (0x1F6, 0xE0),
        (0x1F2, 2),
        (0x1F3, 9),
        (0x1F4, 0),
        (0x1F5, 0),
        (0x1F7, 0x30),
    ] {
        outb(&mut code, port, value);
    }
    for _ in 0..2 {
        // mov cx, 0; loop $; then 256 words of the ROM to port 1F0h: mov si, 0; mov cx, 256; mov dx, 1F0h; rep cs outsw
        code.extend([0xB9, 0, 0, 0xE2, 0xFE, 0xBE, 0, 0, 0xB9, 0, 1, 0xBA, 0xF0, 0x01, 0x2E, 0xF3, 0x6F]);
    }
    // xor ax, ax; mov ds, ax; inc word [2000h]; mov [3004h], ax; inc ax; jmp back to the inc
    code.extend([0x31, 0xC0, 0x8E, 0xD8, 0xFF, 0x06, 0x00, 0x20, 0xA3, 0x04, 0x30, 0x40, 0xEB, 0xF6]);
    let mut rom = vec![0x90; 0x1000];
    rom[..code.len()].copy_from_slice(&code);
    // At reset: jmp to the start of the ROM.
    rom[0xFF0..0xFF3].copy_from_slice(&[0xE9, 0x0D, 0xF0]);
    rom
}

pub(super) fn config() -> Config {
    let mut config = Config { rom: Some((0xFFFF_F000, rom())), ram_bytes: 1 << 20, ..Config::new() };
    config.disks[0] = Some(Box::new(MemoryImage::new(vec![0; 1 << 20])));
    config
}

pub(super) fn machine() -> Machine {
    Machine::new(config()).unwrap_or_else(|e| panic!("{e}"))
}

/// A machine that has done all its ROM does but count.
pub(super) fn run_machine() -> Machine {
    let mut pc = machine();
    pc.run(Until::instruction(200_000));
    pc
}

fn read(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    File::parse(bytes, &Limits::default())?.unpack(None)
}

#[test]
fn a_file_gives_the_machine_back() {
    let mut pc = run_machine();
    let hash = pc.state_hash();
    let snapshot = pc.snapshot(None);
    assert_eq!(pc.state_hash(), hash, "a snapshot changed the machine");
    let ide = snapshot.sections.iter().find(|section| section.name == "82371SB IDE").expect("it is there");
    assert_eq!(ide.holes.len(), 1, "two sectors of one page were written");
    let bytes = snapshot.to_bytes(None);
    let file = File::parse(&bytes, &Limits::default()).expect("it was just made");
    assert_eq!((file.instruction(), file.time(), file.parent()), (200_000, pc.time(), None));
    let back = file.unpack(None).expect("it was just made");
    assert_eq!(back.id(), snapshot.id());
    assert_eq!(back.to_bytes(None), bytes, "read and written again");
    let mut other = machine();
    other.open(&back).expect("it is of such a machine");
    assert_eq!(other.state_hash(), hash);
    assert_eq!(other.snapshot(None).to_bytes(None), bytes, "opened and saved again");
    pc.run(Until::instruction(500_000));
    other.run(Until::instruction(500_000));
    assert_eq!(other.state_hash(), pc.state_hash());
}

#[test]
fn a_chain_of_children_gives_the_machine_back() {
    let mut pc = run_machine();
    let mut snapshots = vec![pc.snapshot(None)];
    let mut files = vec![snapshots[0].to_bytes(None)];
    let mut hashes = vec![pc.state_hash()];
    for n in 1..5u64 {
        pc.run(Until::instruction(200_000 + n * 30_001));
        let next = pc.snapshot(snapshots.last());
        assert_eq!(next.id(), pc.snapshot(None).id(), "ids taken from the one before are those made anew");
        files.push(next.to_bytes(snapshots.last()));
        snapshots.push(next);
        hashes.push(pc.state_hash());
    }
    let carried = |bytes: &[u8]| opened(bytes).0.batches.iter().map(|batch| batch.pages).sum::<u32>();
    // Two pages of memory that are counted in, and one of the disk; the ROM is the machine's, not the state's.
    assert_eq!((carried(&files[0]), carried(&files[1])), (3, 2));
    let mut parent: Option<Snapshot> = None;
    let mut other = machine();
    for (n, bytes) in files.iter().enumerate() {
        let file = File::parse(bytes, &Limits::default()).expect("it was just made");
        assert_eq!(file.parent(), parent.as_ref().map(Snapshot::id));
        if let Some(id) = file.parent() {
            assert_eq!(file.unpack(None).map(drop), Err(SnapshotError::NeedsParent(id)));
            assert_eq!(file.unpack(Some(&snapshots[4])).map(drop), Err(SnapshotError::NeedsParent(id)));
        }
        let back = file.unpack(parent.as_ref()).expect("it is the parent");
        assert_eq!(back.id(), snapshots[n].id());
        other.open(&back).expect("it is of such a machine");
        assert_eq!(other.state_hash(), hashes[n]);
        parent = Some(back);
    }
}

/// A page that became zeros beside a parent is zeros.
#[test]
fn pages_that_went_are_gone() {
    let mut pc = run_machine();
    let before = pc.snapshot(None);
    assert!(pc.write_memory(crate::inspect::Space::Physical, 0x2000, &[0; 4096]).written == 4096);
    let after = pc.snapshot(Some(&before));
    assert!(before.ids.contains_key(&2) && !after.ids.contains_key(&2));
    let bytes = after.to_bytes(Some(&before));
    let back = File::parse(&bytes, &Limits::default()).and_then(|file| file.unpack(Some(&before)));
    let mut other = machine();
    other.open(&back.expect("it was just made")).expect("it is of such a machine");
    assert_eq!(other.state_hash(), pc.state_hash());
}

/// Every bit of the header and the manifest is held by something, and so is every page.
#[test]
fn no_changed_bit_and_no_cut_goes_unnoticed() {
    let bytes = run_machine().snapshot(None).to_bytes(None);
    let pages_begin = bytes.len() - opened(&bytes).1.len();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let read = read(&changed);
        // A byte of a packed page may be changed so that it unpacks to the same: LZ4 has more than one form.
        assert!(
            read.is_err() || at >= pages_begin && read.is_ok_and(|s| s.to_bytes(None) == bytes),
            "byte {at}"
        );
    }
    for len in (0..bytes.len()).step_by(7) {
        assert!(read(&bytes[..len]).is_err(), "{len} bytes");
    }
    let longer = [&bytes[..], &[0]].concat();
    let (found, expected) = (longer.len() as u64, bytes.len() as u64);
    assert_eq!(read(&longer).map(drop), Err(SnapshotError::Length { found, expected }));
}

#[test]
fn other_files_versions_and_kinds_are_told_apart() {
    let bytes = run_machine().snapshot(None).to_bytes(None);
    let with = |at: usize, value: u8| {
        let mut changed = bytes.clone();
        changed[at] = value;
        read(&changed).map(drop)
    };
    assert_eq!(read(b"").map(drop), Err(SnapshotError::NoSnapshot));
    assert_eq!(
        read(b"PK\x03\x04 and more than the header's fifty-two bytes of it").map(drop),
        Err(SnapshotError::NoSnapshot)
    );
    assert_eq!(with(8, 2), Err(SnapshotError::NewerFormat { found: 2, newest: 1 }));
    assert_eq!(with(8, 0), Err(SnapshotError::Damaged("the version")));
    assert_eq!(with(10, 2), Err(SnapshotError::Kind(2)));
    assert_eq!(with(11, 9), Err(SnapshotError::Damaged("the packing")));
    assert_eq!(with(30, bytes[30] ^ 1), Err(SnapshotError::Damaged("the manifest")));
}

/// A sealed file of a changed manifest over the same pages.
fn resealed(bytes: &[u8], change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    let (mut manifest, pages) = opened(bytes);
    change(&mut manifest);
    seal(&save_state(&manifest), &pages)
}

fn opened(bytes: &[u8]) -> (Manifest, Vec<u8>) {
    let packed = u32::from_le_bytes(bytes[12..16].try_into().expect("four bytes")) as usize;
    let len = u32::from_le_bytes(bytes[16..20].try_into().expect("four bytes")) as usize;
    let packing = Packing::of_number(bytes[11]).expect("it is known");
    let manifest = packing.unpack(&bytes[52..52 + packed], len).expect("it unpacks");
    (postcard::from_bytes(&manifest).expect("it is a manifest"), bytes[52 + packed..].to_vec())
}

#[test]
fn what_asks_for_too_much_is_refused_before_it_is_given() {
    let mut pc = run_machine();
    let bytes = pc.snapshot(None).to_bytes(None);
    let refused = |change: &dyn Fn(&mut Manifest)| read(&resealed(&bytes, change)).map(drop);
    let too_large = |what, found, most| Err(SnapshotError::TooLarge { what, found, most });
    assert_eq!(refused(&|m| m.machine.ram_bytes = 3 << 30), too_large("bytes of RAM", 3 << 30, 2 << 30));
    assert_eq!(refused(&|m| m.page_count = 2 << 20), too_large("pages of memory", 2 << 20, 3 << 19));
    let many = |m: &mut Manifest| m.sections = vec![m.sections[0].clone(); 65];
    assert_eq!(refused(&many), too_large("sections", 65, 64));
    let twice = |m: &mut Manifest| m.sections.push(m.sections[0].clone());
    assert_eq!(refused(&twice), Err(SnapshotError::Damaged("a part that is there twice")));
    // One page, spoken of 200 000 times: a few bytes each.
    let bomb = |m: &mut Manifest| m.sections[0].holes = (0..200_000).map(|n| (n * PAGE, 0)).collect();
    assert!(matches!(refused(&bomb), Err(SnapshotError::TooLarge { what: "bytes of state", .. })));
    assert!(matches!(refused(&|m| m.batches[0].pages = u32::MAX), Err(SnapshotError::TooLarge { .. })));
    assert_eq!(refused(&|m| m.batches[0].pages = 0), Err(SnapshotError::Damaged("a batch of pages")));
    assert!(matches!(refused(&|m| m.batches[0].bytes += 1), Err(SnapshotError::Length { .. })));
    assert_eq!(
        refused(&|m| m.memory[0].skip = u32::MAX),
        Err(SnapshotError::Damaged("a page beyond memory"))
    );
    assert_eq!(refused(&|m| m.memory[0].id = 4000), Err(SnapshotError::Damaged("a page that is not there")));
    assert_eq!(refused(&|m| m.ids[0].0[5] ^= 1), Err(SnapshotError::Damaged("a page")));
    let holes = |m: &mut Manifest| {
        m.sections.iter_mut().for_each(|s| s.holes.iter_mut().for_each(|h| h.0 += 1 << 20))
    };
    assert_eq!(refused(&holes), Err(SnapshotError::Damaged("a part with pages")));
    // A manifest that would unpack to 128 MiB and one byte from nothing.
    let mut header = bytes.clone();
    header[16..20].copy_from_slice(&((128u32 << 20) + 1).to_le_bytes());
    assert!(matches!(read(&header), Err(SnapshotError::TooLarge { what: "bytes of the manifest", .. })));
    header[16..20].copy_from_slice(&(100u32 << 20).to_le_bytes());
    assert!(matches!(read(&header), Err(SnapshotError::TooLarge { what: "unpacked bytes", .. })));
    let small = Limits { file_bytes: 1000, ..Limits::default() };
    assert!(matches!(File::parse(&bytes, &small), Err(SnapshotError::TooLarge { .. })));
}

#[test]
fn another_machine_is_told_by_what_it_has() {
    let mut pc = run_machine();
    let snapshot = pc.snapshot(None);
    let refused = |config: Config| {
        let mut other = Machine::new(config).unwrap_or_else(|e| panic!("{e}"));
        let hash = other.state_hash();
        let error = other.open(&snapshot).expect_err("it is another machine");
        assert_eq!(other.state_hash(), hash);
        error
    };
    let other = |difference| SnapshotError::OtherMachine(difference);
    assert_eq!(refused(Config { ram_bytes: 2 << 20, ..config() }), other(Difference::Ram(2 << 20, 1 << 20)));
    let mut changed = rom();
    changed[0x800] ^= 1;
    assert_eq!(refused(Config { rom: Some((0xFFFF_F000, changed)), ..config() }), other(Difference::Rom));
    assert_eq!(refused(Config { exit_port: Some(0xF4), ..config() }), other(Difference::Ports));
    assert_eq!(refused(Config { boot_menu: None, ..config() }), other(Difference::Boot));
    assert_eq!(refused(Config { reset_on_shutdown: true, ..config() }), other(Difference::Shutdown));
    let disk = crate::bus::DriveId::Disk(0);
    let difference = Difference::DriveSize(disk, None, Some(1 << 20));
    assert_eq!(refused(Config { disks: [None, None], ..config() }), other(difference));
    // The clock at power-on is not the machine.
    let mut later =
        Machine::new(Config { rtc_unix_seconds: 5, ..config() }).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(later.open(&snapshot), Ok(()));
    assert_eq!(later.state_hash(), pc.state_hash());
    // An image's contents count where both sides know them.
    pc.set_image_hash(disk, [1; 32]);
    let known = pc.snapshot(None);
    later.set_image_hash(disk, [2; 32]);
    assert_eq!(later.open(&snapshot), Ok(()));
    assert_eq!(later.open(&known), Err(other(Difference::DriveContents(disk))));
    later.set_image_hash(disk, [1; 32]);
    assert_eq!(later.open(&known), Ok(()));
}

#[test]
fn sections_are_all_there_and_none_is_newer() {
    let mut pc = run_machine();
    let bytes = pc.snapshot(None).to_bytes(None);
    let hash = pc.state_hash();
    let mut refused = |change: &dyn Fn(&mut Manifest)| {
        let snapshot = read(&resealed(&bytes, change)).expect("only the machine can tell");
        let error = pc.open(&snapshot).expect_err("it does not fit");
        assert_eq!(pc.state_hash(), hash);
        error
    };
    assert_eq!(refused(&|m| drop(m.sections.pop())), SnapshotError::MissingSection("debug port"));
    assert_eq!(
        refused(&|m| m.sections[3].name = "8255".into()),
        SnapshotError::UnknownSection("8255".into())
    );
    let newer = SnapshotError::NewerSection { name: "8254".into(), found: 2, newest: 1 };
    let raise =
        |m: &mut Manifest| m.sections.iter_mut().filter(|s| s.name == "8254").for_each(|s| s.version = 2);
    assert_eq!(refused(&raise), newer);
    assert_eq!(
        refused(&|m| m.instruction += 1),
        SnapshotError::Damaged("the position, which is not the CPU's")
    );
    let broken = |m: &mut Manifest| m.sections[1].rest.truncate(3);
    assert!(matches!(refused(&broken), SnapshotError::Refused(RestoreError::Broken(_))));
}

#[test]
fn older_sections_are_brought_up_step_by_step() {
    use super::versions::{Step, migrated};
    let section = |version| Section { name: "chip".into(), version, bytes: vec![7], holes: Vec::new() };
    let steps = [
        Step { section: "chip", from: 2, convert: |old| Some([old, &[3]].concat()) },
        Step { section: "chip", from: 1, convert: |old| Some([old, &[2]].concat()) },
        Step { section: "other", from: 3, convert: |_| Some(vec![0]) },
        Step { section: "chip", from: 4, convert: |_| None },
    ];
    assert_eq!(migrated(&section(1), 3, &steps), Ok(vec![7, 2, 3]));
    assert_eq!(migrated(&section(2), 3, &steps), Ok(vec![7, 3]));
    assert_eq!(migrated(&section(3), 3, &steps), Ok(vec![7]));
    let damaged = Err(SnapshotError::Damaged("a part of an older version"));
    assert_eq!(migrated(&section(3), 4, &steps), damaged, "no step");
    assert_eq!(migrated(&section(4), 5, &steps), damaged, "not of that version");
    let newer = SnapshotError::NewerSection { name: "chip".into(), found: 6, newest: 5 };
    assert_eq!(migrated(&section(6), 5, &steps), Err(newer));
}

/// A mutation that is sealed again, so that it reaches what lies behind the hashes.
fn mutate(bytes: &[u8], random: &mut Numbers) -> Vec<u8> {
    let (mut manifest, pages) = opened(bytes);
    let mut raw = save_state(&manifest);
    if random.below(3) == 0 {
        for _ in 0..=random.below(4) {
            let at = random.below(raw.len() as u32) as usize;
            raw[at] = random.byte();
        }
        return seal(&raw, &pages);
    }
    let chosen = random.below(manifest.sections.len() as u32) as usize;
    let rest = &mut manifest.sections[chosen].rest;
    for _ in 0..=random.below(6) {
        if rest.is_empty() {
            break;
        }
        let at = random.below(rest.len() as u32) as usize;
        match random.below(8) {
            0 => rest.truncate(at),
            1 => rest[at] = 0xFF,
            2 => rest[at] ^= 1 << random.below(8),
            _ => rest[at] = random.byte(),
        }
    }
    raw = save_state(&manifest);
    seal(&raw, &pages)
}

/// 20 000 files that were meddled with: none hurts, none is half opened, and what is opened runs.
#[test]
fn meddled_files_are_refused_whole_or_run() {
    meddle(20_261_123);
}

#[test]
#[ignore = "half an hour: in the night"]
fn ten_million_meddled_files_are_refused_whole_or_run() {
    (1..=500).for_each(meddle);
}

fn meddle(seed: u32) {
    let mut pc = run_machine();
    let good = pc.snapshot(None);
    let bytes = good.to_bytes(None);
    let hash = pc.state_hash();
    let mut random = Numbers(seed);
    let (mut refused, mut opened) = (0, 0);
    for round in 0..20_000u32 {
        let meddled = if round % 4 == 0 {
            let mut meddled = bytes.clone();
            (0..=random.below(3)).for_each(|_| {
                let at = random.below(meddled.len() as u32) as usize;
                meddled[at] = random.byte();
            });
            meddled
        } else {
            mutate(&bytes, &mut random)
        };
        let result = read(&meddled).and_then(|snapshot| pc.open(&snapshot));
        if let Err(error) = result {
            assert!(error.to_string().len() < 400, "{error}");
            refused += 1;
            if round % 16 == 1 {
                assert_eq!(
                    pc.state_hash(),
                    hash,
                    "seed {seed}, round {round}: {error}, and yet something changed"
                );
            }
            continue;
        }
        opened += 1;
        let (instruction, time) = (pc.instructions(), pc.time());
        pc.run(Until { instruction: instruction.saturating_add(300), time: time.saturating_add(100_000) });
        for device in pc.inspect().devices() {
            pc.inspect().device(device.name);
        }
        pc.open(&good).expect("it opened before");
    }
    assert_eq!(pc.state_hash(), hash);
    assert!(refused > 4_000 && opened > 2_000, "seed {seed}: {refused} refused, {opened} opened");
}

/// Each part by itself: saved, changed, opened, saved again gives the same bytes, those of the change and those before.
#[test]
fn every_device_is_saved_and_opened_by_itself() {
    let mut pc = run_machine();
    let good = pc.snapshot(None);
    let bytes = good.to_bytes(None);
    let mut random = Numbers(77);
    // The debug port has no state, and port 92h one bit.
    let stateless = ["debug port"];
    for (n, name) in pc.section_names().into_iter().enumerate().filter(|(_, name)| !stateless.contains(name))
    {
        let mut changed = 0;
        for _ in 0..4_000 {
            let meddled = resealed(&bytes, |m| {
                let rest = &mut m.sections[n].rest;
                let at = random.below(rest.len() as u32) as usize;
                rest[at] ^= 1 << random.below(8);
            });
            let opened = read(&meddled).and_then(|snapshot| pc.open(&snapshot));
            let again = pc.snapshot(None);
            if opened.is_ok() && again.sections[n].bytes != good.sections[n].bytes {
                changed += 1;
                let others = |s: &Snapshot| -> Vec<_> {
                    s.sections.iter().filter(|section| section.name != name).cloned().collect()
                };
                assert_eq!(others(&again), others(&good), "{name}: another part changed with it");
                pc.open(&good).expect("it opened before");
                pc.open(&again).expect("it was just saved");
                assert_eq!(
                    pc.snapshot(None).to_bytes(None),
                    again.to_bytes(None),
                    "{name}: changed and saved again"
                );
            }
            pc.open(&good).expect("it opened before");
            if changed == 8 {
                break;
            }
        }
        assert_eq!(pc.snapshot(None).to_bytes(None), bytes, "{name}: as it was before");
        assert!(changed >= 1, "{name}: never changed");
    }
}
