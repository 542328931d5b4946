//! Why code failed: found by running it again and looking at the instruction that ended the outermost frame.

use super::tracer::Tracer;
use super::{Request, execute};
use crate::execution::Executed;
use crate::inspector::{Flow, Inspector, View};
use crate::interpreter::Halt;
use crate::precompiles::{Crypto, CryptoError};
use crate::trace::explain::{Explainer, why_frame_failed};

/// Gas up to which it is worth running out of it twice more: instructions are looked at one by one.
const MOST_GAS: u64 = 100_000_000;

/// In plain words, with the place where it is known.
pub(super) fn failure(
    request: &Request,
    crypto: &dyn Crypto,
    executed: &Executed,
) -> Result<String, CryptoError> {
    let plain = why_frame_failed(executed.halt, &executed.output).unwrap_or_default();
    if executed.gas_used > MOST_GAS && executed.halt == Halt::OutOfGas {
        return Ok(plain);
    }
    let mut count = Count::default();
    execute(request, crypto, &mut Tracer::Count(&mut count))?;
    let Some(at) = count.failed else { return Ok(plain) };
    let mut last = Last { at, steps: 0, explainer: Explainer::new(1) };
    execute(request, crypto, &mut Tracer::Last(&mut last))?;
    Ok(match last.explainer.into_explanations().pop() {
        Some(explained) => {
            let why = explained.failure.unwrap_or(plain);
            format!("pc {:#x}, {}: {why}", explained.pc, explained.text)
        }
        None => plain,
    })
}

/// Counts instructions, up to the one with which the outermost frame failed.
#[derive(Default)]
pub(super) struct Count {
    steps: u64,
    failed: Option<u64>,
}

impl Inspector for Count {
    fn step(&mut self, _view: &View<'_>) -> Flow {
        self.steps += 1;
        Flow::Go
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        if view.frame.depth == 0 && halt.is_some_and(|halt| !halt.is_success()) {
            self.failed = Some(self.steps);
        }
    }
}

/// Explains one instruction.
pub(super) struct Last {
    at: u64,
    steps: u64,
    explainer: Explainer,
}

impl Inspector for Last {
    fn step(&mut self, view: &View<'_>) -> Flow {
        self.steps += 1;
        if self.steps == self.at { self.explainer.step(view) } else { Flow::Go }
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        if self.steps == self.at {
            self.explainer.step_end(view, halt);
        }
    }
}
