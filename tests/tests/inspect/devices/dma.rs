//! The 8237A pair (Intel 8237A data sheet; pages as in the 82371SB).

use super::board::Board;
use emu_core::devices::i8237::DmaController;

fn dma() -> Board {
    Board::of(vec![Box::new(DmaController::new())])
}

#[test]
fn the_8237s_name_their_registers() {
    let b = dma();
    let controller = "command, status, mask, flip-flop";
    let channel = "address, count, base address, base count, page, physical, mode, mask, request, TC";
    let channels = [
        "channel 0",
        "channel 1",
        "channel 2",
        "channel 3",
        "channel 4",
        "channel 5",
        "channel 6",
        "channel 7",
    ];
    let mut expected = vec![("controller 1", controller)];
    expected.extend(channels[..4].iter().map(|&name| (name, channel)));
    expected.push(("controller 2", controller));
    expected.extend(channels[4..].iter().map(|&name| (name, channel)));
    expected.push((
        "page registers",
        "port 80h, port 84h, port 85h, port 86h, port 88h, port 8Ch, port 8Dh, port 8Eh",
    ));
    b.consists_of("8237A", &expected);
    b.shows("8237A", "controller 1", &[("mask", "F M0 M1 M2 M3"), ("status", "0"), ("flip-flop", "0")]);
    let places = |group: &str| {
        ["address", "count", "page", "mode"].map(|name| b.register("8237A", group, name).address)
    };
    assert_eq!(places("channel 2"), [0x04, 0x05, 0x81, 0x0B].map(Some));
    assert_eq!(places("channel 0"), [0x00, 0x01, 0x87, 0x0B].map(Some));
    assert_eq!(places("channel 5"), [0xC4, 0xC6, 0x8B, 0xD6].map(Some));
    assert_eq!(places("channel 7"), [0xCC, 0xCE, 0x8A, 0xD6].map(Some));
}

#[test]
fn a_channel_is_seen_while_it_is_programmed_and_when_it_moved() {
    let mut b = dma();
    b.out(&[(0xD6, 0xC0), (0xD4, 0x00), (0x0A, 6), (0x0C, 0), (0x04, 0x34)]);
    b.shows("8237A", "controller 1", &[("flip-flop", "1")]);
    b.shows("8237A", "controller 2", &[("flip-flop", "0"), ("mask", "E M1 M2 M3")]);
    b.shows("8237A", "channel 2", &[("address", "34"), ("base address", "34")]);
    b.out(&[(0x04, 0x12), (0x05, 0xFF), (0x05, 0x01), (0x81, 0x0A), (0x0B, 0x46), (0x0A, 2)]);
    let programmed = [
        ("address", "1234"),
        ("count", "1FF"),
        ("base address", "1234"),
        ("base count", "1FF"),
        ("page", "A"),
        ("physical", "A1234"),
        ("mode", "44 type=write: device to memory dir=up mode=single"),
        ("mask", "0"),
        ("request", "0"),
        ("TC", "0"),
    ];
    b.shows("8237A", "channel 2", &programmed);
    assert_eq!(b.register("8237A", "channel 2", "physical").memory, Some(0xA_1234), "it leads to memory");
    b.shows("8237A", "controller 1", &[("mask", "B M0 M1 M3"), ("flip-flop", "0")]);
    b.bus.cx.dma.write_memory(&mut b.bus.cx.mem, 2, &[0x5A; 16]);
    b.shows(
        "8237A",
        "channel 2",
        &[("address", "1244"), ("count", "1EF"), ("base address", "1234"), ("physical", "A1244")],
    );
    b.bus.cx.dma.write_memory(&mut b.bus.cx.mem, 2, &[0xA5; 496]);
    b.shows("8237A", "channel 2", &[("address", "1434"), ("count", "FFFF"), ("mask", "1"), ("TC", "1")]);
    b.shows("8237A", "controller 1", &[("status", "4 TC2"), ("mask", "F M0 M1 M2 M3")]);
    assert_eq!((b.inb(0x08), b.inb(0x08)), (0x04, 0), "the look did not clear it");
    b.shows("8237A", "channel 2", &[("TC", "0")]);
}

#[test]
fn all_bits_of_command_mode_status_and_the_word_channels() {
    let mut b = dma();
    b.out(&[
        (0x08, 0xFF),
        (0xD0, 0x10),
        (0x09, 0x04),
        (0x09, 0x05),
        (0x09, 0x06),
        (0x09, 0x07),
        (0xD2, 0x06),
    ]);
    b.shows(
        "8237A",
        "controller 1",
        &[
            (
                "command",
                "FF M-M AH off time=compressed prio=rotating write=extended DREQ=active low DACK=active high",
            ),
            ("status", "F0 DRQ0 DRQ1 DRQ2 DRQ3"),
        ],
    );
    b.shows(
        "8237A",
        "controller 2",
        &[
            ("command", "10 time=normal prio=rotating write=late DREQ=active high DACK=active low"),
            ("status", "40 DRQ2"),
        ],
    );
    b.shows("8237A", "channel 6", &[("request", "1")]);
    b.out(&[(0x0B, 0x3B), (0x0B, 0x88), (0xD8, 0), (0xC4, 0x34), (0xC4, 0x12), (0x8B, 0xAB), (0xD6, 0x41)]);
    b.shows("8237A", "channel 3", &[("mode", "38 type=read: memory to device auto dir=down mode=demand")]);
    b.shows("8237A", "channel 0", &[("mode", "88 type=read: memory to device dir=up mode=block")]);
    b.shows(
        "8237A",
        "channel 5",
        &[
            ("address", "1234"),
            ("page", "AB"),
            // Words: bit 0 of the page is not used.
            ("physical", "AA2468"),
            ("mode", "40 type=verify dir=up mode=single"),
        ],
    );
    b.out(&[(0x80, 0x3C), (0x8E, 0x77)]);
    b.shows("8237A", "page registers", &[("port 80h", "3C"), ("port 8Eh", "77")]);
    b.out(&[(0x0D, 0)]);
    b.shows(
        "8237A",
        "controller 1",
        &[
            ("command", "0 time=normal prio=fixed write=late DREQ=active high DACK=active low"),
            ("status", "0"),
            ("mask", "F M0 M1 M2 M3"),
        ],
    );
}
