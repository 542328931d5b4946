//! What lies along a run: interrupts, exceptions, changes of mode, disk commands, resets, each with when it happened. For
//! a timeline; no part of the machine's state. What is frequent is merged as it ages, so that memory stays bounded; each
//! kind and number has room of its own, so that the frequent do not push out the rare.

use super::DriveId;
use crate::time::Ns;
use std::collections::BTreeMap;

/// Entries of a kind and number; then the older half is merged by pairs.
const ROOM: usize = 1024;

/// What a mark is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happened {
    /// An interrupt from outside or by INT n was delivered: its vector.
    Interrupt(u8),
    /// An exception was raised: its vector.
    Exception(u8),
    /// A mode was entered: bit 0 protected, bit 1 virtual-8086, bit 2 paging.
    Mode(u8),
    /// A drive was given a command: its number in [`Marks::DRIVES`].
    Disk(u8),
    /// The machine was reset.
    Reset,
}

/// Something that happened, or several such one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Instructions executed before the first.
    pub instruction: u64,
    /// Virtual time of the first.
    pub time: Ns,
    /// Virtual time of the last.
    pub last: Ns,
    /// How many.
    pub count: u64,
}

/// All marks of a run.
#[derive(Clone, Debug)]
pub struct Marks {
    series: BTreeMap<Happened, Vec<Mark>>,
    /// Nothing is noted that happened before: it has been then.
    since: (u64, Ns),
    /// The mode that the CPU is in.
    mode: u8,
    /// Virtual time at which the instructions executed now would have begun with the first, and what one takes.
    base: Ns,
    ns_per_step: Ns,
}

impl Marks {
    /// The drives, by their numbers.
    pub const DRIVES: [DriveId; 5] =
        [DriveId::Floppy(0), DriveId::Floppy(1), DriveId::Disk(0), DriveId::Disk(1), DriveId::CdRom];

    /// None yet, for a machine whose instructions take so many nanoseconds.
    pub fn new(ns_per_step: Ns) -> Self {
        let ns_per_step = ns_per_step.max(1);
        Self { series: BTreeMap::new(), since: (0, 0), mode: 0, base: 0, ns_per_step }
    }

    /// The machine goes on. What happens before `since` has happened before, and is not noted again.
    pub fn go_on(&mut self, since: (u64, Ns), mode: u8) {
        self.since = since;
        self.mode = mode;
    }

    /// Instructions are counted from this virtual time now: the CPU slept.
    pub fn set_base(&mut self, base: Ns) {
        self.base = base;
    }

    /// Something happens at a virtual time.
    pub fn note(&mut self, happened: Happened, time: Ns) {
        let instruction = time.saturating_sub(self.base) / self.ns_per_step;
        if (instruction, time) < self.since {
            return;
        }
        let series = self.series.entry(happened).or_default();
        // A drive that waits for the host begins again.
        let again = matches!(happened, Happened::Disk(_)) || (instruction, time) == self.since;
        if again && series.last().is_some_and(|mark| mark.last >= time) {
            return;
        }
        if series.len() >= ROOM {
            merge(series);
        }
        series.push(Mark { instruction, time, last: time, count: 1 });
    }

    /// The mode that the CPU was in when last looked at.
    #[inline]
    pub fn mode(&self) -> u8 {
        self.mode
    }

    /// The CPU may be in another mode.
    pub fn note_mode(&mut self, mode: u8, time: Ns) {
        if mode != self.mode {
            self.mode = mode;
            self.note(Happened::Mode(mode), time);
        }
    }

    /// Takes out what begins at or after a point: it is another future's.
    pub fn split_off(&mut self, from: (u64, Ns)) -> Marks {
        let mut rest = Marks::new(self.ns_per_step);
        for (happened, series) in &mut self.series {
            let at = series.partition_point(|mark| (mark.instruction, mark.time) < from);
            if at < series.len() {
                rest.series.insert(*happened, series.split_off(at));
            }
        }
        rest
    }

    /// Puts what [`Marks::split_off`] took out behind these.
    pub fn append(&mut self, rest: Marks) {
        for (happened, mut marks) in rest.series {
            self.series.entry(happened).or_default().append(&mut marks);
        }
    }

    /// Marks that begin between two virtual times, both included, of each kind and number in order.
    pub fn between(&self, from: Ns, to: Ns) -> impl Iterator<Item = (Happened, Mark)> {
        self.series.iter().flat_map(move |(happened, series)| {
            let first = series.partition_point(|mark| mark.time < from);
            series[first..].iter().take_while(move |mark| mark.time <= to).map(|mark| (*happened, *mark))
        })
    }
}

/// Merges the older half by pairs.
fn merge(series: &mut Vec<Mark>) {
    let younger = series.split_off(series.len() / 2);
    let merged = series.chunks(2).map(|pair| {
        let (first, last) = (pair[0], pair[pair.len() - 1]);
        Mark { last: last.last, count: pair.iter().map(|mark| mark.count).sum(), ..first }
    });
    *series = merged.collect();
    series.extend(younger);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(marks: &Marks) -> Vec<(Happened, Mark)> {
        marks.between(0, Ns::MAX).collect()
    }

    #[test]
    fn the_frequent_is_merged_and_the_rare_is_not() {
        let mut marks = Marks::new(10);
        for i in 0..1_000_000 {
            marks.note(Happened::Interrupt(8), i * 1000);
            if i % 100_000 == 0 {
                marks.note(Happened::Exception(13), i * 1000);
            }
        }
        let all = of(&marks);
        let count =
            |wanted| all.iter().filter(|(h, _)| *h == wanted).map(|(_, mark)| mark.count).sum::<u64>();
        assert_eq!((count(Happened::Interrupt(8)), count(Happened::Exception(13))), (1_000_000, 10));
        assert!(all.len() <= ROOM + 10);
        assert!(all.iter().all(|(h, mark)| *h != Happened::Exception(13) || mark.count == 1));
        // The newest are single, and each lies where the instruction count says.
        let (_, newest) = all.iter().rev().find(|(h, _)| *h == Happened::Interrupt(8)).expect("many");
        assert_eq!((newest.count, newest.time, newest.instruction), (1, 999_999_000, 99_999_900));
        let mut clocks = all.iter().filter(|(h, _)| *h == Happened::Interrupt(8)).map(|(_, mark)| mark);
        let mut before = *clocks.next().expect("many");
        for mark in clocks {
            assert!(before.last < mark.time && before.time <= before.last);
            before = *mark;
        }
    }

    #[test]
    fn what_has_been_is_not_noted_again() {
        let mut marks = Marks::new(10);
        marks.note(Happened::Disk(2), 500);
        marks.note(Happened::Disk(2), 900);
        marks.go_on((90, 900), 0);
        for time in [500, 900, 1200] {
            marks.note(Happened::Disk(2), time);
        }
        let times: Vec<Ns> = of(&marks).iter().map(|(_, mark)| mark.time).collect();
        assert_eq!(times, [500, 900, 1200]);
        let rest = marks.split_off((90, 900));
        assert_eq!(of(&marks).len(), 1);
        marks.append(rest);
        assert_eq!(of(&marks).len(), 3);
    }

    #[test]
    fn modes_are_noted_when_they_change() {
        let mut marks = Marks::new(10);
        for (mode, time) in [(0, 10), (1, 20), (1, 30), (5, 40), (5, 50), (0, 60)] {
            marks.note_mode(mode, time);
        }
        let mut modes: Vec<_> = of(&marks).iter().map(|(h, mark)| (mark.time, *h)).collect();
        modes.sort();
        let expected = [(20, Happened::Mode(1)), (40, Happened::Mode(5)), (60, Happened::Mode(0))];
        assert_eq!(modes, expected);
    }
}
