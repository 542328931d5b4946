//! The 8042, a PS/2 keyboard and mouse (IBM PS/2 Technical Reference).

use super::board::Board;
use emu_core::devices::i8042::Ps2Controller;

fn board() -> Board {
    Board::of(vec![Box::new(Ps2Controller::new())])
}

/// Lets everything on its way arrive.
fn settle(b: &mut Board) {
    b.pass(20_000_000);
}

/// Sends bytes to the keyboard, or after D4h to the mouse, and takes their answers.
fn send(b: &mut Board, mouse: bool, bytes: &[u8]) -> Vec<u8> {
    let mut answers = Vec::new();
    for &byte in bytes {
        b.out(if mouse { &[(0x64, 0xD4)] } else { &[] });
        b.out(&[(0x60, byte)]);
        settle(b);
        while b.inb(0x64) & 1 != 0 {
            answers.push(b.inb(0x60));
            settle(b);
        }
    }
    answers
}

#[test]
fn the_8042_names_its_registers() {
    board().consists_of("8042", &[
        (
            "controller",
            "status, output buffer, command byte, output port, input port, command, break prefix, replies",
        ),
        (
            "keyboard",
            "scan code set, scanning, LEDs, typematic, command, replies, scan codes, held, repeats",
        ),
        (
            "mouse",
            "id, reporting, mode, wrap, command, resolution, sample rate, scaling, buttons, dx, dy, dz, replies, packet",
        ),
    ]);
}

#[test]
fn a_command_is_seen_waiting_for_its_parameter() {
    let mut b = board();
    b.out(&[(0x64, 0x60)]);
    b.shows("8042", "controller", &[("status", "18 A2=command INH"), ("command", "60")]);
    b.out(&[(0x60, 0xFF)]);
    b.shows(
        "8042",
        "controller",
        &[
            ("status", "14 SYS A2=data INH"),
            ("command", "0"),
            ("command byte", "FF INT1 INT12 SYS KOFF MOFF XLATE"),
        ],
    );
    b.out(&[(0x64, 0x60), (0x60, 0x00), (0x64, 0xD1)]);
    b.shows("8042", "controller", &[("command byte", "0"), ("command", "D1")]);
    b.out(&[(0x60, 0xDD)]);
    b.shows(
        "8042",
        "controller",
        &[("output port", "CD RST# MDAT MCLK KCLK KDAT"), ("input port", "80 LOCK#")],
    );
    assert!(!b.bus.cx.mem.a20());
    b.out(&[(0x64, 0xDF)]);
    b.shows("8042", "controller", &[("output port", "CF RST# A20 MDAT MCLK KCLK KDAT")]);
}

#[test]
fn a_byte_in_the_output_buffer_stays_there() {
    let mut b = board();
    b.out(&[(0x64, 0xAA)]);
    b.shows("8042", "controller", &[("replies", "1")]);
    assert_eq!(b.title("8042", "controller", "replies"), "55");
    settle(&mut b);
    b.shows(
        "8042",
        "controller",
        &[
            ("status", "1D OBF SYS A2=command INH"),
            ("output buffer", "55"),
            ("output port", "DF RST# A20 MDAT MCLK INT1 KCLK KDAT"),
            ("replies", "0"),
        ],
    );
    assert_eq!(b.title("8042", "controller", "output buffer"), "byte of the keyboard");
    assert_eq!(b.inb(0x60), 0x55);
    b.shows("8042", "controller", &[("status", "1C SYS A2=command INH"), ("output buffer", "55")]);
    assert_eq!(b.title("8042", "controller", "output buffer"), "last byte, read already");
    b.out(&[(0x64, 0xD3), (0x60, 0x42)]);
    settle(&mut b);
    b.shows(
        "8042",
        "controller",
        &[("status", "35 OBF SYS A2=data INH AUX"), ("output port", "EF RST# A20 MDAT MCLK INT12 KCLK KDAT")],
    );
    assert_eq!(b.title("8042", "controller", "output buffer"), "byte of the mouse");
}

#[test]
fn the_keyboard_shows_what_it_was_told() {
    let mut b = board();
    b.shows(
        "8042",
        "keyboard",
        &[
            ("scan code set", "2"),
            ("scanning", "1"),
            ("LEDs", "0"),
            // 10.9 a second (rate 11) after 500 ms.
            ("typematic", "2B rate=11 delay=500 ms"),
        ],
    );
    assert_eq!(send(&mut b, false, &[0xED]), [0xFA]);
    b.shows("8042", "keyboard", &[("command", "ED")]);
    assert_eq!(send(&mut b, false, &[0x07, 0xF3, 0x7F, 0xF0, 0x01]), [0xFA; 5]);
    b.shows(
        "8042",
        "keyboard",
        &[
            ("command", "0"),
            ("LEDs", "7 scroll num caps"),
            ("typematic", "7F rate=31 delay=1 s"),
            ("scan code set", "1"),
        ],
    );
    send(&mut b, false, &[0xED, 0x02]);
    b.shows("8042", "keyboard", &[("LEDs", "2 num"), ("scanning", "1")]);
    send(&mut b, false, &[0xF5]);
    b.shows("8042", "keyboard", &[("scanning", "0")]);
}

#[test]
fn keys_are_seen_held_and_their_codes_waiting() {
    let mut b = board();
    // Translation is off: set 2. The first byte goes into the output buffer, the rest wait.
    let key = |b: &mut Board, code: u16, pressed: bool| {
        b.bus.with::<Ps2Controller, _>(|d, cx| d.key(cx, code, pressed)).expect("it is attached");
    };
    key(&mut b, 0x1E, true);
    key(&mut b, 0xE048, true);
    settle(&mut b);
    b.shows("8042", "controller", &[("output buffer", "1C")]);
    b.shows("8042", "keyboard", &[("scan codes", "2"), ("held", "2")]);
    assert_eq!(b.title("8042", "keyboard", "scan codes"), "E0 75");
    assert_eq!(b.title("8042", "keyboard", "held"), "1E E048");
    assert_eq!(b.title("8042", "keyboard", "repeats"), "E048");
    key(&mut b, 0xE048, false);
    key(&mut b, 0x1E, false);
    b.shows("8042", "keyboard", &[("held", "0"), ("repeats", "0")]);
    assert_eq!(b.title("8042", "keyboard", "scan codes"), "E0 75 E0 F0 75 F0 1C");
}

#[test]
fn the_mouse_shows_what_it_was_told_and_has_to_tell() {
    let mut b = board();
    b.out(&[(0x64, 0x60), (0x60, 0x03), (0x64, 0xA8)]);
    b.shows(
        "8042",
        "mouse",
        &[
            ("id", "0"),
            ("reporting", "0"),
            ("mode", "0 mode=stream"),
            ("wrap", "0"),
            ("resolution", "2"),
            ("sample rate", "64"),
            ("scaling", "0"),
        ],
    );
    assert_eq!(send(&mut b, true, &[0xF3]), [0xFA]);
    b.shows("8042", "mouse", &[("command", "F3")]);
    assert_eq!(
        send(&mut b, true, &[200, 0xF3, 100, 0xF3, 80, 0xF2]),
        [0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0x03]
    );
    send(&mut b, true, &[0xE8, 0x03, 0xE7, 0xF0]);
    b.shows(
        "8042",
        "mouse",
        &[
            ("id", "3"),
            ("command", "0"),
            ("resolution", "3"),
            ("sample rate", "50"),
            ("scaling", "1"),
            ("mode", "1 mode=remote"),
        ],
    );
    // In remote mode movements wait until they are asked for; up is positive.
    b.bus.with::<Ps2Controller, _>(|d, cx| d.mouse(cx, 5, 3, -1, 0b101)).expect("it is attached");
    b.shows("8042", "mouse", &[("dx", "5"), ("dy", "FFFFFFFD"), ("dz", "FFFFFFFF")]);
    assert_eq!(send(&mut b, true, &[0xEB]).len(), 5);
    b.shows("8042", "mouse", &[("dx", "0"), ("dy", "0"), ("dz", "0"), ("buttons", "5 left middle")]);
    send(&mut b, true, &[0xEE]);
    b.shows("8042", "mouse", &[("wrap", "1")]);
}
