//! The power management function, for those who look.

use super::Piix4Pm;
use super::spec;
use crate::bus::view::{Field, RegisterGroup, RegisterView};
use crate::time::Ns;

const STATUS: &[Field] = &[
    Field::flag(0, "TMROF", "the timer's top bit changed"),
    Field::flag(4, "BM", "a bus master asked"),
    Field::flag(5, "GBL", "the firmware asked"),
    Field::flag(8, "PWRBTN", "the power button was pressed"),
    Field::flag(10, "RTC", "the clock's alarm came"),
    Field::flag(15, "WAK", "woke up"),
];
const ENABLE: &[Field] = &[
    Field::flag(0, "TMROF", "the timer's top bit changed"),
    Field::flag(5, "GBL", "the firmware asked"),
    Field::flag(8, "PWRBTN", "the power button was pressed"),
    Field::flag(10, "RTC", "the clock's alarm came"),
];
const CONTROL: &[Field] = &[
    Field::flag(0, "SCI_EN", "events raise the SCI: an ACPI system runs"),
    Field::flag(1, "BRLD", "bus masters wake from C3"),
    Field::number(10, 12, "SUS_TYP", "kind of sleep"),
    Field::flag(13, "SUS_EN", "go to sleep"),
];

impl Piix4Pm {
    /// Power management, SMBus and configuration.
    pub(super) fn groups(&self, now: Ns) -> Vec<RegisterGroup> {
        let s = &self.state;
        let mut pm = s.pm.clone();
        pm.catch_up(now);
        let register = |name: &'static str, title: &'static str, at: u16, size: u8| {
            let view = RegisterView::new(name, title, size * 8, pm.read(now, at, size));
            match s.pm_window {
                Some(base) => view.at(base + at),
                None => view,
            }
        };
        let power = vec![
            register("PMSTS", "events that came", 0x00, 2).fields(STATUS),
            register("PMEN", "events that count", 0x02, 2).fields(ENABLE),
            register("PMCNTRL", "control", 0x04, 2).fields(CONTROL),
            register("PMTMR", "timer, 3.58 MHz", 0x08, 4),
            register("GPSTS", "general events that came", 0x0C, 2),
            register("GPEN", "general events that count", 0x0E, 2),
            register("PCNTRL", "processor control", 0x10, 4),
            register("GLBSTS", "global status", 0x18, 2),
            register("GLBEN", "global enable", 0x20, 2),
            register("GLBCTL", "global control", 0x28, 4),
            register("DEVCTL", "device control", 0x2C, 4),
            register("GPIREG", "general inputs", 0x30, 4),
            register("GPOREG", "general outputs", 0x34, 4),
        ];
        let fixed = vec![
            RegisterView::new("APMC", "command to the firmware", 8, s.apmc).at(spec::APMC),
            RegisterView::new("APMS", "status for the firmware", 8, s.apms).at(spec::APMS),
            RegisterView::new("GPE0", "status and enable", 32, u32::from_le_bytes(s.gpe0)).at(spec::GPE0),
            RegisterView::new("SMBus", "first port, 0 while off", 16, s.smb_window.unwrap_or(0)),
        ];
        vec![
            RegisterGroup::new("power management", power),
            RegisterGroup::new("fixed ports", fixed),
            s.config.view(spec::BDF),
        ]
    }
}
