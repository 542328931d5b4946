//! How frames ended, in the words of geth, and what contracts say when they revert.

use crate::inspector::View;
use crate::interpreter::Halt;
use crate::{U256, word};

/// Geth's text for the end of a frame; nothing for success.
pub fn geth_error(halt: Halt) -> Option<String> {
    Some(match halt {
        Halt::Stop | Halt::Return | Halt::SelfDestruct => return None,
        Halt::Revert => "execution reverted".into(),
        Halt::OutOfGas => "out of gas".into(),
        Halt::MemoryLimit => "gas uint64 overflow".into(),
        Halt::InvalidOpcode(byte) => format!("invalid opcode: {}", super::geth_name(byte)),
        Halt::StackUnderflow => "stack underflow".into(),
        Halt::StackOverflow => "stack limit reached 1024".into(),
        Halt::InvalidJump => "invalid jump destination".into(),
        Halt::StaticViolation => "write protection".into(),
        Halt::ReturnDataOutOfBounds => "return data out of bounds".into(),
        Halt::PrecompileFailed => "precompiled contract failed".into(),
        Halt::CreateCollision => "contract address collision".into(),
        Halt::CodeTooLarge => "max code size exceeded".into(),
        Halt::InvalidCode => "invalid code: must not begin with 0xef".into(),
        Halt::InitcodeTooLarge => "max initcode size exceeded".into(),
        Halt::TooDeep => "max call depth exceeded".into(),
        Halt::InsufficientBalance => "insufficient balance for transfer".into(),
        Halt::NonceOverflow => "nonce uint64 overflow".into(),
    })
}

/// As [`geth_error`], with the numbers that geth tells of the stack. The view is one before the instruction, or one
/// after that failed: a failed check leaves the stack as it was.
pub fn geth_step_error(view: &View<'_>, halt: Halt) -> Option<String> {
    let rule = view.rules.opcodes[usize::from(view.opcode)];
    let have = view.frame.stack.words().len();
    let (takes, gives) = (usize::from(rule.inputs), usize::from(rule.outputs));
    Some(match halt {
        Halt::StackUnderflow => format!("stack underflow ({have} <=> {takes})"),
        Halt::StackOverflow => format!("stack limit reached {have} ({})", 1024 + takes - gives),
        halt => return geth_error(halt),
    })
}

/// Geth's text for the end of a frame: a creation can also run out of gas when its code is to be paid, and none of its
/// instructions `failed`.
pub(crate) fn geth_exit_error(creates: bool, halt: Halt, failed: bool) -> Option<String> {
    match halt {
        Halt::OutOfGas if creates && !failed => Some("contract creation code storage out of gas".into()),
        halt => geth_error(halt),
    }
}

/// What a contract said when it reverted: the text of Solidity's `Error(string)`, or the meaning of its
/// `Panic(uint256)`, as geth tells them; nothing for other data.
pub fn revert_reason(output: &[u8]) -> Option<String> {
    let (selector, rest) = output.split_at_checked(4)?;
    match selector {
        [0x08, 0xC3, 0x79, 0xA0] => {
            let offset = length(rest, 0)?;
            let size = length(rest, offset)?;
            let text = rest.get(offset.checked_add(32)?..)?.get(..size)?;
            Some(String::from_utf8_lossy(text).into_owned())
        }
        [0x4E, 0x48, 0x7B, 0x71] => Some(panic_reason(word_at(rest, 0)?)),
        _ => None,
    }
}

fn word_at(bytes: &[u8], at: usize) -> Option<U256> {
    Some(word::from_be_bytes(bytes.get(at..)?.first_chunk::<32>()?))
}

fn length(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(word::to_u64(word_at(bytes, at)?)?).ok()
}

/// The codes of Solidity's documentation, section "Panic via assert and Error via require".
fn panic_reason(code: U256) -> String {
    let text = match word::saturating_u64(code) {
        0x00 => "generic panic",
        0x01 => "assert(false)",
        0x11 => "arithmetic underflow or overflow",
        0x12 => "division or modulo by zero",
        0x21 => "enum overflow",
        0x22 => "invalid encoded storage byte array accessed",
        0x31 => "out-of-bounds array access; popping on an empty array",
        0x32 => "out-of-bounds access of an array or bytesN",
        0x41 => "out of memory",
        0x51 => "uninitialized function",
        _ => return format!("unknown panic code: {code:#x}"),
    };
    text.into()
}
