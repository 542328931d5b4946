//! A stop that was understood.

use super::address::{self, Address};
use super::expression::{Expression, ExpressionError, MOST_CHARACTERS};
use super::format::Format;
use super::memory;
use super::mode::Kind;
use super::spec::{MOST_STOPS, SpecError, StopSpec};
use crate::inspect::Space;
use crate::machine::Machine;
use crate::x86::register_names::Watched;

/// Most bytes that a `change` stop watches; the bytes are kept to be compared.
pub const MOST_COMPARED: u32 = 1 << 20;

/// What kind of access to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
    Either,
    Change,
}

/// The mode whose entry is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeWanted {
    Kind(Kind),
    Paging,
}

/// What is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Execute(Address),
    /// `first` is linear, or physical.
    Data {
        first: u64,
        physical: bool,
        length: u32,
        access: Access,
    },
    /// Bytes of video memory, by their offsets in it.
    Video(Vec<u32>),
    Port {
        first: u16,
        last: u16,
        reads: bool,
        writes: bool,
    },
    Interrupt(Option<u8>),
    Exception(Option<u8>, Option<u16>),
    Mode(Option<ModeWanted>),
    Cpl(Option<u8>),
    Control(Option<u8>),
    Register(Watched),
    Screen,
    /// COM port, 0-3.
    Serial(Option<u8>),
    Instructions(u64),
    Time(u64),
}

/// A stop with all that it remembers.
#[derive(Clone, Debug)]
pub struct Stop {
    pub spec: StopSpec,
    pub what: What,
    pub condition: Option<Expression>,
    pub log: Option<Format>,
    pub hits: u64,
    /// The bytes watched as last seen, `None` where there are none.
    pub seen: Vec<Option<u8>>,
    /// The text was on the screen when last looked.
    pub shown: bool,
    /// The ends of what COM1-COM4 sent, too short to hold the text.
    pub sent: [Vec<u8>; 4],
}

impl Stop {
    /// Bytes watched, as they are.
    pub fn look(&mut self, machine: &Machine) {
        if let What::Data { length, .. } = self.what
            && length <= MOST_COMPARED
        {
            self.seen = self.bytes(machine, 0, length);
        }
    }

    /// Watched bytes from number `first` on, as they are.
    pub fn bytes(&self, machine: &Machine, from: u32, length: u32) -> Vec<Option<u8>> {
        let (space, first) = match self.what {
            What::Data { first, physical: true, .. } => (Space::Physical, first),
            What::Data { first, .. } => (Space::Linear, first),
            _ => return Vec::new(),
        };
        machine.inspect().read(space, first + u64::from(from), length as usize).into_options()
    }
}

type Read<T> = Result<T, (&'static str, ExpressionError)>;

/// Names the field that an error is in.
fn within<T>(field: &'static str, result: Result<T, ExpressionError>) -> Read<T> {
    result.map_err(|error| (field, error))
}

fn refuse<T>(field: &'static str, message: &str) -> Read<T> {
    Err((field, ExpressionError { column: 0, message: message.into() }))
}

/// Understands all stops or none.
pub fn read_all(machine: &Machine, specs: Vec<StopSpec>) -> Result<Vec<Stop>, Vec<SpecError>> {
    let mut errors = Vec::new();
    let mut stops = Vec::new();
    for (number, spec) in specs.into_iter().enumerate() {
        let result = if number < MOST_STOPS {
            read(machine, spec)
        } else {
            refuse("kind", &format!("no more than {MOST_STOPS} stops"))
        };
        match result {
            Ok(stop) => stops.push(stop),
            Err((field, ExpressionError { column, message })) => {
                errors.push(SpecError { stop: number, field, column, message });
            }
        }
    }
    if errors.is_empty() { Ok(stops) } else { Err(errors) }
}

fn read(machine: &Machine, spec: StopSpec) -> Read<Stop> {
    let what = what(machine, &spec)?;
    let condition = match spec.condition.trim() {
        "" => None,
        _ => Some(within("condition", Expression::parse(&spec.condition))?),
    };
    let log = if spec.log.is_empty() { None } else { Some(within("log", Format::parse(&spec.log))?) };
    if spec.from == 0 {
        return refuse("from", "hits are counted from 1");
    }
    let mut stop = Stop {
        spec,
        what,
        condition,
        log,
        hits: 0,
        seen: Vec::new(),
        shown: false,
        sent: Default::default(),
    };
    stop.look(machine);
    Ok(stop)
}

fn what(machine: &Machine, spec: &StopSpec) -> Read<What> {
    let at = spec.at.as_str();
    let port = |reads, writes| {
        let (first, last) = within("at", address::ports(at))?;
        Ok(What::Port { first, last, reads, writes })
    };
    Ok(match spec.kind.as_str() {
        "execute" => What::Execute(within("at", address::address(at))?),
        "read" => data(machine, spec, Access::Read)?,
        "write" => data(machine, spec, Access::Write)?,
        "access" => data(machine, spec, Access::Either)?,
        "change" => data(machine, spec, Access::Change)?,
        "portRead" => port(true, false)?,
        "portWrite" => port(false, true)?,
        "port" => port(true, true)?,
        "interrupt" => What::Interrupt(within("at", address::vector(at))?),
        "exception" => exception(spec)?,
        "mode" => What::Mode(within("at", address::choice(at, &MODES))?),
        "cpl" => What::Cpl(within("at", address::choice(at, &[("0", 0), ("1", 1), ("2", 2), ("3", 3)]))?),
        "control" => What::Control(within("at", address::choice(at, &CONTROLS))?),
        "video" => What::Video(within("at", address::hex_list(at, machine.video_bytes()))?),
        "register" => match Watched::named(at.trim().to_ascii_lowercase().as_str()) {
            Some(watched) => What::Register(watched),
            None => return refuse("at", "no such register"),
        },
        "screen" => text(spec, What::Screen)?,
        "serial" => {
            let ports = [("com1", 0), ("com2", 1), ("com3", 2), ("com4", 3)];
            text(spec, What::Serial(within("at", address::choice(at, &ports))?))?
        }
        "instructions" => What::Instructions(within("at", address::decimal(at))?),
        "time" => What::Time(within("at", address::decimal(at))?),
        kind => return refuse("kind", &format!("{kind:?} is no kind of stop")),
    })
}

const MODES: [(&str, ModeWanted); 4] = [
    ("real", ModeWanted::Kind(Kind::Real)),
    ("protected", ModeWanted::Kind(Kind::Protected)),
    ("v86", ModeWanted::Kind(Kind::V86)),
    ("paging", ModeWanted::Paging),
];

const CONTROLS: [(&str, u8); 4] = [("cr0", 0), ("cr2", 2), ("cr3", 3), ("cr4", 4)];

fn exception(spec: &StopSpec) -> Read<What> {
    let vector = within("at", address::exception(&spec.at))?;
    let error = match spec.error.trim() {
        "" => None,
        _ => Some(within("error", address::hex(&spec.error, 0, 0xFFFF))? as u16),
    };
    Ok(What::Exception(vector, error))
}

fn text(spec: &StopSpec, what: What) -> Read<What> {
    match spec.text.chars().count() {
        0 => refuse("text", "give a text"),
        1..=MOST_CHARACTERS => Ok(what),
        _ => refuse("text", &format!("longer than {MOST_CHARACTERS} characters")),
    }
}

fn data(machine: &Machine, spec: &StopSpec, access: Access) -> Read<What> {
    let length = spec.length;
    if length == 0 {
        return refuse("length", "at least one byte is watched");
    }
    if access == Access::Change && length > MOST_COMPARED {
        return refuse("length", &format!("no more than {MOST_COMPARED} bytes are compared"));
    }
    let (first, physical) = match within("at", address::address(&spec.at))? {
        Address::Linear(linear) => (u64::from(linear), false),
        Address::Physical(phys) => (phys, true),
        Address::Segmented(selector, offset) => match memory::segment_base(machine, selector) {
            Some(base) => (u64::from(base.wrapping_add(offset)), false),
            None => return refuse("at", "the selector's descriptor is not there now"),
        },
    };
    if !physical && first + u64::from(length) > 1 << 32 {
        return refuse("length", "reaches beyond the last address");
    }
    Ok(What::Data { first, physical, length, access })
}
