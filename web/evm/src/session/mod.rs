//! Transactions to be looked into: executed once to survey them, then walked through, forwards and backwards.

mod compare;
mod diff;
mod door;
mod request;
mod scene;
mod survey;
mod travel;

#[cfg(test)]
mod tests;

pub use compare::compare;
pub use door::{EvmSession, compare_sessions};
pub use request::{NotReady, Plan, Ready};
pub use survey::{Mark, Survey};
pub use travel::Travel;

use evm_core::block::logs_hash;
use evm_core::execution::{Changes, Context, Executed, Progress, Rejected, Vm, intrinsic_gas};
use evm_core::precompiles::Crypto;
use evm_core::run::SENDER;
use evm_core::state::World;
use evm_core::trace::debugger::{Debugger, Setup};
use evm_core::trace::eip3155::{Dialect, Eip3155, Options};
use evm_core::trie::state_root;
use serde_json::{Value, json};
use std::rc::Rc;

use crate::error::Error;
use survey::{address, hash, quantity};

/// How far a survey has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Surveyed {
    /// All transactions were executed.
    All,
    /// As many instructions as were allowed; ask again.
    More,
    /// Load the module `precompiles`, and ask again.
    NeedsCrypto,
}

/// A transaction whose turn has come and gone.
#[derive(Debug)]
struct Past {
    /// State before it.
    world: World,
    outcome: Result<Box<Ran>, String>,
    /// What was executed, if it could be made at all.
    ready: Option<Ready>,
}

#[derive(Debug)]
struct Ran {
    executed: Executed,
    changes: Changes,
    survey: Survey,
}

/// The transaction being surveyed.
#[derive(Debug)]
struct Running {
    ready: Ready,
    world: World,
    vm: Vm,
    survey: Survey,
}

/// Transactions in a row, and a position in one of them.
#[derive(Debug)]
pub struct Session {
    plan: Plan,
    crypto: Rc<dyn Crypto>,
    past: Vec<Past>,
    running: Option<Running>,
    /// State after those.
    world: World,
    /// The transaction that is walked through.
    current: Option<(usize, Debugger)>,
}

impl Session {
    /// What a request asks for, with nothing executed yet.
    ///
    /// # Errors
    /// One that names the part and its place.
    pub fn new(request: &str, crypto: Rc<dyn Crypto>) -> Result<Self, Error> {
        let plan = Plan::from_json(request)?;
        let world = plan.world.clone();
        Ok(Self { plan, crypto, past: Vec::new(), running: None, world, current: None })
    }

    /// Executes all transactions, over at most about `steps` instructions at a time.
    pub fn survey(&mut self, steps: u64) -> Surveyed {
        let mut left = steps.max(1);
        while self.past.len() < self.plan.len() {
            let mut running = match self.running.take() {
                Some(running) => running,
                None => match self.begin() {
                    Ok(Some(running)) => running,
                    Ok(None) => continue,
                    Err(other) => return other,
                },
            };
            let from = running.survey.steps;
            running.survey.pause = from.saturating_add(left);
            let Running { ready: _, world, vm, survey } = &mut running;
            let context = context(&self.plan, world, &*self.crypto);
            match vm.execution.resume(&context, survey) {
                Progress::NeedsCrypto => return Surveyed::NeedsCrypto,
                Progress::Paused => {
                    self.running = Some(running);
                    return Surveyed::More;
                }
                Progress::Done => {}
            }
            left = left.saturating_sub(survey.steps - from).max(1);
            match vm.finish(&context) {
                Some((executed, changes)) => self.end(running, executed, changes),
                None => return Surveyed::NeedsCrypto,
            }
        }
        Surveyed::All
    }

    /// The next transaction at its first instruction; nothing if it is refused.
    fn begin(&mut self) -> Result<Option<Running>, Surveyed> {
        let index = self.past.len();
        let mut world = self.world.clone();
        let ready = match self.plan.ready(index, &mut world, &*self.crypto) {
            Ok(ready) => ready,
            Err(NotReady::NeedsCrypto) => return Err(Surveyed::NeedsCrypto),
            Err(NotReady::Wrong(why)) => {
                self.past.push(Past { world, outcome: Err(why), ready: None });
                return Ok(None);
            }
        };
        let (mut vm, mut survey) = (Vm::new(), Survey::default());
        let begun =
            vm.begin(&context(&self.plan, &world, &*self.crypto), &ready.tx, ready.sender, &mut survey);
        match begun {
            Ok(()) => Ok(Some(Running { ready, world, vm, survey })),
            Err(Rejected::NeedsCrypto) => Err(Surveyed::NeedsCrypto),
            Err(rejected) => {
                self.past.push(Past { world, outcome: Err(rejected.to_string()), ready: Some(ready) });
                Ok(None)
            }
        }
    }

    fn end(&mut self, running: Running, executed: Executed, changes: Changes) {
        let Running { ready, world, survey, .. } = running;
        self.world = world.clone();
        self.world.apply(changes.clone());
        let ran = Ran { executed, changes, survey };
        self.past.push(Past { world, outcome: Ok(Box::new(ran)), ready: Some(ready) });
    }

    /// The fork, the block, and what became of each transaction.
    pub fn summary(&self) -> Value {
        let env = &self.plan.env;
        json!({
            "fork": self.plan.rules.fork.name(),
            "chainId": self.plan.rules.chain_id,
            "defaultSender": address(&SENDER),
            "block": {
                "number": env.number, "timestamp": env.timestamp, "coinbase": address(&env.coinbase),
                "gasLimit": env.gas_limit, "baseFee": quantity(env.base_fee), "difficulty": quantity(env.difficulty),
                "prevRandao": hash(&env.prev_randao), "excessBlobGas": env.excess_blob_gas,
            },
            "transactions": self.past.iter().map(|past| self.outcome(past)).collect::<Value>(),
        })
    }

    fn outcome(&self, past: &Past) -> Value {
        let mut row = match &past.outcome {
            Err(why) => json!({ "refused": why }),
            Ok(ran) => {
                let Ran { executed, survey, .. } = &**ran;
                json!({
                    "refused": null, "success": executed.halt.is_success(), "halt": executed.halt.to_string(),
                    "why": survey.why(executed), "gasUsed": executed.gas_used, "gasRefunded": executed.gas_refunded,
                    "created": executed.created.as_ref().map(address), "steps": survey.steps,
                    "output": data(&executed.output[..executed.output.len().min(4096)]),
                    "outputSize": executed.output.len(), "logs": executed.logs.len(),
                    "failure": survey.failure().map(|(position, origin)| json!({ "position": position, "origin": origin })),
                })
            }
        };
        if let Some(Ready { tx, sender }) = &past.ready {
            let intrinsic = intrinsic_gas(tx, *sender, &self.plan.rules);
            row["from"] = address(sender).into();
            row["to"] = tx.to.as_ref().map(address).into();
            row["value"] = quantity(tx.value).into();
            row["gasLimit"] = tx.gas_limit.into();
            row["nonce"] = tx.nonce.into();
            row["intrinsicGas"] = intrinsic.gas.into();
            row["floorGas"] = intrinsic.floor.into();
        }
        row
    }

    fn ran(&self, index: usize) -> Option<&Ran> {
        self.past.get(index)?.outcome.as_deref().ok()
    }

    /// What a transaction did altogether: calls, uses of gas, logs, marks, changes of accounts. Nothing if it was refused.
    pub fn whole(&self, index: usize) -> Option<Value> {
        let (past, ran) = (self.past.get(index)?, self.ran(index)?);
        let survey = &ran.survey;
        Some(json!({
            "calls": survey.calls_json(),
            "opcodes": survey.stats.opcodes(self.plan.rules.fork),
            "codes": survey.codes_json(),
            "stipends": survey.stats.stipends,
            "logs": survey.logs_json(),
            "marks": survey.marks_json(),
            "accounts": diff::accounts(&past.world, &ran.changes),
        }))
    }

    /// Begins to walk through a transaction, at its first instruction. False if it was refused, or is not there.
    pub fn select(&mut self, index: usize) -> bool {
        let debugger = self.past.get(index).and_then(|past| {
            let (Ok(_), Some(ready)) = (&past.outcome, &past.ready) else { return None };
            let setup = Setup {
                world: past.world.clone(),
                env: self.plan.env.clone(),
                rules: self.plan.rules.clone(),
                crypto: self.crypto.clone(),
                tx: ready.tx.clone(),
                sender: ready.sender,
            };
            Debugger::new(setup, Debugger::BUDGET).ok()
        });
        let found = debugger.is_some();
        self.current = debugger.map(|debugger| (index, debugger));
        found
    }

    /// The code with this hash that is part of the world now or ran in a transaction.
    pub fn code(&self, wanted: &str) -> Option<Vec<u8>> {
        let ran = self.past.iter().filter_map(|past| past.outcome.as_ref().ok());
        let codes = ran.flat_map(|ran| ran.survey.stats.codes.iter().map(|code| &code.code));
        let world = self.world.accounts.values().map(|account| &account.code);
        let before = self.plan.world.accounts.values().map(|account| &account.code);
        let mut all = codes.chain(world).chain(before);
        all.find(|code| hash(&code.hash()) == wanted).map(|code| code.bytes().to_vec())
    }

    /// Lines of EIP-3155 of a transaction, one after the other, with the summary as the last. False if there is no
    /// such trace.
    pub fn trace(&self, index: usize, take: &mut dyn FnMut(&str)) -> bool {
        let Some((past, ready)) = self.past.get(index).and_then(|past| Some((past, past.ready.as_ref()?)))
        else {
            return false;
        };
        let options = Options { dialect: Dialect::Standard, ..Options::default() };
        let mut tracer = Eip3155::new(options, take);
        let context = context(&self.plan, &past.world, &*self.crypto);
        let Ok((executed, changes)) = Vm::new().transact(&context, &ready.tx, ready.sender, &mut tracer)
        else {
            return false;
        };
        let mut world = past.world.clone();
        world.apply(changes);
        tracer.summary(&executed, self.plan.rules.fork, Some(state_root(&world)));
        true
    }

    /// What a file of a transaction needs: the state before and after, the state root, the hash of the logs, and the
    /// transaction itself.
    pub fn export(&self, index: usize) -> Option<Value> {
        let past = self.past.get(index)?;
        let ready = past.ready.as_ref()?;
        let mut after = past.world.clone();
        let logs = match &past.outcome {
            Ok(ran) => {
                after.apply(ran.changes.clone());
                logs_hash(&ran.executed.logs)
            }
            Err(_) => logs_hash(&[]),
        };
        Some(json!({
            "pre": past.world.to_alloc(), "post": after.to_alloc(), "root": hash(&state_root(&after)),
            "logs": hash(&logs), "transaction": ready.tx.to_json(), "sender": address(&ready.sender),
            "refused": past.outcome.as_ref().err(),
        }))
    }
}

fn context<'a>(plan: &'a Plan, world: &'a World, crypto: &'a dyn Crypto) -> Context<'a> {
    Context { world, env: &plan.env, rules: &plan.rules, crypto }
}

/// Bytes as `0x0102`.
fn data(bytes: &[u8]) -> String {
    format!("0x{}", crate::hex(bytes))
}
