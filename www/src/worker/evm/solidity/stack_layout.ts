import type { CodeEntry, DebugFunction, DebugVariable } from "../../../protocol/evm/solidity";
import type { Mapped } from "./mapped";
import { effectOf, isDup, isEnd, isSwap, JUMP, JUMPI } from "./stack_effect";

// How high the stack is at each instruction, and which variables it holds there, by walking through the code once: the
// compiler's older way to code keeps all variables of a function at fixed heights above the function's first word. Calls
// of functions are jumps that the source map marks; where they return to is on the stack.

/** A word of the stack, as far as it is known before anything is executed. */
interface Cell {
  /** What was pushed. */
  readonly constant: number | null;
  /** It was there when the function began, so deep: 1 is the top. */
  readonly given: number | null;
  /** It is the word itself that was pushed, no copy of a variable: it is the same whenever this way is taken. */
  readonly literal: boolean;
}

const UNKNOWN: Cell = { constant: null, given: null, literal: false };

/** A variable of a function, at a height over the function's beginning: parameters are below it. */
export interface Held {
  readonly variable: DebugVariable;
  readonly kind: "parameter" | "result" | "local";
  readonly height: number;
  /** The compiler's number of the file that declares it. */
  readonly file: number;
}

/** What a function does to the stack. */
interface Effect {
  /** How deep below its beginning the place is where it returns to. */
  readonly returnDepth: number;
  /** By how much the stack is higher afterwards. */
  readonly delta: number;
}

/** A function of the code: of the source, of the compiler, or what is executed first. */
export interface CodeFunction {
  readonly entry: number;
  /** Null of the compiler's own, and of the dispatcher. */
  readonly declared: DebugFunction | null;
  effect: Effect | null;
}

/** A jump into a function. */
export interface CallSite {
  readonly pc: number;
  readonly returned: number;
  /** Null where a variable says which function it is. */
  readonly callee: CodeFunction | null;
}

/** What is known of an instruction before it is executed. */
export interface Place {
  readonly function: CodeFunction;
  readonly height: number;
  readonly held: readonly Held[];
  /** From which height on words are known, and of each how deep it was when the function began; 0 if it is new. */
  readonly bottom: number;
  readonly given: readonly number[];
}

/** Where a word is now that was so deep when the function began: at its end it is brought to the top. */
export function heightOf({ bottom, given }: Place, depth: number): number | null {
  if (-depth < bottom || given[-depth - bottom] === depth) return -depth;
  const found = given.indexOf(depth);
  return found < 0 ? null : bottom + found;
}

/** Heights kept of one instruction. */
const MOST_HEIGHTS = 4;
/** Functions that call one another, as deep as they are followed. */
const DEEPEST = 400;

/** The known part of the stack on one way through a function. */
class Shape {
  private constructor(
    private cells: Cell[],
    /** Height of the lowest of them. */
    private bottom: number,
    held: readonly Held[],
  ) {
    this.held = held;
  }

  held: readonly Held[];

  static begin(held: readonly Held[]): Shape {
    return new Shape([], 0, held);
  }

  copy(): Shape {
    return new Shape([...this.cells], this.bottom, this.held);
  }

  get height(): number {
    return this.bottom + this.cells.length;
  }

  /**
   * Ways that meet go on as one, unless they differ in height, or in a word that decides where they go on: after a `try`
   * what was returned is on the stack, or not, and a 1 or a 0 on it.
   */
  key(pc: number): string {
    const top = this.cells.slice(-2).map(({ literal, constant }) => (literal ? constant : ""));
    return `${pc} ${this.height} ${top.join(" ")}`;
  }

  /** What is known here. */
  place(one: CodeFunction): Place {
    const { height, held, bottom } = this;
    return { function: one, height, held, bottom, given: this.cells.map(({ given }) => given ?? 0) };
  }

  push(cell: Cell): void {
    this.cells.push(cell);
  }

  pop(): Cell {
    this.reach(1);
    const cell = this.cells.pop() ?? UNKNOWN;
    if (this.held.some(({ height }) => height >= this.height))
      this.held = this.held.filter(({ height }) => height < this.height);
    return cell;
  }

  /** How deep a constant is; null if it is not there. */
  depthOf(constant: number): number | null {
    const at = this.cells.findLastIndex((cell) => cell.constant === constant);
    return at < 0 ? null : this.cells.length - at;
  }

  /** A word by its depth; 1 is the top. */
  peek(depth: number): Cell {
    this.reach(depth);
    return this.cells[this.cells.length - depth] ?? UNKNOWN;
  }

  swap(depth: number): void {
    this.reach(depth + 1);
    const [top, other] = [this.cells.length - 1, this.cells.length - 1 - depth];
    [this.cells[top], this.cells[other]] = [this.cells[other] ?? UNKNOWN, this.cells[top] ?? UNKNOWN];
  }

  /** Makes words known that were there before the function began. */
  private reach(depth: number): void {
    while (this.cells.length < depth) this.cells.unshift({ ...UNKNOWN, given: -(--this.bottom) });
  }
}

/** Heights and variables at the instructions of some code. */
export class StackLayout {
  private readonly places = new Map<number, Place[]>();
  private readonly functions = new Map<number, CodeFunction>();
  private readonly running = new Set<number>();
  private readonly entries: ReadonlyMap<number, CodeEntry>;
  /** Declarations by file, first character and length. */
  private readonly declared = new Map<string, Omit<Held, "height">>();
  /** Constructors and modifiers: their text stands in the middle of another function's code. */
  private readonly inlined: readonly DebugFunction[];
  /** By where they are returned to. */
  private readonly calls = new Map<number, CallSite>();
  /** The same by where they are. */
  private readonly jumps = new Map<number, CallSite>();

  constructor(private readonly mapped: Mapped) {
    const { functions } = mapped.program.compilation;
    this.entries = new Map(mapped.found.code.entries.map((entry) => [entry.pc, entry]));
    for (const { file, body, variables } of functions)
      for (const variable of variables) {
        const kind = body && variable.start < body[0] ? "result" : "local";
        this.declared.set(`${file}:${variable.start}:${variable.length}`, { variable, kind, file });
      }
    this.inlined = functions.filter(
      ({ kind, isConstructor, parameters }) => parameters.length > 0 && (isConstructor || kind === "modifier"),
    );
    this.analyse(0);
    // Called through variables, or not at all.
    for (const entry of this.entries.keys()) this.analyse(entry);
  }

  /** What is known of an instruction, nearly always one thing; nothing of one that no known way leads to. */
  at(pc: number): readonly Place[] {
    return this.places.get(pc) ?? [];
  }

  /** The jump into a function that returns here. */
  callBefore(returned: number): CallSite | undefined {
    return this.calls.get(returned);
  }

  /** The jump into a function at a pc. */
  callAt(pc: number): CallSite | undefined {
    return this.jumps.get(pc);
  }

  private functionAt(entry: number): CodeFunction {
    const known = this.functions.get(entry);
    if (known) return known;
    const index = this.entries.get(entry)?.function ?? null;
    const declared = index === null ? null : (this.mapped.program.compilation.functions[index] ?? null);
    const made: CodeFunction = { entry, declared, effect: null };
    this.functions.set(entry, made);
    return made;
  }

  /** Walks through a function, and through those it calls, and learns what it does to the stack. */
  private analyse(entry: number): CodeFunction {
    const known = this.functions.get(entry);
    const one = known ?? this.functionAt(entry);
    if (known || this.running.size > DEEPEST) return one;
    this.running.add(entry);
    const seen = new Set<string>();
    const waiting: [number, Shape][] = [[entry, Shape.begin(this.parameters(one))]];
    for (let next = waiting.pop(); next; next = waiting.pop()) this.follow(one, next[0], next[1], seen, waiting);
    this.running.delete(entry);
    return one;
  }

  private parameters({ declared }: CodeFunction): readonly Held[] {
    if (!declared) return [];
    return heldBelow(0, declared);
  }

  /** Follows one way until it ends or meets one that was walked; others wait. */
  private follow(one: CodeFunction, from: number, shape: Shape, seen: Set<string>, waiting: [number, Shape][]): void {
    for (let index = this.mapped.index(from); index !== undefined; index++) {
      const instruction = this.mapped.instructions[index];
      const key = shape.key(instruction?.pc ?? 0);
      if (!instruction || seen.has(key)) return;
      const { pc, opcode, constant } = instruction;
      seen.add(key);
      this.declare(pc, shape);
      this.note(pc, shape.place(one));
      if (opcode === JUMP) {
        const next = this.jump(one, pc, shape);
        if (next !== null) waiting.push([next, shape]);
        return;
      }
      if (isDup(opcode)) shape.push({ ...shape.peek(opcode - 0x7f), literal: false });
      else if (isSwap(opcode)) shape.swap(opcode - 0x8f);
      else if (opcode === JUMPI) {
        const target = shape.pop().constant;
        const condition = shape.pop();
        const decided = condition.literal ? condition.constant : null;
        if (target !== null && decided !== 0) waiting.push([target, shape.copy()]);
        if (decided !== null && decided !== 0) return;
      } else {
        const effect = effectOf(opcode);
        if (!effect || isEnd(opcode)) return;
        for (let i = 0; i < effect.takes; i++) shape.pop();
        for (let i = 0; i < effect.gives; i++)
          shape.push(constant === null ? UNKNOWN : { constant, given: null, literal: true });
      }
    }
  }

  private note(pc: number, place: Place): void {
    const known = this.places.get(pc) ?? [];
    if (known.length < MOST_HEIGHTS && !known.some(({ height }) => height === place.height)) known.push(place);
    this.places.set(pc, known);
  }

  /** Where a jump leads; null where that is unknown, or the function ends. */
  private jump(one: CodeFunction, pc: number, shape: Shape): number | null {
    const target = shape.pop();
    const calls = this.mapped.entry(pc)?.jump === "in";
    if (target.constant === null && !calls) {
      if (target.given !== null) one.effect ??= { returnDepth: target.given, delta: shape.height };
      return null;
    }
    if (!calls) return target.constant;
    const effect = target.constant === null ? this.effectThere(pc, shape) : this.effectOf(target.constant);
    const returned = effect && shape.peek(effect.returnDepth).constant;
    if (!effect || returned === null) return null;
    const callee = target.constant === null ? null : this.functionAt(target.constant);
    const site = { pc, returned, callee };
    this.calls.set(returned, site);
    this.jumps.set(pc, site);
    const height = shape.height + effect.delta;
    for (let i = 0; i < effect.returnDepth; i++) shape.pop();
    while (shape.height < height) shape.push(UNKNOWN);
    return returned;
  }

  /** What a function does; by what the compiler tells of it while it is being walked through, or if that is no use. */
  private effectOf(entry: number): Effect | null {
    const { effect } = this.analyse(entry);
    const told = this.entries.get(entry);
    if (effect || !told) return effect;
    const { parameterSlots, returnSlots } = told;
    return { returnDepth: parameterSlots + 1, delta: returnSlots - parameterSlots - 1 };
  }

  /**
   * What a function does that is called through a variable: its place to return to is right behind the jump; how much it
   * leaves is known if all functions that take as much leave the same.
   */
  private effectThere(pc: number, shape: Shape): Effect | null {
    const returnDepth = shape.depthOf(pc + 1);
    if (returnDepth === null) return null;
    const taking = [...this.entries.values()].filter(
      (entry) => entry.function !== null && entry.parameterSlots === returnDepth - 1,
    );
    const leaves = new Set(taking.map(({ returnSlots }) => returnSlots));
    const [left] = leaves;
    return left === undefined || leaves.size > 1 ? null : { returnDepth, delta: left - returnDepth };
  }

  /** How deep a function's place to return to is. */
  returnDepth(one: CodeFunction): number | null {
    const told = this.entries.get(one.entry);
    return one.effect?.returnDepth ?? (told ? told.parameterSlots + 1 : null);
  }

  /** A variable begins where its declaration has its first instruction. */
  private declare(pc: number, shape: Shape): void {
    const entry = this.mapped.entry(pc);
    if (!entry || entry.start < 0) return;
    const declared = this.declared.get(`${entry.file}:${entry.start}:${entry.length}`);
    if (declared && !shape.held.some(({ variable }) => variable === declared.variable))
      shape.held = [...shape.held, { ...declared, height: shape.height }];
    for (const one of this.inlined) {
      const [start, length] = one.body ?? [0, 0];
      if (entry.file !== one.file || entry.start <= start || entry.start >= start + length) continue;
      if (shape.held.some(({ variable }) => variable === one.parameters[0])) continue;
      // What it was given was put on the stack just before its first statement.
      const below = declared ? shape.held.slice(0, -1) : shape.held;
      shape.held = [...below, ...heldBelow(shape.height, one), ...(declared ? shape.held.slice(-1) : [])];
    }
  }
}

/** Parameters, the last one right below a height. */
function heldBelow(height: number, { parameters, file }: DebugFunction): readonly Held[] {
  let at = height - parameters.reduce((sum, { words }) => sum + words, 0);
  return parameters.map((variable) => {
    const held: Held = { variable, kind: "parameter", height: at, file };
    at += variable.words;
    return held;
  });
}
