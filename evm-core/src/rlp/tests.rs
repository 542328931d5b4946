use super::*;
use crate::{Address, U256};
use alloy_rlp::Encodable as _;

/// Numbers that look random (xorshift64*), the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

fn encoded(write: impl FnOnce(&mut Writer)) -> String {
    let mut writer = Writer::new();
    write(&mut writer);
    hex::encode(writer.into_bytes())
}

/// Examples of ethereum.org's page on RLP.
#[test]
fn examples_of_the_specification_are_written() {
    assert_eq!(encoded(|w| w.bytes(b"dog")), "83646f67");
    assert_eq!(
        encoded(|w| w.list(|w| {
            w.bytes(b"cat");
            w.bytes(b"dog");
        })),
        "c88363617483646f67"
    );
    assert_eq!(encoded(|w| w.bytes(b"")), "80");
    assert_eq!(encoded(|w| w.list(|_| ())), "c0");
    assert_eq!(encoded(|w| w.u64(0)), "80");
    assert_eq!(encoded(|w| w.bytes(&[0])), "00");
    assert_eq!(encoded(|w| w.u64(15)), "0f");
    assert_eq!(encoded(|w| w.u64(1024)), "820400");
    assert_eq!(
        encoded(|w| w.list(|w| {
            w.list(|_| ());
            w.list(|w| w.list(|_| ()));
            w.list(|w| {
                w.list(|_| ());
                w.list(|w| w.list(|_| ()));
            });
        })),
        "c7c0c1c0c3c0c1c0"
    );
    let lorem = b"Lorem ipsum dolor sit amet, consectetur adipisicing elit";
    assert_eq!(encoded(|w| w.bytes(lorem)), format!("b838{}", hex::encode(lorem)));
}

#[test]
fn strings_and_lists_of_every_length_are_alloys() {
    for length in (0..70).chain([255, 256, 257, 65_535, 65_536, 70_000]) {
        for byte in [0, 0x7F, 0x80, 0xFF] {
            let bytes = vec![byte; length];
            let mut theirs = Vec::new();
            bytes.as_slice().encode(&mut theirs);
            let mut writer = Writer::new();
            writer.bytes(&bytes);
            assert_eq!(writer.into_bytes(), theirs);
            assert_eq!(Reader::new(&theirs).bytes("it"), Ok(&bytes[..]));

            let mut theirs = Vec::new();
            alloy_rlp::Header { list: true, payload_length: length }.encode(&mut theirs);
            let list = super::list(|writer| writer.raw(&bytes));
            assert_eq!(list[..list.len() - length], theirs);
            assert_eq!(Reader::new(&list).list("it").map(|inner| inner.rest()), Ok(&bytes[..]));
        }
    }
}

#[test]
fn integers_are_alloys() {
    let mut random = Random(1);
    for round in 0..2000u32 {
        let value = random.next() >> (round % 65).min(63);
        let mut theirs = Vec::new();
        value.encode(&mut theirs);
        let mut writer = Writer::new();
        writer.u64(value);
        writer.u256(U256::from(value));
        assert_eq!(writer.into_bytes(), [&theirs[..], &theirs].concat());
        assert_eq!(Reader::new(&theirs).u64("it"), Ok(value));
        let wide = U256::from(value) << (round % 193);
        let mut writer = Writer::new();
        writer.u256(wide);
        let ours = writer.into_bytes();
        assert_eq!(Reader::new(&ours).u256("it"), Ok(wide));
        assert_eq!(ours.len(), 1 + if wide < U256::from(128) { 0 } else { wide.bits().div_ceil(8) });
    }
}

fn problem<T: std::fmt::Debug>(
    input: &str,
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, Error>,
) -> (usize, Problem) {
    let input = hex::decode(input).unwrap();
    let error = read(&mut Reader::new(&input)).unwrap_err();
    assert_eq!(error.field, "it");
    assert!(error.to_string().starts_with(&format!("byte {}: it: ", error.at)));
    (error.at, error.problem)
}

#[test]
fn other_encodings_of_the_same_item_are_refused() {
    assert_eq!(problem("8100", |r| r.bytes("it").map(drop)), (0, Problem::SingleByte(0)));
    assert_eq!(problem("817f", |r| r.bytes("it").map(drop)), (0, Problem::SingleByte(0x7F)));
    assert_eq!(problem("b800", |r| r.bytes("it").map(drop)), (0, Problem::LengthWithZero));
    assert_eq!(problem("b801ff", |r| r.bytes("it").map(drop)), (0, Problem::LengthInLongForm(1)));
    assert_eq!(problem("b90038", |r| r.bytes("it").map(drop)), (0, Problem::LengthWithZero));
    assert_eq!(problem("f837", |r| r.list("it").map(drop)), (0, Problem::LengthInLongForm(55)));
    assert_eq!(problem("00", |r| r.u64("it")), (0, Problem::IntegerWithZero));
    assert_eq!(problem("820001", |r| r.u256("it")), (0, Problem::IntegerWithZero));
}

#[test]
fn what_is_cut_off_or_of_another_kind_is_refused() {
    assert_eq!(problem("", |r| r.bytes("it").map(drop)), (0, Problem::Missing));
    assert_eq!(problem("82ff", |r| r.bytes("it").map(drop)), (0, Problem::Truncated { needs: 2, has: 1 }));
    assert_eq!(problem("b9ff", |r| r.bytes("it").map(drop)), (0, Problem::TruncatedLength));
    let needs = u64::MAX;
    assert_eq!(
        problem("bfffffffffffffffff00", |r| r.bytes("it").map(drop)),
        (0, Problem::Truncated { needs, has: 1 })
    );
    assert_eq!(
        problem("ffffffffffffffffff", |r| r.encoded("it").map(drop)),
        (0, Problem::Truncated { needs, has: 0 })
    );
    assert_eq!(problem("c0", |r| r.bytes("it").map(drop)), (0, Problem::NotAString));
    assert_eq!(problem("80", |r| r.list("it").map(drop)), (0, Problem::NotAList));
    assert_eq!(problem("820102", |r| r.u8("it")), (0, Problem::IntegerTooLong { most: 1, found: 2 }));
    let long = Problem::IntegerTooLong { most: 8, found: 9 };
    assert_eq!(problem("89010000000000000000", |r| r.u64("it")), (0, long));
    let long = Problem::IntegerTooLong { most: 32, found: 33 };
    assert_eq!(problem(&format!("a101{}", "00".repeat(32)), |r| r.u256("it")), (0, long));
    let short = Problem::WrongLength { expected: 20, found: 1 };
    assert_eq!(problem("05", |r| r.address("it")), (0, short));
    assert_eq!(problem("05", |r| r.optional_address("it")), (0, short));
    assert_eq!(problem("0105", |r| r.u8("it").and(r.end("it"))), (1, Problem::Trailing(1)));
}

#[test]
fn places_count_from_the_start_of_the_input() {
    let inner = |r: &mut Reader<'_>| {
        r.u8("first")?;
        let mut list = r.list("list")?;
        list.u8("second")?;
        list.list("third")?.u8("it")
    };
    assert_eq!(problem("07c405c28100", inner), (4, Problem::SingleByte(0)));
}

#[test]
fn addresses_can_be_absent() {
    let mut reader = Reader::new(&[0x80, 0x07]);
    assert_eq!(reader.optional_address("to"), Ok(None));
    assert_eq!((reader.offset(), reader.u8("next")), (1, Ok(7)));
    let bytes = [&[0x94][..], &[7; 20]].concat();
    assert_eq!(Reader::new(&bytes).optional_address("to"), Ok(Some(Address::repeat_byte(7))));
}

#[test]
fn depth_is_bounded_without_recursion() {
    let nested = |depth: usize| (0..depth).fold(Vec::new(), |inner, _| super::list(|w| w.raw(&inner)));
    assert_eq!(check(&nested(5), 5), Ok(()));
    assert_eq!(check(&nested(6), 5).map_err(|e| e.problem), Err(Problem::TooDeep(5)));
    let deep = nested(20_000);
    assert_eq!(check(&deep, usize::MAX), Ok(()));
    assert_eq!(check(&[0x80], 0), Ok(()));
    assert_eq!(check(&[0xC0], 0).map_err(|e| e.problem), Err(Problem::TooDeep(0)));
    assert_eq!(check(&[], 9).map_err(|e| e.problem), Err(Problem::Missing));
    assert_eq!(check(&[0x80, 0x80], 9).map_err(|e| e.problem), Err(Problem::Trailing(1)));
}

/// Whether alloy's reader takes an item, all the way down.
fn alloy_takes(mut input: &[u8]) -> bool {
    fn items(mut payload: &[u8]) -> bool {
        while !payload.is_empty() {
            if !item(&mut payload) {
                return false;
            }
        }
        true
    }
    fn item(input: &mut &[u8]) -> bool {
        let Ok(header) = alloy_rlp::Header::decode(input) else { return false };
        let Some((payload, rest)) = input.split_at_checked(header.payload_length) else { return false };
        *input = rest;
        !header.list || items(payload)
    }
    item(&mut input) && input.is_empty()
}

fn write_random(random: &mut Random, writer: &mut Writer, depth: u32) {
    match random.below(if depth == 0 { 3 } else { 4 }) {
        0 => writer.u64(random.next() >> random.below(64)),
        1 => writer.bytes(&vec![random.next() as u8; random.below(70) as usize]),
        2 => writer.u256(U256::from(random.next()) << random.below(192) as usize),
        _ => {
            let count = random.below(6);
            writer.list(|writer| (0..count).for_each(|_| write_random(random, writer, depth - 1)));
        }
    }
}

#[test]
fn random_and_damaged_items_are_taken_and_refused_as_by_alloy() {
    let mut random = Random(2);
    let mut taken = [0; 2];
    for _ in 0..40_000 {
        let mut writer = Writer::new();
        write_random(&mut random, &mut writer, 4);
        let mut bytes = writer.into_bytes();
        assert_eq!(check(&bytes, 5), Ok(()));
        for _ in 0..random.below(3) {
            let at = random.below(bytes.len() as u64 + 1) as usize;
            match random.below(4) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, random.next() as u8),
                2 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
                _ if at < bytes.len() => bytes[at] = random.next() as u8,
                _ => {}
            }
        }
        let result = check(&bytes, usize::MAX);
        assert_eq!(result.is_ok(), alloy_takes(&bytes), "{}: {result:?}", hex::encode(&bytes));
        taken[usize::from(result.is_ok())] += 1;
        if let Err(error) = result {
            assert!(error.at <= bytes.len());
        }
    }
    assert!(taken.into_iter().all(|count| count > 5_000), "{taken:?}");
}
