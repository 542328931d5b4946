//! The macros that every program has, written in the assembler's own language.

use crate::fork::Fork;

/// A macro that every program has. A program's own macro of the same name comes before it.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// The name, which is used as `%name`.
    pub name: &'static str,
    /// Its parameters.
    pub parameters: &'static [&'static str],
    /// What it does, and what it takes from the stack and leaves there.
    pub summary: &'static str,
    body: &'static str,
    /// Before there were shifts (EIP-145).
    body_without_shifts: Option<&'static str>,
}

impl BuiltIn {
    /// Its statements for a fork.
    pub fn body(&self, fork: Fork) -> &'static str {
        match self.body_without_shifts {
            Some(body) if fork < Fork::Constantinople => body,
            _ => self.body,
        }
    }
}

const fn built_in(
    name: &'static str,
    parameters: &'static [&'static str],
    summary: &'static str,
    body: &'static str,
) -> BuiltIn {
    BuiltIn { name, parameters, summary, body, body_without_shifts: None }
}

/// The macro whose arguments are any number of pairs; see [`BUILT_IN`].
pub const DISPATCH: &str = "dispatch";

/// The macros that every program has.
pub static BUILT_IN: &[BuiltIn] = &[
    built_in(
        "return_word",
        &["value"],
        "ends the call; gives back one word",
        "PUSH $value PUSH 0 MSTORE PUSH 32 PUSH 0 RETURN",
    ),
    built_in(
        "return_top",
        &[],
        "ends the call; gives back the word on top of the stack",
        "PUSH 0 MSTORE PUSH 32 PUSH 0 RETURN",
    ),
    built_in("revert_empty", &[], "fails without data", "PUSH 0 PUSH 0 REVERT"),
    // Letters are PUSH instructions, which would swallow a JUMPDEST behind them: so many zeros that none reaches it.
    built_in(
        "revert",
        &["message"],
        "fails with a text, as Solidity's Error(string)",
        "PUSH 68 + (len($message) + 31) / 32 * 32
        DUP1 PUSH @error PUSH 0 CODECOPY
        PUSH 0 REVERT
        .label error
        .bytes4 selector(\"Error(string)\")
        .bytes32 32, len($message)
        .string $message
        .fill 32",
    ),
    built_in(
        "panic",
        &["code"],
        "fails with a number, as Solidity's Panic(uint256)",
        "PUSH32 selector(\"Panic(uint256)\") << 224 PUSH 0 MSTORE
        PUSH $code PUSH 4 MSTORE
        PUSH 36 PUSH 0 REVERT",
    ),
    built_in(
        "require",
        &["message"],
        "takes a word; fails with a text if it is 0",
        "PUSH @met JUMPI
        %revert $message
        met:",
    ),
    built_in(
        "nonpayable",
        &[],
        "fails if the call brings value",
        "CALLVALUE ISZERO PUSH @free JUMPI %revert_empty
        free:",
    ),
    BuiltIn {
        name: "selector",
        parameters: &[],
        summary: "puts the first four bytes of the input on the stack",
        body: "PUSH 0 CALLDATALOAD PUSH 224 SHR",
        body_without_shifts: Some("PUSH 1 << 224 PUSH 0 CALLDATALOAD DIV"),
    },
    built_in(
        "case",
        &["signature", "target"],
        "jumps if the selector on the stack, which stays there, is that of a function's signature",
        "DUP1 PUSH4 selector($signature) EQ PUSH $target JUMPI",
    ),
    built_in(
        DISPATCH,
        &["signature", "target"],
        "any number of pairs: jumps to the function that the input's selector names, with the selector on the stack; \
         goes on if it is none of them",
        "%selector",
    ),
    built_in("argument", &["index"], "puts a word of the input behind the selector on the stack", {
        "PUSH 4 + 32 * $index CALLDATALOAD"
    }),
    built_in(
        "mapping",
        &["slot"],
        "takes a key; puts the storage slot of its value in the mapping at a slot, as Solidity does. Writes over \
         memory 0 to 64",
        "PUSH 0 MSTORE PUSH $slot PUSH 32 MSTORE PUSH 64 PUSH 0 KECCAK256",
    ),
    built_in(
        "emit_word",
        &["signature"],
        "takes a word; logs it as the data of an event without indexed arguments. Writes over memory 0 to 32",
        "PUSH 0 MSTORE PUSH32 keccak256($signature) PUSH 32 PUSH 0 LOG1",
    ),
    built_in(
        "deploy",
        &[],
        "ends init code: what follows to the end of the text is the contract's code, and its labels count from there",
        "PUSH codesize() - code DUP1 PUSH @code PUSH 0 CODECOPY PUSH 0 RETURN
        .label code
        .origin",
    ),
];
