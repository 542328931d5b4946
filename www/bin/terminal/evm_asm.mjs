// `glassbox evm asm`.
import { UserError } from "../../src/host/user_error.mjs";
import { checkFork, loadEvmTools } from "./evm_engine.mjs";
import { readText, writeResult } from "./evm_files.mjs";
import { parseFlags } from "./evm_flags.mjs";

export const HELP = `glassbox evm asm: assembles a text to byte code

  glassbox evm asm FILE [FLAG...]         FILE - is stdin
  glassbox evm asm --text 'PUSH 1 ...' [FLAG...]

  --fork NAME     for this fork (the main network's): later instructions are errors, PUSH0 is used where it has it
  --output FILE   write there instead of to the terminal
  --binary        the bytes themselves instead of hexadecimal digits
  --json          {"code", "map", "expansions", "labels"}: with where each byte comes from; or {"errors"}
  --macros        list the macros that every program has, and end

Statements, several on a line or each on its own; ; and // start comments
  ADD, push1 0xff, PUSH4 -1     instructions in any case; numbers 12, 0x0c, 0b1100, 'c', "text"
  PUSH 1 << 128                 the shortest PUSH; expressions with ( ) - ~ * / % + << >> & ^ |
  loop: PUSH @loop JUMP         labels; name: is a JUMPDEST, .label name is not
  .const N = 32                 constants
  .bytes 0x0102, "text", 7      data; .bytes4 1, 2 for numbers of four bytes, .fill 10, 0xff
  .macro twice x                macros: $x stands for what is given, up to .end; used as %twice 3
  len("t") keccak256("t") selector("f(uint256)") left("t") codesize() $    in expressions; $ is the place

Errors are lines FILE:LINE:COLUMN: what was expected. Exit code: 0 done, 2 errors, or bad arguments.
`;

/** @param {import('./evm_engine.mjs').EvmTools} engine */
function macroList(engine) {
  /** @type {{name: string, parameters: string[], summary: string}[]} */
  const macros = JSON.parse(engine.builtInMacros());
  return macros.map(({ name, parameters, summary }) => `%${name} ${parameters.join(", ")}`.padEnd(30) + summary);
}

/** @param {readonly string[]} words */
export async function main(words) {
  const given = parseFlags(words, {
    values: ["--fork", "--output", "--text"],
    alone: ["--binary", "--json", "--macros"],
    most: 1,
    command: "glassbox evm asm",
  });
  const engine = await loadEvmTools();
  if (given.alone.has("--macros")) {
    await writeResult(undefined, `${macroList(engine).join("\n")}\n`);
    return 0;
  }
  const [file] = given.words;
  const inline = given.values.get("--text");
  if ((file === undefined) === (inline === undefined))
    throw new UserError("evm asm: give a FILE, or - for stdin, or --text");
  const text = inline ?? readText(/** @type {string} */ (file));
  const json = engine.assemble(text, checkFork(engine, given.values.get("--fork")));
  /** @type {{code: string, errors?: {line: number, column: number, message: string}[]}} */
  const { code, errors } = JSON.parse(json);
  const output = given.values.get("--output");
  if (given.alone.has("--json")) await writeResult(output, `${json}\n`);
  else if (!errors) await writeResult(output, given.alone.has("--binary") ? Buffer.from(code, "hex") : `0x${code}\n`);
  const name = file === undefined ? "--text" : file;
  for (const { line, column, message } of errors ?? []) console.error(`${name}:${line}:${column}: ${message}`);
  return errors ? 2 : 0;
}
