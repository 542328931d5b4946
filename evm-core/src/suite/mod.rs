//! The formats of Ethereum's test suites: reads tests and judges what the engine does with them.
//!
//! A file is one JSON object, cases by name. What kind a case is, its content tells: state tests have a `transaction`
//! and a `post`, block tests `blocks` (or `engineNewPayloads`), transaction tests `txbytes` and a `result`, VM tests an
//! `exec`. There is no list of cases that may fail.
//!
//! Of a state test's or a transaction test's exceptions one must be the reason found; of a block it only counts whether
//! it is refused.

mod as_block;
mod block_test;
mod config;
mod exception;
mod fields;
mod header;
mod payload;
mod refusal;
mod state_test;
mod template;
mod transaction_test;
mod verdict;
mod vm_test;
mod world;

pub use block_test::Refused;
pub use refusal::Refusal;
pub use verdict::{Failure, Verdict};
pub use world::Difference;

use crate::ethash::Ethash;
use crate::fork::Fork;
use crate::json::{self, JsonError, Node};
use crate::precompiles::Crypto;

/// Which cases are run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only those of this fork, or of the network of this name; of any of several, with commas between.
    pub fork: Option<String>,
    /// Only those whose name contains this.
    pub filter: Option<String>,
    /// State tests are run once more, each transaction as a block of its own.
    pub as_blocks: bool,
}

impl Selection {
    fn has_fork(&self, name: &str) -> bool {
        let is = |wanted: &str| {
            wanted.eq_ignore_ascii_case(name)
                || Fork::by_name(wanted).is_some_and(|fork| Fork::by_name(name) == Some(fork))
        };
        self.fork.as_ref().is_none_or(|wanted| wanted.split(',').any(|wanted| is(wanted.trim())))
    }

    fn has_case(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|part| name.contains(part.as_str()))
    }
}

/// What running tests needs, and where the verdicts go.
pub(crate) struct Bench<'a> {
    selection: &'a Selection,
    crypto: &'a dyn Crypto,
    report: &'a mut dyn FnMut(Verdict),
    trace: Option<Trace<'a>>,
    seals: Ethash,
}

/// Where the lines of traces go, and of how many transactions they are.
struct Trace<'a> {
    sink: &'a mut dyn FnMut(&str),
    count: usize,
}

/// Runs all cases of a file's text and hands each verdict to `report`, in the file's order.
///
/// # Errors
/// The text is no JSON, or not an object of cases. Cases that make no sense are failures of their own.
pub fn run(
    text: &str,
    selection: &Selection,
    crypto: &dyn Crypto,
    report: &mut dyn FnMut(Verdict),
) -> Result<(), JsonError> {
    run_on(text, &mut Bench { selection, crypto, report, trace: None, seals: Ethash::default() })
}

/// As [`run`], but hands what the transactions of state tests do to `sink`: lines of EIP-3155, each without its line
/// feed, a summary after each transaction. Gives the number of transactions of state tests, whether or not they were
/// refused.
///
/// # Errors
/// As [`run`].
pub fn run_traced(
    text: &str,
    selection: &Selection,
    crypto: &dyn Crypto,
    report: &mut dyn FnMut(Verdict),
    sink: &mut dyn FnMut(&str),
) -> Result<usize, JsonError> {
    let mut bench =
        Bench { selection, crypto, report, trace: Some(Trace { sink, count: 0 }), seals: Ethash::default() };
    run_on(text, &mut bench)?;
    Ok(bench.trace.map_or(0, |trace| trace.count))
}

fn run_on(text: &str, bench: &mut Bench<'_>) -> Result<(), JsonError> {
    let value = json::parse(text)?;
    let file = Node::root(&value);
    file.entries(|name, case| {
        if bench.selection.has_case(name)
            && let Err(error) = run_case(name, case, bench)
        {
            (bench.report)(Verdict::failed(name, Failure::Malformed(error)));
        }
        Ok(())
    })?;
    Ok(())
}

fn run_case(name: &str, case: Node<'_>, bench: &mut Bench<'_>) -> Result<(), JsonError> {
    let has = |key: &str| Ok::<_, JsonError>(case.get(key, |_| Ok(()))?.is_some());
    if has("exec")? {
        vm_test::run(name, case, bench)
    } else if has("transaction")? && has("post")? {
        state_test::run(name, case, bench)
    } else if has("blocks")? || has("engineNewPayloads")? {
        block_test::run(name, case, bench)
    } else if has("txbytes")? && has("result")? {
        transaction_test::run(name, case, bench)
    } else {
        case.expected(
            "a test: state tests have \"transaction\" and \"post\", block tests \"blocks\" or \"engineNewPayloads\", \
             transaction tests \"txbytes\" and \"result\", VM tests \"exec\"",
        )
    }
}
