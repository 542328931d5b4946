//! The present moment, with what the debugger's own scene leaves out.

use super::survey::{address, quantity};
use super::{Session, data, diff};
use evm_core::state::World;
use evm_core::trace::debugger::{Debugger, Window};
use serde_json::{Value, json};
use std::ops::Range;

/// Accounts shown, at most.
const ACCOUNTS: usize = 200;

impl Session {
    /// The position of the transaction being walked through.
    pub fn position(&self) -> Option<u64> {
        self.current.as_ref().map(|(_, debugger)| debugger.position())
    }

    /// The present state; nothing if no transaction is selected. `memory` are the bytes shown of the frame's memory.
    pub fn scene(&mut self, memory: Range<usize>) -> Option<Value> {
        let (index, debugger) = self.current.as_mut()?;
        let index = *index;
        let window = Window { memory, ..Window::default() };
        let scene = serde_json::to_value(debugger.scene(&window)).ok()?;
        let (_, debugger) = self.current.as_ref()?;
        let call = self.present_call(index, debugger);
        let frame = debugger.execution().frames().last();
        let input = frame.map_or(&[][..], |frame| if frame.entry.is_create() { &[] } else { &frame.input });
        let mut scene = scene;
        scene["transaction"] = index.into();
        scene["call"] = call.into();
        scene["callData"] = data(&input[..input.len().min(window.data)]).into();
        scene["callDataSize"] = input.len().into();
        scene["returnDataSize"] = frame.map_or(0, |frame| frame.return_data.len()).into();
        scene["transient"] = self.transient(index, debugger);
        scene["accounts"] = self.accounts(index, debugger);
        Some(scene)
    }

    /// Place of the innermost frame in the list of calls.
    fn present_call(&self, index: usize, debugger: &Debugger) -> Option<usize> {
        let first = *debugger.entered().last()?;
        let depth = debugger.entered().len() - 1;
        self.ran(index)?.survey.call_at(first, depth)
    }

    /// Words of transient storage that the transaction writes at some time, as they are now; zeros are left out.
    fn transient(&self, index: usize, debugger: &Debugger) -> Value {
        let journal = debugger.execution().journal();
        let keys = self.ran(index).into_iter().flat_map(|ran| &ran.survey.transient);
        let words = keys.map(|(whose, key)| (whose, key, journal.transient_word(whose, key)));
        let words = words.filter(|(.., value)| !value.is_zero());
        words
            .map(|(whose, key, value)| {
                json!({ "address": address(whose), "key": quantity(*key), "value": quantity(value) })
            })
            .collect()
    }

    /// Accounts of the world, and those that the transaction touched so far. At the end, as it left them.
    fn accounts(&self, index: usize, debugger: &Debugger) -> Value {
        let before = &debugger.setup().world;
        let after = match debugger.is_at_end() {
            true => self.ran(index).map(|ran| {
                let mut world = before.clone();
                world.apply(ran.changes.clone());
                world
            }),
            false => None,
        };
        let touched = debugger.execution().journal().accounts();
        let mut addresses: Vec<_> = touched.iter().map(|account| account.address).collect();
        let known = addresses.iter().copied().collect::<std::collections::BTreeSet<_>>();
        addresses.extend(before.accounts.keys().filter(|address| !known.contains(address)));
        let rows = addresses.iter().take(ACCOUNTS).map(|whose| {
            let old = before.accounts.get(whose).map(|old| diff::state(old.nonce, old.balance, &old.code));
            let touched = debugger.execution().journal().get(whose);
            let now = match (&after, touched) {
                (Some(after), _) => in_world(after, whose),
                (None, Some(now)) if now.exists => Some(diff::state(now.nonce, now.balance, &now.code)),
                (None, Some(_)) => None,
                (None, None) => old.clone(),
            };
            json!({
                "address": address(whose), "before": old, "now": now,
                "warm": touched.is_some_and(|account| account.warm),
                "created": touched.is_some_and(|account| account.created),
                "destroyed": touched.is_some_and(|account| account.destroyed),
            })
        });
        rows.filter(|row| !row["before"].is_null() || !row["now"].is_null() || row["warm"] == true).collect()
    }
}

fn in_world(world: &World, whose: &evm_core::Address) -> Option<Value> {
    world.accounts.get(whose).map(|account| diff::state(account.nonce, account.balance, &account.code))
}
