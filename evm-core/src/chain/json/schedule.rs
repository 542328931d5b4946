//! The part of a chain file that says when forks begin.

use super::super::schedule::Disorder;
use super::super::{Activation, Change, Schedule, Since, blobs};
use crate::fork::Fork::{self, *};
use crate::json::{JsonError, Node};

/// Keys of forks, oldest first, and whether they go by time. Paris has keys of its own.
pub(super) const FORK_KEYS: &[(&str, Fork, bool)] = &[
    ("homesteadBlock", Homestead, false),
    ("daoForkBlock", DaoFork, false),
    ("eip150Block", TangerineWhistle, false),
    ("eip155Block", SpuriousDragon, false),
    ("eip158Block", SpuriousDragon, false),
    ("byzantiumBlock", Byzantium, false),
    ("constantinopleBlock", Constantinople, false),
    ("petersburgBlock", Petersburg, false),
    ("istanbulBlock", Istanbul, false),
    ("muirGlacierBlock", MuirGlacier, false),
    ("berlinBlock", Berlin, false),
    ("londonBlock", London, false),
    ("arrowGlacierBlock", ArrowGlacier, false),
    ("grayGlacierBlock", GrayGlacier, false),
    ("shanghaiTime", Shanghai, true),
    ("cancunTime", Cancun, true),
    ("pragueTime", Prague, true),
    ("osakaTime", Osaka, true),
    ("bpo1Time", Bpo1, true),
    ("bpo2Time", Bpo2, true),
    ("amsterdamTime", Amsterdam, true),
];

fn key_of(fork: Fork) -> &'static str {
    match fork {
        Paris => "terminalTotalDifficulty",
        _ => FORK_KEYS.iter().find(|(_, each, _)| *each == fork).map_or("fork", |(key, ..)| key),
    }
}

/// Reads `fork` and the keys of forks.
pub(super) fn read(node: &Node<'_>) -> Result<Schedule, JsonError> {
    let genesis = node.get("fork", |node| match Fork::by_name(node.string()?) {
        Some(fork) => Ok(fork),
        None => {
            node.expected(format!("the name of a fork, one of: {}", Fork::ALL.map(Fork::name).join(", ")))
        }
    })?;
    let mut forks: Vec<(Fork, Activation)> = match genesis {
        Some(fork) => Schedule::from_genesis(fork).forks().cloned().collect(),
        None => vec![(Frontier, Activation::Block(0))],
    };
    for (key, fork, by_time) in FORK_KEYS {
        let found = node.get(key, |node| {
            let value = node.u64()?;
            let when = if *by_time { Activation::Timestamp(value) } else { Activation::Block(value) };
            add(&node, &mut forks, genesis, *fork, when)
        })?;
        // Petersburg undid a part of Constantinople: a chain that names only this one has both at once.
        if found.is_none() && *fork == Petersburg && genesis.is_none() {
            let constantinople = forks.iter().find(|(each, _)| *each == Constantinople).cloned();
            forks.extend(constantinople.map(|(_, when)| (Petersburg, when)));
        }
    }
    if let Some((key, when)) = paris(node)? {
        node.get(key, |node| add(&node, &mut forks, genesis, Paris, when))?;
    }
    forks.sort_by_key(|(fork, _)| *fork);
    Schedule::new(forks).or_else(|disorder| refuse(node, &disorder))
}

fn add(
    node: &Node<'_>,
    forks: &mut Vec<(Fork, Activation)>,
    genesis: Option<Fork>,
    fork: Fork,
    when: Activation,
) -> Result<(), JsonError> {
    if let Some(genesis) = genesis.filter(|genesis| fork <= *genesis) {
        // Harmless where it says the same.
        let same = matches!(when, Activation::Block(0) | Activation::Timestamp(0));
        let problem =
            format!("\"fork\" already says that {} begins with genesis; remove one", genesis.name());
        return if same { Ok(()) } else { node.conflict(problem) };
    }
    match forks.iter().find(|(each, _)| *each == fork) {
        Some((_, other)) if *other != when => node.conflict(format!(
            "{} begins as a whole: give eip155Block and eip158Block the same number",
            fork.name()
        )),
        Some(_) => Ok(()),
        None => {
            forks.push((fork, when));
            Ok(())
        }
    }
}

/// When proof of stake begins, and the key that says so.
fn paris(node: &Node<'_>) -> Result<Option<(&'static str, Activation)>, JsonError> {
    node.get("terminalTotalDifficultyPassed", |node| node.boolean())?;
    let terminal = node.get("terminalTotalDifficulty", |node| node.u256())?;
    let netsplit = node.get("mergeNetsplitBlock", |node| node.u64())?;
    let block = node.get("parisBlock", |node| node.u64())?;
    Ok(match (terminal, block) {
        (Some(terminal), _) if terminal.is_zero() && block.is_none_or(|block| block == 0) => {
            Some(("terminalTotalDifficulty", Activation::Block(0)))
        }
        // geth's block is that from which on its peers must know of the merge: at or after it.
        (Some(terminal), block) => {
            let block = block.or(netsplit);
            Some(("terminalTotalDifficulty", Activation::TotalDifficulty { terminal, block }))
        }
        (None, Some(block)) => Some(("parisBlock", Activation::Block(block))),
        (None, None) => netsplit.map(|block| ("mergeNetsplitBlock", Activation::Block(block))),
    })
}

fn refuse<T>(node: &Node<'_>, disorder: &Disorder) -> Result<T, JsonError> {
    let (key, problem) = match disorder {
        Disorder::Before(first, second) => {
            let earlier = key_of(*first);
            (*second, format!("{} cannot begin before {} (\"{earlier}\")", second.name(), first.name()))
        }
        Disorder::BlockAfterTime(first, second) => {
            let earlier = key_of(*first);
            (
                *second,
                format!(
                    "{} goes by block, but {} (\"{earlier}\") before it by time",
                    second.name(),
                    first.name()
                ),
            )
        }
        Disorder::Without(missing, fork) => {
            let add = key_of(*missing);
            (*fork, format!("{} needs {} before it; add \"{add}\"", fork.name(), missing.name()))
        }
    };
    match node.get(key_of(key), |node| node.conflict(problem.clone()))? {
        Some(never) => Ok(never),
        None => node.conflict(problem),
    }
}

/// Changes of blob parameters beyond those that are named as forks: BPO3 to BPO5.
pub(super) fn later_blobs(node: &Node<'_>) -> Result<Vec<Change>, JsonError> {
    let mut changes = Vec::new();
    let mut last = 0;
    for (key, name, bpo) in [("bpo3Time", "bpo3", 3), ("bpo4Time", "bpo4", 4), ("bpo5Time", "bpo5", 5)] {
        node.get(key, |node| {
            let time = node.u64()?;
            if time < last {
                return node.conflict("blob parameters cannot change before the change before them");
            }
            last = time;
            let since = Since::Activation(Activation::Timestamp(time));
            changes.push(Change { blobs: blobs::later(bpo), ..Change::new(name, since) });
            Ok(())
        })?;
    }
    Ok(changes)
}

/// Refuses a change of blob parameters that says none.
pub(super) fn check_later_blobs(node: &Node<'_>, changes: &[Change]) -> Result<(), JsonError> {
    match changes.iter().find(|change| change.blobs.is_none()) {
        Some(change) => node.conflict(format!("\"blobSchedule\" lacks an entry \"{}\"; add it", change.name)),
        None => Ok(()),
    }
}
