//! Both APICs, for those who look. Registers are read from a copy, as a wrong offset would note an error.

use super::Apic;
use super::local::Local;
use super::spec::{self, lvt, reg};
use crate::bus::view::{Field, RegisterGroup, RegisterView};
use crate::time::Ns;

const MODES: &[&str] = &["fixed", "lowest priority", "SMI", "reserved", "NMI", "INIT", "start-up", "ExtINT"];
const BASE: &[Field] = &[
    Field::flag(8, "BSP", "bootstrap processor"),
    Field::flag(11, "EN", "enabled globally"),
    Field::number(12, 35, "base", "page of the registers"),
];
const ID: &[Field] = &[Field::number(24, 31, "id", "")];
const IO_ID: &[Field] = &[Field::number(24, 27, "id", "")];
const VERSION: &[Field] =
    &[Field::number(0, 7, "version", ""), Field::number(16, 23, "entries", "number of the last entry")];
const PRIORITY: &[Field] = &[Field::number(0, 3, "subclass", ""), Field::number(4, 7, "class", "")];
const DFR: &[Field] = &[Field::number(28, 31, "model", "15 flat, 0 cluster")];
/// By bits 0, 1 and 3 of the divide configuration.
const DIVIDERS: [&str; 8] = ["2", "4", "8", "16", "32", "64", "128", "1"];
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
    Field::flag(12, "DS", "delivery pending"),
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
            RegisterView::new("IOAPICID", "", 32, u32::from(io.id) << 24).at(0u8).fields(IO_ID),
            RegisterView::new("IOAPICVER", "", 32, spec::IO_VERSION).at(1u8).fields(VERSION),
            RegisterView::new("IOAPICARB", "", 32, u32::from(io.id) << 24).at(2u8).fields(IO_ID),
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
    let read = |offset: u32| {
        let mut copy = apic.clone();
        // A masked timer runs round without anybody being told.
        copy.catch_up(now);
        copy.read(now, offset)
    };
    let placed = |view: RegisterView, offset: u32| match apic.page() {
        Some(_) => view.at(base + u64::from(offset)),
        None => view,
    };
    let register = |name: &'static str, title: &'static str, offset: u32| {
        placed(RegisterView::new(name, title, 32, read(offset)), offset)
    };
    let code = read(reg::TDCR);
    let divider = DIVIDERS[((code & 3) | (code >> 1 & 4)) as usize & 7];
    let mut registers = vec![
        RegisterView::new("IA32_APIC_BASE", "model-specific register", 64, apic.base)
            .at(0x1Bu8)
            .leads_to(apic.base & !0xFFF)
            .fields(BASE),
        register("ID", "", reg::ID).fields(ID),
        register("version", "", reg::VERSION).fields(VERSION),
        register("TPR", "task priority", reg::TPR).fields(PRIORITY),
        register("APR", "arbitration priority", reg::APR).fields(PRIORITY),
        register("PPR", "processor priority", reg::PPR).fields(PRIORITY),
        register("LDR", "logical destination", reg::LDR).fields(ID),
        register("DFR", "destination format", reg::DFR).fields(DFR),
        register("SVR", "spurious vector", reg::SVR).fields(SVR),
        register("ESR", "errors", reg::ESR).fields(ESR),
        RegisterView::new("errors", "since ESR was last written", 32, apic.errors).fields(ESR),
        register("ICR low", "interrupt command", reg::ICR_LOW).fields(ICR),
        register("ICR high", "destination", reg::ICR_HIGH).fields(ID),
        register("initial count", "timer", reg::TICR),
        register("current count", "timer", reg::TCCR),
        register("divide", "timer", reg::TDCR)
            .field(Field::number(0, 3, "by", "bus clock divided by"), divider),
        RegisterView::new("LINT0 pin", "the 8259s' output", 1, apic.lint0),
    ];
    for (n, name) in (0u32..).zip(LVT_NAMES) {
        let offset = reg::LVT + 0x10 * n;
        let view = RegisterView::new(format!("LVT {name}"), "local vector table", 32, read(offset));
        registers.push(placed(view, offset).fields(LVT_FIELDS));
    }
    let set = |title: &'static str, first: u32| {
        let rows = (0..8).map(|n| {
            let offset = first + 0x10 * n;
            let name = format!("vectors {:02X}-{:02X}", n * 32, n * 32 + 31);
            placed(RegisterView::new(name, title, 32, read(offset)), offset)
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
