// `glassbox evm disasm`.
import { UserError } from "../../src/host/user_error.mjs";
import { checkFork, loadEvmTools } from "./evm_engine.mjs";
import { parseHex, readCode, writeResult } from "./evm_files.mjs";
import { parseFlags } from "./evm_flags.mjs";

export const HELP = `glassbox evm disasm: shows byte code as text that glassbox evm asm makes the same code of

  glassbox evm disasm FILE [FLAG...]      FILE has hexadecimal digits or the bytes themselves; - is stdin
  glassbox evm disasm --code HEX [FLAG...]

  --fork NAME     with the instructions of this fork (the main network's)
  --output FILE   write there instead of to the terminal
  --json          {"fork", "size", "lines", "blocks"}: lines have pc, bytes, text and, where there are such, label,
                  refers_to, gas, note; blocks have start, end, kind, jump, falls_through

JUMPDESTs that are reached have labels. What nothing leads to, and the metadata of compilers, is shown as .bytes.
`;

/** @param {readonly string[]} words */
export async function main(words) {
  const given = parseFlags(words, {
    values: ["--fork", "--output", "--code"],
    alone: ["--json"],
    most: 1,
    command: "glassbox evm disasm",
  });
  const [file] = given.words;
  const inline = given.values.get("--code");
  if ((file === undefined) === (inline === undefined)) {
    throw new UserError("evm disasm: give a FILE, or - for stdin, or --code HEX");
  }
  const code = inline === undefined ? readCode(/** @type {string} */ (file)) : parseHex(inline, "--code");
  const engine = await loadEvmTools();
  const fork = checkFork(engine, given.values.get("--fork"));
  const result = given.alone.has("--json") ? `${engine.disassemble(code, fork)}\n` : engine.disassembleText(code, fork);
  await writeResult(given.values.get("--output"), result);
  return 0;
}
