//! The permutation KECCAK-f[1600] ("The Keccak reference", version 3.0; FIPS 202, section 3).

/// 25 lanes: the one of column `x` and row `y` is at `x + 5 * y`. The lanes 1, 2, 8, 12, 17 and 20 are kept inverted:
/// then chi, which inverts one operand of each of its 25 steps, can do with eight inversions in all ("Keccak
/// implementation overview", version 3.2, 2.2).
pub(super) type State = [u64; 25];

/// All lanes zero.
pub(super) const EMPTY: State = {
    let mut state = [0; 25];
    state[1] = u64::MAX;
    state[2] = u64::MAX;
    state[8] = u64::MAX;
    state[12] = u64::MAX;
    state[17] = u64::MAX;
    state[20] = u64::MAX;
    state
};

/// The first eight lanes of `state`.
pub(super) fn first_lanes(state: &State) -> [u64; 8] {
    [state[0], !state[1], !state[2], state[3], state[4], state[5], state[6], state[7]]
}

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
#[inline(never)]
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
    // Rho and pi: the lane they bring to column `x` of a row comes from row `x`.
    macro_rules! moved {
        ($($from:literal by $rotation:literal),*) => {
            [$((a[$from] ^ d[$from % 5]).rotate_left($rotation)),*]
        };
    }
    let mut e = [0; 25];
    let b = moved!(0 by 0, 6 by 44, 12 by 43, 18 by 21, 24 by 14);
    e[0] = b[0] ^ (b[1] | b[2]) ^ constant;
    e[1] = b[1] ^ (!b[2] | b[3]);
    e[2] = b[2] ^ (b[3] & b[4]);
    e[3] = b[3] ^ (b[4] | b[0]);
    e[4] = b[4] ^ (b[0] & b[1]);
    let b = moved!(3 by 28, 9 by 20, 10 by 3, 16 by 45, 22 by 61);
    e[5] = b[0] ^ (b[1] | b[2]);
    e[6] = b[1] ^ (b[2] & b[3]);
    e[7] = b[2] ^ (b[3] | !b[4]);
    e[8] = b[3] ^ (b[4] | b[0]);
    e[9] = b[4] ^ (b[0] & b[1]);
    let b = moved!(1 by 1, 7 by 6, 13 by 25, 19 by 8, 20 by 18);
    e[10] = b[0] ^ (b[1] | b[2]);
    e[11] = b[1] ^ (b[2] & b[3]);
    e[12] = b[2] ^ (!b[3] & b[4]);
    e[13] = !b[3] ^ (b[4] | b[0]);
    e[14] = b[4] ^ (b[0] & b[1]);
    let b = moved!(4 by 27, 5 by 36, 11 by 10, 17 by 15, 23 by 56);
    e[15] = b[0] ^ (b[1] & b[2]);
    e[16] = b[1] ^ (b[2] | b[3]);
    e[17] = b[2] ^ (!b[3] | b[4]);
    e[18] = !b[3] ^ (b[4] & b[0]);
    e[19] = b[4] ^ (b[0] | b[1]);
    let b = moved!(2 by 62, 8 by 55, 14 by 39, 15 by 41, 21 by 2);
    e[20] = b[0] ^ (!b[1] & b[2]);
    e[21] = !b[1] ^ (b[2] | b[3]);
    e[22] = b[2] ^ (b[3] & b[4]);
    e[23] = b[3] ^ (b[4] | b[0]);
    e[24] = b[4] ^ (b[0] & b[1]);
    e
}
