//! A PCI function's configuration header, register by register (PCI Local Bus 2.1, 6.1 and 6.2).

use super::view::{Field, RegisterGroup, RegisterView};
use super::{Bdf, PciConfig};

const COMMAND: &[Field] = &[
    Field::flag(0, "IO", "answers at I/O ports"),
    Field::flag(1, "MEM", "answers at memory addresses"),
    Field::flag(2, "BM", "bus master"),
    Field::flag(3, "SC", "hears special cycles"),
    Field::flag(4, "MWI", "memory write and invalidate"),
    Field::flag(5, "VGA", "snoops the VGA palette"),
    Field::flag(6, "PER", "answers parity errors"),
    Field::flag(8, "SERR", "drives SERR#"),
    Field::flag(9, "FBB", "fast back-to-back"),
];
const STATUS: &[Field] = &[
    Field::flag(7, "FBB", "takes fast back-to-back"),
    Field::flag(8, "DPD", "data parity error as master"),
    Field::choice(9, 10, "DEVSEL", "decoding", &["fast", "medium", "slow"]),
    Field::flag(11, "STA", "signalled target abort"),
    Field::flag(12, "RTA", "received target abort"),
    Field::flag(13, "RMA", "received master abort"),
    Field::flag(14, "SSE", "signalled SERR#"),
    Field::flag(15, "DPE", "parity error"),
];
const BAR_MEMORY: &[Field] = &[
    Field::choice(0, 0, "space", "space", &["memory", "I/O"]),
    Field::choice(1, 2, "type", "where", &["32 bits", "below 1 MiB", "64 bits", "reserved"]),
    Field::flag(3, "prefetch", "prefetchable"),
    Field::number(4, 31, "base", "base, in its place"),
];
const BAR_IO: &[Field] = &[
    Field::choice(0, 0, "space", "space", &["memory", "I/O"]),
    Field::number(2, 31, "base", "base, in its place"),
];
const ROM: &[Field] = &[Field::flag(0, "EN", "decoded"), Field::number(11, 31, "base", "base, in its place")];
const CLASS: &[Field] = &[
    Field::number(0, 7, "interface", "programming interface"),
    Field::number(8, 15, "subclass", "subclass"),
    Field::choice(
        16,
        23,
        "class",
        "class",
        &[
            "old",
            "mass storage",
            "network",
            "display",
            "multimedia",
            "memory",
            "bridge",
            "communication",
            "system",
        ],
    ),
];

impl PciConfig {
    /// The header, each register at its offset, then what of the function's own registers is not zero.
    pub fn view(&self, bdf: Bdf) -> RegisterGroup {
        let register = |name: &'static str, title: &'static str, at: u8, size: u8| {
            RegisterView::new(name, title, size * 8, self.read(at, size)).at(at)
        };
        let class = self.read(0x08, 4) >> 8;
        let mut registers = vec![
            register("vendor", "", 0x00, 2),
            register("device", "", 0x02, 2),
            register("command", "", 0x04, 2).fields(COMMAND),
            register("status", "", 0x06, 2).fields(STATUS),
            register("revision", "", 0x08, 1),
            RegisterView::new("class", "", 24, class).at(9u8).fields(CLASS),
            register("latency", "PCI clocks on the bus", 0x0D, 1),
            register("header", "type; bit 7: several functions", 0x0E, 1),
        ];
        for (n, at) in (0x10u8..0x28).step_by(4).enumerate() {
            let value = self.read(at, 4);
            let fields = if value & 1 != 0 { BAR_IO } else { BAR_MEMORY };
            let view = RegisterView::new(format!("BAR{n}"), "base address", 32, value).at(at);
            registers.push(match value {
                0 => view,
                value if value & 1 == 0 => view.fields(fields).leads_to(value & !0xF),
                _ => view.fields(fields),
            });
        }
        registers.extend([
            register("subsystem vendor", "", 0x2C, 2),
            register("subsystem", "", 0x2E, 2),
            register("ROM", "expansion ROM", 0x30, 4).fields(ROM),
            register("interrupt line", "written by firmware", 0x3C, 1),
            register("interrupt pin", "1 is INTA#", 0x3D, 1),
        ]);
        let own = (0x40u8..=0xFC).step_by(4).filter(|&at| self.read(at, 4) != 0);
        registers.extend(own.map(|at| {
            RegisterView::new(format!("{at:02X}h"), "the function's own", 32, self.read(at, 4)).at(at)
        }));
        RegisterGroup::new(format!("PCI 00:{:02x}.{}", bdf.device, bdf.function), registers)
    }
}
