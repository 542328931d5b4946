//! The loop that executes a frame's program.

use super::memory::small;
use super::program::{Use, extra};
use super::{Frame, Halt};
use crate::U256;
use crate::execution::{Host, Message};
use crate::inspector::{Flow, Inspector, View};
use crate::instructions::{block, calls, data, environment, log, storage};
use crate::opcode::deep_stack;
use crate::word;

/// Why the loop was left.
pub(crate) enum Exit {
    /// The frame ended; its output is this range of its memory.
    Halt(Halt, (usize, usize)),
    /// The frame calls or creates, and waits for that.
    Enter(Box<Message>),
    /// The inspector wants a pause before the next instruction.
    Pause,
}

const MASK: usize = super::stack::LIMIT - 1;

/// Executes `frame` until it ends, calls, or the inspector pauses it.
pub(crate) fn run<I: Inspector>(
    frame: &mut Frame,
    callers: &[Frame],
    host: &mut Host<'_>,
    inspector: &mut I,
) -> Exit {
    if !I::ACTIVE {
        return execute::<false>(frame, host).unwrap_or_else(|halt| Exit::Halt(halt, (0, 0)));
    }
    loop {
        let pc = frame.pc();
        let code = frame.code.bytes();
        let opcode = code.get(pc).copied().unwrap_or(0);
        let view =
            View { frame, callers, journal: host.journal, world: host.world, rules: host.rules, pc, opcode };
        if inspector.step(&view) == Flow::Pause {
            return Exit::Pause;
        }
        let exit = step(frame, host, opcode);
        let halt = match &exit {
            Err(halt) | Ok(Exit::Halt(halt, _)) => Some(*halt),
            Ok(_) => None,
        };
        let view =
            View { frame, callers, journal: host.journal, world: host.world, rules: host.rules, pc, opcode };
        inspector.step_end(&view, halt);
        match exit {
            Ok(Exit::Pause) => {}
            Ok(exit) => return exit,
            Err(halt) => return Exit::Halt(halt, (0, 0)),
        }
    }
}

/// One instruction, with the checks that a block does for all of its instructions together elsewhere.
fn step(frame: &mut Frame, host: &mut Host<'_>, opcode: u8) -> Result<Exit, Halt> {
    let rule = Use::of(host.rules, frame.code.bytes(), frame.pc());
    if !rule.defined {
        return Err(Halt::InvalidOpcode(opcode));
    }
    let len = frame.stack.len;
    if len < usize::from(rule.inputs) {
        return Err(Halt::StackUnderflow);
    }
    if len - usize::from(rule.inputs) + usize::from(rule.outputs) > super::stack::LIMIT {
        return Err(Halt::StackOverflow);
    }
    frame.charge(u64::from(rule.gas))?;
    execute::<true>(frame, host)
}

/// The entry to go on with at a known place, 0 meaning that there is no destination.
#[inline(always)]
fn known(entry: u32) -> Result<usize, Halt> {
    if entry == 0 { Err(Halt::InvalidJump) } else { Ok(entry as usize) }
}

/// Executes entries of the frame's program. With `ONE` just one, whose constant gas and stack were checked, ending
/// with [`Exit::Pause`] if the frame goes on.
#[inline(never)]
#[allow(clippy::too_many_lines)] // one arm an entry: the list of the instruction set
fn execute<const ONE: bool>(frame: &mut Frame, host: &mut Host<'_>) -> Result<Exit, Halt> {
    let program = frame.program.clone();
    let insts = &program.insts[..];
    let memory_word = host.rules.gas.memory_word;
    let mut ip = frame.ip;
    let mut sp = frame.stack.len;

    // Words counted from the top, 0 being the top.
    macro_rules! top {
        ($n:expr) => {
            frame.stack.raw()[sp.wrapping_sub(1 + $n) & MASK]
        };
    }
    macro_rules! push {
        ($word:expr) => {{
            let word = $word;
            frame.stack.raw()[sp & MASK] = word;
            sp = sp.wrapping_add(1);
        }};
    }
    macro_rules! drop {
        ($n:expr) => {
            sp = sp.wrapping_sub($n)
        };
    }
    // a OP b, where a is the top.
    macro_rules! binary {
        ($op:expr) => {{
            let (a, b) = (top!(0), top!(1));
            drop!(1);
            top!(0) = $op(a, b);
        }};
    }
    // The same with a from further down, where it stays.
    macro_rules! duplicated {
        ($op:expr, $inst:expr) => {{
            let (a, b) = (top!(usize::from($inst.b)), top!(0));
            top!(0) = $op(a, b);
        }};
    }
    macro_rules! unary {
        ($op:expr) => {{
            let a = top!(0);
            top!(0) = $op(a);
        }};
    }
    // What is long enough to stand for itself works on the frame.
    macro_rules! outside {
        ($call:expr) => {{
            frame.stack.len = sp;
            let result = $call;
            sp = frame.stack.len;
            result?
        }};
    }
    macro_rules! jump_if {
        ($condition:expr, $drop:expr, $inst:expr) => {{
            let taken = $condition;
            drop!($drop);
            if taken {
                ip = known($inst.arg)?;
            }
        }};
    }
    macro_rules! leave {
        ($exit:expr) => {{
            frame.stack.len = sp;
            frame.ip = ip;
            return Ok($exit);
        }};
    }

    loop {
        let inst = insts[ip];
        ip += 1;
        match inst.op {
            extra::BLOCK => {
                let (need, room) = ((inst.arg & 0xFFFF) as usize, (inst.arg >> 16) as usize);
                if sp < need {
                    return Err(Halt::StackUnderflow);
                }
                if sp + room > super::stack::LIMIT {
                    return Err(Halt::StackOverflow);
                }
                frame.charge(inst.imm)?;
            }
            extra::PUSH_SMALL => push!(U256([inst.imm, 0, 0, 0])),
            extra::PUSH_WORD => push!(program.words[inst.arg as usize]),
            extra::INVALID => return Err(Halt::InvalidOpcode(inst.b)),
            extra::JUMP_TO => ip = known(inst.arg)?,
            extra::JUMPI_TO => jump_if!(!top!(0).is_zero(), 1, inst),
            extra::JUMPI_KEEP => jump_if!(!top!(0).is_zero(), 0, inst),
            extra::JUMPZ_TO => jump_if!(top!(0).is_zero(), 1, inst),
            extra::JUMP_LT => jump_if!(word::lt(top!(0), top!(1)), 2, inst),
            extra::JUMP_GT => jump_if!(word::lt(top!(1), top!(0)), 2, inst),
            extra::JUMP_EQ => jump_if!({ top!(0) } == { top!(1) }, 2, inst),
            extra::JUMP_GE => jump_if!(!word::lt(top!(0), top!(1)), 2, inst),
            extra::JUMP_LE => jump_if!(!word::lt(top!(1), top!(0)), 2, inst),
            extra::JUMP_NE => jump_if!({ top!(0) } != { top!(1) }, 2, inst),
            extra::DISPATCH => jump_if!(top!(0) == U256([inst.imm >> 32, 0, 0, 0]), 0, inst),
            extra::ADD_SMALL => unary!(|a| word::add(a, U256([inst.imm, 0, 0, 0]))),
            extra::SUB_SMALL => unary!(|a| word::sub(a, U256([inst.imm, 0, 0, 0]))),
            extra::SWAP_SUB => binary!(|a, b| word::sub(b, a)),
            extra::DUP_ADD => duplicated!(word::add, inst),
            extra::DUP_SUB => duplicated!(word::sub, inst),
            extra::DUP_LT => duplicated!(|a, b| bool_word(word::lt(a, b)), inst),
            extra::DUP_GT => duplicated!(|a, b| bool_word(word::lt(b, a)), inst),
            extra::DUP_MLOAD => {
                let at = small(top!(usize::from(inst.b)));
                frame.memory.ensure(at, 32, &mut frame.gas, memory_word)?;
                push!(frame.memory.load(at));
            }
            extra::AND_SMALL => unary!(|a: U256| U256([a.0[0] & inst.imm, 0, 0, 0])),
            extra::AND_WORD => unary!(|a| a & program.words[inst.arg as usize]),
            extra::EQ_SMALL => unary!(|a: U256| bool_word(a == U256([inst.imm, 0, 0, 0]))),
            extra::SHR_SMALL => unary!(|a| word::shr(U256([inst.imm, 0, 0, 0]), a)),
            extra::SHL_SMALL => unary!(|a| word::shl(U256([inst.imm, 0, 0, 0]), a)),
            extra::MLOAD_AT => {
                let at = small(U256([inst.imm, 0, 0, 0]));
                frame.memory.ensure(at, 32, &mut frame.gas, memory_word)?;
                push!(frame.memory.load(at));
            }
            extra::MSTORE_AT => {
                let at = small(U256([inst.imm, 0, 0, 0]));
                frame.memory.ensure(at, 32, &mut frame.gas, memory_word)?;
                let value = top!(0);
                drop!(1);
                frame.memory.store(at, value);
            }
            extra::NIP => {
                let value = top!(0);
                drop!(1);
                top!(0) = value;
            }
            0x00 => leave!(Exit::Halt(Halt::Stop, (0, 0))),
            0x01 => binary!(word::add),
            0x02 => binary!(word::mul),
            0x03 => binary!(word::sub),
            0x04 => binary!(word::div),
            0x05 => binary!(word::sdiv),
            0x06 => binary!(word::rem),
            0x07 => binary!(word::smod),
            0x08 => {
                let (a, b, n) = (top!(0), top!(1), top!(2));
                drop!(2);
                top!(0) = word::addmod(a, b, n);
            }
            0x09 => {
                let (a, b, n) = (top!(0), top!(1), top!(2));
                drop!(2);
                top!(0) = word::mulmod(a, b, n);
            }
            0x0A => outside!(data::exp(frame, host)),
            0x0B => binary!(word::signextend),
            0x10 => binary!(|a, b| bool_word(word::lt(a, b))),
            0x11 => binary!(|a, b| bool_word(word::lt(b, a))),
            0x12 => binary!(|a, b| bool_word(word::slt(a, b))),
            0x13 => binary!(|a, b| bool_word(word::slt(b, a))),
            0x14 => binary!(|a: U256, b: U256| bool_word(a == b)),
            0x15 => unary!(|a: U256| bool_word(a.is_zero())),
            0x16 => binary!(|a: U256, b: U256| a & b),
            0x17 => binary!(|a: U256, b: U256| a | b),
            0x18 => binary!(|a: U256, b: U256| a ^ b),
            0x19 => unary!(|a: U256| !a),
            0x1A => binary!(word::byte),
            0x1B => binary!(word::shl),
            0x1C => binary!(word::shr),
            0x1D => binary!(word::sar),
            0x1E => unary!(word::clz),
            0x20 => outside!(data::keccak256(frame, host)),
            0x30 => push!(environment::word_of(&frame.address)),
            0x31 => outside!(environment::balance(frame, host)),
            0x32 => push!(environment::word_of(&host.tx.origin)),
            0x33 => push!(environment::word_of(&frame.caller)),
            0x34 => push!(frame.value),
            0x35 => unary!(|a| environment::calldata_word(&frame.input, a)),
            0x36 => push!(U256::from(frame.input.len())),
            0x37 => outside!(data::calldatacopy(frame, host)),
            0x38 => push!(U256::from(frame.code.bytes().len())),
            0x39 => outside!(data::codecopy(frame, host)),
            0x3A => push!(host.tx.gas_price),
            0x3B => outside!(environment::extcodesize(frame, host)),
            0x3C => outside!(data::extcodecopy(frame, host)),
            0x3D => push!(U256::from(frame.return_data.len())),
            0x3E => outside!(data::returndatacopy(frame, host)),
            0x3F => outside!(environment::extcodehash(frame, host)),
            0x40 => unary!(|a| block::blockhash(host.env, a)),
            0x41..=0x46 | 0x48..=0x4B => outside!(block::push(frame, host, inst.op)),
            0x47 => push!(host.journal.balance_at(frame.account)),
            0x50 => drop!(1),
            0x51 => {
                let at = small(top!(0));
                frame.memory.ensure(at, 32, &mut frame.gas, memory_word)?;
                top!(0) = frame.memory.load(at);
            }
            0x52 => {
                let (at, value) = (small(top!(0)), top!(1));
                drop!(2);
                frame.memory.ensure(at, 32, &mut frame.gas, memory_word)?;
                frame.memory.store(at, value);
            }
            0x53 => {
                let (at, value) = (small(top!(0)), top!(1));
                drop!(2);
                frame.memory.ensure(at, 1, &mut frame.gas, memory_word)?;
                frame.memory.store8(at, value.0[0] as u8);
            }
            0x54 => outside!(storage::sload(frame, host)),
            0x55 => outside!(storage::sstore(frame, host)),
            0x56 => {
                ip = program.destination(top!(0)).ok_or(Halt::InvalidJump)?;
                drop!(1);
            }
            0x57 => {
                let (place, condition) = (top!(0), top!(1));
                drop!(2);
                if !condition.is_zero() {
                    ip = program.destination(place).ok_or(Halt::InvalidJump)?;
                }
            }
            0x58 => push!(U256([inst.imm, 0, 0, 0])),
            0x59 => push!(U256::from(frame.memory.len())),
            0x5A => push!(U256([frame.gas, 0, 0, 0])),
            0x5B => {}
            0x5C => outside!(storage::tload(frame, host)),
            0x5D => outside!(storage::tstore(frame, host)),
            0x5E => outside!(data::mcopy(frame, host)),
            n @ 0x80..=0x8F => push!(top!(usize::from(n - 0x80))),
            n @ 0x90..=0x9F => {
                let (a, b) = (top!(0), top!(usize::from(n - 0x8F)));
                top!(0) = b;
                top!(usize::from(n - 0x8F)) = a;
            }
            deep_stack::DUPN => push!(top!(usize::from(inst.b) - 1)),
            deep_stack::SWAPN => {
                let (a, b) = (top!(0), top!(usize::from(inst.b)));
                top!(0) = b;
                top!(usize::from(inst.b)) = a;
            }
            deep_stack::EXCHANGE => {
                let (n, m) = (usize::from(inst.b), inst.arg as usize);
                let (a, b) = (top!(n), top!(m));
                top!(n) = b;
                top!(m) = a;
            }
            n @ 0xA0..=0xA4 => outside!(log::log(frame, host, n - 0xA0)),
            0xF0 | 0xF5 => {
                frame.ip = ip;
                frame.stack.len = sp;
                return calls::create(frame, host, inst.op == 0xF5).map(Exit::Enter);
            }
            n @ (0xF1 | 0xF2 | 0xF4 | 0xFA) => {
                frame.ip = ip;
                frame.stack.len = sp;
                return calls::call(frame, host, n).map(Exit::Enter);
            }
            n @ (0xF3 | 0xFD) => {
                let (at, len) = (top!(0), top!(1));
                drop!(2);
                let range = frame.memory.range(at, len, &mut frame.gas, memory_word)?;
                leave!(Exit::Halt(if n == 0xF3 { Halt::Return } else { Halt::Revert }, range))
            }
            0xFF => {
                outside!(calls::selfdestruct(frame, host));
                leave!(Exit::Halt(Halt::SelfDestruct, (0, 0)))
            }
            byte => return Err(Halt::InvalidOpcode(byte)),
        }
        if ONE {
            leave!(Exit::Pause)
        }
    }
}

#[inline(always)]
fn bool_word(value: bool) -> U256 {
    U256([u64::from(value), 0, 0, 0])
}
