//! Why something failed, in plain words.

use super::{Explanation, name_of, show};
use crate::U256;
use crate::disasm::instructions;
use crate::inspector::View;
use crate::interpreter::{Entry, Frame, Halt};
use crate::opcode::OPCODES;
use crate::opcode::operands::operands;
use crate::trace::error::revert_reason;
use crate::word;

/// Why the explained instruction ended the frame without success. The view is one after it.
pub(super) fn why(step: &Explanation, view: &View<'_>, halt: Halt) -> String {
    let name = name_of(step.opcode);
    let input = |n: usize| step.inputs.get(n).map_or_else(U256::zero, |word| word.value);
    match halt {
        Halt::OutOfGas => out_of_gas(step, view, &name),
        Halt::StackUnderflow => {
            let rule = view.rules.opcodes[usize::from(step.opcode)];
            let names = operands(step.opcode).inputs.join(", ");
            let names = if names.is_empty() { names } else { format!(" ({names})") };
            format!("{name} needs {} words{names}, but the stack has {}", rule.inputs, step.stack)
        }
        Halt::StackOverflow => {
            format!("{name} adds a word, but the stack has {} already, and can have 1024", step.stack)
        }
        Halt::InvalidOpcode(byte) => invalid_opcode(byte, view),
        Halt::InvalidJump => format!("{name} to {}", destination(input(0), view)),
        Halt::StaticViolation => format!("{name} would change state, but {}", who_made_it_static(view)),
        Halt::ReturnDataOutOfBounds => {
            let (from, size) = (input(1), input(2));
            let have = view.frame.return_data.len();
            format!(
                "RETURNDATACOPY reads {} bytes from {} on, but the last call returned {have} bytes",
                show(size),
                show(from)
            )
        }
        Halt::InitcodeTooLarge => {
            let most = view.rules.max_initcode_size.unwrap_or_default();
            format!("{name} has {} bytes of init code, but {most} are the most (EIP-3860)", show(input(2)))
        }
        Halt::Revert => {
            let (offset, size) = (word::saturating_usize(input(0)), word::saturating_usize(input(1)));
            let memory = view.frame.memory.bytes().get(offset..).unwrap_or_default();
            why_frame_failed(halt, memory.get(..size).unwrap_or_default()).unwrap_or_default()
        }
        halt => why_frame_failed(halt, &[]).unwrap_or_default(),
    }
}

fn out_of_gas(step: &Explanation, view: &View<'_>, name: &str) -> String {
    let sentry = view.rules.gas.sstore.sentry.filter(|least| step.opcode == 0x55 && step.gas <= *least);
    if let Some(least) = sentry {
        return format!(
            "SSTORE wants more than {least} gas to be left (EIP-2200), but there are {}",
            step.gas
        );
    }
    if step.cost.total == u64::MAX {
        return format!("{name} costs more gas than there can be, and {} are left", step.gas);
    }
    let parts: Vec<String> =
        step.cost.parts.iter().map(|part| format!("{} {}", part.gas, part.name)).collect();
    let parts = if parts.len() > 1 { format!(" ({})", parts.join(" + ")) } else { String::new() };
    format!("{name} costs {} gas{parts}, but {} are left", step.cost.total, step.gas)
}

fn invalid_opcode(byte: u8, view: &View<'_>) -> String {
    let fork = view.rules.fork;
    match OPCODES[usize::from(byte)] {
        Some(_) if byte == 0xFE => {
            "INVALID (0xfe) always fails; compilers put it where execution must never come".into()
        }
        Some(opcode) if opcode.since > fork => {
            format!(
                "{} ({byte:#04x}) is there since {:?}, but the fork is {fork:?}",
                opcode.mnemonic, opcode.since
            )
        }
        Some(opcode) => format!("{} ({byte:#04x}) is no instruction of this chain", opcode.mnemonic),
        None => format!("{byte:#04x} is no instruction{}", in_data(view)),
    }
}

/// A hint where execution came into what looks like data at the end of the code.
fn in_data(view: &View<'_>) -> &'static str {
    let code = view.frame.code.bytes();
    let stops = code.get(..view.pc).unwrap_or_default().iter().rev().take(2);
    if stops.into_iter().any(|byte| *byte == 0xFE) { "; what follows INVALID is often data" } else { "" }
}

/// What is at a place that is no valid destination.
fn destination(place: U256, view: &View<'_>) -> String {
    let code = view.frame.code.bytes();
    let at = word::saturating_usize(place);
    let shown = super::super::quantity(place);
    let Some(byte) = code.get(at) else {
        return format!("{shown}, but the code ends at {:#x}", code.len());
    };
    let before =
        instructions(code, view.rules.fork).take_while(|instruction| instruction.offset <= at).last();
    match before {
        Some(instruction) if instruction.offset != at => format!(
            "{shown}, which is inside the data of {} at {:#x}",
            name_of(instruction.byte),
            instruction.offset
        ),
        _ => format!("{shown}, which holds {}, not a JUMPDEST", name_of(*byte)),
    }
}

fn who_made_it_static(view: &View<'_>) -> String {
    let is_static = |frame: &&Frame| frame.entry == Entry::StaticCall;
    let all = view.callers.iter().chain([view.frame]).rev();
    match all.into_iter().find(is_static) {
        Some(frame) if frame.depth == view.frame.depth => "the frame was entered by STATICCALL".into(),
        Some(frame) => format!("its caller at depth {} was entered by STATICCALL", frame.depth),
        None => "the frame may not".into(),
    }
}

/// Why a frame ended without success, as far as its end tells; nothing if it succeeded.
pub fn why_frame_failed(halt: Halt, output: &[u8]) -> Option<String> {
    Some(match halt {
        Halt::Stop | Halt::Return | Halt::SelfDestruct => return None,
        Halt::Revert if output.is_empty() => "the contract reverted, and said nothing".into(),
        Halt::Revert => match revert_reason(output) {
            Some(reason) => format!("the contract reverted: {reason:?}"),
            None => format!("the contract reverted with {} bytes of data", output.len()),
        },
        Halt::OutOfGas => "gas ran out".into(),
        Halt::MemoryLimit => {
            "memory would be over 1 GiB: there was gas for that, but it is this engine's own limit".into()
        }
        Halt::PrecompileFailed => "the precompiled contract refused its input".into(),
        Halt::CreateCollision => {
            "the address of the new contract has a nonce, code or storage already (EIP-684, 7610)".into()
        }
        Halt::CodeTooLarge => "the new code is longer than a contract's may be (EIP-170)".into(),
        Halt::InvalidCode => "the new code begins with 0xef, which no new code may (EIP-3541)".into(),
        Halt::TooDeep => "1024 calls are open, the most there can be".into(),
        Halt::InsufficientBalance => "the caller has less than the value that it wants to send".into(),
        Halt::NonceOverflow => "the nonce of the creator is 2^64 - 1, and can't grow (EIP-2681)".into(),
        halt => halt.to_string(),
    })
}
