//! Going from one position to another.

use super::{Mark, Session};
use evm_core::U256;
use evm_core::json::{self, JsonError, Node};
use evm_core::trace::debugger::{Arrived, Condition};

use crate::error::Error;

/// Instructions searched at a time, at most.
const STEPS: u64 = 200_000_000;

/// Where to go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Travel {
    /// To a position; beyond the end, to the end.
    To(u64),
    /// To the next instruction that meets a condition.
    Forwards(Condition),
    /// To the last one before.
    Backwards(Condition),
    /// To the next position of a kind, or the last one before.
    Mark(Mark, bool),
    /// To where the failure began.
    Failure,
}

impl Travel {
    /// Reads `{"to": N}`, `{"forwards": CONDITION}`, `{"backwards": CONDITION}`, `{"next": MARK}`, `{"previous": MARK}` or
    /// `{"failure": true}`. A condition is `{"until": "into"}`, also `over`, `out`, `fails`; `{"until": "pc", "pc", "code"}`,
    /// `{"until": "opcode", "opcode"}`, `{"until": "depth", "depth"}`, `{"until": "gas", "gas"}`, `{"until": "slotChanges",
    /// "address", "key"}`, also `slotWritten`; `{"until": "memoryChanges", "offset", "size"}`, `{"until": "stackChanges",
    /// "index"}`. A mark is `call`, `store`, `log` or `failure`.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let read = |text: &str| -> Result<Self, JsonError> {
            let value = json::parse(text)?;
            let node = Node::root(&value);
            if let Some(to) = node.get("to", |node| node.u64())? {
                return Ok(Self::To(to));
            }
            if let Some(condition) = node.get("forwards", condition)? {
                return Ok(Self::Forwards(condition));
            }
            if let Some(condition) = node.get("backwards", condition)? {
                return Ok(Self::Backwards(condition));
            }
            if let Some(mark) = node.get("next", mark)? {
                return Ok(Self::Mark(mark, true));
            }
            if let Some(mark) = node.get("previous", mark)? {
                return Ok(Self::Mark(mark, false));
            }
            node.require("failure", |node| node.boolean()).map(|_| Self::Failure)
        };
        read(text).map_err(|error| Error::Told(format!("travel: {error}")))
    }
}

fn mark(node: Node<'_>) -> Result<Mark, JsonError> {
    Mark::by_name(node.string()?).map_or_else(|| node.expected("call, store, log or failure"), Ok)
}

fn small(node: Node<'_>) -> Result<usize, JsonError> {
    let value = node.u64()?;
    usize::try_from(value)
        .ok()
        .filter(|value| *value <= 1 << 30)
        .map_or_else(|| node.expected("at most 2^30"), Ok)
}

fn condition(node: Node<'_>) -> Result<Condition, JsonError> {
    let kind = node.require("until", |node| node.string().map(str::to_owned))?;
    let slot = || -> Result<_, JsonError> {
        let address = node.require("address", |node| node.address())?;
        let key: U256 = node.require("key", |node| node.u256())?;
        Ok((address, key))
    };
    Ok(match kind.as_str() {
        "into" => Condition::Into,
        "over" => Condition::Over,
        "out" => Condition::Out,
        "fails" => Condition::Fails,
        "pc" => {
            Condition::Pc { pc: node.require("pc", small)?, code: node.get("code", |node| node.address())? }
        }
        "opcode" => match u8::try_from(node.require("opcode", small)?) {
            Ok(byte) => Condition::Opcode(byte),
            Err(_) => return node.conflict("an opcode is a byte"),
        },
        "depth" => Condition::Depth(node.require("depth", small)?.min(1024) as u16),
        "gas" => Condition::Gas(node.require("gas", |node| node.u64())?),
        "slotChanges" => slot().map(|(address, key)| Condition::SlotChanges { address, key })?,
        "slotWritten" => slot().map(|(address, key)| Condition::SlotWritten { address, key })?,
        "memoryChanges" => {
            let offset = node.require("offset", small)?;
            let size = node.get("size", small)?.unwrap_or(32);
            Condition::MemoryChanges(offset..offset + size)
        }
        "stackChanges" => Condition::StackChanges(node.require("index", small)?),
        _ => {
            return node.expected(
                "until: into, over, out, fails, pc, opcode, depth, gas, slotChanges, slotWritten, memoryChanges or \
                 stackChanges",
            );
        }
    })
}

impl Session {
    /// Goes there. Nothing happens, and nothing is told, if no transaction is selected; where there is no such position
    /// it stays where it is, [`Arrived::AtTheEnd`].
    pub fn travel(&mut self, travel: &Travel) -> Option<Arrived> {
        let (index, debugger) = self.current.as_mut()?;
        let survey = self.past.get(*index).and_then(|past| past.outcome.as_ref().ok()).map(|ran| &ran.survey);
        let here = debugger.position();
        let (arrived, sought) = match travel {
            Travel::To(position) => (debugger.go_to(*position), false),
            Travel::Forwards(condition) => (debugger.forwards(condition, STEPS), false),
            // One search over all of the past: a second would compare with another present.
            Travel::Backwards(condition) => (debugger.backwards(condition, u64::MAX), true),
            Travel::Mark(mark, forwards) => {
                match survey.and_then(|survey| survey.find(here, *mark, *forwards)) {
                    Some(position) => (debugger.go_to(position), false),
                    None => (Arrived::AtTheEnd, false),
                }
            }
            Travel::Failure => match survey.and_then(|survey| survey.failure()) {
                Some((_, origin)) => (debugger.go_to(origin), false),
                None => (Arrived::AtTheEnd, false),
            },
        };
        // A search backwards that found nothing is no reason to lose the place; a single step back is at the first
        // instruction then.
        if sought && arrived == Arrived::AtTheEnd {
            debugger.go_to(here);
        }
        Some(arrived)
    }
}
