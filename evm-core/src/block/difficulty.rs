//! Difficulty of proof of work (Yellow Paper 4.3.4; EIP-2, 100, and those that delay the bomb).

use crate::U256;
use crate::rules::Rules;

/// Least difficulty of a block, D0.
pub const MINIMUM_DIFFICULTY: U256 = U256([131_072, 0, 0, 0]);

/// Blocks of one period of the bomb.
const BOMB_PERIOD: u64 = 100_000;

/// Difficulty of block `number`, `elapsed` seconds after a parent of difficulty `parent` that has ommers or not. Nothing
/// if it would not fit into 256 bits: no such block can be.
pub fn difficulty(
    rules: &Rules,
    number: u64,
    elapsed: u64,
    parent: U256,
    parent_has_ommers: bool,
) -> Option<U256> {
    let step = parent / 2048;
    let (up, down) = steps(rules, elapsed, parent_has_ommers);
    // Down at most by 99 of 2048 parts.
    let plain = parent.checked_add(step * up)? - step * down;
    let difficulty = match bomb(rules, number) {
        None => plain,
        Some(power) if power < 256 => plain.checked_add(U256::one() << power)?,
        Some(_) => return None,
    };
    Some(difficulty.max(MINIMUM_DIFFICULTY))
}

/// By how many steps the difficulty goes up and down.
fn steps(rules: &Rules, elapsed: u64, parent_has_ommers: bool) -> (u64, u64) {
    if !rules.homestead {
        return if elapsed < 13 { (1, 0) } else { (0, 1) };
    }
    let (up, down) = match rules.ommer_difficulty {
        true => (if parent_has_ommers { 2 } else { 1 }, elapsed / 9),
        false => (1, elapsed / 10),
    };
    (up.max(down) - down, (down - up.min(down)).min(99))
}

/// Power of two that the bomb adds.
fn bomb(rules: &Rules, number: u64) -> Option<u64> {
    (number.checked_sub(rules.bomb_delay)? / BOMB_PERIOD).checked_sub(2)
}

#[cfg(test)]
mod vectors;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fork::Fork;

    /// Blocks of the main network with number, seconds since the parent, the parent's difficulty, whether the parent has
    /// ommers, and the difficulty.
    #[test]
    fn difficulty_is_that_of_the_main_network() {
        for (fork, number, elapsed, parent, ommers, expected) in [
            // Blocks 1 to 4, after genesis at 17179869184.
            (Fork::Frontier, 1, 1_438_269_988, 17_179_869_184u64, false, 17_171_480_576u64),
            (Fork::Frontier, 2, 29, 17_171_480_576, false, 17_163_096_064),
            (Fork::Frontier, 3, 31, 17_163_096_064, false, 17_154_715_646),
            (Fork::Frontier, 4, 29, 17_154_715_646, false, 17_146_339_321),
        ] {
            let rules = Rules::of(fork);
            assert_eq!(
                difficulty(&rules, number, elapsed, parent.into(), ommers),
                Some(expected.into()),
                "{number}"
            );
        }
    }

    /// Computed with the execution specifications (`calculate_block_difficulty` of each fork).
    #[test]
    fn difficulty_is_the_specifications() {
        for (line, fork, number, elapsed, parent, ommers, expected) in super::vectors::VECTORS {
            let rules = Rules::of(*fork);
            let found = difficulty(&rules, *number, *elapsed, (*parent).into(), *ommers);
            assert_eq!(found, U256::from_dec_str(expected).ok(), "line {line}");
        }
    }

    #[test]
    fn what_does_not_fit_is_no_difficulty() {
        let rules = Rules::of(Fork::Byzantium);
        assert_eq!(difficulty(&rules, 1, 1, U256::MAX, true), None);
        assert_eq!(difficulty(&rules, u64::MAX, 1, U256::one(), true), None);
        assert!(difficulty(&rules, 1, u64::MAX, U256::MAX, true).is_some());
        assert_eq!(difficulty(&rules, 1, 1, U256::zero(), false), Some(MINIMUM_DIFFICULTY));
    }
}
