//! Code by itself: one message over a small world, as `evm run` of other tools has it. No transaction is made of it, so
//! that the gas told is that of the code alone.

mod request;
#[cfg(test)]
mod tests;
mod tracer;
mod why;

pub use request::{Request, RequestError, Trace};

use crate::Address;
use crate::block::Log;
use crate::execution::{Changes, Context, Executed, Vm};
use crate::inspector::{Inspector, NoInspector};
use crate::interpreter::Halt;
use crate::precompiles::{Crypto, CryptoError};
use crate::state::World;
use crate::trace::call::CallTracer;
use crate::trace::eip3155::{Dialect, Eip3155, Options};
use crate::trace::prestate::{self, PrestateTracer};
use crate::trace::struct_log::StructLogger;
use crate::trace::{account, call, data, struct_log};
use crate::trie::state_root;
use serde_json::{Value, json};
use tracer::Tracer;

/// What became of the code.
#[derive(Clone, Debug)]
pub struct Report {
    /// How the message ended. Gas used is that of the code: nothing is added, and no refund taken off.
    pub executed: Executed,
    /// Why it failed, in plain words.
    pub failure: Option<String>,
    /// The trace, but for EIP-3155's, which goes to the sink line by line.
    pub trace: Option<String>,
    /// The state afterwards.
    pub world: World,
    /// Name of the rules' fork.
    pub fork: &'static str,
}

impl Report {
    /// The report as JSON; with the state, as geth's `dump`, if `with_state`.
    pub fn to_json(&self, with_state: bool) -> Value {
        let Executed { halt, gas_used, gas_refunded, output, logs, created, .. } = &self.executed;
        let mut object = json!({
            "success": halt.is_success(),
            "halt": halt_name(*halt),
            "fork": self.fork,
            "gasUsed": gas_used,
            "gasRefund": gas_refunded,
            "output": data(output),
            "logs": logs.iter().map(Log::to_json).collect::<Value>(),
        });
        let mut put = |key: &str, value: Value| object[key] = value;
        if let Some(failure) = &self.failure {
            put("error", failure.as_str().into());
        }
        if let Some(created) = created {
            put("created", account(created).into());
        }
        if with_state {
            put("state", self.world.to_dump());
        }
        object
    }
}

/// Name of an end, without what belongs to it.
fn halt_name(halt: Halt) -> String {
    format!("{halt:?}").chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// Runs what a request asks for. The lines of EIP-3155's trace go to `sink`.
///
/// # Errors
/// [`CryptoError::Unavailable`]: load the module, and run again; the lines begin again too.
pub fn run(
    request: &Request,
    crypto: &dyn Crypto,
    sink: &mut dyn FnMut(&str),
) -> Result<Report, CryptoError> {
    let fork = request.rules.fork;
    let (executed, changes, trace) = match request.trace {
        None => {
            let (executed, changes) = execute(request, crypto, &mut NoInspector)?;
            (executed, changes, None)
        }
        Some(Trace::Eip3155) => {
            let options = Options { dialect: Dialect::Standard, ..Options::default() };
            let mut tracer = Eip3155::new(options, sink);
            let (executed, changes) = execute(request, crypto, &mut Tracer::Eip3155(&mut tracer))?;
            let mut world = request.world.clone();
            world.apply(changes.clone());
            tracer.summary(&executed, fork, Some(state_root(&world)));
            (executed, changes, None)
        }
        Some(Trace::Struct) => {
            let mut tracer =
                StructLogger::new(struct_log::Options { enable_memory: true, ..Default::default() });
            let (executed, changes) = execute(request, crypto, &mut Tracer::Struct(&mut tracer))?;
            let logs = serde_json::to_string(&tracer.finish(&executed)).ok();
            (executed, changes, logs)
        }
        Some(Trace::Call) => {
            let mut tracer = CallTracer::new(call::Options { with_log: true, ..Default::default() });
            let (executed, changes) = execute(request, crypto, &mut Tracer::Call(&mut tracer))?;
            let tree = tracer.finish(&executed, request.tx.gas_limit).to_json();
            (executed, changes, Some(tree))
        }
        Some(Trace::Prestate) => {
            let world = &request.world;
            let mut tracer = PrestateTracer::new(
                prestate::Options { diff_mode: true, ..Default::default() },
                world,
                request.env.coinbase,
                &request.tx,
                request.sender,
                &[],
            );
            let (executed, changes) = execute(request, crypto, &mut Tracer::Prestate(&mut tracer))?;
            let states = serde_json::to_string(&tracer.finish(world, &changes)).ok();
            (executed, changes, states)
        }
    };
    let failure = match executed.halt.is_success() {
        true => None,
        false => Some(why::failure(request, crypto, &executed)?),
    };
    let mut world = request.world.clone();
    world.apply(changes);
    Ok(Report { executed, failure, trace, world, fork: fork.name() })
}

fn execute<I: Inspector>(
    request: &Request,
    crypto: &dyn Crypto,
    inspector: &mut I,
) -> Result<(Executed, Changes), CryptoError> {
    let Request { world, env, rules, tx, sender, .. } = request;
    let context = Context { world, env, rules, crypto };
    Vm::new().message_alone(&context, tx, *sender, inspector).map_err(|_| CryptoError::Unavailable)
}

/// Who sends where nobody is named, as in geth: the letters "sender".
pub const SENDER: Address =
    Address([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, b's', b'e', b'n', b'd', b'e', b'r']);
/// Where the code is when no place is named, as in geth: the letters "receiver".
pub const RECEIVER: Address =
    Address([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, b'r', b'e', b'c', b'e', b'i', b'v', b'e', b'r']);
