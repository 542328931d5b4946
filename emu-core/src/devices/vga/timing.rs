//! Where the beam is: frames follow one another from power-on at the rate that the CRTC's totals and the dot clock give.
//! In VBE modes, whose timings DISPI does not tell, it is 60 Hz.

use super::spec::{self, crtc, seq};
use super::{State, Vga};
use crate::bus::Cx;
use crate::time::{NEVER, Ns, ns_of_ticks, ticks};

/// One frame, in dots and lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timing {
    /// Dots a second.
    pub clock: u64,
    /// Dots a line, blanking included.
    pub line_dots: u64,
    /// Dots a line that are shown.
    pub shown_dots: u64,
    /// Lines a frame, blanking included.
    pub lines: u64,
    /// Lines that are shown.
    pub shown_lines: u64,
    /// First line of the vertical retrace.
    pub sync_start: u64,
    /// Lines of the vertical retrace.
    pub sync_lines: u64,
}

/// The beam's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Beam {
    /// Frames since power-on, at today's rate.
    pub frame: u64,
    pub line: u64,
    pub dot: u64,
}

impl Timing {
    pub fn of(state: &State, vram: u32) -> Self {
        match state.dispi.layout(vram) {
            Some(layout) => Self::vbe(u64::from(layout.width), u64::from(layout.height)),
            None => Self::classic(state),
        }
    }

    /// Blanking of a quarter of the line and a twentieth of the frame, about what VESA's monitor timings have.
    fn vbe(width: u64, height: u64) -> Self {
        let (line_dots, lines) = (width + width / 4, height + height / 20 + 4);
        Self {
            clock: line_dots * lines * 60,
            line_dots,
            shown_dots: width,
            lines,
            shown_lines: height,
            sync_start: height + 1,
            sync_lines: 3,
        }
    }

    fn classic(state: &State) -> Self {
        let c = &state.crtc;
        let char_dots = if state.seq[seq::CLOCKING] & seq::EIGHT_DOTS != 0 { 8 } else { 9 };
        let halved = u64::from(state.seq[seq::CLOCKING] & seq::HALF_CLOCK != 0);
        let base = if state.misc & spec::MISC_CLOCK == 4 { spec::CLOCK_28 } else { spec::CLOCK_25 };
        let pairs = if c[crtc::MODE] & crtc::LINES_2 != 0 { 2 } else { 1 };
        let lines = pairs * (u64::from(vertical(c, crtc::V_TOTAL, 0, 5)) + 2);
        let sync_start = pairs * u64::from(vertical(c, crtc::V_SYNC_START, 2, 7));
        let end = u64::from(c[crtc::V_SYNC_END]);
        Self {
            clock: base >> halved,
            line_dots: (u64::from(c[crtc::H_TOTAL]) + 5) * char_dots,
            shown_dots: (u64::from(c[crtc::H_DISPLAY]) + 1) * char_dots,
            lines,
            shown_lines: pairs * (u64::from(vertical(c, crtc::V_DISPLAY, 1, 6)) + 1),
            // A retrace that the totals never reach would leave software that waits for it waiting forever.
            sync_start: sync_start.min(lines - 1),
            sync_lines: match pairs * (end.wrapping_sub(sync_start / pairs) & 15) {
                0 => 16 * pairs,
                n => n,
            },
        }
    }

    pub fn beam(&self, now: Ns) -> Beam {
        let dots = ticks(now, self.clock);
        let in_frame = dots % self.frame_dots();
        Beam {
            frame: dots / self.frame_dots(),
            line: in_frame / self.line_dots,
            dot: in_frame % self.line_dots,
        }
    }

    fn frame_dots(&self) -> u64 {
        self.line_dots * self.lines
    }

    pub fn in_retrace(&self, beam: Beam) -> bool {
        (self.sync_start..self.sync_start + self.sync_lines).contains(&beam.line)
    }

    pub fn displaying(&self, beam: Beam) -> bool {
        beam.line < self.shown_lines && beam.dot < self.shown_dots
    }

    /// The first start of a vertical retrace after `now`.
    pub fn next_retrace(&self, now: Ns) -> Ns {
        let dots = ticks(now, self.clock);
        let start = self.sync_start * self.line_dots;
        let passed = (dots + self.frame_dots() - start) / self.frame_dots();
        ns_of_ticks(passed * self.frame_dots() + start, self.clock)
    }
}

/// A vertical value of 10 bits: register, and the positions of its bits 8 and 9 in the overflow register.
fn vertical(c: &[u8; crtc::COUNT], register: usize, bit8: u8, bit9: u8) -> u16 {
    let overflow = u16::from(c[crtc::OVERFLOW]);
    u16::from(c[register]) | (overflow >> bit8 & 1) << 8 | (overflow >> bit9 & 1) << 9
}

impl Vga {
    /// Port 3BAh/3DAh.
    pub(super) fn input_status_1(&self, cx: &Cx, now: Ns) -> u8 {
        let timing = Timing::of(&self.state, cx.mem.vram().1);
        let beam = timing.beam(now);
        let mut status = 0;
        if timing.displaying(beam) {
            // The diagnostic bits show two bits of the colour under the beam; software only wants to see them move.
            status |= ((beam.dot / 8) as u8 & 3) << 4;
        } else {
            status |= spec::STATUS1_BLANK;
        }
        if timing.in_retrace(beam) {
            status |= spec::STATUS1_RETRACE;
        }
        status
    }

    /// Sets the timer of the vertical interrupt and drives its line, after any change of the CRTC.
    pub(super) fn update_retrace_interrupt(&mut self, cx: &mut Cx) {
        let control = self.state.crtc[crtc::V_SYNC_END];
        let armed = control & crtc::NOT_CLEAR_INTERRUPT != 0;
        self.state.retrace_pending &= armed;
        if let Some(timer) = self.retrace_timer {
            let wanted = armed && !self.state.retrace_pending;
            let at =
                if wanted { Timing::of(&self.state, cx.mem.vram().1).next_retrace(cx.now) } else { NEVER };
            if cx.timers.deadline(timer) != at {
                cx.timers.set(timer, at);
            }
        }
        if let Some(line) = self.retrace_line {
            let level = self.state.retrace_pending && control & crtc::DISABLE_INTERRUPT == 0;
            cx.lines.set(line, level);
        }
    }
}
