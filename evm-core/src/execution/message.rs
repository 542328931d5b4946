//! Frames: how they are entered and left. They stand in a list, so that depth costs none of the host's stack, and so
//! that everything that executes can be kept, copied and resumed.

use super::words::WordMap;
use super::{Context, Host, Journal, TxContext};
use crate::inspector::{Any, FrameExit, Inspector, ONE_LOOP};
use crate::interpreter::{Entry, Exit, Frame, Halt, Memory, Program, Stack, StateMeter, run};
use crate::precompiles::{self, CryptoError, Precompile};
use crate::rules::Rules;
use crate::state::Code;
use crate::{Address, H256, U256};
use std::rc::Rc;
use std::sync::Arc;

/// A message call or a creation about to begin.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub entry: Entry,
    pub address: Address,
    pub account: u32,
    pub code_address: Address,
    pub caller: Address,
    pub caller_account: u32,
    pub value: U256,
    pub transfers: bool,
    pub input: Vec<u8>,
    pub code: Arc<Code>,
    pub gas: u64,
    pub state_gas: StateMeter,
    /// State gas that was paid for it: given back if it fails.
    pub state_price: u64,
    pub is_static: bool,
    pub depth: u16,
    pub output_at: (usize, usize),
    /// It is not begun, for this reason: the caller gets its gas back, unless that is an error.
    pub refused: Option<Halt>,
}

/// How the outermost frame ended.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub halt: Halt,
    pub gas_left: u64,
    pub refund: i64,
    pub state_gas: StateMeter,
    /// State gas that was paid for what did not come to be.
    pub state_price: u64,
    pub output: Vec<u8>,
}

/// How far an execution came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// To its end.
    Done,
    /// To where the inspector wanted a pause.
    Paused,
    /// To a precompiled contract whose module is not loaded. The execution is spoilt: begin it again.
    NeedsCrypto,
}

/// A transaction's message being executed, with all it has changed: plain data that can be copied at any pause.
#[derive(Clone, Debug, Default)]
pub struct Execution {
    /// Frames being executed, the innermost last.
    pub(crate) frames: Vec<Frame>,
    pub(crate) journal: Journal,
    pub(crate) tx: TxContext,
    pub(crate) outcome: Option<Outcome>,
    /// Programs made so far, by code hash.
    programs: WordMap<H256, Rc<Program>>,
    /// Stacks and memories to be used again.
    spare: Vec<(Stack, Memory)>,
}

/// Programs kept between transactions, at most.
const PROGRAMS: usize = 4096;
/// Stacks and memories kept for later frames, at most.
const SPARE: usize = 64;
/// Memories larger than this are given back.
const SPARE_MEMORY: usize = 1 << 20;

impl Execution {
    /// Frames being executed, the innermost last.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// For changing what executes, at a pause: the innermost frame.
    pub fn top_mut(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    /// All that was touched so far.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Forgets the transaction, but keeps what speeds up the next one.
    pub(crate) fn clear(&mut self) {
        self.frames.clear();
        self.journal = Journal::default();
        self.outcome = None;
        if self.programs.len() > PROGRAMS {
            self.programs.clear();
        }
    }

    /// Goes on until the outermost frame ends, the inspector pauses, or cryptography is missing.
    pub fn resume<I: Inspector>(&mut self, context: &Context<'_>, inspector: &mut I) -> Progress {
        if I::ACTIVE && ONE_LOOP {
            return self.go_on(context, &mut Any(inspector));
        }
        self.go_on(context, inspector)
    }

    fn go_on<I: Inspector>(&mut self, context: &Context<'_>, inspector: &mut I) -> Progress {
        while let Some((frame, callers)) = self.frames.split_last_mut() {
            let mut host = Host {
                world: context.world,
                env: context.env,
                rules: context.rules,
                journal: &mut self.journal,
                tx: &self.tx,
                destroyed: None,
            };
            let exit = run(frame, callers, &mut host, inspector);
            if let Some((address, beneficiary, value)) = host.destroyed {
                inspector.selfdestruct(address, beneficiary, value);
            }
            match exit {
                Exit::Pause => return Progress::Paused,
                Exit::Halt(halt, range) => self.leave(halt, range, context.rules, inspector),
                Exit::Enter(message) => {
                    if self.enter(*message, context, inspector).is_err() {
                        return Progress::NeedsCrypto;
                    }
                }
            }
        }
        Progress::Done
    }

    /// Begins a message. What ends at once (precompiled contracts, accounts without code, collisions) has ended then.
    pub(crate) fn enter<I: Inspector>(
        &mut self,
        message: Message,
        context: &Context<'_>,
        inspector: &mut I,
    ) -> Result<(), CryptoError> {
        let checkpoint = self.journal.checkpoint();
        let rules = context.rules;
        let mut halt = None;
        if let Some(reason) = message.refused {
            halt = Some((reason, if reason.is_error() { 0 } else { message.gas }, Vec::new()));
        } else if message.entry.is_create() {
            if self.collides(&message, context) {
                halt = Some((Halt::CreateCollision, 0, Vec::new()));
            } else {
                self.journal.touch(message.account);
                self.journal.mark_created(message.account);
                self.transfer(&message, rules);
                self.journal.set_nonce(message.account, u64::from(rules.state_clearing));
            }
        } else {
            if matches!(message.entry, Entry::Call | Entry::StaticCall) {
                self.journal.touch(message.account);
            }
            if message.transfers {
                self.transfer(&message, rules);
            }
            if let Some(which) = rules.precompile(&message.code_address) {
                halt = Some(precompile(which, &message, context)?);
            } else if message.code.is_empty() {
                halt = Some((Halt::Stop, message.gas, Vec::new()));
            }
        }
        match halt {
            None => {
                let frame = self.frame(message, checkpoint, rules, I::ACTIVE);
                if I::ACTIVE {
                    inspector.enter(&frame, &self.journal);
                }
                self.frames.push(frame);
            }
            Some((halt, gas_left, output)) => {
                if I::ACTIVE {
                    let frame = self.frame(message.clone(), checkpoint, rules, true);
                    inspector.enter(&frame, &self.journal);
                    let (gas_used, output) = (message.gas - gas_left, &output[..]);
                    let exit = FrameExit { halt, gas_used, output, created: None };
                    if !halt.is_success() {
                        self.journal.revert(checkpoint);
                    }
                    inspector.exit(&exit, &self.journal);
                    self.recycle(frame.stack, frame.memory);
                } else if !halt.is_success() {
                    self.journal.revert(checkpoint);
                }
                let state_price = if halt.is_success() { 0 } else { message.state_price };
                let state_gas = message.state_gas;
                let end = End { halt, gas_left, refund: 0, state_gas, state_price, output, created: None };
                self.deliver(message.entry, message.output_at, end);
            }
        }
        Ok(())
    }

    /// Moves a message's value.
    fn transfer(&mut self, message: &Message, rules: &Rules) {
        let Message { caller_account: from, account: to, value, .. } = *message;
        if self.journal.transfer(from, to, value) && rules.transfer_logs {
            self.journal.log_transfer(from, to, value);
        }
    }

    /// EIP-684, 7610: the address of a new contract is taken.
    fn collides(&self, message: &Message, context: &Context<'_>) -> bool {
        let account = self.journal.at(message.account);
        let storage =
            context.world.accounts.get(&message.address).is_some_and(|before| !before.storage.is_empty());
        account.nonce != 0 || !account.code.is_empty() || storage
    }

    fn frame(&mut self, message: Message, checkpoint: (usize, usize), rules: &Rules, exact: bool) -> Frame {
        let program = self.program(&message.code, !message.entry.is_create(), rules, exact);
        let (stack, memory) = self.room();
        Frame {
            entry: message.entry,
            address: message.address,
            account: message.account,
            code_address: message.code_address,
            caller: message.caller,
            value: message.value,
            input: message.input,
            code: message.code,
            program,
            // An exact program begins with an entry for no instruction.
            ip: usize::from(exact),
            stack,
            memory,
            gas: message.gas,
            state_gas: message.state_gas,
            gas_limit: message.gas,
            refund: 0,
            return_data: Vec::new(),
            is_static: message.is_static,
            depth: message.depth,
            state_price: message.state_price,
            output_at: message.output_at,
            checkpoint,
        }
    }

    /// The program of some code. Init code rarely runs twice, and is not kept.
    fn program(&mut self, code: &Code, keep: bool, rules: &Rules, exact: bool) -> Rc<Program> {
        if !keep {
            return Rc::new(Program::new(code.bytes(), rules, exact));
        }
        let hash = code.hash();
        if let Some(program) = self.programs.get(&hash).filter(|program| program.is_exact() == exact) {
            return program.clone();
        }
        let program = Rc::new(Program::new(code.bytes(), rules, exact));
        self.programs.insert(hash, program.clone());
        program
    }

    /// A stack and a memory with nothing in them, and room from an earlier use.
    pub(crate) fn room(&mut self) -> (Stack, Memory) {
        self.spare.pop().unwrap_or_default()
    }

    /// Keeps a stack and a memory for a later frame.
    pub(crate) fn recycle(&mut self, mut stack: Stack, mut memory: Memory) {
        if self.spare.len() < SPARE && memory.capacity() <= SPARE_MEMORY {
            stack.len = 0;
            memory.clear();
            self.spare.push((stack, memory));
        }
    }

    /// Ends the innermost frame.
    fn leave<I: Inspector>(&mut self, halt: Halt, range: (usize, usize), rules: &Rules, inspector: &mut I) {
        let Some(frame) = self.frames.pop() else { return };
        let output = frame.memory.slice(range.0, range.1).to_vec();
        let mut end = End {
            halt,
            gas_left: frame.gas,
            refund: frame.refund,
            state_gas: frame.state_gas,
            state_price: 0,
            output,
            created: None,
        };
        if frame.entry.is_create() && halt.is_success() {
            end.halt = self.deposit(&frame, &mut end, rules);
            if end.halt.is_success() {
                end.created = Some(frame.address);
            }
        }
        if !end.halt.is_success() {
            self.journal.revert(frame.checkpoint);
            end.refund = 0;
            end.state_gas.roll_back(&mut end.gas_left);
            end.state_price = frame.state_price;
            if end.halt.is_error() {
                end.gas_left = 0;
                end.output.clear();
            }
        }
        if I::ACTIVE {
            let gas_used = frame.gas_limit.saturating_sub(end.gas_left);
            let exit = FrameExit { halt: end.halt, gas_used, output: &end.output, created: end.created };
            inspector.exit(&exit, &self.journal);
        }
        self.recycle(frame.stack, frame.memory);
        self.deliver(frame.entry, frame.output_at, end);
    }

    /// Makes the output of a creation its code.
    fn deposit(&mut self, frame: &Frame, end: &mut End, rules: &Rules) -> Halt {
        if rules.reject_ef_code && end.output.first() == Some(&0xEF) {
            return Halt::InvalidCode;
        }
        if rules.max_code_size.is_some_and(|most| end.output.len() > most) {
            return Halt::CodeTooLarge;
        }
        let len = end.output.len() as u64;
        let price = rules.gas.code_byte * len + rules.gas.code_word * len.div_ceil(32);
        match end.gas_left.checked_sub(price) {
            Some(rest) => {
                end.gas_left = rest;
                let state = rules.gas.state.map_or(0, |state| state.code_byte * len);
                if let Err(halt) = end.state_gas.charge(&mut end.gas_left, state) {
                    return halt;
                }
                self.journal.set_code(frame.account, Code::new(end.output.as_slice()));
            }
            None if rules.homestead => return Halt::OutOfGas,
            // Frontier: the contract is left without code.
            None => end.output.clear(),
        }
        end.halt
    }

    /// Hands the result of a frame to its caller, or keeps it if there is none.
    fn deliver(&mut self, entry: Entry, output_at: (usize, usize), end: End) {
        let Some(caller) = self.frames.last_mut() else {
            let End { halt, gas_left, refund, state_gas, state_price, output, .. } = end;
            self.outcome = Some(Outcome { halt, gas_left, refund, state_gas, state_price, output });
            return;
        };
        caller.gas += end.gas_left;
        caller.refund += end.refund;
        caller.state_gas.absorb(&mut caller.gas, &end.state_gas);
        if end.state_price != 0 {
            caller.state_gas.refill(&mut caller.gas, end.state_price);
        }
        if entry.is_create() {
            caller.stack.push(
                end.created.map_or_else(U256::zero, |at| crate::instructions::environment::word_of(&at)),
            );
            // EIP-211: a creation returns data only if it reverts.
            caller.return_data = if end.halt == Halt::Revert { end.output } else { Vec::new() };
        } else {
            caller.stack.push(U256::from(u64::from(end.halt.is_success())));
            let len = end.output.len().min(output_at.1);
            caller.memory.write(output_at.0, &end.output[..len]);
            caller.return_data = end.output;
        }
    }
}

/// How a frame ended.
struct End {
    halt: Halt,
    gas_left: u64,
    refund: i64,
    state_gas: StateMeter,
    /// State gas that the caller paid for what did not come to be.
    state_price: u64,
    output: Vec<u8>,
    created: Option<Address>,
}

/// Runs a precompiled contract: how it ended, the gas left, its output.
fn precompile(
    which: Precompile,
    message: &Message,
    context: &Context<'_>,
) -> Result<(Halt, u64, Vec<u8>), CryptoError> {
    let Some(gas) = precompiles::gas(which, &message.input, context.rules) else {
        return Ok((Halt::PrecompileFailed, 0, Vec::new()));
    };
    let Some(rest) = message.gas.checked_sub(gas) else { return Ok((Halt::OutOfGas, 0, Vec::new())) };
    if which == Precompile::Identity {
        return Ok((Halt::Return, rest, message.input.clone()));
    }
    match context.crypto.run(which, &message.input) {
        Ok(output) => Ok((Halt::Return, rest, output)),
        Err(CryptoError::Invalid) => Ok((Halt::PrecompileFailed, 0, Vec::new())),
        Err(CryptoError::Unavailable) => Err(CryptoError::Unavailable),
    }
}
