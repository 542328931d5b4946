//! Our own guests, started from floppies by SeaBIOS, say on COM1 what they say in QEMU (`guests/transcripts`), and show the pictures that they show there (`guests/golden.json`).

use emu_core::machine::{Input, Until};
use glassbox_tests::{Guest, Limit, Pc};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const LONGEST: Limit = Limit::millions(600);

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests").join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What the guest says in QEMU.
fn transcript(name: &str) -> String {
    let said = file(&format!("transcripts/{name}.txt"));
    // QEMU's TCG leaves out the checks of limits and access rights that the SDM asks for (vol. 3A, 6.15, interrupt 13):
    // each is a general-protection fault with error code 0.
    said.replace("NOT NOTICED by this processor", "exception 0D error 0000")
}

/// Boots the guest, has `act` do what it waits for, and compares all it says.
fn check(name: &str, act: impl FnOnce(&mut Pc)) -> Pc {
    let guest = Guest::own(name);
    let mut pc = Pc::boot(&guest);
    act(&mut pc);
    pc.serial_until(&format!("{name}: ok\r\n"), LONGEST);
    let expected = transcript(name);
    assert_eq!(pc.serial().replace("\r\n", "\n"), expected, "COM1");
    let last = format!("{name}: ok\n");
    assert!(pc.debug().replace('\r', "").ends_with(&last), "port E9h: {}", pc.debug());
    pc
}

#[derive(Deserialize)]
struct Golden {
    width: u32,
    height: u32,
    scale: u32,
    bits: [u32; 3],
    sha256: String,
}

/// Compares the screen with QEMU's. Of the colours only the upper bits count, which the DAC has.
fn check_picture(name: &str) {
    let mut pc = check(name, |_| ());
    // Two frames more: what the guest set last may count from the next retrace on only.
    let until = Until::time(pc.machine.time() + 35_000_000);
    pc.run(until);
    let all: BTreeMap<String, Golden> = serde_json::from_str(&file("golden.json")).expect("golden.json");
    let golden = &all[name];
    let frame = pc.machine.render().expect("a picture");
    assert_eq!((frame.width * golden.scale, frame.height * golden.scale), (golden.width, golden.height));
    let masks = golden.bits.map(|bits| 0xFFu8 << (8 - bits));
    let mut pixels = Vec::new();
    for y in 0..golden.height {
        for x in 0..golden.width {
            let at = ((y / golden.scale * frame.width + x / golden.scale) * 4) as usize;
            pixels.extend((0..3).map(|i| frame.rgba[at + i] & masks[i]));
        }
    }
    assert_eq!(glassbox_tests::sha256(&pixels), golden.sha256, "{name}: the picture differs from QEMU's");
}

#[test]
fn every_own_guest_has_a_test_here() {
    let here = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/own_guests.rs")).unwrap();
    for name in Guest::all_own() {
        assert!(here.contains(&format!("(\"{name}\"")), "{name}");
    }
}

#[test]
fn hello_prints_by_the_bios() {
    let pc = check("hello", |_| ());
    assert!(
        pc.screen().starts_with("Hello, world!\n\nA boot sector of 512 bytes wrote this.\n"),
        "{}",
        pc.screen()
    );
}

#[test]
fn plasma_shows_mode_13h() {
    check_picture("plasma");
}

#[test]
fn planar_shows_mode_12h() {
    check_picture("planar");
}

#[test]
fn mode_x_scrolls_and_splits() {
    check_picture("modex");
}

#[test]
fn vbe_shows_true_colour() {
    check_picture("vbe");
}

#[test]
fn vbe_shows_16_bit_colour() {
    check_picture("vbe16");
}

#[test]
fn keyboard_interrupts_bring_scan_codes() {
    check("keyboard", |pc| {
        pc.serial_until("keyboard: ready", LONGEST);
        pc.type_text("glA7\x1B");
    });
}

/// As `qemu.mjs mouse --mouse 30,12,0 --mouse=-7,-90,1 --mouse=-40,5,0 --mouse=1,1,2`, where each is a movement and then
/// the buttons.
#[test]
fn mouse_interrupts_bring_packets() {
    check("mouse", |pc| {
        pc.serial_until("mouse: ready", LONGEST);
        let mut held = 0;
        for (dx, dy, buttons) in [(30, 12, 0), (-7, -90, 1), (-40, 5, 0), (1, 1, 2)] {
            pc.machine.input(Input::Mouse { dx, dy, wheel: 0, buttons: held });
            pc.run(Until::time(pc.machine.time() + 30_000_000));
            if buttons != held {
                held = buttons;
                pc.machine.input(Input::Mouse { dx: 0, dy: 0, wheel: 0, buttons });
                pc.run(Until::time(pc.machine.time() + 30_000_000));
            }
        }
    });
}

#[test]
fn timer_ticks() {
    let pc = check("timer", |_| ());
    assert!(pc.machine.time() > 1_000_000_000, "a hundred ticks are a second");
}

#[test]
fn speaker_plays_a_scale() {
    check("speaker", |_| ());
}

#[test]
fn serial_port_echoes() {
    let mut pc = check("serial", |_| ());
    pc.send("echo this\n");
    // As in QEMU: letters come back as capitals.
    pc.serial_until("ECHO THIS", LONGEST);
}

#[test]
fn protected_mode_faults_are_caught() {
    check("protected", |_| ());
}

#[test]
fn pages_are_mapped_on_demand() {
    check("paging", |_| ());
}

#[test]
fn ring_3_is_kept_in() {
    check("ring3", |_| ());
}

#[test]
fn virtual_8086_task_is_emulated() {
    check("v86", |_| ());
}
