import type { AssemblerError } from "../../protocol/evm/message";
import type { AccountSpec, EvmProject, SourceSpec, TransactionSpec } from "../../protocol/evm/request";
import type { CodeView, SourcePlace, SourceView } from "../../protocol/evm/whole";
import { SOURCES } from "../../strings/worker/sources";
import { type Abi, encodeArguments, parseSignature } from "./abi";
import { assemble, keccak256 } from "./engine";
import { byLine } from "./lines";
import type { Program } from "./solidity/program";
import { hexOf } from "./solidity/values";

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

/** Keccak-256 of a text: 64 digits. */
export const keccakOf = (text: string): string => hexOf(keccak256(new TextEncoder().encode(text))).slice(2);

/** Assembles all sources of a project that are in the assembler's language. */
export function build(project: EvmProject): readonly Built[] {
  const sources = project.sources.filter(({ language }) => language !== "solidity");
  return sources.map((source) => {
    const made = assembleText(source.text, project.request.fork);
    if ("errors" in made) {
      const [first] = made.errors;
      throw new Error(SOURCES.error(source.name, first?.line, first?.column, first?.message));
    }
    return { ...made, source };
  });
}

/** What the sources of a project became. */
export interface Made {
  readonly built: readonly Built[];
  /** Null if there is no Solidity. */
  readonly program: Program | null;
}

/** The request with the sources' code in its prestate, and with calls and names in data replaced by bytes. */
export function requestOf(project: EvmProject, made: Made, abi: Abi): string {
  const { request } = project;
  const assembled = made.built.flatMap(({ source: { address, balance, storage }, code }) =>
    address ? [{ address, code, balance, storage }] : [],
  );
  const placed = [...assembled, ...(made.program?.placed(project) ?? [])];
  const prestate = { ...accountsOf(request.prestate) };
  for (const { address, code, balance, storage } of placed)
    prestate[address] = {
      ...prestate[address],
      code: `0x${code}`,
      ...(balance ? { balance } : {}),
      ...(storage ? { storage } : {}),
    };
  const transactions = request.transactions?.map((transaction) => bytesOf(transaction, project, made, abi));
  // A genesis file's text goes as it is, unless something is to be put beside it.
  const whole = placed.length === 0 ? request.prestate : prestate;
  return JSON.stringify({ ...request, prestate: whole, transactions });
}

function accountsOf(prestate: EvmProject["request"]["prestate"]): Record<string, AccountSpec> {
  if (typeof prestate !== "string") return { ...prestate };
  const parsed = JSON.parse(prestate) as { alloc?: object; accounts?: object };
  return { ...(parsed.alloc ?? parsed.accounts ?? parsed) } as Record<string, AccountSpec>;
}

function bytesOf(
  { call, constructorValues = [], ...transaction }: TransactionSpec,
  project: EvmProject,
  { built, program }: Made,
  abi: Abi,
): TransactionSpec {
  if (call) return { ...transaction, data: abi.encode(call.signature, call.values) };
  if (!transaction.data?.startsWith("@")) return transaction;
  const name = transaction.data.slice(1);
  const found = built.find(({ source }) => source.name === name);
  if (found) return { ...transaction, data: `0x${found.code}` };
  if (!program?.contract(name)) throw new Error(SOURCES.noneCalled(name));
  const { contract, code } = program.creation(name, project);
  const types = contract.abi.find(({ kind }) => kind === "constructor")?.inputs.map(({ type }) => type) ?? [];
  const values = encodeArguments(parseSignature(`constructor(${types.join(",")})`), constructorValues);
  return { ...transaction, data: `0x${code}${values}` };
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
