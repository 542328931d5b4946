//! A machine under test, with all that it said.

use crate::guest::Guest;
use crate::keyboard::keys_of;
use emu_core::machine::{Config, Input, Machine, Stop, Until};

/// Between two events of a key: the 8042 and a guest's driver take one at a time.
const KEY_NS: u64 = 10_000_000;
/// How often output is looked at while waiting: instructions and virtual ns.
const SLICE: (u64, u64) = (500_000, 5_000_000);
/// Bytes of transcript that a failure shows.
const TAIL: usize = 3000;

/// How long to wait for something.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    instructions: u64,
    ns: u64,
}

impl Limit {
    /// So many million instructions, or seconds of virtual time for a guest that only waits.
    pub const fn millions(count: u64) -> Self {
        Self { instructions: count * 1_000_000, ns: count * 1_000_000_000 }
    }
}

/// A running machine.
pub struct Pc {
    /// The machine itself.
    pub machine: Machine,
    serial: Vec<u8>,
    debug: Vec<u8>,
    /// Up to here the transcript of COM1 was searched.
    mark: usize,
}

impl Pc {
    /// Powers a machine on.
    ///
    /// # Panics
    /// If there cannot be such a machine.
    pub fn new(config: Config) -> Self {
        let machine = Machine::new(config).unwrap_or_else(|e| panic!("no machine: {e}"));
        Self { machine, serial: Vec::new(), debug: Vec::new(), mark: 0 }
    }

    /// Powers on a machine for a guest.
    pub fn boot(guest: &Guest) -> Self {
        Self::new(guest.config())
    }

    /// Runs to a limit or to whatever stops the machine, and collects what it says.
    pub fn run(&mut self, until: Until) -> Stop {
        let stop = self.machine.run(until);
        self.collect();
        stop
    }

    fn collect(&mut self) {
        self.serial.extend(self.machine.take_serial(0));
        self.debug.extend(self.machine.take_debug());
        for port in 1..4 {
            self.machine.take_serial(port);
        }
        self.machine.take_speaker();
    }

    /// All bytes of COM1 so far, as text.
    pub fn serial(&self) -> String {
        String::from_utf8_lossy(&self.serial).into_owned()
    }

    /// All bytes of the debug ports so far, as text.
    pub fn debug(&self) -> String {
        String::from_utf8_lossy(&self.debug).into_owned()
    }

    /// The text screen, one line a row without trailing blanks; empty in graphics modes.
    pub fn screen(&self) -> String {
        let rows = self.machine.text_screen().map_or(Vec::new(), |screen| screen.rows);
        rows.iter().map(|row| row.trim_end()).collect::<Vec<_>>().join("\n")
    }

    /// The hash of the machine's state.
    pub fn hash(&mut self) -> u128 {
        self.machine.state_hash()
    }

    /// Runs slice by slice until `done` says so. The stop that ended the run, if it was not the end of a slice.
    fn run_until(&mut self, what: &str, limit: Limit, mut done: impl FnMut(&Pc, Stop) -> bool) -> Stop {
        let last = (self.machine.instructions() + limit.instructions, self.machine.time() + limit.ns);
        loop {
            let (instruction, time) = (self.machine.instructions(), self.machine.time());
            if instruction >= last.0 || time >= last.1 {
                self.fail(&format!("no {what} within {limit:?}"));
            }
            let stop = self.run(Until { instruction: instruction + SLICE.0, time: time + SLICE.1 });
            if done(self, stop) {
                return stop;
            }
            if stop != Stop::Limit {
                self.fail(&format!("{stop:?} before {what}"));
            }
        }
    }

    /// Runs until COM1 says `text`; all it said since the last such call, `text` included.
    ///
    /// # Panics
    /// If it does not within the limit, with the transcript's end, the screen and the registers.
    pub fn serial_until(&mut self, text: &str, limit: Limit) -> String {
        let from = self.mark;
        let find = |pc: &Pc| {
            let bytes = &pc.serial[from..];
            bytes.windows(text.len()).position(|w| w == text.as_bytes()).map(|at| from + at + text.len())
        };
        self.run_until(&format!("{text:?} on COM1"), limit, |pc, _| find(pc).is_some());
        self.mark = find(self).unwrap_or(from);
        String::from_utf8_lossy(&self.serial[from..self.mark]).into_owned()
    }

    /// Runs until the text screen shows `text`; the whole screen then.
    ///
    /// # Panics
    /// If it does not within the limit.
    pub fn screen_until(&mut self, text: &str, limit: Limit) -> String {
        self.run_until(&format!("{text:?} on the screen"), limit, |pc, _| pc.screen().contains(text));
        self.screen()
    }

    /// Runs until the machine stops by itself.
    ///
    /// # Panics
    /// If it does not within the limit.
    pub fn until_stop(&mut self, limit: Limit) -> Stop {
        self.run_until("stop", limit, |_, stop| stop != Stop::Limit)
    }

    /// Lets virtual time pass.
    ///
    /// # Panics
    /// If the machine stops.
    pub fn pass(&mut self, ns: u64) {
        let until = Until::time(self.machine.time() + ns);
        let stop = self.run(until);
        if stop != Stop::Limit {
            self.fail(&format!("{stop:?} while waiting"));
        }
    }

    /// Presses or releases a key by its set-1 make code.
    pub fn key(&mut self, code: u16, pressed: bool) {
        self.machine.input(Input::Key { code, pressed });
    }

    /// Types at the keyboard.
    pub fn type_text(&mut self, text: &str) {
        for (code, pressed) in keys_of(text) {
            self.key(code, pressed);
            self.pass(KEY_NS);
        }
    }

    /// Sends bytes to COM1.
    pub fn send(&mut self, text: &str) {
        self.machine.input(Input::Serial { port: 0, bytes: text.into() });
    }

    /// Has the shell on COM1 execute a line; what it printed, without carriage returns.
    ///
    /// # Panics
    /// If it does not succeed within the limit.
    pub fn command(&mut self, line: &str, limit: Limit) -> String {
        // The echo of the line says END=$? where the shell will say END=0.
        self.send(&format!("{line}; echo END=$?\n"));
        self.serial_until("echo END=$?", limit);
        let said = self.serial_until("END=", limit);
        let code = self.serial_until("\n", limit);
        if code.trim_end() != "0" {
            self.fail(&format!("{line}: exit code {}", code.trim_end()));
        }
        said.trim_end_matches("END=").replace('\r', "").trim_matches('\n').into()
    }

    /// Fails the test with what there is to see of the machine.
    ///
    /// # Panics
    /// Always.
    pub fn fail(&self, why: &str) -> ! {
        let serial = self.serial();
        let tail: String = serial.chars().skip(serial.chars().count().saturating_sub(TAIL)).collect();
        let registers = self.machine.registers();
        let code = self.machine.disassemble(registers.linear_ip, 6);
        let lines: Vec<String> = code.iter().map(|l| format!("{:08x}  {}", l.address, l.text)).collect();
        panic!(
            "{why}, after {} instructions and {} ms of virtual time\n--- COM1\n{tail}\n--- debug port\n{}\n--- screen\n{}\n--- \
             registers\n{registers:x?}\n{}",
            self.machine.instructions(),
            self.machine.time() / 1_000_000,
            self.debug().chars().rev().take(TAIL).collect::<Vec<_>>().into_iter().rev().collect::<String>(),
            self.screen(),
            lines.join("\n"),
        )
    }
}
