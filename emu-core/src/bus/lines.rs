//! Wires between devices. A line is the OR of its drivers; changes queue up and the bus tells the listeners.

use std::collections::VecDeque;

/// A wire of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line(u8);

impl Line {
    /// Number of wires.
    pub const COUNT: usize = 32;
    /// 8259 pair output, into the local APIC's LINT0.
    pub const PIC_INTR: Line = Line(20);
    /// The CPU's INTR pin, driven by the local APIC.
    pub const CPU_INTR: Line = Line(21);
    /// The CPU's NMI pin (edge).
    pub const CPU_NMI: Line = Line(22);
    /// FERR# of the CPU, into the chipset's IRQ 13 logic.
    pub const FERR: Line = Line(23);
    /// IGNNE# of the CPU, driven by the chipset after a write to port F0h.
    pub const IGNNE: Line = Line(24);

    /// ISA interrupt request 0-15.
    pub const fn isa(irq: u8) -> Line {
        Line(irq & 15)
    }

    /// PCI interrupt PIRQA-PIRQD (0-3), after swizzling.
    pub const fn pirq(n: u8) -> Line {
        Line(16 + (n & 3))
    }

    /// Position in tables of [`Line::COUNT`] entries.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// One driver's hold on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineOut {
    line: Line,
    driver: u32,
}

/// All wires.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    drivers: [u8; Line::COUNT],
    high: [u32; Line::COUNT],
    changes: VecDeque<(Line, bool)>,
    nmi: bool,
}

impl Lines {
    /// All low, nobody driving.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new driver of a line. At most 32 share one.
    pub fn driver(&mut self, line: Line) -> LineOut {
        let n = self.drivers[line.index()];
        assert!(n < 32, "line {} has 32 drivers already", line.0);
        self.drivers[line.index()] = n + 1;
        LineOut { line, driver: 1 << n }
    }

    /// Drives the line high or lets it go.
    pub fn set(&mut self, out: LineOut, level: bool) {
        let high = &mut self.high[out.line.index()];
        let before = *high != 0;
        if level {
            *high |= out.driver;
        } else {
            *high &= !out.driver;
        }
        if (*high != 0) != before {
            self.changes.push_back((out.line, !before));
            self.nmi |= out.line == Line::CPU_NMI && !before;
        }
    }

    /// A short pulse: low, high, so that an edge is seen even if the driver held it high.
    pub fn pulse(&mut self, out: LineOut) {
        self.set(out, false);
        self.set(out, true);
        self.set(out, false);
    }

    /// Current level.
    #[inline]
    pub fn level(&self, line: Line) -> bool {
        self.high[line.index()] != 0
    }

    /// Whether the NMI pin rose since the last call. The CPU looks after every device access and timer.
    pub fn take_nmi(&mut self) -> bool {
        std::mem::take(&mut self.nmi)
    }

    /// What [`Lines::take_nmi`] would give.
    pub fn nmi(&self) -> bool {
        self.nmi
    }

    /// The oldest change nobody was told of yet.
    pub fn take_change(&mut self) -> Option<(Line, bool)> {
        self.changes.pop_front()
    }

    /// Which drivers hold each line, for snapshots (taken when no change is queued).
    pub fn levels(&self) -> &[u32; Line::COUNT] {
        &self.high
    }

    /// Puts back what [`Lines::levels`] gave, telling nobody.
    pub fn restore(&mut self, levels: &[u32; Line::COUNT]) {
        self.high = *levels;
        self.changes.clear();
        self.nmi = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_the_or_of_its_drivers() {
        let mut l = Lines::new();
        let (a, b) = (l.driver(Line::isa(5)), l.driver(Line::isa(5)));
        l.set(a, true);
        l.set(b, true);
        l.set(a, false);
        assert!(l.level(Line::isa(5)));
        l.set(b, false);
        assert_eq!(l.take_change(), Some((Line::isa(5), true)));
        assert_eq!(l.take_change(), Some((Line::isa(5), false)));
        assert_eq!(l.take_change(), None);
    }
}
