/** Rotations and round constants as FIPS 202 makes them, section 3.2; words as halves of 32 bits. */
const { ROTATIONS, CONSTANTS } = tables();

const RATE = 136;

function tables() {
  const ROTATIONS = new Uint8Array(25);
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    ROTATIONS[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  const CONSTANTS: [number, number][] = [];
  let lfsr = 1;
  for (let round = 0; round < 24; round++) {
    const constant: [number, number] = [0, 0];
    for (let j = 0; j < 7; j++) {
      const bit = 2 ** j - 1;
      if (lfsr & 1) constant[bit >> 5] = (constant[bit >> 5] ?? 0) | (1 << (bit & 31));
      lfsr = lfsr & 0x80 ? (lfsr << 1) ^ 0x171 : lfsr << 1;
    }
    CONSTANTS.push(constant);
  }
  return { ROTATIONS, CONSTANTS };
}

/** Low and high halves of the 25 lanes, one after the other. */
type State = Int32Array;

const at = (state: State, index: number): number => state[index] ?? 0;

function theta(state: State): void {
  const parity = new Int32Array(10);
  for (let i = 0; i < 50; i++) parity[i % 10] = at(parity, i % 10) ^ at(state, i);
  for (let x = 0; x < 5; x++) {
    const [left, right] = [2 * ((x + 4) % 5), 2 * ((x + 1) % 5)];
    const low = at(parity, left) ^ ((at(parity, right) << 1) | (at(parity, right + 1) >>> 31));
    const high = at(parity, left + 1) ^ ((at(parity, right + 1) << 1) | (at(parity, right) >>> 31));
    for (let y = 0; y < 50; y += 10) {
      state[2 * x + y] = at(state, 2 * x + y) ^ low;
      state[2 * x + y + 1] = at(state, 2 * x + y + 1) ^ high;
    }
  }
}

function rhoPi(state: State, moved: State): void {
  for (let x = 0; x < 5; x++)
    for (let y = 0; y < 5; y++) {
      const from = x + 5 * y;
      const by = ROTATIONS[from] ?? 0;
      const halves = [at(state, 2 * from), at(state, 2 * from + 1)] as const;
      const [low, high] = by & 32 ? [halves[1], halves[0]] : halves;
      const bits = by & 31;
      const to = 2 * (y + 5 * ((2 * x + 3 * y) % 5));
      // A shift by 32 is none in JavaScript: no rotation is a case of its own.
      moved[to] = bits === 0 ? low : (low << bits) | (high >>> (32 - bits));
      moved[to + 1] = bits === 0 ? high : (high << bits) | (low >>> (32 - bits));
    }
}

function chi(state: State, moved: State): void {
  for (let row = 0; row < 50; row += 10)
    for (let x = 0; x < 10; x++)
      state[row + x] = at(moved, row + x) ^ (~at(moved, row + ((x + 2) % 10)) & at(moved, row + ((x + 4) % 10)));
}

function permute(state: State): void {
  const moved = new Int32Array(50);
  for (const [low, high] of CONSTANTS) {
    theta(state);
    rhoPi(state, moved);
    chi(state, moved);
    state[0] = at(state, 0) ^ low;
    state[1] = at(state, 1) ^ high;
  }
}

/** Keccak-256 of bytes, as Ethereum has it: padded as before SHA-3 was a standard. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.floor(bytes.length / RATE) * RATE + RATE);
  padded.set(bytes);
  padded[bytes.length] = 1;
  padded[padded.length - 1] = (padded[padded.length - 1] ?? 0) | 0x80;
  const words = new DataView(padded.buffer);
  const state = new Int32Array(50);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let i = 0; i < RATE / 4; i++) state[i] = at(state, i) ^ words.getInt32(block + 4 * i, true);
    permute(state);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 8; i++) digest.setInt32(4 * i, at(state, i), true);
  return new Uint8Array(digest.buffer);
}
