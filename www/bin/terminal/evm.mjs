// `glassbox evm`: the EVM in the terminal. One file for each subcommand, loaded when it is asked for.
import { UserError } from "../../src/host/user_error.mjs";

/**
 * A subcommand.
 * @typedef {object} Subcommand
 * @property {string} HELP what `--help` shows
 * @property {(words: readonly string[]) => Promise<number>} main takes the words behind its name; gives the exit code
 */

/**
 * Names, what they do, and where they are.
 * @type {Readonly<Record<string, {summary: string, load: () => Promise<Subcommand>}>>}
 */
const SUBCOMMANDS = {
  run: { summary: "runs code and shows what it does", load: () => import("./evm_run.mjs") },
  asm: { summary: "assembles a text to byte code", load: () => import("./evm_asm.mjs") },
  disasm: { summary: "shows byte code as text that asm takes", load: () => import("./evm_disasm.mjs") },
  statetest: { summary: "runs Ethereum's test suites", load: () => import("./evm_statetest.mjs") },
  t8n: { summary: "makes the state after transactions", load: () => import("./evm_t8n.mjs") },
};

function help() {
  const lines = Object.entries(SUBCOMMANDS).map(
    ([name, { summary }]) => `  glassbox evm ${name.padEnd(10)} ${summary}`,
  );
  return `glassbox evm: the Ethereum Virtual Machine in the terminal

${lines.join("\n")}

glassbox evm NAME --help shows the flags. Exit code: 0 done, 1 what was run failed, 2 bad arguments or files.
`;
}

/**
 * Runs the words after `glassbox evm`; gives the exit code.
 * @param {readonly string[]} words
 */
export async function evm(words) {
  const [name, ...rest] = words;
  if (name === "--help" || name === "-h") {
    process.stdout.write(help());
    return 0;
  }
  const found = name !== undefined && Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (!found) {
    const names = Object.keys(SUBCOMMANDS).join(", ");
    throw new UserError(`evm ${name ?? "without a command"}: the commands are ${names}; try glassbox evm --help`);
  }
  const subcommand = await found.load();
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(subcommand.HELP);
    return 0;
  }
  return subcommand.main(rest);
}
