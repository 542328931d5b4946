//! The keyboard controller, its keyboard and its mouse, for those who look; the output buffer stays full.

use super::mouse::Mode;
use super::spec::*;
use super::{Ps2Controller, Source};
use crate::bus::Cx;
use crate::bus::view::{Field, RegisterGroup, RegisterView};

const STATUS_FIELDS: &[Field] = &[
    Field::flag(0, "OBF", "output buffer full: read port 60h"),
    Field::flag(1, "IBF", "input buffer full"),
    Field::flag(2, "SYS", "self test passed"),
    Field::choice(3, 3, "A2", "last written", &["data", "command"]),
    Field::flag(4, "INH", "keyboard not locked"),
    Field::flag(5, "AUX", "the byte is the mouse's"),
    Field::flag(6, "TO", "time-out"),
    Field::flag(7, "PERR", "parity error"),
];
const CTR_FIELDS: &[Field] = &[
    Field::flag(0, "INT1", "IRQ 1 on bytes of the keyboard"),
    Field::flag(1, "INT12", "IRQ 12 on bytes of the mouse"),
    Field::flag(2, "SYS", "self test passed"),
    Field::flag(4, "KOFF", "keyboard off"),
    Field::flag(5, "MOFF", "mouse off"),
    Field::flag(6, "XLATE", "scan codes are translated to set 1"),
];
const OUTPUT_FIELDS: &[Field] = &[
    Field::flag(0, "RST#", "0 resets the CPU"),
    Field::flag(1, "A20", "gate open"),
    Field::flag(2, "MDAT", "mouse data line"),
    Field::flag(3, "MCLK", "mouse clock line"),
    Field::flag(4, "INT1", "output buffer full, keyboard"),
    Field::flag(5, "INT12", "output buffer full, mouse"),
    Field::flag(6, "KCLK", "keyboard clock line"),
    Field::flag(7, "KDAT", "keyboard data line"),
];
const INPUT_FIELDS: &[Field] = &[Field::flag(7, "LOCK#", "the keyboard is not locked")];
const TYPEMATIC_FIELDS: &[Field] = &[
    Field::number(0, 4, "rate", "0 the fastest, 30 a second; 31 the slowest, 2 a second"),
    Field::choice(5, 6, "delay", "before the first repeat", &["250 ms", "500 ms", "750 ms", "1 s"]),
];
const BUTTON_FIELDS: &[Field] = &[
    Field::flag(0, "left", "left button held"),
    Field::flag(1, "right", "right button held"),
    Field::flag(2, "middle", "middle button held"),
    Field::flag(3, "4th", "fourth button held"),
    Field::flag(4, "5th", "fifth button held"),
];
const MODE_FIELDS: &[Field] = &[Field::choice(0, 0, "mode", "reports", &["stream", "remote"])];
const LED_FIELDS: &[Field] = &[
    Field::flag(0, "scroll", "Scroll Lock"),
    Field::flag(1, "num", "Num Lock"),
    Field::flag(2, "caps", "Caps Lock"),
];

/// Bytes that wait, the first one first, in words.
fn queue(name: &'static str, bytes: impl Iterator<Item = u8>) -> RegisterView {
    listed(name, bytes.map(|b| format!("{b:02X}")).collect())
}

/// Keys by their set-1 make codes.
fn words(name: &'static str, codes: impl Iterator<Item = u16>) -> RegisterView {
    listed(name, codes.map(|c| format!("{c:02X}")).collect())
}

fn listed(name: &'static str, entries: Vec<String>) -> RegisterView {
    let count = entries.len() as u64;
    let title = if entries.is_empty() { "empty".into() } else { entries.join(" ") };
    RegisterView::new(name, title, 8, count)
}

impl Ps2Controller {
    /// Controller, keyboard, mouse.
    pub(super) fn groups(&self, cx: &Cx) -> Vec<RegisterGroup> {
        let s = &self.state;
        let byte =
            |name: &'static str, title: &'static str, value: u8| RegisterView::new(name, title, 8, value);
        let whose = match s.full {
            None => "last byte, read already",
            Some(Source::Keyboard) => "byte of the keyboard",
            Some(Source::Mouse) => "byte of the mouse",
        };
        let controller = vec![
            byte("status", "", self.status()).at(COMMAND).fields(STATUS_FIELDS),
            byte("output buffer", whose, s.output).at(DATA),
            byte("command byte", "RAM byte 0", s.ram[0]).fields(CTR_FIELDS),
            byte("output port", "", self.output_port(cx)).fields(OUTPUT_FIELDS),
            byte("input port", "", IN_UNLOCKED).fields(INPUT_FIELDS),
            byte("command", "that waits for its parameter", s.expects.unwrap_or(0)),
            RegisterView::new("break prefix", "F0h came; the next code is a break", 1, s.broken),
            queue("replies", s.replies.iter().map(|&(_, byte)| byte)),
        ];
        let k = &s.keyboard;
        let keyboard = vec![
            byte("scan code set", "", k.scan_code_set),
            RegisterView::new("scanning", "sends scan codes", 1, k.scanning),
            byte("LEDs", "", k.leds()).fields(LED_FIELDS),
            byte("typematic", "delay and rate", k.typematic).fields(TYPEMATIC_FIELDS),
            byte("command", "that waits for its parameter", k.expects.unwrap_or(0)),
            queue("replies", k.replies.iter().copied()),
            queue("scan codes", k.codes.iter().copied()),
            words("held", k.held.iter().copied()),
            words("repeats", k.repeating.into_iter()),
        ];
        let m = &s.mouse;
        let mouse = vec![
            byte("id", "0 standard, 3 wheel, 4 five buttons", m.id),
            RegisterView::new("reporting", "sends movements", 1, m.reporting),
            RegisterView::new("mode", "", 1, m.mode == Mode::Remote).fields(MODE_FIELDS),
            RegisterView::new("wrap", "echoes what it is sent", 1, m.wrap),
            byte("command", "that waits for its parameter", m.expects.unwrap_or(0)),
            byte("resolution", "2^n counts per mm", m.resolution),
            byte("sample rate", "reports a second", m.sample_rate),
            RegisterView::new("scaling", "2:1", 1, m.scaling_2_1),
            byte("buttons", "as last reported", m.buttons).fields(BUTTON_FIELDS),
            RegisterView::new("dx", "not reported yet", 32, m.dx as u32),
            RegisterView::new("dy", "not reported yet", 32, m.dy as u32),
            RegisterView::new("dz", "wheel, not reported yet", 32, m.dz as u32),
            queue("replies", m.replies.iter().copied()),
            queue("packet", m.packet.iter().copied()),
        ];
        vec![
            RegisterGroup::new("controller", controller),
            RegisterGroup::new("keyboard", keyboard),
            RegisterGroup::new("mouse", mouse),
        ]
    }
}
