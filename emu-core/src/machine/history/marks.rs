//! What lies along the past, for a timeline.

use super::{History, Stamp};
use crate::bus::{DriveId, Happened, Mark as Noted, Marks};
use crate::machine::{Input, Machine};
use crate::time::Ns;
use crate::x86::cpu::NS_PER_STEP;
use crate::x86::exception::vector;
use std::collections::BTreeMap;

/// What a mark is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// An interrupt from outside, or INT n.
    Interrupt,
    /// An exception.
    Exception,
    /// Another mode.
    Mode,
    /// A command to a drive.
    Disk,
    /// An input.
    Input,
    /// A reset, by whomever.
    Reset,
}

/// Something that happened, or several such that lie close to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When the first was.
    pub at: Stamp,
    /// What it is of.
    pub kind: MarkKind,
    /// The first, in a word: `20` (vector, hexadecimal), `#PF`, `protected, paging`, `hda`, `key`.
    pub detail: String,
    /// How many.
    pub count: u64,
    /// It is of a kind that is seldom met, and not merged for the sake of others.
    rare: bool,
}

const EXCEPTIONS: [&str; 20] = [
    "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "9", "#TS", "#NP", "#SS", "#GP", "#PF",
    "15", "#MF", "#AC", "#MC", "#XM",
];

fn of(happened: Happened, noted: Noted) -> Mark {
    let at = Stamp { instruction: noted.instruction, time: noted.time };
    let (kind, detail, rare) = match happened {
        Happened::Interrupt(vector) => (MarkKind::Interrupt, format!("{vector:02x}"), false),
        Happened::Exception(number) => {
            let name = EXCEPTIONS.get(usize::from(number)).copied().unwrap_or("?");
            (MarkKind::Exception, name.into(), number != vector::PF)
        }
        Happened::Mode(mode) => (MarkKind::Mode, mode_name(mode).into(), true),
        Happened::Disk(number) => (MarkKind::Disk, drive_name(number).into(), false),
        Happened::Reset => (MarkKind::Reset, String::new(), true),
    };
    Mark { at, kind, detail, count: noted.count, rare }
}

fn mode_name(mode: u8) -> &'static str {
    match (mode & 1 != 0, mode & 2 != 0, mode & 4 != 0) {
        (false, ..) => "real",
        (true, false, false) => "protected",
        (true, false, true) => "protected, paging",
        (true, true, false) => "v86",
        (true, true, true) => "v86, paging",
    }
}

fn drive_name(number: u8) -> &'static str {
    Marks::DRIVES.get(usize::from(number)).copied().unwrap_or(DriveId::CdRom).name()
}

impl History {
    /// What happened between two virtual times, both included, in order; at most `most` marks. Those of a kind that lie
    /// close to each other are one. Kinds that are seldom met get what room they need before those that are frequent,
    /// which always have a quarter of it.
    pub fn marks(&self, from: Ns, to: Ns, most: usize) -> Vec<Mark> {
        let noted = self.marks.between(from, to).map(|(happened, noted)| of(happened, noted));
        let first = self.inputs.partition_point(|(at, _)| at.time < from);
        let inputs = self.inputs[first..].iter().take_while(|(at, _)| at.time <= to).map(|(at, input)| {
            let kind = if *input == Input::Reset { MarkKind::Reset } else { MarkKind::Input };
            let rare = kind == MarkKind::Reset;
            Mark { at: *at, kind, detail: input.kind().into(), count: 1, rare }
        });
        let (rare, frequent): (Vec<_>, Vec<_>) = noted.chain(inputs).partition(|mark| mark.rare);
        let kept = if frequent.is_empty() { 0 } else { frequent.len().min(most / 4) };
        let rare = reduced(rare, (from, to), most - kept);
        let frequent = reduced(frequent, (from, to), most - rare.len());
        let mut marks: Vec<_> = rare.into_iter().chain(frequent).collect();
        marks.sort_by_key(|mark| (mark.at, mark.kind));
        marks
    }

    /// Has the machine note what happens from here on, as far as it has not happened before.
    pub(super) fn listen(&mut self, machine: &mut Machine) {
        let mut marks = std::mem::replace(&mut self.marks, Marks::new(NS_PER_STEP));
        marks.go_on((self.end.instruction, self.end.time), machine.engine.cpu.mode_number());
        marks.set_base(machine.engine.cpu.time_base);
        machine.engine.cpu.bus.cx.out.marks = Some(Box::new(marks));
    }

    /// Takes what was noted.
    pub(super) fn take_marks(&mut self, machine: &mut Machine) {
        if let Some(marks) = machine.engine.cpu.bus.cx.out.marks.take() {
            self.marks = *marks;
        }
    }
}

/// Merges marks of a kind that lie in the same part of the time between two, so that there are at most so many.
fn reduced(mut marks: Vec<Mark>, (from, to): (Ns, Ns), most: usize) -> Vec<Mark> {
    if marks.len() <= most {
        return marks;
    }
    marks.sort_by_key(|mark| mark.at);
    let to = to.min(marks.last().map_or(to, |mark| mark.at.time));
    let from = from.max(marks[0].at.time);
    let mut kinds: Vec<MarkKind> = marks.iter().map(|mark| mark.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let parts = (most / kinds.len()) as u64;
    if parts == 0 {
        return Vec::new();
    }
    let mut merged: BTreeMap<(u64, MarkKind), Mark> = BTreeMap::new();
    for mark in marks {
        let within = u128::from(mark.at.time - from) * u128::from(parts) / (u128::from(to - from) + 1);
        let count = mark.count;
        merged.entry((within as u64, mark.kind)).and_modify(|first| first.count += count).or_insert(mark);
    }
    merged.into_values().collect()
}
