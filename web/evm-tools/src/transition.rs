//! The transition tool, as `glassbox evm t8n` has it.

use evm_core::chain::ChainConfig;
use evm_core::json::Node;
use evm_core::t8n::{Error as Refused, Input, Output, Traces};
use evm_core::{H256, U256};
use serde_json::json;
use wasm_bindgen::prelude::*;

use crate::lines::TraceSink;
use crate::{Error, Loaded};
use glassbox_evm_web::Lines;

/// Makes a transition. `fork` is a fork, or a network of Ethereum's test suites; or `chain` a chain file's text or a
/// preset's name. `reward` is in wei, in decimal; without one nobody is paid. `blobs` are blob parameters. Traces go to
/// `traces`, with the memory and the data returned if told so. JSON: `{"alloc", "result", "body"}`. `undefined`: load
/// the module `precompiles`, and begin again, with traces again.
///
/// # Errors
/// An input makes no sense: its name, the place, the remedy.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)] // that many inputs there are
pub fn transition(
    fork: Option<String>,
    chain: Option<String>,
    chain_id: Option<u64>,
    reward: Option<String>,
    alloc: &str,
    env: &str,
    txs: &str,
    blobs: Option<String>,
    traces: Option<TraceSink>,
    memory: bool,
    return_data: bool,
) -> Result<Option<String>, JsError> {
    let told = |error: &dyn std::fmt::Display| Error::Told(error.to_string());
    let mut config = match (chain, fork) {
        (Some(chain), _) => match ChainConfig::preset(&chain) {
            Some(preset) => preset,
            None => ChainConfig::from_json(&chain).map_err(|error| Error::Told(format!("chain: {error}")))?,
        },
        (None, Some(fork)) => ChainConfig::of_network(&fork).map_err(|error| told(&error))?,
        (None, None) => ChainConfig::of_fork(evm_core::fork::Fork::LATEST),
    };
    if let Some(id) = chain_id {
        config.chain_id = id;
    }
    let reward = match reward.as_deref().map(U256::from_dec_str) {
        None => None,
        Some(Ok(wei)) => Some(wei),
        Some(Err(_)) => return Err(Error::Told("reward: give wei as a decimal number".into()).into()),
    };
    let mut input = Input::from_json(config, reward, alloc, env, txs).map_err(|error| told(&error))?;
    if let Some(blobs) = blobs {
        input.set_blob_parameters(&blobs).map_err(|error| told(&error))?;
    }
    match make(input, traces.as_ref(), memory, return_data) {
        Err(Refused::NeedsCrypto) => Ok(None),
        Err(error) => Err(told(&error).into()),
        Ok(output) => {
            let body = format!("0x{}", glassbox_evm_web::hex(&output.body));
            let text = json!({"alloc": output.world.to_alloc(), "result": output.result, "body": body});
            Ok(Some(text.to_string()))
        }
    }
}

fn make(input: Input, sink: Option<&TraceSink>, memory: bool, return_data: bool) -> Result<Output, Refused> {
    let Some(sink) = sink else { return input.transition(&Loaded, None) };
    let mut lines = Lines::default();
    let mut last = (0, String::new());
    let mut take = |index: usize, hash: &H256, line: &str| {
        let of = (index, format!("{hash:#x}"));
        if of != last {
            lines.flush(|lines| sink.write_of(last.0, &last.1, lines));
            last = of;
        }
        lines.add(line, |lines| sink.write_of(last.0, &last.1, lines));
    };
    let done = input.transition(&Loaded, Some(Traces { memory, return_data, sink: &mut take }));
    lines.flush(|lines| sink.write_of(last.0, &last.1, lines));
    done
}

/// The JSON of what an object in JSON has under a key, with its numbers as they are; nothing if it has no such key.
///
/// # Errors
/// The text is no JSON, or no object.
#[wasm_bindgen(js_name = memberOf)]
pub fn member_of(text: &str, key: &str) -> Result<Option<String>, JsError> {
    let told = |error: evm_core::json::JsonError| Error::Told(error.to_string());
    let value = evm_core::json::parse(text).map_err(told)?;
    let member = Node::root(&value).get(key, |node| Ok(node.value().to_string())).map_err(told)?;
    Ok(member)
}
