//! The clock's registers, for those who look; register C is not cleared by it.

use super::Rtc;
use super::spec::*;
use crate::bus::view::{Field, RegisterGroup, RegisterView};
use crate::time::Ns;

/// With the divider at 32.768 kHz.
const RATES: &[&str] = &[
    "none", "256 Hz", "128 Hz", "8192 Hz", "4096 Hz", "2048 Hz", "1024 Hz", "512 Hz", "256 Hz", "128 Hz",
    "64 Hz", "32 Hz", "16 Hz", "8 Hz", "4 Hz", "2 Hz",
];
const FIELDS_A: &[Field] = &[
    Field::choice(0, 3, "RS", "rate of the periodic interrupt", RATES),
    Field::choice(
        4,
        6,
        "DV",
        "divider",
        &["4.194 MHz", "1.049 MHz", "32.768 kHz: runs", "test", "test", "test", "reset", "reset"],
    ),
    Field::flag(7, "UIP", "an update is about to begin"),
];
const FIELDS_B: &[Field] = &[
    Field::flag(0, "DSE", "daylight saving"),
    Field::choice(1, 1, "24/12", "hours", &["12", "24"]),
    Field::choice(2, 2, "DM", "numbers", &["BCD", "binary"]),
    Field::flag(3, "SQWE", "square wave"),
    Field::flag(4, "UIE", "interrupt after updates"),
    Field::flag(5, "AIE", "alarm interrupt"),
    Field::flag(6, "PIE", "periodic interrupt"),
    Field::flag(7, "SET", "updates stopped"),
];
const FIELDS_C: &[Field] = &[
    Field::flag(4, "UF", "an update ended"),
    Field::flag(5, "AF", "the alarm's time came"),
    Field::flag(6, "PF", "a period ended"),
    Field::flag(7, "IRQF", "interrupt requested"),
];
const FIELDS_D: &[Field] = &[Field::flag(7, "VRT", "the battery held")];

const CLOCK: [(usize, &str); 10] = [
    (SECONDS, "seconds"),
    (SECONDS_ALARM, "seconds alarm"),
    (MINUTES, "minutes"),
    (MINUTES_ALARM, "minutes alarm"),
    (HOURS, "hours"),
    (HOURS_ALARM, "hours alarm"),
    (DAY_OF_WEEK, "day of week"),
    (DAY, "day"),
    (MONTH, "month"),
    (YEAR, "year"),
];

impl Rtc {
    /// Clock, control registers and the CMOS RAM, addressed by index.
    pub(super) fn groups(&self, now: Ns) -> Vec<RegisterGroup> {
        let byte = |at: usize| self.state.ram.get(at).copied().unwrap_or(0);
        let register = |name: &'static str, title: &'static str, at: usize, value: u8| {
            RegisterView::new(name, title, 8, value).at(at as u64)
        };
        let mut clock: Vec<_> = CLOCK.iter().map(|&(at, name)| register(name, "", at, byte(at))).collect();
        clock.push(register("century", "", CENTURY, byte(CENTURY)));
        let mut pending =
            Rtc { irq: None, update_timer: None, periodic_timer: None, state: self.state.clone() };
        pending.catch_up(now);
        let irqf = if pending.interrupts() { C_IRQF } else { 0 };
        let uip = if self.updating(now) { A_UIP } else { 0 };
        let control = vec![
            register("A", "divider and rate", A, byte(A) | uip).fields(FIELDS_A),
            register("B", "control", B, byte(B)).fields(FIELDS_B),
            register("C", "flags", C, pending.state.flags | irqf).fields(FIELDS_C),
            register("D", "battery", D, byte(D)).fields(FIELDS_D),
            RegisterView::new("index", "register chosen", 8, self.state.index).at(INDEX),
            RegisterView::new("NMI mask", "bit 7 of port 70h", 1, self.state.nmi_masked).at(INDEX),
        ];
        let ram =
            (0x0E..128).map(|at| RegisterView::new(format!("CMOS {at:02X}"), "", 8, byte(at)).at(at as u64));
        vec![
            RegisterGroup::new("clock", clock),
            RegisterGroup::new("control", control),
            RegisterGroup::new("CMOS RAM", ram.collect()),
        ]
    }
}
