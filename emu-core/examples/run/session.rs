//! The run itself: slices of fixed length in the guest's time, so that a run without a user repeats exactly.

use crate::args::{Options, Typed};
use crate::files::Failure;
use crate::keyboard::keys_of;
use crate::terminal::Console;
use crate::{Outcome, files};
use emu_core::machine::{Input, Machine, Stop, Until};
use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

const SLICE_INSTRUCTIONS: u64 = 500_000;
const SLICE_NS: u64 = 5_000_000;
/// Between two key events of typed text.
const KEY_NS: u64 = 8_000_000;
/// Guest time that an instruction may take at most on average before `--max-instructions` ends the run.
const LONGEST_WAIT_NS: u64 = 1000;
/// Longest rest while a person's machine is ahead of the wall clock.
const REST: Duration = Duration::from_millis(10);

/// How a run ended.
pub struct End {
    /// Exit code.
    pub code: u8,
    /// Why, if there is something to say.
    pub message: String,
}

/// Finds a text in a stream that comes in pieces.
struct Watch {
    wanted: Vec<u8>,
    tail: Vec<u8>,
    seen: bool,
}

impl Watch {
    fn new(text: &str) -> Self {
        Self { wanted: text.into(), tail: Vec::new(), seen: false }
    }

    fn add(&mut self, bytes: &[u8]) {
        if self.seen || bytes.is_empty() || self.wanted.is_empty() {
            return;
        }
        self.tail.extend(bytes);
        self.seen = self.tail.windows(self.wanted.len()).any(|part| part == self.wanted);
        let keep = self.tail.len().min(self.wanted.len() - 1);
        self.tail.drain(..self.tail.len() - keep);
    }
}

/// One run of a machine.
pub struct Session {
    pub machine: Machine,
    pub console: Console,
    /// How long it took.
    pub host: Duration,
    failure: Failure,
    until: Option<Watch>,
    until_screen: Option<String>,
    typed: VecDeque<(Typed, Watch)>,
    keys: VecDeque<(u16, bool)>,
    next_key: u64,
    capture: Option<File>,
    most: Option<u64>,
    awaited: bool,
}

impl Session {
    pub fn new(machine: Machine, options: &Options, console: Console, failure: Failure) -> Outcome<Self> {
        let watch = |typed: &Typed| Watch::new(typed.after.as_deref().unwrap_or(""));
        Ok(Self {
            machine,
            console,
            host: Duration::ZERO,
            failure,
            until: options.until.as_deref().map(Watch::new),
            until_screen: options.until_screen.clone(),
            typed: options.typed.iter().map(|typed| (typed.clone(), watch(typed))).collect(),
            keys: VecDeque::new(),
            next_key: 0,
            capture: options.capture.as_ref().map(|(_, file)| files::create(file)).transpose()?,
            most: options.max_instructions,
            awaited: options.until.is_some() || options.until_screen.is_some() || options.exit_port.is_some(),
        })
    }

    /// Runs to the end.
    pub fn run_to_end(&mut self) -> Outcome<End> {
        let start = Instant::now();
        // A machine that was opened may be past the end.
        if let Some(end) = self.ended() {
            return Ok(end);
        }
        let end = loop {
            match self.slice().transpose().or_else(|| self.ended().map(Ok)) {
                Some(end) => break end,
                None => self.rest(start),
            }
        };
        self.host = start.elapsed();
        end
    }

    /// Only a person at the terminal needs the guest's clock to go as slowly as the wall's.
    fn rest(&self, start: Instant) {
        let ahead = Duration::from_nanos(self.machine.time()).saturating_sub(start.elapsed());
        if self.console.interactive && ahead > Duration::from_millis(1) {
            thread::sleep(ahead.min(REST));
        }
    }

    fn slice(&mut self) -> Outcome<Option<End>> {
        self.type_keys();
        let input = self.console.take();
        if !input.is_empty() {
            self.machine.input(Input::Serial { port: 0, bytes: input });
        }
        let instruction = self.machine.instructions() + SLICE_INSTRUCTIONS;
        let stop = self.machine.run(Until {
            instruction: instruction.min(self.most.unwrap_or(u64::MAX)),
            time: self.machine.time() + SLICE_NS,
        });
        self.output()?;
        self.end_of(stop)
    }

    fn type_keys(&mut self) {
        if self.keys.is_empty() {
            self.start_typing();
        }
        if self.machine.time() < self.next_key {
            return;
        }
        if let Some((code, pressed)) = self.keys.pop_front() {
            self.machine.input(Input::Key { code, pressed });
            self.next_key = self.machine.time() + KEY_NS;
        }
    }

    fn start_typing(&mut self) {
        let Some((typed, watch)) = self.typed.front() else { return };
        let due = typed.after.as_deref().is_none_or(|after| watch.seen || self.screen_shows(after));
        if due && let Some((typed, _)) = self.typed.pop_front() {
            self.keys = keys_of(&typed.text).into();
        }
    }

    fn output(&mut self) -> Outcome<()> {
        let serial = self.machine.take_serial(0);
        self.console.write(&serial)?;
        if let Some(until) = &mut self.until {
            until.add(&serial);
        }
        if let Some((_, watch)) = self.typed.front_mut() {
            watch.add(&serial);
        }
        for port in 1..4 {
            self.machine.take_serial(port);
        }
        self.machine.take_debug();
        self.machine.take_speaker();
        let captured = self.machine.take_captured();
        match &mut self.capture {
            Some(file) => file
                .write_all(&captured)
                .map_err(|error| format!("--capture-port: cannot be written ({error})")),
            None => Ok(()),
        }
    }

    /// Whether the text screen shows a text, which may go on in the next row.
    fn screen_shows(&self, text: &str) -> bool {
        let rows = self.machine.text_screen().map_or(Vec::new(), |screen| screen.rows);
        rows.iter().any(|row| row.contains(text)) || rows.concat().contains(text)
    }

    fn unless_awaited(&self, message: String) -> End {
        match self.awaited {
            true => End { code: 1, message: format!("{message} before what was waited for") },
            false => End { code: 0, message },
        }
    }

    fn seen(&self) -> bool {
        self.until.as_ref().is_some_and(|until| until.seen)
    }

    /// Ends that the host sees.
    fn ended(&self) -> Option<End> {
        if self.seen() || self.until_screen.as_deref().is_some_and(|text| self.screen_shows(text)) {
            return Some(End { code: 0, message: String::new() });
        }
        if self.console.left {
            return Some(End { code: 0, message: "left".into() });
        }
        let (instructions, most) = (self.machine.instructions(), self.most?);
        let over = instructions >= most || self.machine.time() >= most.saturating_mul(LONGEST_WAIT_NS);
        over.then(|| self.unless_awaited(format!("ended after {instructions} instructions")))
    }

    /// Ends that the guest causes.
    fn end_of(&mut self, stop: Stop) -> Outcome<Option<End>> {
        let message = match stop {
            Stop::Limit => return Ok(None),
            Stop::NeedsBlock(_) => {
                let failure = self.failure.borrow_mut().take();
                return Err(failure.unwrap_or_else(|| "a disk image cannot be read".into()));
            }
            Stop::ExitPort(code) => return Ok(Some(End { code, message: String::new() })),
            Stop::Shutdown => {
                return Ok(Some(End { code: 1, message: "triple fault: the CPU shut down".into() }));
            }
            Stop::PowerOff => "the guest switched the machine off",
            Stop::HaltedForever => "the CPU halted with interrupts off",
        };
        Ok((!self.seen()).then(|| self.unless_awaited(message.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_across_pieces() {
        let mut watch = Watch::new("ready");
        for (piece, seen) in [("rea", false), ("rrea", false), ("d", false), ("y!", true), ("", true)] {
            watch.add(piece.as_bytes());
            assert_eq!(watch.seen, seen, "{piece}");
        }
        let mut nothing = Watch::new("");
        nothing.add(b"x");
        assert!(!nothing.seen);
    }
}
