/** Where an instruction comes from: bytes of a file by the compiler's number, -1 for none. */
export interface MapEntry {
  readonly start: number;
  readonly length: number;
  readonly file: number;
  readonly jump: "in" | "out" | null;
  readonly modifierDepth: number;
}

const NOTHING: MapEntry = { start: -1, length: -1, file: -1, jump: null, modifierDepth: 0 };

/** Reads a source map, an entry for each instruction: what a field leaves out is as in the one before. */
export function parseSourceMap(text: string): MapEntry[] {
  let last = NOTHING;
  if (text === "") return [];
  return text.split(";").map((entry) => {
    if (entry === "") return last;
    const [start, length, file, jump, depth] = entry.split(":");
    const number = (field: string | undefined, before: number) => (field ? Number(field) : before);
    last = {
      start: number(start, last.start),
      length: number(length, last.length),
      file: number(file, last.file),
      jump: jump ? (jump === "i" ? "in" : jump === "o" ? "out" : null) : last.jump,
      modifierDepth: number(depth, last.modifierDepth),
    };
    return last;
  });
}

/** Instruction of code: its byte and what it pushes. */
export interface Instruction {
  readonly pc: number;
  readonly opcode: number;
  /** What a PUSH puts on the stack if it could be a place in code; else null. */
  readonly constant: number | null;
}

const PUSH0 = 0x5f;
const PUSH32 = 0x7f;

/** Code as instructions. What follows the code, such as the compiler's metadata, is read as if it were code, too. */
export function instructionsOf(code: Uint8Array): Instruction[] {
  const found: Instruction[] = [];
  for (let pc = 0; pc < code.length; ) {
    const opcode = code[pc] ?? 0;
    const size = opcode > PUSH0 && opcode <= PUSH32 ? opcode - PUSH0 : 0;
    const small = opcode >= PUSH0 && size <= 4;
    let constant = 0;
    for (let i = 1; i <= size; i++) constant = constant * 256 + (code[pc + i] ?? 0);
    found.push({ pc, opcode, constant: small ? constant : null });
    pc += 1 + size;
  }
  return found;
}
