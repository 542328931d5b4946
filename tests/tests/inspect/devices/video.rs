//! The VGA (IBM PS/2 Video Subsystem technical reference) and the Bochs VBE extensions.

use super::board::Board;
use emu_core::devices::vga::{Config, Vga};

fn board() -> Board {
    let mut b = Board::of(vec![Box::new(Vga::new(Config { bios: None, retrace_irq: false }))]);
    // Colour, video memory reached by the CPU.
    b.out(&[(0x3C2, 0x63)]);
    b
}

/// Writes a byte that is its own number's to every register of a file, and compares what is shown with what the CPU
/// reads there.
fn file(b: &mut Board, group: &str, index: u16, data: u16, registers: &[&str], writes: impl Fn(u8) -> u8) {
    for number in 0..registers.len() as u8 {
        b.out(&[(index, number), (data, writes(number))]);
    }
    for (number, &name) in (0u8..).zip(registers) {
        b.out(&[(index, number)]);
        let shown = b.register("vga", group, name);
        assert_eq!(shown.address, Some(u64::from(number)), "{group}, {name}");
        assert_eq!(shown.get(), u64::from(b.inb(data)), "{group}, {name}");
        assert_eq!(b.value("vga", group, "index"), u64::from(number));
    }
}

const SEQUENCER: [&str; 5] = ["reset", "clocking mode", "map mask", "character map select", "memory mode"];
const GRAPHICS: [&str; 9] = [
    "set/reset",
    "enable set/reset",
    "colour compare",
    "data rotate",
    "read map select",
    "mode",
    "miscellaneous",
    "colour don't care",
    "bit mask",
];
const CRTC: [&str; 25] = [
    "horizontal total",
    "horizontal display end",
    "start horizontal blanking",
    "end horizontal blanking",
    "start horizontal retrace",
    "end horizontal retrace",
    "vertical total",
    "overflow",
    "preset row scan",
    "maximum scan line",
    "cursor start",
    "cursor end",
    "start address high",
    "start address low",
    "cursor location high",
    "cursor location low",
    "vertical retrace start",
    "vertical retrace end",
    "vertical display end",
    "offset",
    "underline location",
    "start vertical blanking",
    "end vertical blanking",
    "mode control",
    "line compare",
];

#[test]
fn every_register_file_shows_what_the_cpu_reads() {
    let mut b = board();
    file(&mut b, "sequencer", 0x3C4, 0x3C5, &SEQUENCER, |n| 0x55 ^ n * 7);
    file(&mut b, "graphics controller", 0x3CE, 0x3CF, &GRAPHICS, |n| 0xA7 ^ n * 11);
    // Not with bit 7 of the vertical retrace end, which would protect the first eight.
    file(&mut b, "CRT controller", 0x3D4, 0x3D5, &CRTC, |n| {
        0x41 ^ n.wrapping_mul(37) & if n == 0x11 { 0x3F } else { 0xFF }
    });
    assert_eq!(b.groups("vga")[1].registers.len(), 1 + SEQUENCER.len());
    assert_eq!(b.groups("vga")[2].registers.len(), 1 + CRTC.len());
    assert_eq!(b.groups("vga")[3].registers.len(), 1 + GRAPHICS.len());
}

/// All ones and all zeros: each field by its name.
#[test]
fn fields_of_the_files_are_the_references() {
    let mut b = board();
    let mut set = |index: u16, number: u8, value: u8| b.out(&[(index, number), (index + 1, value)]);
    (0..5).for_each(|n| set(0x3C4, n, 0xFF));
    (0..9).for_each(|n| set(0x3CE, n, 0xFF));
    (0..25).rev().for_each(|n| set(0x3D4, n, 0xFF));
    b.shows(
        "vga",
        "sequencer",
        &[
            ("reset", "3 AR SR"),
            ("clocking mode", "3D 8/9=8 SHL DC S4 SO"),
            ("map mask", "F M0 M1 M2 M3"),
            ("character map select", "3F MBL=3 MAL=3 MBH MAH"),
            ("memory mode", "E EM OE=sequential CH4"),
        ],
    );
    b.shows(
        "vga",
        "graphics controller",
        &[
            ("set/reset", "F P0 P1 P2 P3"),
            ("enable set/reset", "F P0 P1 P2 P3"),
            ("colour compare", "F P0 P1 P2 P3"),
            ("data rotate", "1F RC=7 FS=xor"),
            ("read map select", "3 MS=3"),
            ("mode", "7B WM=3: set/reset with data as mask RM=1: colour compare OE SR C256"),
            ("miscellaneous", "F GM=graphics COE MM=B8000-BFFFF"),
            ("colour don't care", "F P0 P1 P2 P3"),
            ("bit mask", "FF"),
        ],
    );
    let crtc = |b: &Board, name: &str| {
        let register = b.register("vga", "CRT controller", name);
        let fields: Vec<_> =
            register.bits.iter().map(|f| format!("{}:{}-{}", f.name, f.from, f.to)).collect();
        fields.join(" ")
    };
    assert_eq!(crtc(&b, "end horizontal blanking"), "EHB:0-4 DES:5-6");
    assert_eq!(crtc(&b, "end horizontal retrace"), "EHR:0-4 EHB5:7-7");
    assert_eq!(crtc(&b, "overflow"), "VT8:0-0 VDE8:1-1 VRS8:2-2 SVB8:3-3 LC8:4-4 VT9:5-5 VDE9:6-6 VRS9:7-7");
    assert_eq!(crtc(&b, "preset row scan"), "PRS:0-4 BP:5-6");
    assert_eq!(crtc(&b, "maximum scan line"), "MSL:0-4 SVB9:5-5 LC9:6-6 DSL:7-7");
    assert_eq!(crtc(&b, "cursor start"), "CS:0-4 CO:5-5");
    assert_eq!(crtc(&b, "cursor end"), "CE:0-4 CSK:5-6");
    assert_eq!(crtc(&b, "vertical retrace end"), "VRE:0-3 CVI#:4-4 EVI#:5-5 PR:7-7");
    assert_eq!(crtc(&b, "underline location"), "UL:0-4 CB4:5-5 DW:6-6");
    assert_eq!(crtc(&b, "mode control"), "CMS0:0-0 CMS1:1-1 HRS:2-2 CB2:3-3 AW:5-5 W/B:6-6 HR:7-7");
}

#[test]
fn the_attribute_flip_flop_and_its_registers() {
    let mut b = board();
    b.inb(0x3DA);
    b.shows("vga", "attribute controller", &[("flip-flop", "0")]);
    b.out(&[(0x3C0, 0x10)]);
    b.shows(
        "vga",
        "attribute controller",
        &[("flip-flop", "1"), ("index", "10 index=16 PAS=of the CPU: screen off")],
    );
    b.out(&[
        (0x3C0, 0xFF),
        (0x3C0, 0x11),
        (0x3C0, 0x2A),
        (0x3C0, 0x12),
        (0x3C0, 0x3F),
        (0x3C0, 0x13),
        (0x3C0, 0x08),
    ]);
    b.out(&[(0x3C0, 0x14), (0x3C0, 0x0F), (0x3C0, 0x07), (0x3C0, 0x38), (0x3C0, 0x20)]);
    b.shows(
        "vga",
        "attribute controller",
        &[
            ("index", "20 PAS=of the screen"),
            ("mode control", "EF GM=graphics MONO LGE BI=blinks PPM PCS P54S=of colour select"),
            ("overscan", "2A"),
            ("colour plane enable", "3F P0 P1 P2 P3 VSMUX=3"),
            ("pel panning", "8"),
            ("colour select", "F SC45=3 SC67=3"),
            ("palette 7", "38"),
            ("flip-flop", "1"),
        ],
    );
    b.inb(0x3DA);
    b.shows("vga", "attribute controller", &[("flip-flop", "0")]);
    let palette = b.register("vga", "attribute controller", "palette 7");
    assert_eq!((palette.address, palette.width), (Some(7), 6));
}

#[test]
fn the_dac_is_seen_between_two_components() {
    let mut b = board();
    b.out(&[(0x3C6, 0x7F), (0x3C8, 0x42), (0x3C9, 0x11), (0x3C9, 0x22)]);
    b.shows(
        "vga",
        "DAC",
        &[
            ("pel mask", "7F"),
            ("state", "0"),
            ("write index", "42"),
            ("component", "2 next=blue"),
            ("colour 42", "0"),
        ],
    );
    b.out(&[(0x3C9, 0x33), (0x3C7, 0x42)]);
    assert_eq!(b.inb(0x3C9), 0x11);
    b.shows(
        "vga",
        "DAC",
        &[
            ("colour 42", "112233"),
            ("state", "3"),
            ("write index", "43"),
            ("read index", "42"),
            ("component", "1 next=green"),
        ],
    );
    assert_eq!(b.groups("vga").iter().find(|g| g.name == "DAC").map(|g| g.registers.len()), Some(5 + 256));
}

#[test]
fn general_registers_follow_the_address_bit() {
    let mut b = board();
    b.out(&[(0x3C2, 0xEF), (0x3DA, 0xFF)]);
    b.shows(
        "vga",
        "general",
        &[
            ("miscellaneous output", "EF IOS=3Dx ERAM CS=external PGSEL=high HSP=negative VSP=negative"),
            ("feature control", "B FC0 FC1 VSS=or display enable"),
            ("input status 0", "10 SENSE"),
            ("enable", "1"),
        ],
    );
    let status = |b: &Board| b.register("vga", "general", "input status 1").address;
    let index = |b: &Board| b.register("vga", "CRT controller", "index").address;
    assert_eq!((status(&b), index(&b)), (Some(0x3DA), Some(0x3D4)));
    b.out(&[(0x3C2, 0x00)]);
    assert_eq!((status(&b), index(&b)), (Some(0x3BA), Some(0x3B4)));
    b.shows(
        "vga",
        "general",
        &[("miscellaneous output", "0 IOS=3Bx CS=25.175 MHz PGSEL=low HSP=positive VSP=positive")],
    );
    assert_eq!(b.value("vga", "general", "input status 1"), u64::from(b.inb(0x3BA)));
}

/// Reads of video memory load the latches; looks do not.
#[test]
fn latches_and_planes_are_seen() {
    let mut b = board();
    // Planar: sequential, window at A0000h.
    b.out(&[
        (0x3C4, 4),
        (0x3C5, 0x06),
        (0x3CE, 6),
        (0x3CF, 0x05),
        (0x3CE, 5),
        (0x3CF, 0),
        (0x3CE, 8),
        (0x3CF, 0xFF),
    ]);
    for plane in 0..4 {
        b.out(&[(0x3C4, 2), (0x3C5, 1 << plane)]);
        b.bus.phys_write(0xA_0010, 1, 0x11 * (plane + 1));
    }
    b.shows("vga", "general", &[("latches", "0")]);
    b.out(&[(0x3CE, 4), (0x3CF, 2)]);
    assert_eq!(b.bus.phys_read(0xA_0010, 1), 0x33);
    b.shows("vga", "general", &[("latches", "44332211")]);
    let vga = b.bus.devices().find(|d| d.name() == "vga").expect("it is attached");
    let names: Vec<_> = vga.pictures().iter().map(|p| p.name).collect();
    assert_eq!(names.len(), 4 + 8 + 1);
    let plane = |n: usize| vga.picture(&b.bus.cx, names[n]).expect("it is named");
    let lit = |n: usize| plane(n).rgba.chunks(4).filter(|p| p[0] != 0).count();
    // Bytes 11h, 22h, 33h, 44h have 2, 2, 4 and 2 bits.
    assert_eq!([lit(0), lit(1), lit(2), lit(3)], [2, 2, 4, 2]);
}

#[test]
fn the_vbe_registers_are_at_their_index() {
    let mut b = board();
    let names = [
        "ID",
        "XRES",
        "YRES",
        "BPP",
        "ENABLE",
        "BANK",
        "VIRT_WIDTH",
        "VIRT_HEIGHT",
        "X_OFFSET",
        "Y_OFFSET",
        "MEMORY_64K",
    ];
    for (n, value) in [(1, 640), (2, 480), (3, 32), (4, 0x61)] {
        b.bus.port_write(0x1CE, 2, n);
        b.bus.port_write(0x1CF, 2, value);
    }
    b.shows("vga", "VBE extensions", &[("index", "4"), ("ENABLE", "61 EN DAC8 LFB"), ("XRES", "280")]);
    for (n, name) in
        (0u32..).zip(names).filter(|(_, name)| !matches!(*name, "MEMORY_64K" | "VIRT_WIDTH" | "VIRT_HEIGHT"))
    {
        b.bus.port_write(0x1CE, 2, n);
        let read = b.bus.port_read(0x1CF, 2);
        assert_eq!(b.value("vga", "VBE extensions", name), u64::from(read), "{name}");
        assert_eq!(b.register("vga", "VBE extensions", name).address, Some(u64::from(n)));
    }
}
