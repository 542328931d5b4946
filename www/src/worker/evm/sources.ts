import type { AssemblerError } from "../../protocol/evm/message";
import type { AccountSpec, EvmProject, SourceSpec, TransactionSpec } from "../../protocol/evm/request";
import type { CodeView, SourcePlace, SourceView } from "../../protocol/evm/whole";
import type { Abi } from "./abi";
import { assemble } from "./engine";

interface Assembled {
  readonly code: string;
  readonly map: readonly SourcePlace[];
}

/** A source and what it became. */
export interface Built extends Assembled {
  readonly source: SourceSpec;
}

/** What the assembler makes of a text: code, or errors. */
export function assembleText(
  text: string,
  fork: string | undefined,
): Assembled | { readonly errors: readonly AssemblerError[] } {
  return JSON.parse(assemble(text, fork)) as Assembled | { errors: AssemblerError[] };
}

/** Keccak-256 of a text: the assembler has it. */
export function keccakOf(text: string): string {
  const made = assembleText(`PUSH32 keccak256(${JSON.stringify(text)})`, undefined);
  if ("errors" in made) throw new Error(`${text}: cannot be hashed`);
  return made.code.slice(2);
}

/** Assembles all sources of a project. */
export function build(project: EvmProject): readonly Built[] {
  return project.sources.map((source) => {
    const made = assembleText(source.text, project.request.fork);
    if ("errors" in made) {
      const [first] = made.errors;
      throw new Error(`${source.name}, line ${first?.line}, column ${first?.column}: ${first?.message}`);
    }
    return { ...made, source };
  });
}

/** The request with the sources' code in its prestate, and with calls and names in data replaced by bytes. */
export function requestOf(project: EvmProject, built: readonly Built[], abi: Abi): string {
  const { request } = project;
  const placed = built.filter(({ source }) => source.address);
  const prestate = { ...accountsOf(request.prestate) };
  for (const { source, code } of placed) {
    const { address = "", balance, storage } = source;
    const before = prestate[address] ?? {};
    prestate[address] = {
      ...before,
      code: `0x${code}`,
      ...(balance ? { balance } : {}),
      ...(storage ? { storage } : {}),
    };
  }
  const transactions = request.transactions?.map((transaction) => bytesOf(transaction, built, abi));
  // A genesis file's text goes as it is, unless something is to be put beside it.
  const whole = placed.length === 0 ? request.prestate : prestate;
  return JSON.stringify({ ...request, prestate: whole, transactions });
}

function accountsOf(prestate: EvmProject["request"]["prestate"]): Record<string, AccountSpec> {
  if (typeof prestate !== "string") return { ...prestate };
  const parsed = JSON.parse(prestate) as { alloc?: object; accounts?: object };
  return { ...(parsed.alloc ?? parsed.accounts ?? parsed) } as Record<string, AccountSpec>;
}

function bytesOf({ call, ...transaction }: TransactionSpec, built: readonly Built[], abi: Abi): TransactionSpec {
  if (call) return { ...transaction, data: abi.encode(call.signature, call.values) };
  if (!transaction.data?.startsWith("@")) return transaction;
  const name = transaction.data.slice(1);
  const found = built.find(({ source }) => source.name === name);
  if (!found) throw new Error(`data: there is no source called ${name}`);
  return { ...transaction, data: `0x${found.code}` };
}

type Uses = CodeView["uses"];

/** The source that some code came from. The code of a contract that init code left is the end of its source's. */
export function sourceOf(code: string, built: readonly Built[], uses: Uses): SourceView | null {
  const exact = built.find((one) => one.code === code);
  const found = exact ?? built.find((one) => code.length > 0 && one.code.endsWith(code));
  if (!found) return null;
  const before = (found.code.length - code.length) / 2;
  const map = found.map.filter(({ pc }) => pc >= before).map(({ pc, line }) => ({ pc: pc - before, line }));
  const file = { name: found.source.name, text: found.source.text, map, uses: byLine(uses, map) };
  return { ...file, language: "assembler", contract: null, creation: false, files: [file], ranges: [] };
}

/** The sums of what the places of each line did. An instruction that begins a line says how often the line ran. */
function byLine(uses: Uses, map: readonly SourcePlace[]): Uses {
  const sums = new Map<number, [number, number]>();
  let place = 0;
  for (const [pc, count, gas] of uses) {
    while (place + 1 < map.length && (map[place + 1]?.pc ?? 0) <= pc) place++;
    const line = map[place]?.line ?? 0;
    const [most, sum] = sums.get(line) ?? [0, 0];
    sums.set(line, [Math.max(most, count), sum + gas]);
  }
  return [...sums].map(([line, [count, gas]]) => [line, count, gas] as const).sort(([one], [other]) => one - other);
}
