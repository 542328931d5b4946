//! The permutation KECCAK-f[1600] ("The Keccak reference", version 3.0; FIPS 202, section 3).

/// 25 lanes: the one of column `x` and row `y` is at `x + 5 * y`.
pub(super) type State = [u64; 25];

/// The constant of each round that breaks its symmetry (the step iota).
const ROUND_CONSTANTS: [u64; 24] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808A,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808B,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008A,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000A,
    0x0000_0000_8000_808B,
    0x8000_0000_0000_008B,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800A,
    0x8000_0000_8000_000A,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

/// KECCAK-f[1600] on `state`.
pub(super) fn keccak_f(state: &mut State) {
    let mut a = *state;
    for constants in ROUND_CONSTANTS.chunks_exact(2) {
        a = round(a, constants[0]);
        a = round(a, constants[1]);
    }
    *state = a;
}

/// One round: theta, rho, pi, chi and iota.
#[inline(always)]
fn round(a: State, constant: u64) -> State {
    let column = |x: usize| a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    let c = [column(0), column(1), column(2), column(3), column(4)];
    let d = [
        c[4] ^ c[1].rotate_left(1),
        c[0] ^ c[2].rotate_left(1),
        c[1] ^ c[3].rotate_left(1),
        c[2] ^ c[4].rotate_left(1),
        c[3] ^ c[0].rotate_left(1),
    ];
    // The lane that rho and pi bring to column `x` of a row comes from row `x`.
    macro_rules! row {
        ($($from:literal by $rotation:literal),*) => {{
            let b = [$((a[$from] ^ d[$from % 5]).rotate_left($rotation)),*];
            [
                b[0] ^ (!b[1] & b[2]),
                b[1] ^ (!b[2] & b[3]),
                b[2] ^ (!b[3] & b[4]),
                b[3] ^ (!b[4] & b[0]),
                b[4] ^ (!b[0] & b[1]),
            ]
        }};
    }
    let [e0, e1, e2, e3, e4] = row!(0 by 0, 6 by 44, 12 by 43, 18 by 21, 24 by 14);
    let [e5, e6, e7, e8, e9] = row!(3 by 28, 9 by 20, 10 by 3, 16 by 45, 22 by 61);
    let [e10, e11, e12, e13, e14] = row!(1 by 1, 7 by 6, 13 by 25, 19 by 8, 20 by 18);
    let [e15, e16, e17, e18, e19] = row!(4 by 27, 5 by 36, 11 by 10, 17 by 15, 23 by 56);
    let [e20, e21, e22, e23, e24] = row!(2 by 62, 8 by 55, 14 by 39, 15 by 41, 21 by 2);
    [
        e0 ^ constant,
        e1,
        e2,
        e3,
        e4,
        e5,
        e6,
        e7,
        e8,
        e9,
        e10,
        e11,
        e12,
        e13,
        e14,
        e15,
        e16,
        e17,
        e18,
        e19,
        e20,
        e21,
        e22,
        e23,
        e24,
    ]
}
