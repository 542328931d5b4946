//! The DMA controllers' registers, for those who look; the status register is not cleared by it.

use super::spec::*;
use super::{DmaController, bits};
use crate::bus::view::{Field, RegisterGroup, RegisterView};
use crate::bus::{Cx, DmaChannel};

const MODE_FIELDS: &[Field] = &[
    Field::choice(
        2,
        3,
        "type",
        "transfer",
        &["verify", "write: device to memory", "read: memory to device", "illegal"],
    ),
    Field::flag(4, "auto", "address and count are loaded again at the end"),
    Field::choice(5, 5, "dir", "addresses count", &["up", "down"]),
    Field::choice(6, 7, "mode", "mode", &["demand", "single", "block", "cascade"]),
];
const STATUS_FIELDS: &[Field] = &[
    Field::flag(0, "TC0", "channel 0 reached its end"),
    Field::flag(1, "TC1", "channel 1 reached its end"),
    Field::flag(2, "TC2", "channel 2 reached its end"),
    Field::flag(3, "TC3", "channel 3 reached its end"),
    Field::flag(4, "DRQ0", "request of channel 0"),
    Field::flag(5, "DRQ1", "request of channel 1"),
    Field::flag(6, "DRQ2", "request of channel 2"),
    Field::flag(7, "DRQ3", "request of channel 3"),
];
const MASK_FIELDS: &[Field] = &[
    Field::flag(0, "M0", "channel 0 is off"),
    Field::flag(1, "M1", "channel 1 is off"),
    Field::flag(2, "M2", "channel 2 is off"),
    Field::flag(3, "M3", "channel 3 is off"),
];
const COMMAND_FIELDS: &[Field] = &[
    Field::flag(0, "M-M", "memory to memory (without effect)"),
    Field::flag(1, "AH", "channel 0 keeps its address (without effect)"),
    Field::flag(2, "off", "the controller serves nobody"),
    Field::choice(3, 3, "time", "timing", &["normal", "compressed"]),
    Field::choice(4, 4, "prio", "priority", &["fixed", "rotating"]),
    Field::choice(5, 5, "write", "write pulse", &["late", "extended"]),
    Field::choice(6, 6, "DREQ", "requests are", &["active high", "active low"]),
    Field::choice(7, 7, "DACK", "acknowledges are", &["active low", "active high"]),
];

impl DmaController {
    /// Both controllers and their eight channels.
    pub(super) fn groups(&self, cx: &Cx) -> Vec<RegisterGroup> {
        let mut groups = Vec::new();
        for (n, base) in [(0usize, FIRST), (1, SECOND)] {
            let step = if n == 0 { 1 } else { 2 };
            let channels = &cx.dma.channels[n * 4..][..4];
            let status = bits(channels, |c| c.terminal_count) | bits(channels, |c| c.request) << 4;
            let register = |name: &'static str, title: &'static str, number: u16, value: u8| {
                RegisterView::new(name, title, 8, value).at(base + number * step)
            };
            groups.push(RegisterGroup::new(
                if n == 0 { "controller 1" } else { "controller 2" },
                vec![
                    register("command", "", COMMAND_STATUS, cx.dma.command[n]).fields(COMMAND_FIELDS),
                    register("status", "", COMMAND_STATUS, status).fields(STATUS_FIELDS),
                    register("mask", "channels that are off", ALL_MASK, bits(channels, |c| c.masked))
                        .fields(MASK_FIELDS),
                    RegisterView::new(
                        "flip-flop",
                        "the next byte is the high one",
                        1,
                        self.state.high_byte[n],
                    ),
                ],
            ));
            groups.extend(
                (0u16..4).zip(channels).map(|(i, c)| channel(n as u16 * 4 + i, base + i * 2 * step, step, c)),
            );
        }
        groups.push(RegisterGroup::new("page registers", self.latches()));
        groups
    }

    /// The page ports that belong to no channel.
    fn latches(&self) -> Vec<RegisterView> {
        let free =
            (0u16..).zip(PAGE_CHANNEL).zip(self.state.latches).filter(|((_, owner), _)| owner.is_none());
        free.map(|((at, _), value)| {
            let title = if at == 0 { "POST code" } else { "latch" };
            RegisterView::new(format!("port {:02X}h", PAGES + at), title, 8, value).at(PAGES + at)
        })
        .collect()
    }
}

fn channel(n: u16, port: u16, step: u16, c: &DmaChannel) -> RegisterGroup {
    let unit = if n < 4 { 1 } else { 2 };
    let mode_port = if n < 4 { FIRST + MODE } else { SECOND + MODE * step };
    let word = |name: &'static str, title: &'static str, at: u16, value: u16| {
        RegisterView::new(name, title, 16, value).at(at)
    };
    let page = (0u16..).zip(PAGE_CHANNEL).find(|(_, owner)| *owner == Some(usize::from(n)));
    let page_port = PAGES + page.map_or(0, |(at, _)| at);
    RegisterGroup::new(
        format!("channel {n}"),
        vec![
            word("address", "current address", port, c.address),
            word("count", "transfers left, less one", port + step, c.count),
            word("base address", "as programmed", port, c.base_address),
            word("base count", "as programmed", port + step, c.base_count),
            RegisterView::new("page", "address bits 16-23", 8, c.page).at(page_port),
            RegisterView::new("physical", "address of the next transfer", 24, c.physical(unit))
                .leads_to(c.physical(unit)),
            RegisterView::new("mode", "", 8, c.mode).at(mode_port).fields(MODE_FIELDS),
            RegisterView::new("mask", "the channel is off", 1, c.masked),
            RegisterView::new("request", "request by software", 1, c.request),
            RegisterView::new("TC", "reached its end since the status was read", 1, c.terminal_count),
        ],
    )
}
