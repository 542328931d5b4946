//! A tree of blocks from a genesis on, with the state after each: what block tests, and a person with a private chain,
//! work with.

use super::{Ancestor, Ancestry, Block, BlockError, Header, Receipt, process_block};
use crate::chain::{ChainConfig, Position};
use crate::precompiles::Crypto;
use crate::state::World;
use crate::{H256, U256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Generations whose hashes BLOCKHASH may ask for.
const HASHES: usize = 256;
/// Generations that the rules of ommers look at.
const RECENT: usize = 7;

/// A block of the tree.
#[derive(Clone, Debug)]
pub struct Node {
    /// Header, hash, ommers.
    pub block: Arc<Ancestor>,
    /// The state after it.
    pub world: Arc<World>,
    /// One for each transaction.
    pub receipts: Vec<Receipt>,
    /// Difficulties of it and all its ancestors in the tree together.
    pub total_difficulty: U256,
}

/// Blocks from a genesis on, and which of them is the head: that with the most difficulty behind it, the first of equals;
/// with proof of stake, which leaves the choice to the consensus layer, the one that was imported last.
#[derive(Clone, Debug)]
pub struct History {
    chain: ChainConfig,
    nodes: BTreeMap<H256, Node>,
    head: H256,
    /// The tree begins with block 0: total difficulties are those of the chain.
    whole: bool,
}

impl History {
    /// The tree of one block alone, genesis or a later one. That its header commits to `world` is for the caller to check.
    pub fn new(chain: ChainConfig, genesis: Header, world: World) -> Self {
        let (total_difficulty, whole) = (genesis.difficulty, genesis.number == 0);
        let block = Arc::new(Ancestor { hash: genesis.hash(), header: genesis, ommers: Vec::new() });
        let head = block.hash;
        let node = Node { block, world: Arc::new(world), receipts: Vec::new(), total_difficulty };
        Self { chain, nodes: BTreeMap::from([(head, node)]), head, whole }
    }

    /// The chain.
    pub fn chain(&self) -> &ChainConfig {
        &self.chain
    }

    /// The head.
    pub fn head(&self) -> &Node {
        // There always is one: nothing is ever removed.
        &self.nodes[&self.head]
    }

    /// A block by its hash.
    pub fn get(&self, hash: &H256) -> Option<&Node> {
        self.nodes.get(hash)
    }

    /// Processes a block and adds it; gives its hash. A block that is there already is not processed again.
    ///
    /// # Errors
    /// Why it is refused; the tree stays as it was.
    pub fn import(&mut self, block: &Block, crypto: &dyn Crypto) -> Result<H256, BlockError> {
        let hash = block.header.hash();
        if self.nodes.contains_key(&hash) {
            return Ok(hash);
        }
        let parent = block.header.parent_hash;
        let ancestry = self.ancestry(&parent).ok_or(BlockError::UnknownParent(parent))?;
        let before = &self.nodes[&parent];
        let processed = process_block(&self.chain, &before.world, &ancestry, block, crypto)?;
        let total_difficulty = before.total_difficulty.saturating_add(block.header.difficulty);
        let node = Node {
            block: Arc::new(Ancestor::of(block)),
            world: Arc::new(processed.world),
            receipts: processed.receipts,
            total_difficulty,
        };
        let position = block.header.position(ancestry.total_difficulty);
        if self.is_better(&position, total_difficulty) {
            self.head = hash;
        }
        self.nodes.insert(hash, node);
        Ok(hash)
    }

    fn is_better(&self, position: &Position, total_difficulty: U256) -> bool {
        self.chain.rules_at(position).proof_of_stake || total_difficulty > self.head().total_difficulty
    }

    /// What a child of the block `parent` needs of its ancestors.
    pub fn ancestry(&self, parent: &H256) -> Option<Ancestry> {
        let first = self.nodes.get(parent)?;
        let line = std::iter::successors(Some(first), |node| self.nodes.get(&node.block.header.parent_hash));
        let total_difficulty = self.whole.then_some(first.total_difficulty);
        let mut ancestry = Ancestry { total_difficulty, ..Ancestry::default() };
        for node in line.take(HASHES) {
            if ancestry.recent.len() < RECENT {
                ancestry.recent.push(node.block.clone());
            }
            ancestry.hashes.insert(node.block.header.number, node.block.hash);
        }
        Some(ancestry)
    }
}
