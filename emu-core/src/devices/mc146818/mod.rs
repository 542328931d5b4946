//! The MC146818A real-time clock and its CMOS RAM.
//!
//! The time registers are bytes that an update moves on once a second, as in the chip: the virtual second ends at their
//! change. UIP is up for the 2228 us before. The divider's taps (periodic interrupt) run from the moment it left reset.

mod calendar;
pub mod cmos;
pub mod spec;
#[cfg(test)]
mod tests;
mod view;

use crate::bus::view::RegisterGroup;
use crate::bus::{Cx, Device, Field, Line, LineOut, LoadError, Wiring, fields_of, load_state, save_state};
use crate::time::{NEVER, Ns, SECOND, TimerId, ns_of_ticks, ticks};
use calendar::Format;
use serde::{Deserialize, Serialize};
use spec::*;

/// The clock. Its IRQ pin drives ISA interrupt 8.
pub struct Rtc {
    irq: Option<LineOut>,
    update_timer: Option<TimerId>,
    periodic_timer: Option<TimerId>,
    state: State,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    /// All 128 registers, UIP and register C not included.
    ram: Vec<u8>,
    index: u8,
    nmi_masked: bool,
    /// Flags of register C.
    flags: u8,
    /// When the divider chain last left reset.
    divider_start: Ns,
    /// When the next update ends; [`NEVER`] while the divider is in reset.
    next_update: Ns,
    /// Divider ticks up to which periodic edges are in `flags`.
    periodic_seen: u64,
    set_back: bool,
}

impl Rtc {
    /// A clock that shows `unix_seconds` at virtual time 0, in BCD and 24-hour format, over a CMOS RAM with the values
    /// of [`cmos::for_machine`] (its first 14 bytes and the century do not matter).
    pub fn new(unix_seconds: u64, cmos: &[u8; 128]) -> Self {
        let mut ram = cmos.to_vec();
        ram[..=D].fill(0);
        ram[A] = 0x26;
        ram[B] = B_24_HOURS;
        ram[D] = D_VRT;
        calendar::set_unix(&mut ram, Format::of(B_24_HOURS), unix_seconds);
        Self {
            irq: None,
            update_timer: None,
            periodic_timer: None,
            state: State {
                ram,
                index: 0,
                nmi_masked: false,
                flags: 0,
                divider_start: 0,
                next_update: SECOND,
                periodic_seen: 0,
                set_back: false,
            },
        }
    }

    /// Whether port 70h masks NMI.
    pub fn nmi_masked(&self) -> bool {
        self.state.nmi_masked
    }

    /// Ticks of the 32 768 Hz divider, and the length of a period in them if the rate is not 0.
    fn divider(&self, now: Ns) -> (u64, Option<u64>) {
        let period = match self.state.ram[A] & A_RATE {
            0 => None,
            rate @ 1..=2 => Some(1 << (rate + 6)),
            rate => Some(1 << (rate - 1)),
        };
        (ticks(now.saturating_sub(self.state.divider_start), HZ), period)
    }

    fn divider_runs(&self) -> bool {
        self.state.ram[A] & A_DIVIDER <= A_DIVIDER_RUNS
    }

    /// Brings the periodic flag up to date; periods are only looked at when somebody could notice.
    fn catch_up(&mut self, now: Ns) {
        if !self.divider_runs() {
            return;
        }
        let (tick, period) = self.divider(now);
        if let Some(period) = period
            && tick / period > self.state.periodic_seen / period
        {
            self.state.flags |= C_PF;
        }
        self.state.periodic_seen = tick;
    }

    /// IRQ pin and deadlines, after anything changed.
    fn update(&mut self, cx: &mut Cx) {
        if let Some(irq) = self.irq {
            cx.lines.set(irq, self.interrupts());
        }
        if let Some(timer) = self.update_timer {
            cx.timers.set(timer, self.state.next_update);
        }
        let (tick, period) = self.divider(cx.now);
        let wanted = self.divider_runs() && self.state.ram[B] & B_PIE != 0 && self.state.flags & C_PF == 0;
        let next = period.filter(|_| wanted).map_or(NEVER, |period| {
            let edge = (tick / period + 1).saturating_mul(period);
            self.state.divider_start.saturating_add(ns_of_ticks(edge, HZ))
        });
        if let Some(timer) = self.periodic_timer {
            cx.timers.set(timer, next);
        }
    }

    fn interrupts(&self) -> bool {
        self.state.flags & self.state.ram[B] & (C_PF | C_AF | C_UF) != 0
    }

    /// The end of an update cycle.
    fn second(&mut self) {
        self.state.next_update = self.state.next_update.saturating_add(SECOND);
        let b = self.state.ram[B];
        if b & B_SET != 0 {
            return;
        }
        calendar::add_second(&mut self.state.ram, b, &mut self.state.set_back);
        self.state.flags |= C_UF;
        let ram = &self.state.ram;
        let matches = |time: usize, alarm: usize| ram[alarm] >= ALARM_ANY || ram[alarm] == ram[time];
        if matches(SECONDS, SECONDS_ALARM) && matches(MINUTES, MINUTES_ALARM) && matches(HOURS, HOURS_ALARM) {
            self.state.flags |= C_AF;
        }
    }

    fn read_register(&mut self, cx: &mut Cx) -> u8 {
        let index = usize::from(self.state.index);
        match index {
            A => self.state.ram[A] | if self.updating(cx.now) { A_UIP } else { 0 },
            C => {
                let irqf = if self.interrupts() { C_IRQF } else { 0 };
                std::mem::take(&mut self.state.flags) | irqf
            }
            _ => self.state.ram.get(index).copied().unwrap_or(0xFF),
        }
    }

    fn updating(&self, now: Ns) -> bool {
        self.state.ram[B] & B_SET == 0 && self.state.next_update.saturating_sub(now) <= UIP_NS
    }

    fn write_register(&mut self, cx: &mut Cx, value: u8) {
        let index = usize::from(self.state.index);
        match index {
            A => self.write_a(cx.now, value & !A_UIP),
            // SET clears the update-ended interrupt's enable bit.
            B => self.state.ram[B] = if value & B_SET != 0 { value & !B_UIE } else { value },
            C | D => {}
            _ => {
                if let Some(byte) = self.state.ram.get_mut(index) {
                    *byte = value;
                }
            }
        }
    }

    fn write_a(&mut self, now: Ns, value: u8) {
        let ran = self.divider_runs();
        self.state.ram[A] = value;
        if !self.divider_runs() {
            self.state.next_update = NEVER;
        } else if !ran {
            self.state.divider_start = now;
            self.state.periodic_seen = 0;
            self.state.next_update = now.saturating_add(FIRST_UPDATE_NS);
        }
    }
}

impl Device for Rtc {
    fn name(&self) -> &'static str {
        "MC146818A"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(INDEX, DATA, 1);
        self.irq = Some(wiring.drive(Line::isa(8)));
        self.update_timer = Some(wiring.timer());
        self.periodic_timer = Some(wiring.timer());
    }

    /// Time, alarm and RAM live on; interrupts are off.
    fn reset(&mut self, cx: &mut Cx) {
        self.catch_up(cx.now);
        self.state.ram[B] &= !(B_PIE | B_AIE | B_UIE | B_SQWE);
        self.state.flags = 0;
        self.state.nmi_masked = false;
        self.update(cx);
    }

    fn port_read(&mut self, cx: &mut Cx, port: u16, _size: u8) -> u32 {
        if port == INDEX {
            return 0xFF;
        }
        self.catch_up(cx.now);
        let value = self.read_register(cx);
        self.update(cx);
        u32::from(value)
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, _size: u8, value: u32) {
        let value = value as u8;
        if port == INDEX {
            self.state.index = value & !NMI_MASK;
            self.state.nmi_masked = value & NMI_MASK != 0;
            return;
        }
        self.catch_up(cx.now);
        self.write_register(cx, value);
        self.update(cx);
    }

    fn timer(&mut self, cx: &mut Cx, timer: TimerId) {
        self.catch_up(cx.now);
        if self.update_timer == Some(timer) {
            self.second();
        }
        self.update(cx);
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, _cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        let state: State = load_state(self.name(), bytes)?;
        if state.ram.len() != self.state.ram.len() {
            return Err(LoadError { device: self.name() });
        }
        self.state = state;
        Ok(())
    }

    fn title(&self) -> &'static str {
        "MC146818 real-time clock and CMOS RAM"
    }

    fn view(&self, _cx: &Cx, now: Ns) -> Vec<RegisterGroup> {
        self.groups(now)
    }
}
