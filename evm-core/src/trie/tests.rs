use super::*;
use crate::Address;
use crate::state::Code;
use alloy_trie::{HashBuilder, Nibbles};

fn map<'a>(pairs: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> BTreeMap<Vec<u8>, Vec<u8>> {
    pairs.into_iter().map(|(key, value)| (key.to_vec(), value.to_vec())).collect()
}

fn text(pairs: &[(&str, &str)]) -> String {
    hex::encode(root(&map(pairs.iter().map(|(key, value)| (key.as_bytes(), value.as_bytes())))))
}

/// ethereum/tests, TrieTests/trieanyorder.json.
#[test]
fn roots_of_the_common_tests() {
    assert_eq!(
        text(&[("A", &"a".repeat(50))]),
        "d23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab"
    );
    assert_eq!(
        text(&[("doe", "reindeer"), ("dog", "puppy"), ("dogglesworth", "cat")]),
        "8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3"
    );
    assert_eq!(
        text(&[("do", "verb"), ("horse", "stallion"), ("doge", "coin"), ("dog", "puppy")]),
        "5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84"
    );
    assert_eq!(
        text(&[("foo", "bar"), ("food", "bass")]),
        "17beaa1648bafa633cda809c90c04af50fc8aed3cb40d16efbddee6fdf63c4c3"
    );
    assert_eq!(
        text(&[("be", "e"), ("dog", "puppy"), ("bed", "d")]),
        "3f67c7a47520f79faa29255d2d3c084a7a6df0453116ed7232ff10277a8be68b"
    );
    assert_eq!(
        text(&[("test", "test"), ("te", "testy")]),
        "8452568af70d8d140f58d941338542f645fcca50094b20f3c3d8c3df49337928"
    );
    let hex = [(&b"\x00\x45"[..], &b"\x01\x23\x45\x67\x89"[..]), (b"\x45\x00", b"\x98\x76\x54\x32\x10")];
    assert_eq!(
        hex::encode(root(&map(hex))),
        "285505fcabe84badc8aa310e2aae17eddc7d120aabec8a476902c8184b3a3503"
    );
}

#[test]
fn tries_without_keys_have_the_empty_root() {
    assert_eq!(EMPTY_ROOT, keccak256(&[0x80]));
    assert_eq!(root(&BTreeMap::new()), EMPTY_ROOT);
    assert_eq!(root(&map([(&b"gone"[..], &b""[..])])), EMPTY_ROOT);
    assert_eq!(ordered_root::<Vec<u8>>(&[]), EMPTY_ROOT);
    assert_eq!(storage_root(&BTreeMap::new()), EMPTY_ROOT);
    assert_eq!(storage_root(&BTreeMap::from([(U256::one(), U256::zero())])), EMPTY_ROOT);
    assert_eq!(World::default().root(), EMPTY_ROOT);
}

/// A second way to the root: as appendix D defines it, by recursion over sets of pairs.
fn by_definition(pairs: &[(Vec<u8>, Vec<u8>)], depth: usize) -> Vec<u8> {
    fn reference(pairs: &[(Vec<u8>, Vec<u8>)], depth: usize, writer: &mut Writer) {
        if pairs.is_empty() {
            return writer.bytes(&[]);
        }
        let node = by_definition(pairs, depth);
        if node.len() < 32 { writer.raw(&node) } else { writer.bytes(keccak256(&node).as_bytes()) }
    }
    fn hex_prefix(nibbles: &[u8], flag: u8) -> Vec<u8> {
        let odd = nibbles.len() % 2;
        let mut all = vec![flag + odd as u8];
        if odd == 0 {
            all.push(0);
        }
        all.extend(nibbles);
        all.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
    }
    let mut writer = Writer::new();
    let first = &pairs[0].0;
    if let [(key, value)] = pairs {
        writer.list(|w| {
            w.bytes(&hex_prefix(&key[depth..], 2));
            w.bytes(value);
        });
        return writer.into_bytes();
    }
    let shared =
        (depth..).take_while(|&at| pairs.iter().all(|(key, _)| key.get(at) == first.get(at))).count();
    writer.list(|w| {
        if shared > 0 {
            w.bytes(&hex_prefix(&first[depth..depth + shared], 0));
            return reference(pairs, depth + shared, w);
        }
        for nibble in 0..16 {
            let under: Vec<_> =
                pairs.iter().filter(|(key, _)| key.get(depth) == Some(&nibble)).cloned().collect();
            reference(&under, depth + 1, w);
        }
        let here = pairs.iter().find(|(key, _)| key.len() == depth);
        w.bytes(here.map_or(&[][..], |(_, value)| value));
    });
    writer.into_bytes()
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn random_tries_have_the_root_by_definition() {
    let mut random = Random(3);
    for round in 0..3000 {
        let count = 1 + random.below(if round % 10 == 0 { 60 } else { 8 });
        let mut pairs = BTreeMap::new();
        for _ in 0..count {
            // Few different bytes, so that keys share beginnings and are beginnings of one another.
            let key: Vec<u8> = (0..random.below(5))
                .map(|_| [0x00, 0x01, 0x10, 0x11, 0xF0][random.below(5) as usize])
                .collect();
            let value =
                vec![random.below(256) as u8; 1 + random.below(if round % 3 == 0 { 40 } else { 3 }) as usize];
            pairs.insert(key, value);
        }
        let nibbles: Vec<_> = pairs
            .iter()
            .map(|(key, value)| (key.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect(), value.clone()))
            .collect();
        assert_eq!(root(&pairs), keccak256(&by_definition(&nibbles, 0)), "{pairs:x?}");
    }
}

#[test]
fn random_tries_of_equally_long_keys_have_alloys_root() {
    let mut random = Random(4);
    for round in 0..300 {
        let width = [32, 32, 3, 2][round % 4];
        let pairs: BTreeMap<Vec<u8>, Vec<u8>> = (0..1 + random.below(300))
            .map(|_| {
                let key = (0..width).map(|at| random.below(if at < 2 { 4 } else { 256 }) as u8).collect();
                (key, vec![7; 1 + random.below(100) as usize])
            })
            .collect();
        let mut theirs = HashBuilder::default();
        for (key, value) in &pairs {
            theirs.add_leaf(Nibbles::unpack(key), value);
        }
        assert_eq!(root(&pairs).0, theirs.root().0);
    }
}

#[test]
fn lists_of_every_length_have_alloys_root() {
    for count in (0..20).chain([126, 127, 128, 129, 130, 255, 256, 257, 300]) {
        let items: Vec<_> = (0..count).map(|at: usize| at.to_be_bytes().repeat(1 + at % 9)).collect();
        let theirs =
            alloy_trie::root::ordered_trie_root_with_encoder(&items, |item, out| out.extend_from_slice(item));
        assert_eq!(ordered_root(&items).0, theirs.0, "{count}");
    }
}

/// One long beginning after the other costs no stack.
#[test]
fn keys_nested_in_keys_do_not_recurse() {
    let pairs = (0..20_000).step_by(10).map(|length| (vec![0x11; length], vec![1])).collect();
    assert_ne!(root(&pairs), EMPTY_ROOT);
}

#[test]
fn worlds_have_alloys_root() {
    use alloy_primitives as theirs;
    let mut random = Random(5);
    for _ in 0..30 {
        let mut world = World::default();
        let mut accounts = Vec::new();
        for _ in 0..random.below(50) {
            let address = Address::from_low_u64_be(random.below(1 << 30));
            let storage: BTreeMap<_, _> = (0..random.below(40))
                .map(|key| {
                    (U256::from(key) << random.below(200) as usize, U256::from(1 + random.below(1 << 20)))
                })
                .collect();
            let balance = U256::from(random.below(2)) << 200;
            let code = Code::new(vec![random.below(256) as u8; random.below(3) as usize]);
            let account = Account { nonce: random.below(3), balance, code, storage };
            let slots = account.storage.iter().map(|(key, value)| {
                (key.to_big_endian().into(), theirs::U256::from_be_bytes(value.to_big_endian()))
            });
            let trie_account = alloy_trie::TrieAccount {
                nonce: account.nonce,
                balance: theirs::U256::from_be_bytes(balance.to_big_endian()),
                storage_root: alloy_trie::root::storage_root_unhashed(slots),
                code_hash: theirs::keccak256(account.code.bytes()),
            };
            assert_eq!(storage_root(&account.storage).0, trie_account.storage_root.0);
            accounts.push((theirs::Address::from(address.0), trie_account));
            world.accounts.insert(address, account);
        }
        assert_eq!(world.root().0, alloy_trie::root::state_root_unhashed(accounts).0);
    }
}
