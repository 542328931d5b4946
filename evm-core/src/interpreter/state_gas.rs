//! Gas for what grows the state for good (EIP-8037): paid from a reservoir of its own, and only where that is empty from
//! the gas that also pays for execution.

use super::Halt;

/// State gas of a frame, or of a transaction before its frame. All zero where the rules have none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StateMeter {
    /// Gas that only state can be paid with.
    pub reservoir: u64,
    /// State gas paid so far, less what was given back; negative where more was given back than paid here.
    pub spent: i64,
    /// How much of it came out of the gas for execution.
    pub spilled: u64,
}

impl StateMeter {
    /// That of a callee, which has the reservoir to itself while it runs.
    pub(crate) fn lend(&self) -> Self {
        Self { reservoir: self.reservoir, ..Self::default() }
    }

    /// Takes state gas, from `gas` what the reservoir lacks.
    pub(crate) fn charge(&mut self, gas: &mut u64, price: u64) -> Result<(), Halt> {
        let spilled = price.saturating_sub(self.reservoir);
        *gas = gas.checked_sub(spilled).ok_or(Halt::OutOfGas)?;
        self.reservoir -= price - spilled;
        self.spilled += spilled;
        self.spent = self.spent.saturating_add_unsigned(price);
        Ok(())
    }

    /// Gives back state gas for what is not there after all: first what came from `gas`.
    pub(crate) fn refill(&mut self, gas: &mut u64, price: u64) {
        self.spent = self.spent.saturating_sub_unsigned(price);
        self.put_back(gas, price);
    }

    fn put_back(&mut self, gas: &mut u64, amount: u64) {
        let unspilled = amount.min(self.spilled);
        self.spilled -= unspilled;
        *gas = gas.saturating_add(unspilled);
        self.reservoir = self.reservoir.saturating_add(amount - unspilled);
    }

    /// Undoes all charges of a frame that failed.
    pub(crate) fn roll_back(&mut self, gas: &mut u64) {
        let lent = self.reservoir.saturating_add_signed(self.spent).saturating_sub(self.spilled);
        *gas = gas.saturating_add(self.spilled);
        *self = Self { reservoir: lent, ..Self::default() };
    }

    /// Takes over from a callee, whose failure was rolled back already.
    pub(crate) fn absorb(&mut self, gas: &mut u64, callee: &Self) {
        self.spent = self.spent.saturating_add(callee.spent);
        self.spilled += callee.spilled;
        self.reservoir = 0;
        self.put_back(gas, callee.reservoir);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EIP-8037: the reservoir pays first, what it lacks spills, and a refund goes the other way around.
    #[test]
    fn reservoir_first_spill_last() {
        let mut gas = 1_000;
        let mut meter = StateMeter { reservoir: 150, ..StateMeter::default() };
        assert_eq!(meter.charge(&mut gas, 200), Ok(()));
        assert_eq!((gas, meter), (950, StateMeter { reservoir: 0, spent: 200, spilled: 50 }));
        assert_eq!(meter.charge(&mut gas, 951), Err(Halt::OutOfGas));
        meter.refill(&mut gas, 120);
        assert_eq!((gas, meter), (1_000, StateMeter { reservoir: 70, spent: 80, spilled: 0 }));
        meter.roll_back(&mut gas);
        assert_eq!((gas, meter), (1_000, StateMeter { reservoir: 150, spent: 0, spilled: 0 }));
    }

    /// A callee gives back what its caller's first callee had paid: the caller's gas gets what had spilled.
    #[test]
    fn a_callee_undoes_what_another_paid() {
        let (mut gas, mut meter) = (800, StateMeter::default());
        let first = StateMeter { reservoir: 0, spent: 200, spilled: 200 };
        meter.absorb(&mut gas, &first);
        let mut second = meter.lend();
        second.refill(&mut gas, 200);
        assert_eq!((gas, second), (800, StateMeter { reservoir: 200, spent: -200, spilled: 0 }));
        meter.absorb(&mut gas, &second);
        assert_eq!((gas, meter), (1_000, StateMeter::default()));
    }
}
