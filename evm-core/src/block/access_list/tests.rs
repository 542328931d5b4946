use super::*;
use crate::block::NO_OMMERS;
use crate::rlp::Problem;
use crate::transaction::tests::differential::{Random, damage};
use alloy_eips::eip7928 as alloy;
use alloy_primitives::U256 as TheirWord;

fn theirs(ours: &BlockAccessList) -> Vec<alloy::AccountChanges> {
    ours.0.iter().map(account).collect()
}

fn account(ours: &AccountAccess) -> alloy::AccountChanges {
    let word = |word: &U256| TheirWord::from_limbs(word.0);
    let slot = |(slot, changes): &(U256, Vec<Written<U256>>)| alloy::SlotChanges {
        slot: word(slot),
        changes: changes.iter().map(|one| alloy::StorageChange::new(at(one), word(&one.value))).collect(),
    };
    let balances = ours.balance_changes.iter();
    let nonces = ours.nonce_changes.iter();
    let codes = ours.code_changes.iter();
    alloy::AccountChanges {
        address: ours.address.0.into(),
        storage_changes: ours.storage_changes.iter().map(slot).collect(),
        storage_reads: ours.storage_reads.iter().map(word).collect(),
        balance_changes: balances.map(|one| alloy::BalanceChange::new(at(one), word(&one.value))).collect(),
        nonce_changes: nonces.map(|one| alloy::NonceChange::new(at(one), one.value)).collect(),
        code_changes: codes.map(|one| alloy::CodeChange::new(at(one), one.value.clone().into())).collect(),
    }
}

fn at<T>(change: &Written<T>) -> alloy::BlockAccessIndex {
    alloy::BlockAccessIndex::new(change.index)
}

impl Random {
    fn written<T>(&mut self, value: impl Fn(&mut Self) -> T) -> Vec<Written<T>> {
        self.list(3, |random| Written { index: random.below(400), value: value(random) })
    }

    fn access(&mut self) -> AccountAccess {
        AccountAccess {
            address: self.address(),
            storage_changes: self.list(3, |random| (random.word(), random.written(Self::word))),
            storage_reads: self.list(3, Self::word),
            balance_changes: self.written(Self::word),
            nonce_changes: self.written(Self::u64),
            code_changes: self.written(|random| random.bytes(100)),
        }
    }

    fn access_list(&mut self) -> BlockAccessList {
        BlockAccessList(self.list(6, Self::access))
    }
}

#[test]
fn random_lists_are_alloys() {
    let mut random = Random(31);
    for _ in 0..300 {
        let ours = random.access_list();
        let theirs = theirs(&ours);
        assert_eq!(ours.encode(), alloy_rlp::encode(&theirs));
        assert_eq!(ours.hash().0, alloy::compute_block_access_list_hash(&theirs).0);
        assert_eq!(ours.items(), alloy::total_bal_items(&theirs));
        assert_eq!(BlockAccessList::decode(&ours.encode()), Ok(ours));
    }
}

#[test]
fn an_empty_list_has_the_hash_of_the_eip() {
    assert_eq!(BlockAccessList::default().encode(), [0xC0]);
    assert_eq!(BlockAccessList::default().hash(), NO_ACCESSES);
    let hash = "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347".parse().unwrap();
    assert_eq!((NO_ACCESSES, NO_OMMERS), (hash, hash));
}

#[test]
fn damaged_lists_are_refused_or_read_for_what_they_are() {
    let mut random = Random(32);
    let mut refused = 0;
    for _ in 0..2_000 {
        let mut encoded = random.access_list().encode();
        damage(&mut random, &mut encoded);
        match BlockAccessList::decode(&encoded) {
            Ok(list) => assert_eq!(list.encode(), encoded),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 500, "{refused}");
    let error = BlockAccessList::decode(&[0xC1, 0xC0]).unwrap_err();
    assert_eq!((error.at, error.field, error.problem), (2, "address", Problem::Missing));
    assert_eq!(BlockAccessList::decode(&[0xC0, 0x80]).unwrap_err().problem, Problem::Trailing(1));
}

#[test]
fn what_differs_first_is_named() {
    let account = AccountAccess {
        address: Address::repeat_byte(0x22),
        storage_changes: vec![(U256::one(), vec![Written { index: 1, value: U256::from(5) }])],
        storage_reads: vec![U256::from(7)],
        balance_changes: vec![Written { index: 2, value: U256::from(9) }],
        nonce_changes: vec![Written { index: 3, value: 4 }],
        code_changes: vec![Written { index: 4, value: vec![0xFE] }],
    };
    let good = BlockAccessList(vec![account]);
    assert_eq!(good.difference(&good), None);
    let told = |spoil: &dyn Fn(&mut BlockAccessList)| {
        let mut bad = good.clone();
        spoil(&mut bad);
        bad.difference(&good).expect("a difference")
    };
    for (spoil, expected) in [
        (&(|bad: &mut BlockAccessList| bad.0.clear()) as &dyn Fn(&mut BlockAccessList), "account 0: 0x2222"),
        (&|bad| bad.0[0].address.0[0] = 0x23, " is missing"),
        (&|bad| bad.0[0].address.0[0] = 0x21, ", which the block did not access"),
        (&|bad| bad.0.push(bad.0[0].clone()), "account 1: 0x2222"),
        (
            &|bad| bad.0[0].storage_changes[0].0 = 2.into(),
            "storage slot 0x2 to 0x5 at 1, but the block gives slot 0x1",
        ),
        (&|bad| bad.0[0].storage_changes[0].1[0].value = 6.into(), "storage slot 0x1 to 0x6 at 1, but"),
        (&|bad| bad.0[0].storage_changes[0].1[0].index = 9, "storage slot 0x1 to 0x5 at 9, but"),
        (&|bad| bad.0[0].storage_changes.push(Default::default()), "a slot without changes"),
        (&|bad| bad.0[0].storage_reads.clear(), "storage read nothing, but the block gives 0x7"),
        (
            &|bad| bad.0[0].balance_changes[0].value = 8.into(),
            "balance 0x8 at 2, but the block gives 0x9 at 2",
        ),
        (&|bad| bad.0[0].nonce_changes[0].value = 5, "nonce 5 at 3, but the block gives 4 at 3"),
        (&|bad| bad.0[0].code_changes.clear(), "code nothing, but the block gives 1 bytes of code at 4"),
    ] {
        let told = told(spoil);
        assert!(told.contains(expected), "{told}");
    }
}
