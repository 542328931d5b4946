//! What a stop is asked to be, as text and numbers from outside; and what a stop reports.

use serde::{Deserialize, Serialize};

/// Most stops at a time.
pub const MOST_STOPS: usize = 1000;

/// A stop as the user describes it. What `at`, `length`, `text` and `error` mean depends on `kind`:
///
/// | kind | `at` | others |
/// | --- | --- | --- |
/// | `execute` | an address | |
/// | `read`, `write`, `access` (either), `change` (a write after which the bytes differ) | an address | `length` in bytes |
/// | `portRead`, `portWrite`, `port` (either) | `3f8` or `3f8-3ff` | |
/// | `interrupt` (INT n and interrupts from outside) | vector `21`, or empty for any | |
/// | `exception` | vector `0e` or name `PF`, or empty for any | `error`: the error code in hexadecimal, or empty for any |
/// | `mode` | the mode entered: `real`, `protected`, `v86`, `paging` (on), or empty for any change, paging off included | |
/// | `cpl` | the level entered, `0` to `3`, or empty for any | |
/// | `control` (a write, even of the same value) | `cr0`, `cr2`, `cr3`, `cr4`, or empty for any | |
/// | `register` (any change of it; by single steps, so slowly) | a register as in [`super::read_register`], `ax`, `al`, `cf`, `iopl` and so on | |
/// | `video` (a write, whichever way it takes) | offsets in video memory, hexadecimal, with commas | |
/// | `screen` (a row of the text screen begins to show it; looked for every virtual millisecond) | | `text` |
/// | `serial` (sent by the guest) | `com1` to `com4`, or empty for any | `text` |
/// | `instructions` | their count since power-on, decimal | |
/// | `time` | virtual nanoseconds since power-on, decimal | |
///
/// An address is linear (`7c00`, `0x7c00`, `7c00h`), physical (`phys:7c00`) or segment and offset (`07c0:0000`; met when
/// CS holds this selector and EIP this offset, for data translated when the stop is set); its numbers are hexadecimal.
/// Where symbols are known ([`super::Debugger::set_named_stops`]) it may be `handler`, `handler+4` or `boot.c:12` too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StopSpec {
    /// Whatever the user calls it; given back as it is.
    pub id: String,
    /// See the table above.
    pub kind: String,
    /// A stop that is off is kept, with its hits, but never met.
    pub enabled: bool,
    /// Where; see the table above.
    pub at: String,
    /// What `at` was written as, where that is a symbol: `at` is then its address.
    pub symbol: String,
    /// Bytes of memory watched, from 1.
    pub length: u32,
    /// Text waited for.
    pub text: String,
    /// Error code of an exception.
    pub error: String,
    /// Expression that must not be 0 for the stop to be met; empty for always.
    pub condition: String,
    /// The first hit that counts: 1 stops at each, 3 from the third on.
    pub from: u64,
    /// Format of a line to log; then the machine goes on. Empty: the machine stops.
    pub log: String,
}

impl Default for StopSpec {
    fn default() -> Self {
        let text = String::new;
        Self {
            id: text(),
            kind: text(),
            enabled: true,
            at: text(),
            symbol: text(),
            length: 1,
            text: text(),
            error: text(),
            condition: text(),
            from: 1,
            log: text(),
        }
    }
}

/// Why a stop was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpecError {
    /// Which of the stops given, from 0.
    pub stop: usize,
    /// Its field: a name of [`StopSpec`] in camel case.
    pub field: &'static str,
    /// Character in the field's text, from 0.
    pub column: usize,
    /// What is wrong, one line.
    pub message: String,
}

/// A stop as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StopView {
    /// What was asked for.
    #[serde(flatten)]
    pub spec: StopSpec,
    /// How often it was met with its condition true since it was set.
    pub hits: u64,
}

/// The instruction that did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Author {
    /// Its code segment's selector.
    pub cs: u16,
    /// Its EIP.
    pub eip: u32,
    /// Its linear address.
    pub linear: u32,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "what")]
pub enum Detail {
    /// The next instruction is the one waited for.
    Execute {
        /// Its linear address.
        linear: u32,
    },
    /// Memory was accessed.
    Memory {
        /// Linear address, unless a device did it.
        linear: Option<u32>,
        /// Physical address, where there is one.
        physical: Option<u64>,
        /// Bytes.
        length: u32,
        /// Written, or read.
        write: bool,
        /// The bytes watched, as they were when last looked at; empty where they cannot be looked at.
        before: Vec<u8>,
        /// The bytes watched, as they are now.
        after: Vec<u8>,
        /// Not the instruction itself but a device, or the CPU as it marked a page-table entry.
        master: bool,
    },
    /// A port was accessed.
    Port {
        /// Its number.
        port: u16,
        /// Bytes.
        size: u8,
        /// Written, or read.
        write: bool,
        /// What went over the bus.
        value: u32,
    },
    /// An interrupt was delivered; the next instruction is its handler's first.
    Interrupt {
        /// Its vector.
        vector: u8,
        /// It came from a device; else from INT n, INT3 or INTO.
        external: bool,
    },
    /// An exception was raised; the next instruction is its handler's first.
    Exception {
        /// Its vector.
        vector: u8,
        /// Its error code, if it has one.
        error_code: Option<u16>,
        /// CR2 after a page fault.
        cr2: Option<u32>,
    },
    /// The mode changed.
    Mode {
        /// `real`, `protected`, `v86`, with `, paging` where it is on.
        from: &'static str,
        /// The same.
        to: &'static str,
    },
    /// The privilege level changed.
    Cpl {
        /// Before.
        from: u8,
        /// After.
        to: u8,
    },
    /// A control register was written.
    Control {
        /// Its number.
        register: u8,
        /// Before.
        from: u32,
        /// After.
        to: u32,
    },
    /// A register is another than before. Values are given as bytes, little-endian.
    Register {
        /// Before.
        before: Vec<u8>,
        /// After.
        after: Vec<u8>,
    },
    /// The text appeared.
    Text,
    /// The count of instructions was reached.
    Instructions,
    /// The time was reached.
    Time,
}

/// A stop that was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Which of the stops, from 0.
    pub stop: usize,
    /// Its name.
    pub id: String,
    /// Its kind and symbol: they stay true when the stops are changed afterwards, as its place among them does not.
    pub kind: String,
    /// The symbol it is on, if any.
    pub symbol: String,
    /// Its hits, this one included.
    pub hits: u64,
    /// What happened.
    pub detail: Detail,
    /// Who did it, where it was an instruction.
    pub by: Option<Author>,
    /// Why its condition or its log line could not be computed, if so. The stop then counts as met.
    pub error: Option<String>,
}

/// Why [`super::Debugger::run`] came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The limit was reached; [`super::Command::Resume`] goes on with what was asked for.
    OutOfBudget,
    /// The step or run asked for has come to its end.
    Done,
    /// Stops were met.
    Stopped(Vec<Hit>),
    /// Backwards, none was: the past begins here.
    Beginning,
    /// The machine stopped for a reason of its own, never [`crate::machine::Stop::Limit`].
    Machine(crate::machine::Stop),
}
