//! When forks begin.

use crate::U256;
use crate::fork::Fork;

/// When a fork begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Activation {
    /// With this block number.
    Block(u64),
    /// With the first block of this time stamp (seconds since 1970) or a later one.
    Timestamp(u64),
    /// EIP-3675: after the block with which the difficulties of all blocks add up to this.
    TotalDifficulty {
        /// The sum.
        terminal: U256,
        /// The first block after it, where known: decides where the sum is not known.
        block: Option<u64>,
    },
}

/// What forks are scheduled by: a block's place in its chain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Position {
    /// Ancestors before the block.
    pub number: u64,
    /// Seconds since 1970.
    pub timestamp: u64,
    /// Difficulties of all its ancestors together, where known.
    pub total_difficulty: Option<U256>,
}

impl Position {
    /// The place of a block, the difficulties before which are not known.
    pub fn new(number: u64, timestamp: u64) -> Self {
        Self { number, timestamp, total_difficulty: None }
    }
}

impl Activation {
    /// True at blocks from the beginning on.
    pub fn is_reached(&self, position: &Position) -> bool {
        match self {
            Self::Block(first) => position.number >= *first,
            Self::Timestamp(first) => position.timestamp >= *first,
            Self::TotalDifficulty { terminal, block } => match position.total_difficulty {
                Some(total) => total >= *terminal,
                None => terminal.is_zero() || block.is_some_and(|first| position.number >= first),
            },
        }
    }
}

/// Why a schedule makes no sense.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Disorder {
    /// The second begins before the first.
    Before(Fork, Fork),
    /// The second is there without the first.
    Without(Fork, Fork),
    /// The second goes by block, though the first goes by time.
    BlockAfterTime(Fork, Fork),
}

/// The forks of a chain, oldest first; Frontier begins every chain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Schedule(Vec<(Fork, Activation)>);

impl Schedule {
    /// Everything up to `fork` from genesis on.
    pub fn from_genesis(fork: Fork) -> Self {
        let upto = Fork::ALL.into_iter().take_while(|each| *each <= fork);
        Self(upto.map(|each| (each, Self::genesis(each))).collect())
    }

    /// Everything up to `first` from genesis on, the later ones up to `second` together `then`.
    pub(super) fn two(first: Fork, second: Fork, then: Activation) -> Self {
        let mut schedule = Self::from_genesis(first);
        // A chain that goes on to later forks is one without The DAO: nothing there is to be moved.
        let later = Fork::ALL.into_iter().filter(|fork| {
            *fork > first && *fork <= second && (*fork != Fork::DaoFork || second == Fork::DaoFork)
        });
        schedule.0.extend(later.map(|fork| (fork, then.clone())));
        schedule
    }

    fn genesis(fork: Fork) -> Activation {
        if fork > Fork::Paris { Activation::Timestamp(0) } else { Activation::Block(0) }
    }

    /// A schedule of these, which must be in the order of forks.
    pub(super) fn new(forks: Vec<(Fork, Activation)>) -> Result<Self, Disorder> {
        for pair in forks.windows(2) {
            Self::check_order(&pair[0], &pair[1])?;
        }
        // A fork that goes by total difficulty hides its neighbours from each other.
        let mut plain = forks.iter().filter(|(_, when)| !matches!(when, Activation::TotalDifficulty { .. }));
        if let Some(mut last) = plain.next() {
            for next in plain {
                Self::check_order(last, next)?;
                last = next;
            }
        }
        let has = |fork: Fork| fork == Fork::Frontier || forks.iter().any(|(each, _)| *each == fork);
        for (fork, _) in &forks {
            let earlier = Fork::ALL.into_iter().filter(|each| each < fork && !Self::is_optional(*each));
            if let Some(missing) = earlier.into_iter().find(|each| !has(*each)) {
                return Err(Disorder::Without(missing, *fork));
            }
        }
        Ok(Self(forks))
    }

    fn check_order(before: &(Fork, Activation), after: &(Fork, Activation)) -> Result<(), Disorder> {
        use Activation::{Block, Timestamp};
        match (&before.1, &after.1) {
            (Block(first), Block(second)) | (Timestamp(first), Timestamp(second)) if second < first => {
                Err(Disorder::Before(before.0, after.0))
            }
            (Timestamp(_), Block(_)) => Err(Disorder::BlockAfterTime(before.0, after.0)),
            _ => Ok(()),
        }
    }

    /// Forks that chains go without: bombs and irregularities of the main network, and blob parameters.
    fn is_optional(fork: Fork) -> bool {
        use Fork::{ArrowGlacier, Bpo1, Bpo2, DaoFork, GrayGlacier, MuirGlacier};
        matches!(fork, DaoFork | MuirGlacier | ArrowGlacier | GrayGlacier | Bpo1 | Bpo2)
    }

    /// The forks there are, oldest first.
    pub fn forks(&self) -> impl Iterator<Item = &(Fork, Activation)> {
        self.0.iter()
    }

    /// When `fork` begins, if it does.
    pub fn activation(&self, fork: Fork) -> Option<&Activation> {
        self.0.iter().find(|(each, _)| *each == fork).map(|(_, when)| when)
    }

    /// The latest fork that has begun.
    pub(super) fn fork_at(&self, position: &Position) -> Fork {
        let begun = self.0.iter().rev().find(|(_, when)| when.is_reached(position));
        begun.map_or(Fork::Frontier, |(fork, _)| *fork)
    }
}
