//! Block tests: blocks, valid and not, upon a genesis; and which of them is the head in the end.

use super::{Bench, Difference, Failure, Verdict, config, header, payload, world};
use crate::H256;
use crate::block::{Block, BlockError, Header, History, execute_block};
use crate::chain::ChainConfig;
use crate::ethash::{Ethash, SealError};
use crate::json::{JsonError, Node};
use crate::transaction;
use std::fmt::{self, Display, Formatter};

/// Why a block of a test is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// Its bytes are no block.
    Bytes(transaction::Error),
    /// It does not follow.
    Block(BlockError, Box<Block>),
    /// What comes with an execution payload does not fit it.
    Payload(&'static str),
    /// Its proof of work is none.
    Seal(SealError),
}

impl Display for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Bytes(error) => error.fmt(f),
            Refused::Block(error, _) => error.fmt(f),
            Refused::Payload(problem) => f.write_str(problem),
            Refused::Seal(error) => error.fmt(f),
        }
    }
}

/// A block of a test.
pub(super) struct Given {
    pub block: Result<Block, Refused>,
    /// The hash that the test says it has, if it is valid.
    pub hash: Option<H256>,
    /// Why it should be refused; nothing if it should be taken.
    pub exception: Option<String>,
}

pub(super) fn run(name: &str, node: Node<'_>, bench: &mut Bench<'_>) -> Result<(), JsonError> {
    let network = node.require("network", |node| node.string().map(str::to_owned))?;
    if !bench.selection.has_fork(&network) {
        return Ok(());
    }
    let failure = match ChainConfig::of_network(&network) {
        Ok(chain) => judge(chain, node, bench)?,
        Err(error) => Some(Failure::Network(error)),
    };
    (bench.report)(Verdict { case: name.into(), fork: network, index: String::new(), failure });
    Ok(())
}

fn judge(chain: ChainConfig, node: Node<'_>, bench: &mut Bench<'_>) -> Result<Option<Failure>, JsonError> {
    let config = node.get("config", config::read)?.unwrap_or_default();
    let chain = ChainConfig { chain_id: config.chain_id, blobs: config.blobs, ..chain };
    let genesis = match read_genesis(node)? {
        Ok(genesis) => genesis,
        Err(error) => return Ok(Some(Failure::Genesis(error))),
    };
    let pre = node.require("pre", world::read)?;
    let found = pre.root();
    if found != genesis.state_root {
        return Ok(Some(Failure::Root { expected: genesis.state_root, found, halt: None }));
    }
    let mut history = History::new(chain, genesis, pre);
    // Most tests have `NoProof`: their blocks were never sealed.
    let sealed = node.get("sealEngine", |node| Ok(node.string()? == "Ethash"))?.unwrap_or(false);
    let blocks =
        match node.get("engineNewPayloads", |node| node.items(|node| payload::read(node, bench.crypto)))? {
            Some(payloads) => payloads,
            None => node.require("blocks", |node| node.items(read_block))?,
        };
    for (index, mut given) in blocks.into_iter().enumerate() {
        if sealed {
            given.block = given.block.and_then(|block| check_seals(&history, block, &mut bench.seals));
        }
        if let Some(failure) = import(&mut history, index, given, node, bench)? {
            return Ok(Some(failure));
        }
    }
    finish(&history, node)
}

/// Gives a block back if it and its ommers show their work. One that does not follow in other ways is not looked at: that
/// is what it will be refused for.
fn check_seals(history: &History, block: Block, ethash: &mut Ethash) -> Result<Block, Refused> {
    let parent = history.get(&block.header.parent_hash).map(|parent| parent.block.header.number);
    if parent.and_then(|number| number.checked_add(1)) != Some(block.header.number) {
        return Ok(block);
    }
    for header in std::iter::once(&block.header).chain(&block.ommers) {
        // With proof of stake there is no difficulty.
        if !header.difficulty.is_zero() && header.number <= block.header.number {
            ethash.verify(header).map_err(Refused::Seal)?;
        }
    }
    Ok(block)
}

/// Takes one block; says what is wrong if that should have gone otherwise.
fn import(
    history: &mut History,
    index: usize,
    given: Given,
    node: Node<'_>,
    bench: &Bench<'_>,
) -> Result<Option<Failure>, JsonError> {
    let Given { block, hash, exception } = given;
    let taken = block.and_then(|block| match history.import(&block, bench.crypto) {
        Ok(hash) => Ok(hash),
        Err(error) => Err(Refused::Block(error, Box::new(block))),
    });
    Ok(match (taken, exception) {
        (Err(Refused::Block(BlockError::NeedsCrypto, _)), _) => Some(Failure::NeedsCrypto),
        (Err(error), None) => {
            let difference = match &error {
                Refused::Block(_, block) => explain(history, block, node, bench)?,
                _ => None,
            };
            Some(Failure::BlockRefused { index, error, difference })
        }
        (Ok(_), Some(expected)) => Some(Failure::BlockNotRefused { index, expected }),
        (Ok(found), None) => match hash {
            Some(expected) if expected != found => Some(Failure::BlockHash { index, expected, found }),
            _ => None,
        },
        (Err(_), Some(_)) => None,
    })
}

/// Where the state differs after a block that is refused, if it is the one after which the test has the state.
fn explain(
    history: &History,
    block: &Block,
    node: Node<'_>,
    bench: &Bench<'_>,
) -> Result<Option<Difference>, JsonError> {
    let last = node.get("lastblockhash", |node| node.hash())?;
    let parent = &block.header.parent_hash;
    let (Some(before), Some(ancestry)) = (history.get(parent), history.ancestry(parent)) else {
        return Ok(None);
    };
    if last != Some(block.header.hash()) {
        return Ok(None);
    }
    let Ok(processed) = execute_block(history.chain(), &before.world, &ancestry, block, bench.crypto) else {
        return Ok(None);
    };
    let difference = |node: Node<'_>| -> Result<Option<Difference>, JsonError> {
        if node.value().is_string() {
            return Ok(None);
        }
        Ok(Difference::first(&world::read(node)?, &processed.world))
    };
    Ok(node.get("postState", difference)?.flatten())
}

/// Compares the head and its state with the test's.
fn finish(history: &History, node: Node<'_>) -> Result<Option<Failure>, JsonError> {
    let head = history.head();
    let world = &head.world;
    let last = node.require("lastblockhash", |node| node.hash())?;
    if head.block.hash != last {
        let found = head.block.header.number;
        let expected = history.get(&last).map(|node| node.block.header.number);
        return Ok(Some(Failure::Head { expected: (last, expected), found: (head.block.hash, found) }));
    }
    let root = |node: Node<'_>| -> Result<Option<Failure>, JsonError> {
        let (expected, found) = (node.hash()?, world.root());
        Ok((expected != found).then_some(Failure::Root { expected, found, halt: None }))
    };
    if let Some(failure) = node.get("postStateHash", root)?.flatten() {
        return Ok(Some(failure));
    }
    let state = |node: Node<'_>| -> Result<Option<Failure>, JsonError> {
        if node.value().is_string() {
            return root(node);
        }
        let difference = Difference::first(&world::read(node)?, world);
        Ok(difference.map(|difference| Failure::State { difference, halt: None }))
    };
    Ok(node.get("postState", state)?.flatten())
}

/// The genesis block's header: from its RLP if there is one, and then with the hash that the test says.
fn read_genesis(node: Node<'_>) -> Result<Result<Header, Refused>, JsonError> {
    let hash = node.require("genesisBlockHeader", |node| node.get("hash", |node| node.hash()))?;
    let header = match node.get("genesisRLP", |node| node.bytes())? {
        Some(bytes) => match Block::decode(&bytes) {
            Ok(block) => block.header,
            Err(error) => return Ok(Err(Refused::Bytes(error))),
        },
        None => node.require("genesisBlockHeader", header::read)?,
    };
    if hash.is_some_and(|hash| hash != header.hash()) {
        return Ok(Err(Refused::Payload("its hash is not that of its header")));
    }
    Ok(Ok(header))
}

/// Reads one of `blocks`. One without a `blockHeader` should be refused, as should one with an exception.
fn read_block(node: Node<'_>) -> Result<Given, JsonError> {
    let hash = node.get("blockHeader", |node| node.require("hash", |node| node.hash()))?;
    let mut exception = None;
    node.entries(|key, value| {
        if key.starts_with("expectException") {
            exception = Some(value.string()?.to_owned());
        }
        Ok(())
    })?;
    if exception.is_none() && hash.is_none() {
        exception = Some("that the block is invalid".into());
    }
    // Some tests mark bytes that can't even be written.
    let bytes = match node.require("rlp", |node| node.bytes()) {
        Err(_) if exception.is_some() => Vec::new(),
        bytes => bytes?,
    };
    Ok(Given { block: Block::decode(&bytes).map_err(Refused::Bytes), hash, exception })
}
