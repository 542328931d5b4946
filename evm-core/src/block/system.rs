//! System contracts: called by every block, by nobody's transaction (EIP-4788, 2935, 7002, 7251).

use super::{BlockError, Body};
use crate::Address;
use crate::chain::hex_literal;
use crate::execution::{Context, Executed};
use crate::inspector::Inspector;

/// EIP-4788: keeps the roots of parent beacon blocks.
pub const BEACON_ROOTS: Address = Address(hex_literal(b"000f3df6d732807ef1319fb7b8bb8522d0beac02"));
/// EIP-2935: keeps the hashes of blocks.
pub const HISTORY_STORAGE: Address = Address(hex_literal(b"0000f90827f1c53a10cb7a02335b175320002935"));
/// EIP-7002: takes requests for withdrawals.
pub const WITHDRAWAL_REQUESTS: Address = Address(hex_literal(b"00000961ef480eb55e80d19ad83579a64c007002"));
/// EIP-7251: takes requests for consolidations.
pub const CONSOLIDATION_REQUESTS: Address = Address(hex_literal(b"0000bbddc7ce488642fb579f8b00f3a590007251"));

impl Body<'_> {
    /// Calls a system contract. Where there is none, or it fails, nothing happens.
    pub(super) fn system_call<I: Inspector>(
        &mut self,
        target: Address,
        input: Vec<u8>,
        inspector: &mut I,
    ) -> Result<Option<Executed>, BlockError> {
        if self.world.accounts.get(&target).is_none_or(|account| account.code.is_empty()) {
            // That there is nothing to call was looked at.
            if let Some(list) = &mut self.access_list {
                list.access(target);
            }
            return Ok(None);
        }
        let Self { rules, env, crypto, world, vm, .. } = self;
        let context = Context { world, env, rules, crypto: *crypto };
        let (executed, changes) =
            vm.system_call(&context, target, input, inspector).map_err(|_| BlockError::NeedsCrypto)?;
        self.apply(changes);
        Ok(Some(executed))
    }

    /// As [`Self::system_call`]; a block is wrong where there is no contract, or it fails. Gives its output.
    pub(super) fn checked_system_call<I: Inspector>(
        &mut self,
        target: Address,
        inspector: &mut I,
    ) -> Result<Vec<u8>, BlockError> {
        match self.system_call(target, Vec::new(), inspector)? {
            None => Err(BlockError::SystemContractMissing(target)),
            Some(executed) if !executed.halt.is_success() => Err(BlockError::SystemContractFailed(target)),
            Some(executed) => Ok(executed.output),
        }
    }
}
