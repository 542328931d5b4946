//! Frame rates, retraces and their interrupt.

use super::modes::{self, Mode};
use super::{Adapter, Config, RAM, Rig, VRAM};
use crate::bus::Line;
use crate::mem::Memory;
use crate::time::{NEVER, Ns, SECOND};

fn in_mode(mode: &Mode) -> Rig {
    let mut rig = Rig::with(Config { retrace_irq: true, ..Config::default() }, Memory::new(RAM, VRAM));
    modes::enter(&mut rig, mode);
    rig
}

fn status_at(rig: &mut Rig, now: Ns) -> u8 {
    rig.bus.cx.now = now;
    rig.inb(0x3DA)
}

/// Starts of retraces within a time, as polling every microsecond sees them.
fn retraces(rig: &mut Rig, within: Ns) -> Vec<Ns> {
    let mut before = true;
    let mut starts = Vec::new();
    for now in (0..within).step_by(1000) {
        let retrace = status_at(rig, now) & 8 != 0;
        if retrace && !before {
            starts.push(now);
        }
        before = retrace;
    }
    starts
}

/// IBM gives 70.08 Hz for 400 lines and 59.94 Hz for 480.
#[test]
fn frames_come_at_the_documented_rates() {
    for (mode, millihertz) in [
        (&modes::TEXT_80, 70_087),
        (&modes::VGA_256, 70_087),
        (&modes::VGA_480, 59_940),
        (&modes::MODE_X, 59_713),
    ] {
        let starts = retraces(&mut in_mode(mode), SECOND / 4);
        let frames = starts.len() as u64 - 1;
        let rate = frames * 1000 * SECOND / (starts[frames as usize] - starts[0]);
        assert!(rate.abs_diff(millihertz) <= 5, "{rate} mHz");
    }
}

#[test]
fn blanking_covers_what_the_totals_leave() {
    let mut rig = in_mode(&modes::VGA_480);
    let frame = SECOND * 800 * 525 / 25_175_000;
    let samples = 100_000;
    let (mut blank, mut retrace) = (0u64, 0u64);
    for i in 0..samples {
        let status = status_at(&mut rig, i * frame / samples);
        blank += u64::from(status & 1);
        retrace += u64::from(status >> 3 & 1);
        assert!(status & 8 == 0 || status & 1 != 0, "a retrace is blank");
    }
    let expected = samples - samples * 640 * 480 / (800 * 525);
    assert!(blank.abs_diff(expected) < samples / 500, "{blank} of {samples}, expected {expected}");
    assert!(retrace.abs_diff(samples * 2 / 525) < samples / 5000, "two lines of 525, not {retrace}");
}

#[test]
fn vbe_modes_run_at_60_hz() {
    let mut rig = in_mode(&modes::VGA_256);
    for (index, value) in [(1, 1024), (2, 768), (3, 8), (4, 1)] {
        rig.set_dispi(index, value);
    }
    let starts = retraces(&mut rig, SECOND / 5);
    let period = (starts[10] - starts[0]) / 10;
    assert!(period.abs_diff(SECOND / 60) < 200, "{period}");
}

/// The timer and the status register are two ways to the same instant.
#[test]
fn the_interrupt_comes_when_the_retrace_starts() {
    let mut rig = in_mode(&modes::VGA_256);
    rig.set(0x3D4, 0x11, 0x1E);
    for _ in 0..20 {
        let at = rig.bus.cx.timers.next();
        assert_eq!(status_at(&mut rig, at - 1) & 8, 0);
        assert_eq!(status_at(&mut rig, at) & 8, 8);
        rig.set_now(at - 1);
        assert!(!rig.bus.cx.lines.level(Line::isa(9)));
        assert_eq!(rig.inb(0x3C2) & 0x80, 0);
        rig.set_now(at);
        assert!(rig.bus.cx.lines.level(Line::isa(9)));
        assert_eq!(rig.inb(0x3C2) & 0x80, 0x80);
        rig.set(0x3D4, 0x11, 0x0E);
        assert!(!rig.bus.cx.lines.level(Line::isa(9)));
        assert_eq!(rig.bus.cx.timers.next(), NEVER);
        rig.set(0x3D4, 0x11, 0x1E);
        assert!(rig.bus.cx.timers.next() > at);
    }
}

#[test]
fn the_next_retrace_is_the_first_that_polling_sees() {
    let mut rig = in_mode(&modes::TEXT_80);
    let starts = retraces(&mut rig, SECOND / 10);
    for pair in starts.windows(2) {
        for now in [pair[0], pair[0] + 777, pair[1] - 2000] {
            rig.bus.cx.now = now;
            rig.set(0x3D4, 0x11, 0x9E);
            let next = rig.bus.cx.timers.next();
            assert!(next <= pair[1] && next > pair[1] - 1000, "from {now}: {next}, seen {}", pair[1]);
        }
    }
}

#[test]
fn a_masked_interrupt_is_pending_only() {
    let mut rig = in_mode(&modes::VGA_256);
    rig.set(0x3D4, 0x11, 0x3E);
    let at = rig.bus.cx.timers.next();
    rig.set_now(at);
    assert_eq!(rig.inb(0x3C2) & 0x80, 0x80);
    assert!(!rig.bus.cx.lines.level(Line::isa(9)));
    rig.set(0x3D4, 0x11, 0x1E);
    assert!(rig.bus.cx.lines.level(Line::isa(9)));
}

#[test]
fn without_the_jumper_the_line_stays_low() {
    let mut rig = Rig::new();
    modes::enter(&mut rig, &modes::VGA_256);
    rig.set(0x3D4, 0x11, 0x1E);
    let at = rig.bus.cx.timers.next();
    rig.set_now(at);
    assert_eq!(rig.inb(0x3C2) & 0x80, 0x80);
    assert!(!rig.bus.cx.lines.level(Line::isa(9)));
}

/// Senseless values give some timing, not a panic or an endless retrace wait.
#[test]
fn any_crtc_values_have_a_retrace() {
    let mut numbers = super::Numbers(5);
    let mut rig = in_mode(&modes::VGA_256);
    for _ in 0..200 {
        rig.set(0x3D4, 0x11, 0);
        for index in 0..25 {
            rig.set(0x3D4, index, numbers.byte());
        }
        rig.set(0x3D4, 0x11, 0x10);
        let at = rig.bus.cx.timers.next();
        assert_eq!(status_at(&mut rig, at) & 8, 8);
        rig.frame();
    }
}
