// gdb's ways back (gdb manual, "Reverse Execution"; packets bs and bc): over the engine's history, a piece at a time.

/** Instructions executed in one piece, so that gdb's Ctrl-C is heard. */
const PIECE = 4_000_000n;

/**
 * @typedef {import('../../../src/wasm/x86/x86.js').Pc} Pc
 * @typedef {{stop: number, detail: {linear?: number | null}}} Hit
 * @typedef {{reason: string, hits: Hit[]}} Reason what the engine gives
 * @typedef {{hits: Hit[], beginning: boolean}} Arrival
 * @typedef {Generator<string, Arrival, void>} Journey yields why it paused: `outOfBudget` or `needsBlock`
 */

/**
 * Does something that may take several pieces.
 * @param {() => Reason} first
 * @param {() => Reason} again
 * @returns {Generator<string, Reason, void>}
 */
function* whole(first, again) {
  let reached = first();
  while (reached.reason === "outOfBudget" || reached.reason === "needsBlock") {
    yield reached.reason;
    reached = again();
  }
  return reached;
}

/**
 * @param {Pc} pc
 * @param {bigint} instruction
 */
function goTo(pc, instruction) {
  const go = () => pc.goTo(instruction, PIECE);
  return whole(go, go);
}

/** @param {Pc} pc */
const atBeginning = (pc) => pc.instructions <= BigInt(pc.past().start.instruction);

/** One instruction back. @param {Pc} pc @returns {Journey} */
function* step(pc) {
  if (atBeginning(pc)) return { hits: [], beginning: true };
  yield* goTo(pc, pc.instructions - 1n);
  return { hits: [], beginning: false };
}

/**
 * Back to the last stop. A breakpoint is met where its instruction is about to execute; but memory that is watched changes
 * backwards on the way to before the instruction that changed it: there gdb looks for another value.
 * @param {Pc} pc
 * @param {(hit: Hit) => boolean} isWatch
 * @returns {Journey}
 */
function* continueBack(pc, isWatch) {
  const here = pc.instructions;
  if (atBeginning(pc)) return { hits: [], beginning: true };
  // What the instruction just behind did is met at once; the search is for what lies before this place.
  yield* goTo(pc, here - 1n);
  const forward = () => pc.debugRun("into", "", here, 2n ** 63n);
  const last = (yield* whole(forward, () => pc.debugRun("resume", "", here, 2n ** 63n))).hits.filter(isWatch);
  if (last.length > 0) {
    yield* goTo(pc, here - 1n);
    return { hits: last, beginning: false };
  }
  yield* goTo(pc, here);
  const search = () => pc.goBack("continue", "", 0, PIECE);
  const found = yield* whole(search, () => pc.goBack("resume", "", 0, PIECE));
  if (found.reason !== "stopped") return { hits: [], beginning: true };
  const met = found.hits.filter((hit) => !isWatch(hit));
  if (met.length > 0) return { hits: met, beginning: false };
  yield* goTo(pc, pc.instructions - 1n);
  return { hits: found.hits, beginning: false };
}

/** @param {Pc} pc @param {bigint} from @returns {Journey} */
function* goHome(pc, from) {
  yield* goTo(pc, from);
  return { hits: [], beginning: false };
}

/** A way back that is under way. */
export class Backwards {
  /**
   * @param {Pc} pc
   * @param {string} command `bs` or `bc`
   * @param {(hit: Hit) => boolean} isWatch
   */
  constructor(pc, command, isWatch) {
    this.pc = pc;
    this.from = pc.instructions;
    this.givenUp = false;
    this.journey = command === "bs" ? step(pc) : continueBack(pc, isWatch);
  }

  /** The next piece. @returns {{paused: string} | Arrival} */
  next() {
    const { done, value } = this.journey.next();
    return done ? value : { paused: value };
  }

  /** Gives it up: from here on it goes to where it began. */
  giveUp() {
    if (this.givenUp) return;
    this.givenUp = true;
    this.journey = goHome(this.pc, this.from);
  }
}
