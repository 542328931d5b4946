//! The 82077AA (Intel datasheet 290166).

use super::board::Board;
use emu_core::devices::fdc::Fdc;
use emu_core::host::MemoryImage;

const CONTROLLER: &str = "DOR, TDR, MSR, DIR, CCR, INT, command, result, phase, SPECIFY, LOCK, EIS, EFIFO, POLL, \
                          FIFOTHR, PRETRK, perpendicular, EOT";
const DRIVE: &str = "present, cylinder, PCN, NCN, ST0, changed, bytes, deleted";
const EXECUTION: &str = "C, H, R, N, ST0, ST1, ST2, DMA, left";

fn board() -> Board {
    let image = (0..1_474_560u32).map(|at| (at / 512) as u8).collect();
    let Ok(fdc) = Fdc::new([Some(Box::new(MemoryImage::new(image))), None]) else {
        panic!("it is a 1.44 MB image")
    };
    Board::of(vec![Box::new(fdc)])
}

/// Motor A, drive A, out of reset, what polling found taken, at the rate of 1.44 MB disks.
fn ready() -> Board {
    let mut b = board();
    b.out(&[(0x3F2, 0x1C)]);
    b.pass(1_000_000);
    b.out(&[(0x3F7, 0)]);
    for _ in 0..4 {
        b.out(&[(0x3F5, 0x08)]);
        assert_ne!((b.inb(0x3F5), b.inb(0x3F5)), (0x80, 0));
    }
    b
}

fn write(b: &mut Board, bytes: &[u8]) {
    bytes.iter().for_each(|&byte| b.out(&[(0x3F5, byte)]));
}

#[test]
fn the_82077aa_names_its_registers() {
    let b = board();
    b.consists_of("82077AA", &[("controller", CONTROLLER), ("drive A", DRIVE), ("drive B", DRIVE)]);
    let places =
        ["DOR", "TDR", "MSR", "DIR", "CCR"].map(|name| b.register("82077AA", "controller", name).address);
    assert_eq!(places, [0x3F2, 0x3F3, 0x3F4, 0x3F7, 0x3F7].map(Some));
    b.shows(
        "82077AA",
        "controller",
        &[
            ("DOR", "0 RESET#=held in reset"),
            ("MSR", "0 DIO=host writes"),
            // The datasheet's default rate.
            ("CCR", "2 DRATE=250 kbit/s"),
            ("EIS", "0"),
            ("EFIFO", "1"),
            ("POLL", "0"),
            ("FIFOTHR", "0"),
            ("PRETRK", "0"),
            ("LOCK", "0"),
        ],
    );
    assert_eq!(b.title("82077AA", "controller", "phase"), "held in reset");
    b.shows("82077AA", "drive A", &[("present", "1"), ("bytes", "168000"), ("changed", "1")]);
    b.shows("82077AA", "drive B", &[("present", "0"), ("bytes", "0")]);
}

#[test]
fn a_reset_ends_with_polling_that_waits_to_be_sensed() {
    let mut b = board();
    b.out(&[(0x3F2, 0xFF)]);
    b.shows("82077AA", "controller", &[("DOR", "FF DSEL=3 RESET#=runs DMAEN MOTA MOTB MOTC MOTD")]);
    b.out(&[(0x3F2, 0x1C)]);
    assert_eq!(b.title("82077AA", "controller", "phase"), "comes out of reset");
    b.pass(1_000_000);
    b.shows(
        "82077AA",
        "controller",
        &[("INT", "1"), ("MSR", "80 DIO=host writes RQM"), ("DIR", "80 DSKCHG")],
    );
    b.shows("82077AA", "drive A", &[("ST0", "C0 IC=by polling")]);
    b.shows("82077AA", "drive B", &[("ST0", "C1 DS=1 IC=by polling")]);
    b.out(&[(0x3F5, 0x08)]);
    b.shows("82077AA", "controller", &[("MSR", "D0 CB DIO=host reads RQM"), ("result", "2"), ("INT", "0")]);
    assert_eq!(b.title("82077AA", "controller", "result"), "C0 00");
    assert_eq!(b.title("82077AA", "controller", "phase"), "gives results");
    assert_eq!(b.title("82077AA", "drive A", "ST0"), "nothing to report");
    assert_eq!(b.inb(0x3F5), 0xC0);
    assert_eq!(b.title("82077AA", "controller", "result"), "00");
}

#[test]
fn parameters_are_seen_byte_by_byte_and_kept() {
    let mut b = ready();
    write(&mut b, &[0x03]);
    b.shows("82077AA", "controller", &[("MSR", "90 CB DIO=host writes RQM"), ("command", "1")]);
    assert_eq!(b.title("82077AA", "controller", "command"), "03");
    write(&mut b, &[0xDF]);
    assert_eq!(b.title("82077AA", "controller", "command"), "03 DF");
    write(&mut b, &[0x03]);
    b.shows("82077AA", "controller", &[("SPECIFY", "3DF HUT=15 SRT=13 ND HLT=1"), ("command", "0")]);
    write(&mut b, &[0x13, 0x00, 0x57, 0x10]);
    b.shows(
        "82077AA",
        "controller",
        &[("EIS", "1"), ("EFIFO", "0"), ("POLL", "1"), ("FIFOTHR", "7"), ("PRETRK", "10")],
    );
    write(&mut b, &[0x12, 0xBF]);
    b.shows("82077AA", "controller", &[("perpendicular", "3F GAP WGATE D0 D1 D2 D3")]);
    write(&mut b, &[0x94]);
    b.shows("82077AA", "controller", &[("LOCK", "1"), ("result", "1")]);
    assert_eq!(b.inb(0x3F5), 0x10);
    for (value, rate) in [(0, "500 kbit/s"), (1, "300 kbit/s"), (2, "250 kbit/s"), (3, "1 Mbit/s")] {
        b.out(&[(0x3F7, value)]);
        b.shows("82077AA", "controller", &[("CCR", &format!("{value:X} DRATE={rate}"))]);
    }
    b.out(&[(0x3F3, 0xFE)]);
    b.shows("82077AA", "controller", &[("TDR", "2 TAPE=2")]);
}

#[test]
fn a_seek_is_seen_and_then_reported() {
    let mut b = ready();
    write(&mut b, &[0x0F, 0x04, 0x05]);
    b.shows("82077AA", "controller", &[("MSR", "81 D0B DIO=host writes RQM")]);
    b.shows("82077AA", "drive A", &[("NCN", "5"), ("PCN", "0"), ("cylinder", "0"), ("changed", "1")]);
    assert_eq!(b.title("82077AA", "drive A", "NCN"), "seeks this cylinder");
    b.pass(10_000_000);
    b.shows(
        "82077AA",
        "drive A",
        &[("NCN", "0"), ("PCN", "5"), ("cylinder", "5"), ("ST0", "24 H SE IC=normally"), ("changed", "0")],
    );
    b.shows("82077AA", "controller", &[("INT", "1"), ("DIR", "0")]);
    // RECALIBRATE of a drive that is not there: no track 0.
    write(&mut b, &[0x08]);
    assert_ne!((b.inb(0x3F5), b.inb(0x3F5)), (0x80, 0));
    write(&mut b, &[0x07, 0x01]);
    b.pass(10_000_000);
    b.shows("82077AA", "drive B", &[("ST0", "71 DS=1 EC SE IC=abnormally")]);
}

#[test]
fn a_transfer_by_the_host_is_seen_at_each_byte() {
    let mut b = ready();
    // SPECIFY with ND; READ of cylinder 0, head 0, sectors 2 to 2.
    write(&mut b, &[0x03, 0xDF, 0x03, 0x46, 0x00, 0, 0, 2, 2, 2, 0x1B]);
    assert_eq!(b.title("82077AA", "controller", "command"), "46 00 00 00 02 02 02 1B");
    write(&mut b, &[0xFF]);
    b.consists_of(
        "82077AA",
        &[("controller", CONTROLLER), ("execution phase", EXECUTION), ("drive A", DRIVE), ("drive B", DRIVE)],
    );
    b.shows("82077AA", "controller", &[("MSR", "30 CB NDM DIO=host writes")]);
    assert_eq!(b.title("82077AA", "controller", "phase"), "executes a command");
    b.shows(
        "82077AA",
        "execution phase",
        &[
            ("C", "0"),
            ("H", "0"),
            ("R", "2"),
            ("N", "2"),
            ("ST0", "0 IC=normally"),
            ("ST1", "0"),
            ("ST2", "0"),
            ("DMA", "0"),
        ],
    );
    b.pass(500_000);
    b.shows("82077AA", "controller", &[("MSR", "F0 CB NDM DIO=host reads RQM")]);
    b.shows("82077AA", "execution phase", &[("left", "200")]);
    assert_eq!(b.inb(0x3F5), 1, "the second sector");
    b.shows("82077AA", "execution phase", &[("left", "1FF")]);
    (0..511).for_each(|_| assert_eq!(b.inb(0x3F5), 1));
    b.pass(10_000_000);
    // End of cylinder: no terminal count came. C, H, R, N by table 5-9: the first sector of the next cylinder.
    b.shows("82077AA", "controller", &[("result", "7"), ("EOT", "2"), ("MSR", "D0 CB DIO=host reads RQM")]);
    assert_eq!(b.title("82077AA", "controller", "result"), "40 80 00 01 00 01 02");
    assert_eq!(b.groups("82077AA").len(), 3);
}
