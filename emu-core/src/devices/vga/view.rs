//! The adapter's registers for those who look; the attribute flip-flop, the latches and the DAC's indexes stay.

use super::spec::{self, attr, crtc, dispi, port};
use super::{State, Vga};
use crate::bus::Cx;
use crate::bus::view::{Field, RegisterGroup, RegisterView};
use crate::time::Ns;

type Row = (&'static str, &'static str, &'static [Field]);

const NONE: &[Field] = &[];

const PLANES: &[Field] = &[
    Field::flag(0, "P0", "plane 0"),
    Field::flag(1, "P1", "plane 1"),
    Field::flag(2, "P2", "plane 2"),
    Field::flag(3, "P3", "plane 3"),
];
const FEATURE: &[Field] = &[
    Field::flag(0, "FC0", "feature control 0"),
    Field::flag(1, "FC1", "feature control 1"),
    Field::choice(3, 3, "VSS", "vertical sync", &["normal", "or display enable"]),
];
const STATUS0: &[Field] =
    &[Field::flag(4, "SENSE", "a monitor is there"), Field::flag(7, "CRT", "vertical interrupt waits")];
const STATUS1: &[Field] = &[
    Field::flag(0, "DE#", "no picture now"),
    Field::flag(3, "VR", "vertical retrace"),
    Field::number(4, 5, "DIA", "two bits of the colour now shown"),
];
const COMPONENT: &[Field] = &[Field::choice(0, 1, "next", "component", &["red", "green", "blue"])];
const ATTR_INDEX: &[Field] = &[
    Field::number(0, 4, "index", "register chosen"),
    Field::choice(5, 5, "PAS", "palette", &["of the CPU: screen off", "of the screen"]),
];
const COLOR_PLANES: &[Field] = &[
    Field::flag(0, "P0", "plane 0 is shown"),
    Field::flag(1, "P1", "plane 1 is shown"),
    Field::flag(2, "P2", "plane 2 is shown"),
    Field::flag(3, "P3", "plane 3 is shown"),
    Field::number(4, 5, "VSMUX", "colour bits in input status 1"),
];
const COLOR_SELECT: &[Field] =
    &[Field::number(0, 1, "SC45", "palette bits 4-5"), Field::number(2, 3, "SC67", "palette bits 6-7")];

const MISC: &[Field] = &[
    Field::choice(0, 0, "IOS", "CRTC ports", &["3Bx", "3Dx"]),
    Field::flag(1, "ERAM", "the CPU reaches video memory"),
    Field::choice(2, 3, "CS", "dot clock", &["25.175 MHz", "28.322 MHz", "external", "external"]),
    Field::choice(5, 5, "PGSEL", "page in odd/even modes", &["low", "high"]),
    Field::choice(6, 6, "HSP", "horizontal sync", &["positive", "negative"]),
    Field::choice(7, 7, "VSP", "vertical sync", &["positive", "negative"]),
];

const SEQ: [Row; 5] = [
    (
        "reset",
        "",
        &[Field::flag(0, "AR", "asynchronous reset off"), Field::flag(1, "SR", "synchronous reset off")],
    ),
    (
        "clocking mode",
        "",
        &[
            Field::choice(0, 0, "8/9", "dots a character", &["9", "8"]),
            Field::flag(2, "SHL", "loads every second character"),
            Field::flag(3, "DC", "dot clock halved"),
            Field::flag(4, "S4", "loads every fourth character"),
            Field::flag(5, "SO", "screen off"),
        ],
    ),
    (
        "map mask",
        "planes that are written",
        &[
            Field::flag(0, "M0", "plane 0"),
            Field::flag(1, "M1", "plane 1"),
            Field::flag(2, "M2", "plane 2"),
            Field::flag(3, "M3", "plane 3"),
        ],
    ),
    (
        "character map select",
        "fonts",
        &[
            Field::number(0, 1, "MBL", "font for attribute bit 3 clear, low bits"),
            Field::number(2, 3, "MAL", "font for attribute bit 3 set, low bits"),
            Field::flag(4, "MBH", "font for attribute bit 3 clear, high bit"),
            Field::flag(5, "MAH", "font for attribute bit 3 set, high bit"),
        ],
    ),
    (
        "memory mode",
        "",
        &[
            Field::flag(1, "EM", "more than 64 KiB"),
            Field::choice(2, 2, "OE", "addressing", &["odd/even", "sequential"]),
            Field::flag(3, "CH4", "chain 4: the low address bits choose the plane"),
        ],
    ),
];

const GC: [Row; 9] = [
    ("set/reset", "colour of forced planes", PLANES),
    ("enable set/reset", "planes that are forced", PLANES),
    ("colour compare", "colour for read mode 1", PLANES),
    (
        "data rotate",
        "",
        &[
            Field::number(0, 2, "RC", "bits rotated right"),
            Field::choice(3, 4, "FS", "with the latches", &["replace", "and", "or", "xor"]),
        ],
    ),
    ("read map select", "", &[Field::number(0, 1, "MS", "plane that is read")]),
    (
        "mode",
        "",
        &[
            Field::choice(
                0,
                1,
                "WM",
                "write mode",
                &["0: rotate, set/reset, mask", "1: latches", "2: colour", "3: set/reset with data as mask"],
            ),
            Field::choice(3, 3, "RM", "read mode", &["0: a plane", "1: colour compare"]),
            Field::flag(4, "OE", "odd/even reads"),
            Field::flag(5, "SR", "shift register interleaved"),
            Field::flag(6, "C256", "256 colours"),
        ],
    ),
    (
        "miscellaneous",
        "",
        &[
            Field::choice(0, 0, "GM", "mode", &["text", "graphics"]),
            Field::flag(1, "COE", "chain odd/even"),
            Field::choice(
                2,
                3,
                "MM",
                "window",
                &["A0000-BFFFF", "A0000-AFFFF", "B0000-B7FFF", "B8000-BFFFF"],
            ),
        ],
    ),
    ("colour don't care", "planes that are compared", PLANES),
    ("bit mask", "bits that are written", NONE),
];

const CRTC: [Row; crtc::COUNT] = [
    ("horizontal total", "characters a line, less 5", NONE),
    ("horizontal display end", "characters shown, less 1", NONE),
    ("start horizontal blanking", "character", NONE),
    (
        "end horizontal blanking",
        "",
        &[Field::number(0, 4, "EHB", "low 5 bits"), Field::number(5, 6, "DES", "skew")],
    ),
    ("start horizontal retrace", "character", NONE),
    (
        "end horizontal retrace",
        "",
        &[Field::number(0, 4, "EHR", "low 5 bits"), Field::flag(7, "EHB5", "blanking end, bit 5")],
    ),
    ("vertical total", "lines less 2, low 8 bits", NONE),
    (
        "overflow",
        "high bits",
        &[
            Field::flag(0, "VT8", "vertical total"),
            Field::flag(1, "VDE8", "vertical display end"),
            Field::flag(2, "VRS8", "vertical retrace start"),
            Field::flag(3, "SVB8", "start of vertical blanking"),
            Field::flag(4, "LC8", "line compare"),
            Field::flag(5, "VT9", "vertical total"),
            Field::flag(6, "VDE9", "vertical display end"),
            Field::flag(7, "VRS9", "vertical retrace start"),
        ],
    ),
    (
        "preset row scan",
        "",
        &[Field::number(0, 4, "PRS", "first row scan"), Field::number(5, 6, "BP", "byte panning")],
    ),
    (
        "maximum scan line",
        "",
        &[
            Field::number(0, 4, "MSL", "row scans of a character, less 1"),
            Field::flag(5, "SVB9", "start of vertical blanking"),
            Field::flag(6, "LC9", "line compare"),
            Field::flag(7, "DSL", "each line twice"),
        ],
    ),
    ("cursor start", "", &[Field::number(0, 4, "CS", "first row scan"), Field::flag(5, "CO", "cursor off")]),
    ("cursor end", "", &[Field::number(0, 4, "CE", "last row scan"), Field::number(5, 6, "CSK", "skew")]),
    ("start address high", "", NONE),
    ("start address low", "", NONE),
    ("cursor location high", "", NONE),
    ("cursor location low", "", NONE),
    ("vertical retrace start", "line, low 8 bits", NONE),
    (
        "vertical retrace end",
        "",
        &[
            Field::number(0, 3, "VRE", "line, low 4 bits"),
            Field::choice(4, 4, "CVI#", "vertical interrupt", &["cleared", "kept"]),
            Field::choice(5, 5, "EVI#", "vertical interrupt", &["on", "off"]),
            Field::flag(7, "PR", "registers 0-7 write-protected"),
        ],
    ),
    ("vertical display end", "line, low 8 bits", NONE),
    ("offset", "words a row, halved", NONE),
    (
        "underline location",
        "",
        &[
            Field::number(0, 4, "UL", "row scan"),
            Field::flag(5, "CB4", "counts by 4"),
            Field::flag(6, "DW", "doubleword addresses"),
        ],
    ),
    ("start vertical blanking", "line, low 8 bits", NONE),
    ("end vertical blanking", "line, low 8 bits", NONE),
    (
        "mode control",
        "",
        &[
            Field::flag(0, "CMS0", "0: row scan bit 0 is address bit 13"),
            Field::flag(1, "CMS1", "0: row scan bit 1 is address bit 14"),
            Field::flag(2, "HRS", "vertical values count pairs of lines"),
            Field::flag(3, "CB2", "counts by 2"),
            Field::flag(5, "AW", "wraps to bit 15, else 13"),
            Field::choice(6, 6, "W/B", "addresses", &["words", "bytes"]),
            Field::flag(7, "HR", "retrace on"),
        ],
    ),
    ("line compare", "line from which address 0 is shown, low 8 bits", NONE),
];

const ATTR_MODE: &[Field] = &[
    Field::choice(0, 0, "GM", "mode", &["text", "graphics"]),
    Field::flag(1, "MONO", "monochrome attributes"),
    Field::flag(2, "LGE", "ninth dot of line graphics repeats the eighth"),
    Field::choice(3, 3, "BI", "attribute bit 7", &["bright background", "blinks"]),
    Field::flag(5, "PPM", "panning ends at line compare"),
    Field::flag(6, "PCS", "256 colours: two nibbles a pixel"),
    Field::choice(7, 7, "P54S", "palette bits 4-5", &["own", "of colour select"]),
];

const DISPI_NAMES: [(&str, &str); dispi::COUNT] = [
    ("ID", "version"),
    ("XRES", "pixels a line"),
    ("YRES", "lines"),
    ("BPP", "bits a pixel"),
    ("ENABLE", "control"),
    ("BANK", "64 KiB bank in the window"),
    ("VIRT_WIDTH", "pixels a line in memory"),
    ("VIRT_HEIGHT", "lines in memory"),
    ("X_OFFSET", "first pixel shown"),
    ("Y_OFFSET", "first line shown"),
    ("MEMORY_64K", "video memory, 64 KiB pieces"),
];
const DISPI_ENABLE: &[Field] = &[
    Field::flag(0, "EN", "extended mode on"),
    Field::flag(1, "CAPS", "resolutions read as the largest"),
    Field::flag(5, "DAC8", "DAC of 8 bits"),
    Field::flag(6, "LFB", "linear frame buffer"),
    Field::flag(7, "NOCLEAR", "memory is kept"),
];

fn file(rows: &[Row], values: &[u8], index_port: u16, index: u8) -> Vec<RegisterView> {
    let mut registers = vec![RegisterView::new("index", "register chosen", 8, index).at(index_port)];
    for ((&(name, title, fields), &value), number) in rows.iter().zip(values).zip(0u8..) {
        registers.push(RegisterView::new(name, title, 8, value).at(number).fields(fields));
    }
    registers
}

fn attributes(s: &State) -> Vec<RegisterView> {
    let mut registers = vec![
        RegisterView::new("index", "", 8, s.attr_index).at(port::ATTR).fields(ATTR_INDEX),
        RegisterView::new("flip-flop", "the next write to 3C0h is data", 1, s.attr_data_next),
    ];
    for (n, &value) in (0u8..16).zip(&s.attr) {
        registers.push(RegisterView::new(format!("palette {n:X}"), "DAC entry", 6, value).at(n));
    }
    let rows: [(usize, Row); 5] = [
        (attr::MODE, ("mode control", "", ATTR_MODE)),
        (attr::OVERSCAN, ("overscan", "border colour", NONE)),
        (attr::PLANE_ENABLE, ("colour plane enable", "", COLOR_PLANES)),
        (attr::PANNING, ("pel panning", "dots to the left", NONE)),
        (attr::COLOR_SELECT, ("colour select", "", COLOR_SELECT)),
    ];
    for (n, (name, title, fields)) in rows {
        let value = s.attr.get(n).copied().unwrap_or(0);
        registers.push(RegisterView::new(name, title, 8, value).at(n as u64).fields(fields));
    }
    registers
}

impl Vga {
    /// All register files.
    pub(super) fn groups(&self, cx: &Cx, now: Ns) -> Vec<RegisterGroup> {
        let s = &self.state;
        let color = s.misc & spec::MISC_COLOR != 0;
        let crtc_port = if color { port::CRTC_INDEX } else { port::CRTC_INDEX_MONO };
        let status_port = if color { port::STATUS1 } else { port::STATUS1_MONO };
        let status_0 = spec::STATUS0_SENSE | if s.retrace_pending { spec::STATUS0_INTERRUPT } else { 0 };
        let status = self.input_status_1(cx, now);
        let general = vec![
            RegisterView::new("miscellaneous output", "", 8, s.misc).at(port::MISC_READ).fields(MISC),
            RegisterView::new("feature control", "", 8, s.feature).at(port::FEATURE_READ).fields(FEATURE),
            RegisterView::new("enable", "video subsystem", 1, s.enabled).at(port::ENABLE),
            RegisterView::new("input status 0", "", 8, status_0).at(port::MISC_WRITE).fields(STATUS0),
            RegisterView::new("input status 1", "", 8, status).at(status_port).fields(STATUS1),
            RegisterView::new("latches", "planes 3 to 0", 32, u32::from_le_bytes(s.latch)),
        ];
        let mut dac = vec![
            RegisterView::new("pel mask", "", 8, s.dac.mask).at(port::DAC_MASK),
            RegisterView::new("state", "3: reading", 2, s.dac.state()).at(port::DAC_READ_INDEX),
            RegisterView::new("write index", "", 8, s.dac.write_index()).at(port::DAC_WRITE_INDEX),
            RegisterView::new("read index", "", 8, s.dac.read_index()).at(port::DAC_READ_INDEX),
            RegisterView::new("component", "of the next access", 2, s.dac.component())
                .at(port::DAC_DATA)
                .fields(COMPONENT),
        ];
        for n in 0..=255u8 {
            let [r, g, b] = s.dac.entry(n);
            let value = u32::from(r) << 16 | u32::from(g) << 8 | u32::from(b);
            dac.push(RegisterView::new(format!("colour {n:02X}"), "red, green, blue", 24, value).at(n));
        }
        let vbe = DISPI_NAMES.iter().zip(&s.dispi.regs).zip(0u8..).map(|((&(name, title), &value), n)| {
            let fields = if usize::from(n) == dispi::ENABLE { DISPI_ENABLE } else { NONE };
            RegisterView::new(name, title, 16, value).at(n).fields(fields)
        });
        let index = RegisterView::new("index", "register chosen", 16, s.dispi.index).at(port::DISPI_INDEX);
        vec![
            RegisterGroup::new("general", general),
            RegisterGroup::new("sequencer", file(&SEQ, &s.seq, port::SEQ_INDEX, s.seq_index)),
            RegisterGroup::new("CRT controller", file(&CRTC, &s.crtc, crtc_port, s.crtc_index)),
            RegisterGroup::new("graphics controller", file(&GC, &s.gc, port::GC_INDEX, s.gc_index)),
            RegisterGroup::new("attribute controller", attributes(s)),
            RegisterGroup::new("DAC", dac),
            RegisterGroup::new("VBE extensions", std::iter::once(index).chain(vbe).collect()),
            s.pci.view(spec::pci::BDF),
        ]
    }

    /// What the CPU would read in the window, without loading the latches.
    pub(super) fn peek_window(&self, cx: &Cx, phys: u32) -> Option<u8> {
        self.read_window(cx, phys).map(|(_, value)| value)
    }
}
