//! Whether an instruction is to fail, told before it executes.

use crate::U256;
use crate::inspector::View;
use crate::interpreter::{Use, memory};
use crate::opcode::operands::moved;
use crate::trace::gas;

/// True if the instruction of a view is going to end its frame with an error: each reason that
/// [`Halt`](crate::interpreter::Halt) has for instructions, gas last, because telling what one costs takes longest.
pub(super) fn fails(view: &View<'_>) -> bool {
    let rule = Use::of(view.rules, view.frame.code.bytes(), view.pc);
    let words = view.frame.stack.words();
    let room = words.len() + usize::from(rule.outputs) <= 1024 + usize::from(rule.inputs);
    if !rule.defined || words.len() < usize::from(rule.inputs) || !room {
        return true;
    }
    let Some(rest) = view.frame.gas.checked_sub(u64::from(rule.gas)) else { return true };
    // What has nothing but its constant price, which is most of what runs.
    if matches!(view.opcode, 0x01..=0x09 | 0x0B..=0x1E | 0x50 | 0x58..=0x5B | 0x5F..=0x8F)
        || moved(view.opcode, 0).is_some()
    {
        return false;
    }
    match (view.opcode, words) {
        (0x56, [.., to]) => view.frame.program.destination(*to).is_none(),
        (0x57, [.., condition, to]) => !condition.is_zero() && view.frame.program.destination(*to).is_none(),
        _ => breaks_rule(view, words, rest) || costs_too_much(view),
    }
}

/// Reasons other than gas. `rest` is what the constant price leaves.
fn breaks_rule(view: &View<'_>, words: &[U256], rest: u64) -> bool {
    let frame = view.frame;
    match (view.opcode, words) {
        (0x3E, [.., len, from, _]) => {
            let (end, overflow) = from.overflowing_add(*len);
            overflow || end > U256::from(frame.return_data.len())
        }
        (0x55, _) => frame.is_static || view.rules.gas.sstore.sentry.is_some_and(|least| rest <= least),
        (0x5D | 0xA0..=0xA4 | 0xFF, _) => frame.is_static,
        (0xF0 | 0xF5, [.., len, _, _]) => {
            frame.is_static || view.rules.max_initcode_size.is_some_and(|most| *len > U256::from(most))
        }
        (0xF1, [.., value, _, _]) => frame.is_static && !value.is_zero(),
        _ => false,
    }
}

/// Also where there is gas for more memory than this engine gives a frame.
fn costs_too_much(view: &View<'_>) -> bool {
    let cost = gas::cost(view);
    cost.total > view.frame.gas || cost.memory > memory::LIMIT
}
