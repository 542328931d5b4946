//! A machine that is nothing but a CPU and a screen: moments are put into it to be looked at.

use super::super::{Snapshot, SnapshotError, versions};
use crate::bus::{Field, LoadError};
use crate::machine::pages::Pages;
use crate::machine::{Config, Machine, Moment, TextScreen, read_register};
use crate::mem::PAGE;
use serde::Serialize;
use std::ops::Range;

/// The registers compared, by gdb's names and ours.
const REGISTERS: &str = "eax ecx edx ebx esp ebp esi edi eip eflags cs ss ds es fs gs cs_base ss_base ds_base es_base \
    fs_base gs_base cs_limit ss_limit ds_limit es_limit fs_limit gs_limit gdtr_base gdtr_limit idtr_base idtr_limit ldtr \
    ldtr_base ldtr_limit tr tr_base tr_limit cr0 cr2 cr3 cr4 dr0 dr1 dr2 dr3 dr6 dr7 cpl st0 st1 st2 st3 st4 st5 st6 st7 \
    fctrl fstat ftag fiseg fioff foseg fooff fop xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6 xmm7 mxcsr";

/// Rows of a text screen told at most.
const MOST_ROWS: usize = 100;

/// A row of the text screen that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowChange {
    /// Its number from the top, from 0.
    pub row: usize,
    /// Its text in the first and the second.
    pub texts: [String; 2],
}

/// How the picture differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ScreenChange {
    /// Both are text of one size: rows that differ, and cells whose colours or characters do.
    Text {
        /// The first rows whose characters differ.
        rows: Vec<RowChange>,
        /// Cells that differ.
        cells: u64,
        /// Column and row of the cursor, where it is on.
        cursors: [Option<(u32, u32)>; 2],
    },
    /// Both are pictures of one size.
    Pixels {
        /// Pixels that differ.
        count: u64,
        /// The rectangle around them: left, top, width, height.
        within: [u32; 4],
    },
    /// They are of different sizes, or one is text and the other is not.
    Mode {
        /// What each is.
        modes: [String; 2],
    },
}

/// What is seen of a moment.
pub(super) struct Look {
    pub registers: Vec<(&'static str, String)>,
    text: Option<TextScreen>,
    size: (u32, u32),
    rgba: Vec<u8>,
}

/// The machine.
pub(super) struct Shell {
    machine: Machine,
    fresh: Moment,
}

impl Shell {
    pub fn new(ram_bytes: u32) -> Result<Self, SnapshotError> {
        // One page of a ROM, which nobody executes.
        let rom = Some((0xFFFF_F000, vec![0xF4; PAGE as usize]));
        let machine = Machine::new(Config { ram_bytes, rom, ..Config::new() });
        let mut machine = machine.map_err(|_| SnapshotError::TooLarge {
            what: "bytes of RAM",
            found: u64::from(ram_bytes),
            most: 0,
        })?;
        let fresh = machine.moment();
        Ok(Self { machine, fresh })
    }

    /// The pages of RAM and of video RAM.
    pub fn pages(&self) -> (Range<u32>, Range<u32>) {
        let (start, bytes) = self.machine.engine.cpu.bus.cx.mem.vram();
        (0..start / PAGE, start / PAGE..(start + bytes) / PAGE)
    }

    pub fn fields(&self, section: &str, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        self.machine.section_fields(section, bytes)
    }

    /// Registers and screen of a moment.
    pub fn look(&mut self, snapshot: &Snapshot) -> Result<Look, SnapshotError> {
        let mut sections = self.fresh.sections().to_vec();
        for (name, bytes) in sections.iter_mut().filter(|(name, _)| matches!(*name, "cpu" | "vga")) {
            let section = snapshot.sections.iter().find(|section| section.name == *name);
            *bytes = versions::migrated_to_today(section.ok_or(SnapshotError::MissingSection(name))?)?;
        }
        let last = self.pages().1.end as usize;
        let here = (0..last).filter_map(|page| Some((page, snapshot.pages.shared(page)?)));
        let pages = Pages::of(self.machine.backing_pages() as usize, here);
        let when = (snapshot.instruction, snapshot.time);
        let moment = self.machine.moment_of(when, sections, pages);
        self.machine.restore(&moment).map_err(SnapshotError::Refused)?;
        let registers = REGISTERS.split_whitespace();
        let registers = registers.map(|name| (name, value(read_register(&self.machine, name)))).collect();
        let text = self.machine.text_screen();
        let frame = self.machine.render();
        let (size, rgba) = frame.map_or(((0, 0), Vec::new()), |f| ((f.width, f.height), f.rgba.clone()));
        Ok(Look { registers, text, size, rgba })
    }
}

/// A register's bytes as a number.
fn value(bytes: Option<Vec<u8>>) -> String {
    let bytes = bytes.unwrap_or_default();
    bytes.iter().rev().fold("0x".into(), |text, byte| format!("{text}{byte:02x}"))
}

/// How two pictures differ, if they do.
pub(super) fn compare(a: &Look, b: &Look) -> Option<ScreenChange> {
    match (&a.text, &b.text) {
        (Some(one), Some(other)) if (one.columns, one.rows.len()) == (other.columns, other.rows.len()) => {
            text(one, other)
        }
        (None, None) if a.size == b.size => pixels(a, b),
        _ => Some(ScreenChange::Mode { modes: [mode(a), mode(b)] }),
    }
}

fn mode(look: &Look) -> String {
    match &look.text {
        Some(text) => format!("text {}x{}", text.columns, text.rows.len()),
        None => format!("{}x{} pixels", look.size.0, look.size.1),
    }
}

fn text(a: &TextScreen, b: &TextScreen) -> Option<ScreenChange> {
    if a == b {
        return None;
    }
    let rows = a.rows.iter().zip(&b.rows).enumerate().filter(|(_, (a, b))| a != b);
    let rows = rows.take(MOST_ROWS).map(|(row, (a, b))| {
        let end = |text: &String| text.trim_end().to_owned();
        RowChange { row, texts: [end(a), end(b)] }
    });
    let cells = |screen: &TextScreen| {
        let characters: Vec<char> = screen.rows.iter().flat_map(|row| row.chars()).collect();
        characters.into_iter().zip(screen.attributes.clone())
    };
    let cells = cells(a).zip(cells(b)).filter(|(a, b)| a != b).count() as u64;
    Some(ScreenChange::Text { rows: rows.collect(), cells, cursors: [a.cursor, b.cursor] })
}

fn pixels(a: &Look, b: &Look) -> Option<ScreenChange> {
    let width = a.size.0.max(1) as usize;
    let pairs = a.rgba.chunks_exact(4).zip(b.rgba.chunks_exact(4)).enumerate();
    let differ = pairs.filter(|(_, (a, b))| a != b).map(|(n, _)| ((n % width) as u32, (n / width) as u32));
    let (mut count, mut low, mut high) = (0, (u32::MAX, u32::MAX), (0, 0));
    for (x, y) in differ {
        count += 1;
        low = (low.0.min(x), low.1.min(y));
        high = (high.0.max(x), high.1.max(y));
    }
    let within = || [low.0, low.1, high.0 - low.0 + 1, high.1 - low.1 + 1];
    (count > 0).then(|| ScreenChange::Pixels { count, within: within() })
}
