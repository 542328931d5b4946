//! revm's side.

use crate::cases::{Case, SENDER, TARGET, callee};
use revm::bytecode::Bytecode;
use revm::context::TxEnv;
use revm::database::InMemoryDB;
use revm::handler::{MainnetContext, MainnetEvm};
use revm::primitives::{Address, Bytes, TxKind, U256};
use revm::state::AccountInfo;
use revm::{Context, ExecuteEvm, MainBuilder, MainContext};

/// A case ready to run again and again.
#[expect(missing_debug_implementations)] // revm's machine has none
pub struct Revm {
    evm: MainnetEvm<MainnetContext<InMemoryDB>>,
    tx: TxEnv,
}

impl Revm {
    /// Osaka without its limit on a transaction's gas.
    pub fn new(case: &Case) -> Self {
        let mut db = InMemoryDB::default();
        let rich = AccountInfo { balance: U256::MAX >> 1, ..AccountInfo::default() };
        db.insert_account_info(Address::from(SENDER), rich);
        let mut contract = |address: [u8; 20], code: &[u8]| {
            let code = Bytecode::new_raw(Bytes::copy_from_slice(code));
            db.insert_account_info(Address::from(address), AccountInfo::from_bytecode(code));
        };
        contract(TARGET, &case.code);
        for (n, code) in case.others.iter().enumerate() {
            contract(callee(n as u8), code);
        }
        let evm = Context::mainnet()
            .with_db(db)
            .modify_cfg_chained(|cfg| {
                cfg.disable_nonce_check = true;
                cfg.tx_gas_limit_cap = Some(u64::MAX);
            })
            .modify_block_chained(|block| block.gas_limit = u64::MAX)
            .build_mainnet();
        let tx = TxEnv::builder()
            .caller(Address::from(SENDER))
            .kind(TxKind::Call(Address::from(TARGET)))
            .data(Bytes::copy_from_slice(&case.input))
            .gas_limit(case.gas)
            .build()
            .unwrap_or_default();
        Self { evm, tx }
    }

    /// Runs it; gas used, and whether it succeeded.
    pub fn run(&mut self) -> (u64, bool) {
        match self.evm.transact(self.tx.clone()) {
            Ok(done) => (done.result.tx_gas_used(), done.result.is_success()),
            Err(_) => (0, false),
        }
    }
}
