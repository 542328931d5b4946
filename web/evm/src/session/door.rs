//! A session as JavaScript has it.

use super::{Session, Surveyed, Travel, compare};
use evm_core::trace::debugger::Arrived;
use serde_json::Value;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

use crate::crypto::Loaded;
use crate::lines::{LineSink, Lines};

/// Bytes of memory in a scene, at most.
const WINDOW: usize = 1 << 16;

fn text(value: Option<Value>) -> Option<String> {
    value.map(|value| value.to_string())
}

/// Transactions in a row over one world state, walked through forwards and backwards. JSON goes in and comes out.
#[wasm_bindgen]
#[derive(Debug)]
pub struct EvmSession(Session);

#[wasm_bindgen]
impl EvmSession {
    /// Reads a request, the JSON of [`super::Plan::from_json`]. Nothing is executed yet.
    ///
    /// # Errors
    /// The request makes no sense: the part, its place, the remedy.
    #[wasm_bindgen(constructor)]
    pub fn new(request: &str) -> Result<EvmSession, JsError> {
        Ok(Self(Session::new(request, Rc::new(Loaded))?))
    }

    /// Executes all transactions, over at most `steps` instructions at a time: `"all"` when that is done; `"more"`: ask
    /// again; `"needsCrypto"`: load the module `precompiles`, and ask again.
    pub fn survey(&mut self, steps: u32) -> String {
        let surveyed = match self.0.survey(steps.into()) {
            Surveyed::All => "all",
            Surveyed::More => "more",
            Surveyed::NeedsCrypto => "needsCrypto",
        };
        surveyed.into()
    }

    /// The fork, the block, what became of each transaction: JSON.
    pub fn summary(&self) -> String {
        self.0.summary().to_string()
    }

    /// What a transaction did altogether: JSON; `undefined` if it was refused.
    pub fn whole(&self, index: usize) -> Option<String> {
        text(self.0.whole(index))
    }

    /// Begins to walk through a transaction; false if it was refused.
    pub fn select(&mut self, index: usize) -> bool {
        self.0.select(index)
    }

    /// Goes somewhere, the JSON of [`Travel::from_json`]: `there`, `end` (nothing such was found), `more` (a long search
    /// is not over), `needsCrypto`.
    ///
    /// # Errors
    /// The text makes no sense, or no transaction is selected.
    pub fn travel(&mut self, to: &str) -> Result<String, JsError> {
        let arrived = self.0.travel(&Travel::from_json(to)?);
        let arrived = match arrived.ok_or_else(|| JsError::new("no transaction is selected"))? {
            Arrived::There => "there",
            Arrived::AtTheEnd => "end",
            Arrived::OutOfSteps => "more",
            Arrived::NeedsCrypto => "needsCrypto",
        };
        Ok(arrived.into())
    }

    /// The present state with `size` bytes of memory from `offset` on: JSON; `undefined` if no transaction is selected.
    pub fn scene(&mut self, offset: usize, size: usize) -> Option<String> {
        text(self.0.scene(offset..offset.saturating_add(size.min(WINDOW))))
    }

    /// The code with this hash.
    pub fn code(&self, hash: &str) -> Option<Vec<u8>> {
        self.0.code(hash)
    }

    /// States before and after, root, hash of the logs, and the transaction as it was executed: JSON.
    pub fn export(&self, index: usize) -> Option<String> {
        text(self.0.export(index))
    }

    /// Lines of EIP-3155, many at once, to a sink with a method `write`; false if there are none.
    pub fn trace(&self, index: usize, sink: &LineSink) -> bool {
        let mut lines = Lines::default();
        let found = self.0.trace(index, &mut |line: &str| lines.add(line, |lines| sink.write(lines)));
        lines.flush(|lines| sink.write(lines));
        found
    }
}

/// Compares a transaction in two sessions: JSON `{"flow", "gas", "same"}`; `undefined` if one refused it.
#[wasm_bindgen(js_name = compareSessions)]
pub fn compare_sessions(left: &EvmSession, right: &EvmSession, index: usize) -> Option<String> {
    text(compare(&left.0, &right.0, index))
}
