//! Transaction tests: bytes that are a valid transaction under some forks and none under others, whatever the state.

use super::{Bench, Failure, Refusal, Verdict, exception};
use crate::block::BlockEnv;
use crate::chain::{ChainConfig, Position};
use crate::execution::{Context, Rejected, Vm, intrinsic_gas};
use crate::inspector::NoInspector;
use crate::json::{JsonError, Node};
use crate::rules::Rules;
use crate::state::{Account, World};
use crate::transaction::{SenderError, Transaction};
use crate::{Address, H256, U256};
use std::collections::BTreeMap;

/// What a fork should say.
struct Expected {
    exception: Option<String>,
    hash: Option<H256>,
    sender: Option<Address>,
    intrinsic_gas: Option<u64>,
}

pub(super) fn run(name: &str, node: Node<'_>, bench: &mut Bench<'_>) -> Result<(), JsonError> {
    let bytes = node.require("txbytes", |node| node.bytes())?;
    let forks = node.require("result", |node| {
        node.entries(|fork, node| {
            let text = |node: Node<'_>| node.string().map(str::to_owned);
            let expected = Expected {
                exception: node.get("exception", text)?,
                hash: node.get("hash", |node| node.hash())?,
                sender: node.get("sender", |node| node.address())?,
                intrinsic_gas: node.get("intrinsicGas", |node| node.u64())?,
            };
            Ok((fork.to_owned(), expected))
        })
    })?;
    for (fork, expected) in forks {
        if bench.selection.has_fork(&fork) {
            let failure = judge(&bytes, &fork, expected, bench);
            (bench.report)(Verdict { case: name.into(), fork, index: String::new(), failure });
        }
    }
    Ok(())
}

fn judge(bytes: &[u8], fork: &str, expected: Expected, bench: &Bench<'_>) -> Option<Failure> {
    let rules = match ChainConfig::of_network(fork) {
        Ok(chain) => chain.rules_at(&Position::default()),
        Err(error) => return Some(Failure::Network(error)),
    };
    match (check(bytes, &rules, bench), expected.exception) {
        (Err(Refusal::Sender(SenderError::Unavailable) | Refusal::Rejected(Rejected::NeedsCrypto)), _) => {
            Some(Failure::NeedsCrypto)
        }
        (Err(found), Some(expected)) => {
            (!exception::expects(&expected, &found)).then(|| Failure::RefusedOtherwise { expected, found })
        }
        (Ok(_), Some(expected)) => Some(Failure::NotRefused { expected }),
        (Err(refusal), None) => Some(Failure::Refused(refusal, None)),
        (Ok((tx, sender)), None) => {
            let found = tx.hash();
            let gas = intrinsic_gas(&tx, sender, &rules).gas;
            if expected.hash.is_some_and(|hash| hash != found) {
                Some(Failure::OtherBytes { field: "hash" })
            } else if expected.sender.is_some_and(|expected| expected != sender) {
                Some(Failure::Sender(Ok(sender)))
            } else {
                let other = expected.intrinsic_gas.filter(|expected| *expected != gas);
                other.map(|expected| Failure::Gas { expected, found: gas })
            }
        }
    }
}

/// Decodes the transaction and checks all that a sender with all the ether there is could do wrong.
fn check(bytes: &[u8], rules: &Rules, bench: &Bench<'_>) -> Result<(Transaction, Address), Refusal> {
    let tx = Transaction::decode(bytes).map_err(Refusal::Bytes)?;
    let sender = tx.sender(rules, bench.crypto).map_err(Refusal::Sender)?;
    let rich = Account { nonce: tx.nonce, balance: U256::MAX, ..Account::default() };
    let world = &World { accounts: BTreeMap::from([(sender, rich)]) };
    let env = &BlockEnv { gas_limit: u64::MAX, ..BlockEnv::default() };
    let context = Context { world, env, rules, crypto: bench.crypto };
    Vm::new().begin(&context, &tx, sender, &mut NoInspector).map_err(Refusal::Rejected)?;
    Ok((tx, sender))
}
