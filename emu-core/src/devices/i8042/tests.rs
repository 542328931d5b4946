use super::*;
use crate::bus::Bus;
use crate::mem::Memory;
use crate::time::SECOND;

fn board() -> Bus {
    let mut bus = Bus::new(Memory::new(1 << 20, 0));
    bus.attach(Box::new(Ps2Controller::new()));
    bus.reset();
    bus
}

fn command(bus: &mut Bus, command: u8) {
    bus.port_write(COMMAND, 1, u32::from(command));
}

fn write(bus: &mut Bus, byte: u8) {
    bus.port_write(DATA, 1, u32::from(byte));
}

fn status(bus: &mut Bus) -> u8 {
    bus.port_read(COMMAND, 1) as u8
}

fn irqs(bus: &Bus) -> (bool, bool) {
    (bus.cx.lines.level(Line::isa(1)), bus.cx.lines.level(Line::isa(12)))
}

fn run_for(bus: &mut Bus, ns: Ns) {
    let to = bus.cx.now + ns;
    bus.run_timers(to);
}

/// All bytes that come within 20 ms, those of the mouse or those of everybody else.
fn read_all(bus: &mut Bus, mouse: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..200 {
        run_for(bus, 100_000);
        let status = status(bus);
        if status & STATUS_OBF != 0 {
            assert_eq!(status & STATUS_AUX != 0, mouse, "a byte from the other device");
            bytes.push(bus.port_read(DATA, 1) as u8);
        }
    }
    bytes
}

fn keyboard(bus: &mut Bus, byte: u8) -> Vec<u8> {
    write(bus, byte);
    read_all(bus, false)
}

fn mouse(bus: &mut Bus, byte: u8) -> Vec<u8> {
    command(bus, WRITE_MOUSE);
    write(bus, byte);
    read_all(bus, true)
}

fn controller(bus: &mut Bus, byte: u8) -> Vec<u8> {
    command(bus, byte);
    read_all(bus, false)
}

fn set_ctr(bus: &mut Bus, value: u8) {
    command(bus, WRITE_CTR);
    write(bus, value);
}

fn key(bus: &mut Bus, code: u16, pressed: bool) {
    bus.with::<Ps2Controller, _>(|d, cx| d.key(cx, code, pressed));
}

fn moved(bus: &mut Bus, dx: i32, dy: i32, wheel: i32, buttons: u8) {
    bus.with::<Ps2Controller, _>(|d, cx| d.mouse(cx, dx, dy, wheel, buttons));
}

#[test]
fn a_bios_initializes_controller_and_keyboard() {
    let mut bus = board();
    assert_eq!(status(&mut bus), STATUS_UNLOCKED);
    command(&mut bus, KEYBOARD_OFF);
    command(&mut bus, MOUSE_OFF);
    assert_eq!(controller(&mut bus, SELF_TEST), [0x55]);
    assert_eq!(controller(&mut bus, TEST_KEYBOARD), [0x00]);
    assert_eq!(controller(&mut bus, TEST_MOUSE), [0x00]);
    set_ctr(&mut bus, 0x30);
    assert_eq!(controller(&mut bus, READ_CTR), [0x30]);
    assert_eq!(keyboard(&mut bus, RESET), [ACK, TEST_PASSED]);
    assert_eq!(keyboard(&mut bus, DISABLE), [ACK]);
    assert_eq!([keyboard(&mut bus, SCAN_CODE_SET), keyboard(&mut bus, 2)], [[ACK], [ACK]]);
    set_ctr(&mut bus, 0x61);
    assert_eq!(keyboard(&mut bus, ENABLE), [ACK]);
    assert_eq!(controller(&mut bus, READ_CTR), [0x61]);
    key(&mut bus, 0x1E, true);
    key(&mut bus, 0x1E, false);
    assert_eq!(read_all(&mut bus, false), [0x1E, 0x9E]);
    key(&mut bus, 0xE048, true);
    key(&mut bus, 0xE048, false);
    assert_eq!(read_all(&mut bus, false), [0xE0, 0x48, 0xE0, 0xC8]);
}

#[test]
fn bytes_come_one_by_one_and_interrupt_once_each() {
    let mut bus = board();
    set_ctr(&mut bus, CTR_KEYBOARD_INT | CTR_TRANSLATE);
    key(&mut bus, 0xE01D, true);
    run_for(&mut bus, BYTE_NS - 1);
    assert_eq!((status(&mut bus) & STATUS_OBF, irqs(&bus)), (0, (false, false)));
    run_for(&mut bus, 1);
    assert_eq!((status(&mut bus) & STATUS_OBF, irqs(&bus)), (STATUS_OBF, (true, false)));
    run_for(&mut bus, 10 * BYTE_NS);
    assert_eq!(bus.port_read(DATA, 1), 0xE0);
    assert_eq!((irqs(&bus), bus.port_read(DATA, 1)), ((false, false), 0xE0), "the byte stays readable");
    run_for(&mut bus, BYTE_NS);
    assert_eq!((irqs(&bus), bus.port_read(DATA, 1)), ((true, false), 0x1D));
    run_for(&mut bus, 10 * BYTE_NS);
    assert_eq!(status(&mut bus) & STATUS_OBF, 0);
}

#[test]
fn without_translation_the_sets_come_as_they_are() {
    for (set, bytes) in [
        (1, vec![0x10, 0xE0, 0x35, 0xE0, 0xB5, 0x90]),
        (2, vec![0x15, 0xE0, 0x4A, 0xE0, 0xF0, 0x4A, 0xF0, 0x15]),
        (3, vec![0x15, 0x77]),
    ] {
        let mut bus = board();
        set_ctr(&mut bus, CTR_KEYBOARD_INT);
        keyboard(&mut bus, SCAN_CODE_SET);
        assert_eq!(keyboard(&mut bus, set), [ACK]);
        keyboard(&mut bus, SCAN_CODE_SET);
        assert_eq!(keyboard(&mut bus, 0), [ACK, set]);
        for (code, pressed) in [(0x10, true), (0xE035, true), (0xE035, false), (0x10, false)] {
            key(&mut bus, code, pressed);
        }
        assert_eq!(read_all(&mut bus, false), bytes);
    }
}

#[test]
fn key_types_of_set_3() {
    let mut bus = board();
    set_ctr(&mut bus, 0);
    keyboard(&mut bus, SCAN_CODE_SET);
    keyboard(&mut bus, 3);
    let stroke = |bus: &mut Bus, code| {
        key(bus, code, true);
        let mut bytes = read_all(bus, false);
        run_for(bus, SECOND / 2);
        bytes.extend(read_all(bus, false));
        key(bus, code, false);
        bytes.extend(read_all(bus, false));
        bytes
    };
    // By default: A repeats without break, left Shift makes and breaks, F1 only makes.
    assert_eq!(stroke(&mut bus, 0x1E), [0x1C, 0x1C]);
    assert_eq!(stroke(&mut bus, 0x2A), [0x12, 0xF0, 0x12]);
    assert_eq!(stroke(&mut bus, 0x3B), [0x07]);
    assert_eq!(keyboard(&mut bus, ALL_MAKE_BREAK), [ACK]);
    assert_eq!(stroke(&mut bus, 0x1E), [0x1C, 0xF0, 0x1C]);
    assert_eq!(keyboard(&mut bus, ALL_TYPEMATIC_MAKE_BREAK), [ACK]);
    assert_eq!(stroke(&mut bus, 0x3B), [0x07, 0x07, 0xF0, 0x07]);
    for byte in [KEY_MAKE, 0x07, 0x1C, ENABLE] {
        assert_eq!(keyboard(&mut bus, byte), [ACK]);
    }
    assert_eq!((stroke(&mut bus, 0x3B), stroke(&mut bus, 0x1E)), (vec![0x07], vec![0x1C]));
}

#[test]
fn keyboard_commands() {
    let mut bus = board();
    set_ctr(&mut bus, 0);
    assert_eq!(keyboard(&mut bus, ECHO), [0xEE]);
    assert_eq!(keyboard(&mut bus, IDENTIFY), [ACK, 0xAB, 0x83]);
    assert_eq!(keyboard(&mut bus, SEND_AGAIN), [0x83]);
    assert_eq!(keyboard(&mut bus, 0x12), [RESEND]);
    assert_eq!([keyboard(&mut bus, SET_LEDS), keyboard(&mut bus, 0x07)], [[ACK], [ACK]]);
    assert_eq!(bus.device::<Ps2Controller>().unwrap().leds(), 7);
    // A command in place of a parameter is a command.
    keyboard(&mut bus, SET_LEDS);
    assert_eq!(keyboard(&mut bus, ECHO), [0xEE]);
    assert_eq!(keyboard(&mut bus, 0x00), [RESEND]);
    keyboard(&mut bus, DISABLE);
    key(&mut bus, 0x1E, true);
    assert!(read_all(&mut bus, false).is_empty());
    keyboard(&mut bus, ENABLE);
    key(&mut bus, 0x1E, false);
    assert_eq!(read_all(&mut bus, false), [0xF0, 0x1C]);
    // With translation the identity is the one every driver knows: AB 41.
    set_ctr(&mut bus, CTR_TRANSLATE);
    assert_eq!(keyboard(&mut bus, IDENTIFY), [ACK, 0xAB, 0x41]);
}

#[test]
fn held_keys_repeat_after_a_delay() {
    let mut bus = board();
    set_ctr(&mut bus, CTR_TRANSLATE);
    // 10 characters a second (B = 1, A = 4) after 250 ms.
    keyboard(&mut bus, SET_RATE);
    keyboard(&mut bus, 0x0C);
    key(&mut bus, 0x1E, true);
    key(&mut bus, 0x1E, true);
    let mut count = |ns: Ns| {
        let mut count = 0;
        for _ in 0..ns / 1_000_000 {
            run_for(&mut bus, 1_000_000);
            if status(&mut bus) & STATUS_OBF != 0 {
                assert_eq!(bus.port_read(DATA, 1), 0x1E);
                count += 1;
            }
        }
        count
    };
    assert_eq!([count(249_000_000), count(1_000_000_000)], [1, 10]);
    key(&mut bus, 0x2A, true);
    key(&mut bus, 0x2A, false);
    assert_eq!(read_all(&mut bus, false), [0x2A, 0xAA]);
    run_for(&mut bus, SECOND);
    assert!(read_all(&mut bus, false).is_empty(), "the last key pressed repeats, and it is up");
    key(&mut bus, 0x1E, false);
    assert_eq!(read_all(&mut bus, false), [0x9E]);
}

#[test]
fn a_full_keyboard_says_so_and_a_disabled_one_waits() {
    let mut bus = board();
    set_ctr(&mut bus, CTR_KEYBOARD_OFF);
    for code in 0x10..0x30 {
        key(&mut bus, code, true);
    }
    assert!(read_all(&mut bus, false).is_empty());
    command(&mut bus, KEYBOARD_ON);
    let bytes = read_all(&mut bus, false);
    assert_eq!((bytes.len(), bytes[0], bytes[16]), (17, 0x15, 0x00));
}

#[test]
fn a20_and_reset_through_the_output_port() {
    let mut bus = board();
    assert_eq!(controller(&mut bus, READ_OUTPUT), [0xCF]);
    command(&mut bus, WRITE_OUTPUT);
    write(&mut bus, 0xDD);
    assert!(!bus.cx.mem.a20() && bus.cx.signals.a20_changed);
    assert_eq!(controller(&mut bus, READ_OUTPUT), [0xCD]);
    command(&mut bus, A20_ON);
    assert!(bus.cx.mem.a20());
    command(&mut bus, A20_OFF);
    assert!(!bus.cx.mem.a20());
    command(&mut bus, 0xFF);
    command(&mut bus, 0xF1);
    assert_eq!(bus.cx.signals.reset, None);
    command(&mut bus, 0xFE);
    assert_eq!(bus.cx.signals.reset.take(), Some(ResetKind::Cpu));
    command(&mut bus, WRITE_OUTPUT);
    write(&mut bus, 0xDE);
    assert_eq!(bus.cx.signals.reset, Some(ResetKind::Cpu));
}

#[test]
fn loopback_of_both_buffers_and_ram() {
    let mut bus = board();
    // As Linux looks for a mouse port and a multiplexer: what D3h sends comes back as the mouse's, with interrupt 12.
    command(&mut bus, WRITE_MOUSE_BUFFER);
    write(&mut bus, 0x5A);
    run_for(&mut bus, CONTROLLER_NS);
    assert_eq!(irqs(&bus), (false, true));
    assert_eq!(status(&mut bus) & (STATUS_OBF | STATUS_AUX), STATUS_OBF | STATUS_AUX);
    assert_eq!(bus.port_read(DATA, 1), 0x5A);
    command(&mut bus, WRITE_KEYBOARD_BUFFER);
    write(&mut bus, 0xA5);
    run_for(&mut bus, CONTROLLER_NS);
    assert_eq!((irqs(&bus), bus.port_read(DATA, 1)), ((true, false), 0xA5));
    command(&mut bus, 0x65);
    write(&mut bus, 0x77);
    assert_eq!(controller(&mut bus, 0x25), [0x77]);
    assert_eq!(controller(&mut bus, TEST_PASSWORD), [NO_PASSWORD]);
    command(&mut bus, LOAD_PASSWORD);
    for byte in [0x1E, 0x30, 0x00] {
        write(&mut bus, byte);
    }
    assert_eq!(controller(&mut bus, READ_INPUT), [0x80]);
    assert_eq!(status(&mut bus) & STATUS_COMMAND, STATUS_COMMAND);
}

#[test]
fn the_mouse_resets_and_reports() {
    let mut bus = board();
    assert_eq!(mouse(&mut bus, RESET), [ACK, TEST_PASSED, 0x00]);
    assert_eq!(mouse(&mut bus, IDENTIFY), [ACK, 0]);
    moved(&mut bus, 5, 5, 0, 0);
    assert!(read_all(&mut bus, true).is_empty(), "not enabled");
    assert_eq!(mouse(&mut bus, ENABLE), [ACK]);
    moved(&mut bus, 5, 3, 0, 1);
    assert_eq!(read_all(&mut bus, true), [0x08 | 0x20 | 1, 5, 0xFD]);
    moved(&mut bus, -300, -300, 0, 0);
    assert_eq!(read_all(&mut bus, true), [0x18, 0x01, 0xFF, 0x18, 0xD3, 45]);
    // Two quick clicks are two reports of each button state.
    for buttons in [2, 0, 2, 0] {
        moved(&mut bus, 0, 0, 0, buttons);
    }
    let packets: Vec<u8> = [read_all(&mut bus, true), read_all(&mut bus, true)].concat();
    assert_eq!(packets, [[0x0A, 0, 0], [0x08, 0, 0]].repeat(2).concat());
    assert_eq!(mouse(&mut bus, DISABLE), [ACK]);
    moved(&mut bus, 5, 5, 0, 0);
    assert!(read_all(&mut bus, true).is_empty());
}

#[test]
fn packets_keep_to_the_sample_rate() {
    let mut bus = board();
    mouse(&mut bus, SET_RATE);
    mouse(&mut bus, 20);
    mouse(&mut bus, ENABLE);
    let mut bytes = 0;
    for _ in 0..1000 {
        moved(&mut bus, 1, 0, 0, 0);
        run_for(&mut bus, 1_000_000);
        if status(&mut bus) & STATUS_OBF != 0 {
            bus.port_read(DATA, 1);
            bytes += 1;
        }
    }
    assert_eq!(bytes, 3 * 20);
}

#[test]
fn the_knocks_make_it_an_intellimouse() {
    let mut bus = board();
    let knock = |bus: &mut Bus, rates: [u8; 3]| {
        for rate in rates {
            mouse(bus, SET_RATE);
            assert_eq!(mouse(bus, rate), [ACK]);
        }
        mouse(bus, IDENTIFY)
    };
    assert_eq!(knock(&mut bus, [200, 200, 80]), [ACK, 0]);
    assert_eq!(knock(&mut bus, [200, 100, 80]), [ACK, 3]);
    mouse(&mut bus, ENABLE);
    moved(&mut bus, 0, 0, -1, 4);
    assert_eq!(read_all(&mut bus, true), [0x0C, 0, 0, 0xFF]);
    assert_eq!(knock(&mut bus, [200, 200, 80]), [ACK, 4]);
    mouse(&mut bus, ENABLE);
    moved(&mut bus, 0, 0, 2, 0x1C);
    assert_eq!(read_all(&mut bus, true), [0x0C, 0, 0, 0x32]);
    assert_eq!(mouse(&mut bus, RESET), [ACK, TEST_PASSED, 0]);
}

#[test]
fn mouse_commands() {
    let mut bus = board();
    assert_eq!(mouse(&mut bus, STATUS_REQUEST), [ACK, 0x00, 2, 100]);
    for byte in [SCALING_2_1, SET_RESOLUTION, 3, SET_RATE, 40, ENABLE] {
        assert_eq!(mouse(&mut bus, byte), [ACK]);
    }
    assert_eq!(mouse(&mut bus, STATUS_REQUEST), [ACK, 0x30, 3, 40]);
    for (moves, reports) in [(1, 1), (2, 1), (3, 3), (4, 6), (5, 9), (6, 12)] {
        moved(&mut bus, moves, moves, 0, 0);
        let packets = [read_all(&mut bus, true), read_all(&mut bus, true)].concat();
        assert_eq!(packets, [0x28, reports, 0u8.wrapping_sub(reports)]);
    }
    assert_eq!(mouse(&mut bus, REMOTE_MODE), [ACK]);
    moved(&mut bus, 4, 0, 0, 2);
    assert!(read_all(&mut bus, true).is_empty());
    assert_eq!(mouse(&mut bus, SEND_AGAIN), [ACK]);
    // A resend or a request for data does not forget the movement it is to report.
    assert_eq!(mouse(&mut bus, READ_DATA), [ACK, 0x0A, 4, 0]);
    assert_eq!(mouse(&mut bus, SEND_AGAIN), [ACK, 0x0A, 4, 0]);
    assert_eq!(mouse(&mut bus, STATUS_REQUEST), [ACK, 0x71, 3, 40]);
    assert_eq!(mouse(&mut bus, WRAP_MODE), [ACK]);
    assert_eq!([mouse(&mut bus, 0x5A), mouse(&mut bus, ENABLE)], [[0x5A], [ENABLE]]);
    assert_eq!(mouse(&mut bus, RESET_WRAP), [ACK]);
    assert_eq!([mouse(&mut bus, 0x00), mouse(&mut bus, 0x00)], [[RESEND], [ERROR]]);
    assert_eq!(mouse(&mut bus, DEFAULTS), [ACK]);
    assert_eq!(mouse(&mut bus, STATUS_REQUEST), [ACK, 0x01, 2, 100]);
}

#[test]
fn random_traffic_does_no_harm_and_states_survive_saving() {
    let mut bus = board();
    let mut seed = 7u32;
    let mut random = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 8
    };
    for _ in 0..20_000 {
        match random() % 6 {
            0 => command(&mut bus, random() as u8),
            1 => write(&mut bus, random() as u8),
            2 => key(&mut bus, random() as u16, random() & 1 != 0),
            3 => moved(&mut bus, random() as i32, i32::MIN, i32::MAX, random() as u8),
            4 => {
                bus.port_read(DATA, 1);
            }
            _ => run_for(&mut bus, Ns::from(random() % 3_000_000)),
        }
    }
    let saved = bus.device::<Ps2Controller>().unwrap().save();
    let mut other = board();
    assert_eq!(other.with::<Ps2Controller, _>(|d, cx| d.load(cx, &saved)), Some(Ok(())));
    assert_eq!(other.device::<Ps2Controller>().unwrap().save(), saved);
}
