export const JUMP = 0x56;
export const JUMPI = 0x57;
export const JUMPDEST = 0x5b;
export const CALLS: ReadonlySet<number> = new Set([0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xfa]);

export const isDup = (opcode: number): boolean => opcode >= 0x80 && opcode <= 0x8f;
export const isSwap = (opcode: number): boolean => opcode >= 0x90 && opcode <= 0x9f;

/** STOP, RETURN, REVERT, INVALID, SELFDESTRUCT: nothing comes after them. */
export const isEnd = (opcode: number): boolean => [0x00, 0xf3, 0xfd, 0xfe, 0xff].includes(opcode);

/** Words that opcodes take from the stack and give to it, by sixteens from 0x00 on; `--` where there is none. */
const ROWS: Readonly<Record<number, string>> = {
  0: "00 21 21 21 21 21 21 21 31 31 21 21 -- -- -- --",
  1: "21 21 21 21 21 11 21 21 21 11 21 21 21 21 11 --",
  2: "21 -- -- -- -- -- -- -- -- -- -- -- -- -- -- --",
  3: "01 11 01 01 01 11 01 30 01 30 01 11 40 01 30 11",
  4: "11 01 01 01 01 01 01 01 01 11 01 01 -- -- -- --",
  5: "10 11 20 20 11 20 10 20 01 01 01 00 11 20 30 01",
  6: "01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01",
  7: "01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01",
  10: "20 30 40 50 60 -- -- -- -- -- -- -- -- -- -- --",
  15: "31 71 71 20 61 41 -- -- -- -- 61 -- -- 20 00 10",
};

const EFFECTS = new Map(
  Object.entries(ROWS).flatMap(([row, text]) =>
    text
      .split(" ")
      .flatMap((pair, column) =>
        pair === "--" ? [] : [[16 * Number(row) + column, { takes: Number(pair[0]), gives: Number(pair[1]) }] as const],
      ),
  ),
);

/** What an opcode takes and gives; nothing for one that is none, and for DUP and SWAP. */
export const effectOf = (opcode: number): { readonly takes: number; readonly gives: number } | undefined =>
  EFFECTS.get(opcode);
