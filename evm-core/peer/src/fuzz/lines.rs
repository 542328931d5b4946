//! EIP-3155 lines of a scene by both engines.

use super::both::{machine, tx_env};
use super::scene::Scene;
use evm_core::execution::{Context, Vm};
use evm_core::rules::Rules;
use evm_core::trace::eip3155::{Eip3155, Options};
use evm_precompiles::Native;
use revm::inspector::inspectors::TracerEip3155;
use revm::{InspectEvm, MainBuilder};
use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

/// This EVM's lines, the summary last; nothing if it refuses the transaction.
pub fn our_lines(scene: &Scene, options: Options) -> Option<Vec<String>> {
    let rules = Rules::of(scene.fork);
    let context = Context { world: &scene.world, env: &scene.env, rules: &rules, crypto: &Native };
    let mut lines = Vec::new();
    let mut sink = |line: &str| lines.push(line.to_owned());
    let mut tracer = Eip3155::new(options, &mut sink);
    let (executed, _) = Vm::new().transact(&context, &scene.tx, scene.sender, &mut tracer).ok()?;
    tracer.summary(&executed, scene.fork, None);
    Some(lines)
}

#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// revm's.
pub fn revm_lines(scene: &Scene, memory: bool) -> Option<Vec<String>> {
    let out = Shared::default();
    let tracer = TracerEip3155::new(Box::new(out.clone()));
    let tracer = if memory { tracer.with_memory() } else { tracer };
    machine(scene).build_mainnet_with_inspector(tracer).inspect_one_tx(tx_env(scene)).ok()?;
    let text = out.0.take();
    Some(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect())
}
