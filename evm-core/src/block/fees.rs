//! Prices that follow from the blocks before: the base fee (EIP-1559) and that of blob gas (EIP-4844, 7691, 7918).

use crate::U256;
use crate::chain::BaseFeeRules;
use crate::rules::{BlobRules, GAS_PER_BLOB};
use primitive_types::U512;

/// Base fee of the block after one with these: wei a unit of gas.
pub fn base_fee(rules: &BaseFeeRules, gas_limit: u64, gas_used: u64, base_fee: U256) -> U256 {
    let target = (gas_limit / rules.elasticity.max(1)).max(1);
    let change = |gas: u64| -> U512 {
        U512::from(base_fee) * U512::from(gas) / U512::from(target) / U512::from(rules.denominator.max(1))
    };
    if gas_used > target {
        let change = change(gas_used - target).max(U512::one());
        narrow(U512::from(base_fee) + change)
    } else {
        // No more than the fee itself: the gas is no more than the target.
        narrow(U512::from(base_fee) - change(target - gas_used))
    }
}

/// Wei a unit of blob gas: e to the power of the excess over the update fraction, as EIP-4844's series has it.
pub fn blob_base_fee(excess_blob_gas: u64, rules: &BlobRules) -> U256 {
    let fraction = rules.update_fraction.max(1);
    // Over 2^256 from e^177.5 on; the series would take as many steps as the power.
    if excess_blob_gas / fraction >= 178 {
        return U256::MAX;
    }
    let (mut term, mut sum, mut step) = (U512::from(fraction), U512::zero(), 1u64);
    while !term.is_zero() {
        sum += term;
        term = term * U512::from(excess_blob_gas) / (U512::from(fraction) * U512::from(step));
        step += 1;
    }
    narrow(sum / U512::from(fraction))
}

/// Excess blob gas of the block under `rules` after one with these; of one without blob gas they are 0.
pub fn excess_blob_gas(
    rules: &BlobRules,
    parent_excess: u64,
    parent_used: u64,
    parent_base_fee: U256,
) -> u64 {
    let target = u128::from(rules.target) * u128::from(GAS_PER_BLOB);
    let sum = u128::from(parent_excess) + u128::from(parent_used);
    let excess = if sum < target {
        0
    } else if is_below_reserve(rules, parent_excess, parent_base_fee) {
        // max is not zero where there is a price: only blobs make an excess.
        let grown = u128::from(parent_used) * u128::from(rules.max - rules.target.min(rules.max))
            / u128::from(rules.max.max(1));
        u128::from(parent_excess) + grown
    } else {
        sum - target
    };
    u64::try_from(excess).unwrap_or(u64::MAX)
}

/// EIP-7918: a blob costs less than the execution gas that it takes to check one.
fn is_below_reserve(rules: &BlobRules, excess: u64, base_fee: U256) -> bool {
    let Some(cost) = rules.base_cost else { return false };
    let blob = U512::from(blob_base_fee(excess, rules)) * U512::from(GAS_PER_BLOB);
    U512::from(base_fee) * U512::from(cost) > blob
}

fn narrow(value: U512) -> U256 {
    U256::try_from(value).unwrap_or(U256::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fork::Fork;
    use crate::rules::Rules;

    fn blobs(fork: Fork) -> BlobRules {
        Rules::of(fork).blobs.expect("a fork with blobs")
    }

    /// Gas limit and gas used of parents, with the base fees of the blocks after them, from the main network's blocks
    /// 12965000 to 12965002 and the examples of go-ethereum's tests.
    #[test]
    fn base_fee_is_that_of_the_main_network() {
        let main = BaseFeeRules::default();
        let gwei = U256::from(1_000_000_000);
        assert_eq!(base_fee(&main, 30_029_122, 30_025_257, gwei), U256::from(1_124_967_822u64));
        for (used, expected) in
            [(10_000_000, 1_000_000_000u64), (9_000_000, 987_500_000), (11_000_000, 1_012_500_000)]
        {
            assert_eq!(base_fee(&main, 20_000_000, used, gwei), U256::from(expected));
        }
    }

    #[test]
    fn base_fee_stays_in_range() {
        let main = BaseFeeRules::default();
        assert_eq!(base_fee(&main, 30_000_000, 30_000_000, U256::MAX), U256::MAX);
        assert_eq!(base_fee(&main, 30_000_000, 0, U256::MAX), U256::MAX - (U256::MAX / 8));
        assert_eq!(base_fee(&main, 30_000_000, 15_000_001, U256::zero()), U256::one());
        assert_eq!(base_fee(&main, 0, 0, U256::from(8)), U256::from(7));
        let odd = BaseFeeRules { elasticity: u64::MAX, denominator: u64::MAX, ..main };
        assert_eq!(base_fee(&odd, u64::MAX, u64::MAX, U256::one()), U256::from(2));
        assert_eq!(base_fee(&odd, 0, u64::MAX, U256::one()), U256::from(2));
    }

    /// Excess, fraction, and the price that the execution specifications compute (`taylor_exponential`).
    #[test]
    fn blob_base_fee_is_the_series() {
        for (excess, fork, expected) in [
            (0, Fork::Cancun, "1"),
            (2_314_057, Fork::Cancun, "1"),
            (2_314_058, Fork::Cancun, "2"),
            (10 << 20, Fork::Cancun, "23"),
            (148_099_578, Fork::Cancun, "18446739238971471609"),
            (148_099_579, Fork::Cancun, "18446744762204311910"),
            (500_000_000, Fork::Cancun, "110612241398815728947202175575477900123650329875510326659160581264"),
            (
                590_000_000,
                Fork::Cancun,
                "56453096389186310890362940840816970060244358079304756919162603450642909065741",
            ),
            (10 << 20, Fork::Prague, "8"),
            (161_087_488, Fork::Prague, "93394741990580"),
            (161_087_488, Fork::Bpo2, "971137"),
        ] {
            let found = blob_base_fee(excess, &blobs(fork));
            assert_eq!(found, U256::from_dec_str(expected).unwrap(), "{excess} {fork:?}");
        }
    }

    #[test]
    fn blob_base_fee_ends_whatever_the_excess() {
        let rules = BlobRules { update_fraction: 1, ..blobs(Fork::Cancun) };
        assert_eq!(blob_base_fee(u64::MAX, &rules), U256::MAX);
        assert_eq!(blob_base_fee(178, &rules), U256::MAX);
        let last = "74149706136313717636432824801193834870097785191721245871950585387062543475577";
        assert_eq!(blob_base_fee(177, &rules), U256::from_dec_str(last).unwrap());
        let wide = BlobRules { update_fraction: u64::MAX, ..rules };
        assert_eq!(blob_base_fee(u64::MAX, &wide), U256::from(2));
        assert_eq!(blob_base_fee(5, &BlobRules { update_fraction: 0, ..rules }), U256::from(136));
    }

    #[test]
    fn excess_is_what_goes_over_the_target() {
        let cancun = blobs(Fork::Cancun);
        let gas = |blobs: u64| blobs * GAS_PER_BLOB;
        for (excess, used, expected) in [(0, 0, 0), (0, 3, 0), (0, 4, 1), (1, 6, 4), (3, 0, 0), (10, 1, 8)] {
            let found = excess_blob_gas(&cancun, gas(excess), gas(used), U256::MAX);
            assert_eq!(found, gas(expected), "{excess} {used}");
        }
        assert_eq!(excess_blob_gas(&cancun, u64::MAX, u64::MAX, U256::one()), u64::MAX);
    }

    /// EIP-7918: with dear execution gas the excess does not fall, but grows by a third of the blobs (Osaka).
    #[test]
    fn blobs_cost_at_least_the_reserve() {
        let osaka = blobs(Fork::Osaka);
        let gas = |blobs: u64| blobs * GAS_PER_BLOB;
        // One wei a blob gas: the reserve is passed from a base fee of 16 wei on.
        assert_eq!(excess_blob_gas(&osaka, 0, gas(9), U256::from(16)), gas(3));
        assert_eq!(excess_blob_gas(&osaka, 0, gas(6), U256::from(16)), 0);
        assert_eq!(excess_blob_gas(&osaka, 0, gas(6), U256::from(17)), gas(2));
        assert_eq!(excess_blob_gas(&osaka, 0, gas(5), U256::from(17)), 0);
        let none = BlobRules { target: 0, max: 0, ..osaka };
        assert_eq!(excess_blob_gas(&none, 0, 0, U256::from(17)), 0);
    }
}
