//! A copy of an execution at an instruction.

use crate::execution::{Chunks, Execution, SavedJournal};
use crate::interpreter::{Entry, Frame, Memory, Program, Stack, StateMeter};
use crate::state::Code;
use crate::{Address, U256};
use std::rc::Rc;
use std::sync::Arc;

/// Bytes of a piece of memory.
const PAGE: usize = 4096;

/// A frame without the room that stacks and memories have to spare.
#[derive(Clone, Debug)]
struct SavedFrame {
    entry: Entry,
    address: Address,
    account: u32,
    code_address: Address,
    caller: Address,
    value: U256,
    input: Chunks<u8, PAGE>,
    code: Arc<Code>,
    program: Rc<Program>,
    ip: usize,
    stack: Chunks<U256, 1024>,
    memory: Chunks<u8, PAGE>,
    gas: u64,
    state_gas: StateMeter,
    state_price: u64,
    gas_limit: u64,
    refund: i64,
    return_data: Chunks<u8, PAGE>,
    is_static: bool,
    depth: u16,
    output_at: (usize, usize),
    checkpoint: (usize, usize),
}

impl SavedFrame {
    fn new(frame: &Frame, earlier: Option<&Self>) -> Self {
        Self {
            entry: frame.entry,
            address: frame.address,
            account: frame.account,
            code_address: frame.code_address,
            caller: frame.caller,
            value: frame.value,
            input: Chunks::new(&frame.input, earlier.map(|copy| &copy.input)),
            code: frame.code.clone(),
            program: frame.program.clone(),
            ip: frame.ip,
            stack: Chunks::new(frame.stack.words(), earlier.map(|copy| &copy.stack)),
            memory: Chunks::new(frame.memory.bytes(), earlier.map(|copy| &copy.memory)),
            gas: frame.gas,
            state_gas: frame.state_gas,
            state_price: frame.state_price,
            gas_limit: frame.gas_limit,
            refund: frame.refund,
            return_data: Chunks::new(&frame.return_data, earlier.map(|copy| &copy.return_data)),
            is_static: frame.is_static,
            depth: frame.depth,
            output_at: frame.output_at,
            checkpoint: frame.checkpoint,
        }
    }

    /// The frame as it was, in the room of a stack and a memory that are not needed any more.
    fn restore(&self, (mut stack, memory): (Stack, Memory)) -> Frame {
        let (mut memory, mut input, mut return_data) = (memory.into_bytes(), Vec::new(), Vec::new());
        stack.len = 0;
        self.stack.items().for_each(|word| stack.push(*word));
        self.memory.restore(&mut memory);
        self.input.restore(&mut input);
        self.return_data.restore(&mut return_data);
        Frame {
            entry: self.entry,
            address: self.address,
            account: self.account,
            code_address: self.code_address,
            caller: self.caller,
            value: self.value,
            input,
            code: self.code.clone(),
            program: self.program.clone(),
            ip: self.ip,
            stack,
            memory: Memory::of(memory),
            gas: self.gas,
            state_gas: self.state_gas,
            state_price: self.state_price,
            gas_limit: self.gas_limit,
            refund: self.refund,
            return_data,
            is_static: self.is_static,
            depth: self.depth,
            output_at: self.output_at,
            checkpoint: self.checkpoint,
        }
    }

    /// True if the frame is what it was: one that waits for a callee since the copy was made.
    fn is_of(&self, frame: &Frame) -> bool {
        self.ip == frame.ip
            && self.gas == frame.gas
            && (self.state_gas, self.state_price) == (frame.state_gas, frame.state_price)
            && self.checkpoint == frame.checkpoint
            && self.refund == frame.refund
            && (self.gas_limit, self.depth, self.entry) == (frame.gas_limit, frame.depth, frame.entry)
            && (self.address, self.code_address, self.caller)
                == (frame.address, frame.code_address, frame.caller)
            && (self.value, self.is_static, self.output_at) == (frame.value, frame.is_static, frame.output_at)
            && Rc::ptr_eq(&self.program, &frame.program)
            && self.stack.is_of(frame.stack.words())
            && self.return_data.is_of(&frame.return_data)
            && self.input.is_of(&frame.input)
            && self.memory.is_of(frame.memory.bytes())
    }

    fn own_bytes(&self) -> usize {
        size_of::<Self>()
            + self.input.own_bytes()
            + self.stack.own_bytes()
            + self.memory.own_bytes()
            + self.return_data.own_bytes()
    }

    fn bytes(&self) -> usize {
        self.input.bytes() + self.stack.bytes() + self.memory.bytes() + self.return_data.bytes()
    }
}

/// A copy of an execution; shares with an earlier copy what did not change since.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    frames: Vec<Rc<SavedFrame>>,
    journal: SavedJournal,
    /// Position at which each frame was entered.
    pub entered: Vec<u64>,
}

impl Checkpoint {
    pub fn new(execution: &Execution, entered: &[u64], earlier: Option<&Self>) -> Self {
        let before = earlier.map_or(&[][..], |copy| &copy.frames);
        let frame = |(at, frame): (usize, &Frame)| match before.get(at) {
            Some(copy) if copy.is_of(frame) => copy.clone(),
            other => Rc::new(SavedFrame::new(frame, other.map(|copy| &**copy))),
        };
        Self {
            frames: execution.frames.iter().enumerate().map(frame).collect(),
            journal: SavedJournal::new(&execution.journal, earlier.map(|copy| &copy.journal)),
            entered: entered.to_vec(),
        }
    }

    pub fn restore(&self, execution: &mut Execution) {
        let mut rooms = std::mem::take(&mut execution.frames).into_iter();
        for saved in &self.frames {
            let frame = match rooms.next() {
                Some(frame) if saved.is_of(&frame) => frame,
                Some(frame) => saved.restore((frame.stack, frame.memory)),
                None => saved.restore(execution.room()),
            };
            execution.frames.push(frame);
        }
        rooms.for_each(|frame| execution.recycle(frame.stack, frame.memory));
        self.journal.restore(&mut execution.journal);
        execution.outcome = None;
    }

    /// Bytes that are free when it is dropped.
    pub fn own_bytes(&self) -> usize {
        let own = self.frames.iter().filter(|frame| Rc::strong_count(frame) == 1);
        let frames: usize = own.map(|frame| frame.own_bytes()).sum();
        let lists = self.frames.len() * size_of::<Rc<SavedFrame>>() + self.entered.len() * size_of::<u64>();
        size_of::<Self>() + lists + frames + self.journal.own_bytes()
    }

    /// Bytes that were compared or copied to make it: how long that took.
    pub fn bytes(&self) -> usize {
        self.frames.iter().map(|frame| frame.bytes()).sum::<usize>() + self.journal.bytes()
    }
}
