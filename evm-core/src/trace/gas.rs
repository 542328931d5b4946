//! What the next instruction costs, in parts.

use crate::execution::Slot;
use crate::inspector::View;
use crate::instructions::environment::address_of;
use crate::instructions::{calls, storage};
use crate::keccak::keccak256;
use crate::rules::StateGas;
use crate::state::Code;
use crate::transaction::{create_address, create2_address};
use crate::{Address, U256, word};
use serde::Serialize;
use std::sync::Arc;

/// A part of what an instruction costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Part {
    /// What it is for.
    pub name: &'static str,
    /// In gas.
    pub gas: u64,
}

/// What an instruction costs. Amounts beyond 64 bits count as the most that 64 bits hold.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Cost {
    /// Parts, without those that are zero.
    pub parts: Vec<Part>,
    /// Sum of the parts.
    pub total: u64,
    /// Of the total, what a callee is given; what it does not use comes back.
    pub given: u64,
    /// What a callee gets on top, without cost to the caller.
    pub stipend: u64,
    /// Change of the refund counter.
    pub refund: i64,
    /// EIP-8037: state gas that comes back to the gas for execution, of a slot that is as empty again as it was when the
    /// transaction began.
    pub returned: u64,
    /// Bytes of memory that the instruction needs; 0 if no more than there are.
    #[serde(skip)]
    pub(crate) memory: u64,
}

impl Cost {
    fn add(&mut self, name: &'static str, gas: u64) {
        if gas != 0 {
            self.parts.push(Part { name, gas });
            self.total = self.total.saturating_add(gas);
        }
    }
}

/// Cost of the instruction that a view shows before it executes. One that fails is told with what it would have cost,
/// as far as that can be said.
pub fn cost(view: &View<'_>) -> Cost {
    let mut cost = Cost::default();
    let rule = view.rules.opcodes[usize::from(view.opcode)];
    if !rule.defined {
        return cost;
    }
    let logs = matches!(view.opcode, 0xA0..=0xA4);
    let topics = if logs { rule.gas - rule.gas / (u16::from(view.opcode - 0xA0) + 1) } else { 0 };
    cost.add("base", u64::from(rule.gas - topics));
    cost.add("topics", u64::from(topics));
    if view.frame.stack.words().len() >= usize::from(rule.inputs) {
        Step { view, cost: &mut cost }.dynamic();
    }
    cost
}

struct Step<'a, 'v> {
    view: &'a View<'v>,
    cost: &'a mut Cost,
}

impl Step<'_, '_> {
    /// The `n`th word from the top.
    fn word(&self, n: usize) -> U256 {
        let words = self.view.frame.stack.words();
        words.len().checked_sub(n + 1).map_or_else(U256::zero, |at| words[at])
    }

    fn dynamic(&mut self) {
        let gas = &self.view.rules.gas;
        match self.view.opcode {
            0x0A => {
                let bytes = u64::from(word::byte_len(self.word(1)));
                self.cost.add("exponent bytes", gas.exp_byte * bytes);
            }
            0x20 => {
                self.memory(&[(0, 1)]);
                self.per_word("hash words", gas.keccak_word, self.word(1));
            }
            0x31 | 0x3B | 0x3F => self.access(address_of(self.word(0))),
            0x37 | 0x39 | 0x3E => self.copy(0, 2),
            0x3C => {
                self.access(address_of(self.word(0)));
                self.copy(1, 3);
            }
            0x51 | 0x52 => self.grow(self.word(0), 32.into()),
            0x53 => self.grow(self.word(0), 1.into()),
            0x54 => self.sload(),
            0x55 => self.sstore(),
            0x5E => {
                self.grow(self.word(0).max(self.word(1)), self.word(2));
                self.per_word("copied words", gas.copy_word, self.word(2));
            }
            0xA0..=0xA4 => {
                self.memory(&[(0, 1)]);
                self.cost.add("data bytes", gas.log_byte.saturating_mul(word::saturating_u64(self.word(1))));
            }
            0xF0 | 0xF5 => self.create(),
            0xF1 | 0xF2 | 0xF4 | 0xFA => self.call(),
            0xF3 | 0xFD => self.memory(&[(0, 1)]),
            0xFF => self.selfdestruct(),
            _ => {}
        }
    }

    /// Memory for ranges given by the depths of their offset and size.
    fn memory(&mut self, ranges: &[(usize, usize)]) {
        let mut most = U256::zero();
        for (offset, size) in ranges {
            let (offset, size) = (self.word(*offset), self.word(*size));
            if !size.is_zero() {
                most = most.max(offset.saturating_add(size));
            }
        }
        self.grow_to(most);
    }

    fn grow(&mut self, offset: U256, size: U256) {
        if !size.is_zero() {
            self.grow_to(offset.saturating_add(size));
        }
    }

    fn grow_to(&mut self, end: U256) {
        let now = self.view.frame.memory.len() as u64;
        let end = word::saturating_u64(end);
        if end > now {
            self.cost.memory = end;
            let price = |bytes: u64| {
                let words = u128::from(bytes.div_ceil(32));
                u128::from(self.view.rules.gas.memory_word) * words + words * words / 512
            };
            let growth = price(end) - price(now);
            self.cost.add("memory growth", u64::try_from(growth).unwrap_or(u64::MAX));
        }
    }

    fn per_word(&mut self, name: &'static str, price: u64, size: U256) {
        self.cost.add(name, price.saturating_mul(word::saturating_u64(size).div_ceil(32)));
    }

    fn copy(&mut self, to: usize, size: usize) {
        self.memory(&[(to, size)]);
        self.per_word("copied words", self.view.rules.gas.copy_word, self.word(size));
    }

    fn is_cold(&self, address: &Address) -> bool {
        self.view.rules.access_costs && !self.view.journal.get(address).is_some_and(|account| account.warm)
    }

    /// EIP-2929's surcharge on the warm access in the base.
    fn access(&mut self, address: Address) {
        if self.is_cold(&address) {
            let gas = &self.view.rules.gas;
            self.cost.add("cold account", gas.cold_account - gas.warm);
        }
    }

    /// The slot as the instruction finds it.
    fn slot(&self, key: U256) -> Slot {
        let address = &self.view.frame.address;
        if let Some(slot) = self.view.journal.slot(address, &key) {
            return *slot;
        }
        let created = self.view.journal.get(address).is_some_and(|account| account.created);
        let value = if created { U256::zero() } else { self.view.world.storage(address, &key) };
        Slot::untouched(self.view.frame.account, key, value)
    }

    fn sload(&mut self) {
        let gas = &self.view.rules.gas;
        if self.view.rules.access_costs && !self.slot(self.word(0)).warm {
            self.cost.add("cold slot", gas.cold_slot - gas.warm);
        }
    }

    fn sstore(&mut self) {
        let rules = &self.view.rules.gas.sstore;
        let (slot, new) = (self.slot(self.word(0)), self.word(1));
        if self.view.rules.access_costs && !slot.warm {
            self.cost.add("cold slot", self.view.rules.gas.cold_sstore());
        }
        let price = storage::price(rules, &slot, new);
        let name = match price {
            price if price == rules.noop && rules.net && slot.value == new => "unchanged slot",
            price if price == rules.noop && rules.net => "slot already changed",
            price if price == rules.set => "zero slot set",
            _ => "slot changed",
        };
        self.cost.add(name, price);
        self.cost.refund = storage::refund(rules, &slot, new);
        if slot.original.is_zero() && slot.value.is_zero() && !new.is_zero() {
            self.state("state: slot", |state| state.slot);
        }
        if let Some(state) = self.view.rules.gas.state.as_ref().filter(|_| slot.original.is_zero())
            && !slot.value.is_zero()
            && new.is_zero()
        {
            self.cost.returned = state.slot.min(self.view.frame.state_gas.spilled);
        }
    }

    /// EIP-8037: what the reservoir of state gas does not pay.
    fn state(&mut self, name: &'static str, price: impl Fn(&StateGas) -> u64) {
        let price = self.view.rules.gas.state.as_ref().map_or(0, price);
        self.cost.add(name, price.saturating_sub(self.view.frame.state_gas.reservoir));
    }

    /// True for what EIP-161 calls dead, before it for what does not exist.
    fn is_new(&self, address: &Address) -> bool {
        let clearing = self.view.rules.state_clearing;
        if let Some(account) = self.view.journal.get(address) {
            return !account.exists || clearing && account.is_empty();
        }
        let account = self.view.world.accounts.get(address);
        account.is_none_or(|account| clearing && account.is_empty())
    }

    fn code(&self, address: &Address) -> Option<Arc<Code>> {
        match self.view.journal.get(address) {
            Some(account) => Some(account.code.clone()),
            None => self.view.world.accounts.get(address).map(|account| account.code.clone()),
        }
    }

    fn call(&mut self) {
        let gas = &self.view.rules.gas;
        let with_value = matches!(self.view.opcode, 0xF1 | 0xF2);
        let address = address_of(self.word(1));
        let value = if with_value { self.word(2) } else { U256::zero() };
        let first = if with_value { 3 } else { 2 };
        self.memory(&[(first, first + 1), (first + 2, first + 3)]);
        self.access(address);
        if !value.is_zero() {
            self.cost.add("value", gas.call_value);
            self.cost.stipend = gas.call_stipend;
        }
        let pays_for_new = !self.view.rules.state_clearing || !value.is_zero();
        if self.view.opcode == 0xF1 && pays_for_new && self.is_new(&address) {
            self.cost.add("new account", gas.new_account);
            self.state("state: account", |state| state.new_account);
        }
        if self.view.rules.delegation
            && let Some(target) = self.code(&address).and_then(|code| code.delegation())
        {
            let cold = target != address && self.is_cold(&target);
            let (name, price) =
                if cold { ("cold delegation", gas.cold_account) } else { ("warm delegation", gas.warm) };
            self.cost.add(name, price);
        }
        self.give(self.word(0));
    }

    /// Gas for the callee out of what the other parts leave.
    fn give(&mut self, asked: U256) {
        let rest = self.view.frame.gas.saturating_sub(self.cost.total);
        let asked = word::saturating_u64(asked);
        let given = if self.view.rules.keep_64th { asked.min(rest - rest / 64) } else { asked };
        self.cost.given = given;
        self.cost.add("given to the callee", given);
    }

    fn create(&mut self) {
        let gas = &self.view.rules.gas;
        self.memory(&[(1, 2)]);
        self.per_word("init code words", gas.initcode_word, self.word(2));
        if self.view.opcode == 0xF5 {
            self.per_word("hash words", gas.keccak_word, self.word(2));
        }
        if gas.state.is_some() && self.creates_account() {
            self.state("state: account", |state| state.new_account);
        }
        let rest = self.view.frame.gas.saturating_sub(self.cost.total);
        self.give(if self.view.rules.keep_64th { U256::MAX } else { rest.into() });
    }

    /// True if a creation begins (it does not where the caller is too deep or too poor), and its address is not that of
    /// an account with a balance.
    fn creates_account(&self) -> bool {
        let frame = self.view.frame;
        let Some(own) = self.view.journal.get(&frame.address) else { return false };
        if frame.depth >= calls::DEPTH || own.balance < self.word(0) || own.nonce == u64::MAX {
            return false;
        }
        let address = match self.view.opcode {
            0xF0 => create_address(frame.address, own.nonce),
            _ => create2_address(frame.address, self.word(3), keccak256(&self.init_code())),
        };
        self.is_new(&address)
    }

    /// Memory from the second word on, as many bytes as the third says; zeros where memory is still to grow.
    fn init_code(&self) -> Vec<u8> {
        let most = self.view.rules.max_initcode_size.unwrap_or(1 << 20);
        let (offset, size) = (word::saturating_usize(self.word(1)), word::saturating_usize(self.word(2)));
        let memory = self.view.frame.memory.bytes().get(offset..).unwrap_or_default();
        let mut code = memory[..size.min(memory.len())].to_vec();
        code.resize(size.min(most), 0);
        code
    }

    fn selfdestruct(&mut self) {
        let (rules, gas) = (self.view.rules, &self.view.rules.gas);
        let heir = address_of(self.word(0));
        if self.is_cold(&heir) {
            self.cost.add("cold account", gas.cold_account);
        }
        let own = self.view.journal.get(&self.view.frame.address);
        let has_wei = own.is_some_and(|own| !own.balance.is_zero());
        if (has_wei || !rules.state_clearing) && self.is_new(&heir) {
            self.cost.add("new account", gas.selfdestruct_new_account);
            self.state("state: account", |state| state.new_account);
        }
        let deletes = own.is_some_and(|own| !own.destroyed && (own.created || !rules.selfdestruct_same_tx));
        if deletes {
            self.cost.refund = gas.selfdestruct_refund as i64;
        }
    }
}
