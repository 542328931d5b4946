//! The 8254's counters as they are now, for those who look: brought up to date in a copy.

use super::Pit;
use super::counter::{Access, Counter};
use super::spec::*;
use crate::bus::view::{Field, RegisterGroup, RegisterView};
use crate::time::{Ns, ticks};

const CONTROL_FIELDS: &[Field] = &[
    Field::choice(0, 0, "BCD", "counts in", &["binary", "decimal digits"]),
    Field::choice(
        1,
        3,
        "M",
        "mode",
        &[
            "0: interrupt on terminal count",
            "1: one-shot by the gate",
            "2: rate generator",
            "3: square wave",
            "4: strobe by software",
            "5: strobe by the gate",
            "2: rate generator",
            "3: square wave",
        ],
    ),
    Field::choice(4, 5, "RW", "access", &["not programmed", "low byte", "high byte", "low byte, then high"]),
    Field::flag(6, "NULL", "the count written is not in the counter yet"),
    Field::flag(7, "OUT", "level of OUT"),
];

const HALF: &[Field] = &[Field::choice(0, 0, "byte", "byte", &["low", "high"])];
const PORT_61_FIELDS: &[Field] = &[
    Field::flag(0, "GATE2", "gate of counter 2"),
    Field::flag(1, "SPKR", "counter 2 reaches the speaker"),
    Field::flag(2, "PERR", "parity checks off"),
    Field::flag(3, "IOCHK", "I/O channel check off"),
    Field::flag(4, "REF", "toggles with each refresh"),
    Field::flag(5, "OUT2", "level of OUT2"),
];

impl Pit {
    /// The counters and port 61h.
    pub(super) fn groups(&self, now: Ns) -> Vec<RegisterGroup> {
        let tick = ticks(now, HZ);
        let passed = tick.saturating_sub(self.state.tick);
        let mut groups: Vec<RegisterGroup> = (0u16..)
            .zip(&self.state.counters)
            .map(|(n, counter)| {
                let mut counter = counter.clone();
                counter.advance(passed);
                group(n, &counter)
            })
            .collect();
        let mut state = self.state.clone();
        state.counters.iter_mut().for_each(|counter| counter.advance(passed));
        state.tick = tick;
        let value = Pit { state, ..Pit::default() }.read_61();
        let port = RegisterView::new("port 61h", "speaker and gate", 8, value).at(PORT_61);
        groups.push(RegisterGroup::new("system", vec![port.fields(PORT_61_FIELDS)]));
        groups
    }
}

fn group(n: u16, counter: &Counter) -> RegisterGroup {
    let port = COUNTER_0 + n;
    let null = if counter.null_count { STATUS_NULL_COUNT } else { 0 };
    let out = if counter.out() { STATUS_OUT } else { 0 };
    let register =
        |name: &'static str, title: String, value: u32| RegisterView::new(name, title, 16, value).at(port);
    let hertz = if counter.is_periodic() {
        let millihertz = HZ * 1000 / u64::from(counter.reload().max(1));
        format!("count written: {}.{:03} Hz", millihertz / 1000, millihertz % 1000)
    } else {
        "count written".into()
    };
    let status = out | null | counter.control;
    let latched = match counter.latched_count {
        Some(_) => "count latched, to be read",
        None => "follows CE: nothing latched",
    };
    let latched_status = match counter.latched_status {
        Some(_) => "status latched, to be read before the count",
        None => "follows the status: nothing latched",
    };
    let reads_high = counter.access == Access::HighByte || counter.read_high;
    let writes_high = counter.access == Access::HighByte || counter.half_written;
    let first_half = if counter.half_written {
        format!("of the count; low byte {:02X}h waits for the high one", counter.low)
    } else {
        "of the count".into()
    };
    RegisterGroup::new(
        format!("counter {n}"),
        vec![
            RegisterView::new("status", "status and control word", 8, status).at(port).fields(CONTROL_FIELDS),
            register("CR", hertz, u32::from(counter.count)),
            register("CE", "counting element".into(), u32::from(counter.element())),
            register("OL", latched.into(), u32::from(counter.latched_count.unwrap_or(counter.element()))),
            RegisterView::new("status latch", latched_status, 8, counter.latched_status.unwrap_or(status))
                .at(port),
            RegisterView::new("next read", "of the count", 1, reads_high).at(port).fields(HALF),
            RegisterView::new("next write", first_half, 1, writes_high).at(port).fields(HALF),
            RegisterView::new("GATE", "level of the gate", 1, counter.gate),
            RegisterView::new("OUT", "level of OUT", 1, counter.out()),
        ],
    )
}
