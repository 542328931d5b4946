//! Both APICs, for those who look. Registers are read from a copy, as a wrong offset would note an error.

use super::Apic;
use super::local::Local;
use super::spec::{self, lvt, reg};
use crate::bus::view::{Field, RegisterGroup, RegisterView};
use crate::time::Ns;

const MODES: &[&str] = &["fixed", "lowest priority", "SMI", "reserved", "NMI", "INIT", "start-up", "ExtINT"];
const SVR: &[Field] = &[
    Field::number(0, 7, "vector", "spurious interrupts"),
    Field::flag(8, "EN", "enabled by software"),
    Field::flag(9, "FCC", "focus checking off"),
];
const LVT_FIELDS: &[Field] = &[
    Field::number(0, 7, "vector", ""),
    Field::choice(8, 10, "mode", "delivery", MODES),
    Field::flag(12, "DS", "delivery pending"),
    Field::flag(13, "POL", "active low"),
    Field::flag(14, "RIRR", "waits for EOI"),
    Field::choice(15, 15, "TM", "trigger", &["edge", "level"]),
    Field::flag(16, "M", "masked"),
    Field::flag(17, "PER", "periodic"),
];
const ICR: &[Field] = &[
    Field::number(0, 7, "vector", ""),
    Field::choice(8, 10, "mode", "delivery", MODES),
    Field::choice(11, 11, "DM", "destination", &["physical", "logical"]),
    Field::flag(14, "A", "assert"),
    Field::choice(15, 15, "TM", "trigger", &["edge", "level"]),
    Field::choice(18, 19, "DSH", "destination", &["as given", "self", "all", "all but self"]),
];
const ESR: &[Field] = &[
    Field::flag(5, "SIV", "sent an illegal vector"),
    Field::flag(6, "RIV", "received an illegal vector"),
    Field::flag(7, "IRA", "illegal register"),
];
const PIN: &[Field] = &[
    Field::number(0, 7, "vector", ""),
    Field::choice(8, 10, "mode", "delivery", MODES),
    Field::choice(11, 11, "DM", "destination", &["physical", "logical"]),
    Field::flag(12, "DS", "delivery pending"),
    Field::flag(13, "POL", "active low"),
    Field::flag(14, "RIRR", "waits for EOI"),
    Field::choice(15, 15, "TM", "trigger", &["edge", "level"]),
    Field::flag(16, "M", "masked"),
    Field::number(56, 63, "destination", "APIC id, or logical mask"),
];
const LVT_NAMES: [&str; lvt::COUNT] = ["timer", "thermal", "performance", "LINT0", "LINT1", "error"];

impl Apic {
    /// Local APIC and I/O APIC.
    pub(super) fn groups(&self, now: Ns) -> Vec<RegisterGroup> {
        let mut groups = local(&self.state.local, now);
        let io = &self.state.io;
        let mut registers = vec![
            RegisterView::new("IOREGSEL", "register chosen", 8, io.select).at(spec::IO_BASE),
            RegisterView::new("IOAPICID", "", 32, u32::from(io.id) << 24).at(0u8),
            RegisterView::new("IOAPICVER", "", 32, spec::IO_VERSION).at(1u8),
            RegisterView::new("pins", "levels", 24, io.levels),
        ];
        for (pin, (&low, &destination)) in io.low.iter().zip(&io.destination).enumerate() {
            let value = u64::from(low) | u64::from(destination) << 56;
            let title = format!("pin {pin}");
            let at = 0x10 + 2 * pin as u64;
            registers.push(RegisterView::new(format!("IOREDTBL{pin}"), title, 64, value).at(at).fields(PIN));
        }
        groups.push(RegisterGroup::new("I/O APIC", registers));
        groups
    }
}

fn local(apic: &Local, now: Ns) -> Vec<RegisterGroup> {
    let base = apic.page().map_or(0, |page| u64::from(page) << 12);
    let read = |offset: u32| apic.clone().read(now, offset);
    let register = |name: &'static str, title: &'static str, offset: u32| {
        RegisterView::new(name, title, 32, read(offset)).at(base + u64::from(offset))
    };
    let mut registers = vec![
        RegisterView::new("base", "0 while off", 64, base),
        register("ID", "", reg::ID),
        register("version", "", reg::VERSION),
        register("TPR", "task priority", reg::TPR),
        register("PPR", "processor priority", reg::PPR),
        register("LDR", "logical destination", reg::LDR),
        register("DFR", "destination format", reg::DFR),
        register("SVR", "spurious vector", reg::SVR).fields(SVR),
        register("ESR", "errors", reg::ESR).fields(ESR),
        register("ICR low", "interrupt command", reg::ICR_LOW).fields(ICR),
        register("ICR high", "destination", reg::ICR_HIGH),
        register("initial count", "timer", reg::TICR),
        register("current count", "timer", reg::TCCR),
        register("divide", "timer", reg::TDCR),
        RegisterView::new("LINT0 pin", "the 8259s' output", 1, apic.lint0),
    ];
    for (n, name) in (0u32..).zip(LVT_NAMES) {
        let offset = reg::LVT + 0x10 * n;
        let view = RegisterView::new(format!("LVT {name}"), "local vector table", 32, read(offset));
        registers.push(view.at(base + u64::from(offset)).fields(LVT_FIELDS));
    }
    let set = |title: &'static str, first: u32| {
        let rows = (0..8).map(|n| {
            let offset = first + 0x10 * n;
            let name = format!("vectors {:02X}-{:02X}", n * 32, n * 32 + 31);
            RegisterView::new(name, title, 32, read(offset)).at(base + u64::from(offset))
        });
        RegisterGroup::new(title, rows.collect())
    };
    vec![
        RegisterGroup::new("local APIC", registers),
        set("IRR: requested", reg::IRR),
        set("ISR: in service", reg::ISR),
        set("TMR: level triggered", reg::TMR),
    ]
}
