//! Which stops were met by what happened.

use super::expression::{Facts, Scope};
use super::mode::Mode;
use super::spec::{Author, Detail, Hit, StopSpec};
use super::stop::{Access, ModeWanted, Stop, What};
use super::{Debugger, LOG_LINES};
use crate::machine::{Machine, News};
use crate::mem::Transfer;
use crate::x86::exception::vector;
use crate::x86::probe::Notice;

/// Most bytes of a transfer that a hit shows.
const MOST_SHOWN: usize = 64;

/// What is looked at, since the last look.
struct Moment<'a> {
    machine: &'a Machine,
    news: &'a News,
    /// Mode before.
    mode: Mode,
    /// Instructions and time before.
    then: (u64, u64),
    /// Rows of the text screen, if it is time to look.
    screen: Option<Vec<String>>,
}

impl Debugger {
    /// Counts hits, writes log lines; the hits that stop the machine.
    pub(super) fn judge(&mut self, machine: &Machine, news: &News) -> Vec<Hit> {
        let moment = Moment {
            machine,
            news,
            mode: self.mode,
            then: self.then,
            screen: (machine.time() >= self.next_screen).then(|| screen(machine)),
        };
        let mut hits = Vec::new();
        for (number, stop) in self.stops.iter_mut().enumerate().filter(|(_, stop)| stop.spec.enabled) {
            // One instruction meets a stop once.
            let met = moment.details(stop).into_iter().find_map(|detail| meet(machine, stop, detail));
            let Some((detail, mut error)) = met else { continue };
            if stop.hits < stop.spec.from {
                continue;
            }
            if let (Some(format), None) = (&stop.log, &error) {
                match format.line(&Scope { machine, facts: facts(&detail, news) }) {
                    Ok(line) => {
                        if self.log.len() >= LOG_LINES {
                            self.log.pop_front();
                        }
                        self.log.push_back(line);
                        continue;
                    }
                    Err(why) => error = Some(why.message),
                }
            }
            let by = if by_instruction(&detail) { author(news) } else { None };
            let StopSpec { id, kind, symbol, .. } = stop.spec.clone();
            hits.push(Hit { stop: number, id, kind, symbol, hits: stop.hits, detail, by, error });
        }
        if moment.screen.is_some() {
            self.next_screen = super::after(machine.time());
        }
        self.then = (machine.instructions(), machine.time());
        self.mode = Mode::of(machine);
        hits
    }
}

/// Counts the hit if the condition holds; with why it could not be computed.
fn meet(machine: &Machine, stop: &mut Stop, detail: (Detail, Facts)) -> Option<(Detail, Option<String>)> {
    let (detail, facts) = detail;
    let error = match stop.condition.as_ref().map(|c| c.evaluate(&Scope { machine, facts })) {
        Some(Ok(value)) if value.bits == 0 => return None,
        Some(Err(why)) => Some(why.message),
        _ => None,
    };
    stop.hits += 1;
    Some((detail, error))
}

fn by_instruction(detail: &Detail) -> bool {
    match detail {
        Detail::Execute { .. } | Detail::Text | Detail::Instructions | Detail::Time => false,
        Detail::Memory { master, .. } => !master,
        Detail::Interrupt { external, .. } => !external,
        _ => true,
    }
}

fn author(news: &News) -> Option<Author> {
    let origin = news.origin?;
    let eip = origin.eip?;
    Some(Author { cs: origin.cs, eip, linear: origin.base.wrapping_add(eip) })
}

/// Rows of the text screen; none in graphics modes.
pub(super) fn screen(machine: &Machine) -> Vec<String> {
    machine.text_screen().map_or(Vec::new(), |screen| screen.rows)
}

/// Whether a row shows the text, or two rows that follow each other do.
pub(super) fn shows(rows: &[String], text: &str) -> bool {
    rows.iter().any(|row| row.contains(text)) || rows.windows(2).any(|two| two.concat().contains(text))
}

/// What conditions and log lines may ask for.
fn facts(detail: &Detail, news: &News) -> Facts {
    let mut facts = Facts::default();
    match *detail {
        Detail::Memory { linear, physical, write, .. } => {
            facts.address = linear.or(physical.map(|p| p as u32));
            facts.value = news.notices.iter().find_map(|notice| match notice {
                Notice::Data { linear: l, write: w, value, .. } if Some(*l) == linear && *w == write => {
                    Some(*value as u32)
                }
                _ => None,
            });
        }
        Detail::Port { port, value, .. } => {
            (facts.port, facts.value) = (Some(u32::from(port)), Some(value));
        }
        Detail::Interrupt { vector, .. } => facts.vector = Some(u32::from(vector)),
        Detail::Exception { vector, error_code, cr2 } => {
            facts.vector = Some(u32::from(vector));
            facts.error = error_code.map(u32::from);
            facts.address = cr2;
        }
        Detail::Control { to, .. } => facts.value = Some(to),
        _ => {}
    }
    facts
}

impl Moment<'_> {
    /// All that happened which this stop waits for.
    fn details(&self, stop: &mut Stop) -> Vec<(Detail, Facts)> {
        let details = match stop.what.clone() {
            What::Execute(address) => self.execute(address),
            What::Data { .. } => self.memory(stop),
            What::Video(offsets) => self.video(&offsets),
            What::Screen => self.text(stop),
            What::Serial(port) => self.serial(stop, port),
            What::Mode(wanted) => self.mode(wanted),
            What::Cpl(wanted) => self.cpl(wanted),
            What::Instructions(count) => {
                let met = self.then.0 < count && count <= self.machine.instructions();
                met.then_some(Detail::Instructions).into_iter().collect()
            }
            What::Time(time) => {
                let met = self.then.1 < time && time <= self.machine.time();
                met.then_some(Detail::Time).into_iter().collect()
            }
            what => self.news.notices.iter().filter_map(|notice| self.notice(&what, notice)).collect(),
        };
        details.into_iter().map(|detail| (detail.clone(), facts(&detail, self.news))).collect()
    }

    fn execute(&self, address: super::Address) -> Vec<Detail> {
        let noticed = self.news.notices.contains(&Notice::Execute);
        let here = noticed && super::arm::is_here(self.machine, address);
        here.then(|| Detail::Execute { linear: self.machine.engine.cpu.linear_ip() }).into_iter().collect()
    }

    fn notice(&self, what: &What, notice: &Notice) -> Option<Detail> {
        let matches = |wanted: Option<u8>, is: u8| wanted.is_none_or(|wanted| wanted == is);
        match (what, *notice) {
            (&What::Port { first, last, reads, writes }, Notice::Port { port, size, write, value }) => {
                let end = port.saturating_add(u16::from(size) - 1);
                let kind = if write { writes } else { reads };
                (kind && port <= last && first <= end).then_some(Detail::Port { port, size, write, value })
            }
            (&What::Interrupt(wanted), Notice::Interrupt { vector, external }) => {
                matches(wanted, vector).then_some(Detail::Interrupt { vector, external })
            }
            (&What::Exception(wanted, code), Notice::Exception { vector, error }) => {
                let met = matches(wanted, vector) && code.is_none_or(|code| error == Some(code));
                let cr2 = (vector == vector::PF).then_some(self.machine.engine.cpu.st.cr2);
                met.then_some(Detail::Exception { vector, error_code: error, cr2 })
            }
            (&What::Register(watched), Notice::Register { which, from, to }) if which == watched => {
                let [before, after] = [from, to].map(|value| value.to_le_bytes()[..which.bytes()].to_vec());
                Some(Detail::Register { before, after })
            }
            (&What::Control(wanted), Notice::Control { register, from, to }) => {
                matches(wanted, register).then_some(Detail::Control { register, from, to })
            }
            _ => None,
        }
    }

    fn mode(&self, wanted: Option<ModeWanted>) -> Vec<Detail> {
        let (from, to) = (self.mode, Mode::of(self.machine));
        let met = from.differs(to)
            && match wanted {
                None => true,
                Some(ModeWanted::Kind(kind)) => to.kind == kind && from.kind != kind,
                Some(ModeWanted::Paging) => to.paging && !from.paging,
            };
        met.then(|| Detail::Mode { from: from.name(), to: to.name() }).into_iter().collect()
    }

    fn cpl(&self, wanted: Option<u8>) -> Vec<Detail> {
        let (from, to) = (self.mode.cpl, self.machine.engine.cpu.st.cpl);
        let met = from != to && wanted.is_none_or(|wanted| wanted == to);
        met.then_some(Detail::Cpl { from, to }).into_iter().collect()
    }

    fn text(&self, stop: &mut Stop) -> Vec<Detail> {
        let Some(rows) = &self.screen else { return Vec::new() };
        let before = std::mem::replace(&mut stop.shown, shows(rows, &stop.spec.text));
        (stop.shown && !before).then_some(Detail::Text).into_iter().collect()
    }

    fn serial(&self, stop: &mut Stop, port: Option<u8>) -> Vec<Detail> {
        let wanted = stop.spec.text.as_bytes();
        let mut met = false;
        for &(from, byte) in self.news.sent.iter().filter(|(from, _)| port.is_none_or(|p| p == *from)) {
            let sent = &mut stop.sent[usize::from(from & 3)];
            sent.push(byte);
            if sent.ends_with(wanted) {
                met = true;
                sent.clear();
            } else if sent.len() > 2 * wanted.len() {
                sent.drain(..sent.len() - wanted.len());
            }
        }
        met.then_some(Detail::Text).into_iter().collect()
    }

    /// Accesses to the bytes watched: by the instruction, then by bus masters.
    fn memory(&self, stop: &mut Stop) -> Vec<Detail> {
        let What::Data { first, physical, length, access } = stop.what else { return Vec::new() };
        let last = first + u64::from(length) - 1;
        let mut found = Vec::new();
        for notice in &self.news.notices {
            let Notice::Data { linear, physical: phys, len, write, .. } = *notice else { continue };
            let from = if physical { phys } else { Some(u64::from(linear)) };
            let Some(from) = from.filter(|&f| f <= last && first < f + u64::from(len)) else { continue };
            let (before, after) = self.compare(stop, from, u64::from(len), write);
            let detail = Detail::Memory {
                linear: Some(linear),
                physical: phys,
                length: len,
                write,
                before,
                after,
                master: false,
            };
            found.push(detail);
        }
        for transfer in &self.news.transfers {
            self.transfer(stop, *transfer, &mut found);
        }
        found.retain(|detail| match detail {
            Detail::Memory { write, before, after, .. } => match access {
                Access::Read => !write,
                Access::Write => *write,
                Access::Either => true,
                Access::Change => *write && (before != after || before.is_empty()),
            },
            _ => false,
        });
        found
    }

    /// Writes that reached these bytes of video memory: by the instruction, then by bus masters.
    fn video(&self, offsets: &[u32]) -> Vec<Detail> {
        let reaches = |first: u64, length: u64| self.machine.video_written(first, length, offsets);
        let write = |linear, physical, length, master| Detail::Memory {
            linear,
            physical: Some(physical),
            length,
            write: true,
            before: Vec::new(),
            after: Vec::new(),
            master,
        };
        let by_cpu = self.news.notices.iter().filter_map(|notice| match *notice {
            Notice::Data { linear, physical: Some(at), len, write: true, .. } => {
                reaches(at, u64::from(len)).then(|| write(Some(linear), at, len, false))
            }
            _ => None,
        });
        let by_masters =
            self.news.transfers.iter().filter(|transfer| transfer.write).filter_map(|transfer| {
                let length = transfer.last - transfer.first + 1;
                reaches(transfer.first, length).then(|| write(None, transfer.first, length as u32, true))
            });
        by_cpu.chain(by_masters).collect()
    }

    /// What a bus master did to the bytes watched, piece by piece where pages lie scattered.
    fn transfer(&self, stop: &mut Stop, transfer: Transfer, found: &mut Vec<Detail>) {
        let What::Data { first, physical, length, .. } = stop.what else { return };
        let last = first + u64::from(length) - 1;
        let mut at = first;
        while at <= last {
            // The next page of what is watched, and where it is in physical memory.
            let end = last.min(at | 0xFFF);
            let phys = if physical { Some(at) } else { self.machine.engine.cpu.peek(at as u32) };
            if let Some(phys) = phys {
                let (low, high) = (phys.max(transfer.first), (phys + (end - at)).min(transfer.last));
                if low <= high {
                    let from = at + (low - phys);
                    let (before, after) = self.compare(stop, from, high - low + 1, transfer.write);
                    found.push(Detail::Memory {
                        linear: None,
                        physical: Some(low),
                        length: (high - low + 1) as u32,
                        write: transfer.write,
                        before,
                        after,
                        master: true,
                    });
                }
            }
            at = end + 1;
        }
    }

    /// The watched ones of `len` bytes from an address on, as they were and as they are; a write is remembered.
    fn compare(&self, stop: &mut Stop, from: u64, len: u64, write: bool) -> (Vec<u8>, Vec<u8>) {
        let What::Data { first, length, access, .. } = stop.what else { return Default::default() };
        let start = from.saturating_sub(first);
        let end = (from + len - first).min(u64::from(length));
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let end = end.min(stop.seen.len() as u64);
        let now = stop.bytes(self.machine, start as u32, end.saturating_sub(start) as u32);
        for (i, new) in (start..end).zip(now) {
            let Some(seen) = stop.seen.get_mut(i as usize) else { break };
            let old = if write { std::mem::replace(seen, new) } else { *seen };
            let (Some(old), Some(new)) = (old, new) else { continue };
            // All changes are kept, of the rest as much as can be shown.
            if before.len() < MOST_SHOWN || access == Access::Change && old != new {
                before.push(old);
                after.push(new);
            }
        }
        (before, after)
    }
}
