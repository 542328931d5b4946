import { beforeEach, describe, expect, it, vi } from "vitest";
import { compileRequestOf } from "../../client/evm/compiling";
import { EVM_EXAMPLES } from "../../examples/evm/catalog";
import { A, ALICE, B, BOB, C, type EvmExample } from "../../examples/evm/example";
import type { EvmEvent, Selected } from "../../protocol/evm/message";
import type { Compilation } from "../../protocol/evm/solidity";
import type { Whole } from "../../protocol/evm/whole";
import { Compiler } from "../solidity/compiler";
import { startUnderNode } from "../solidity/node_soljson.mjs";
import { Run } from "./run";

const state = vi.hoisted(() => ({ loads: 0 }));

/** Counts how often the cryptography is asked for. */
vi.mock("./engine", async () => {
  const engine = await import("./node_engine.mjs");
  const loadPrecompiles = () => {
    state.loads++;
    return engine.loadPrecompiles();
  };
  return { ...engine, loadPrecompiles };
});

const events: EvmEvent[] = [];
beforeEach(() => {
  state.loads = 0;
  events.length = 0;
});

const compiler = new Compiler(
  async () => startUnderNode(),
  () => undefined,
);
const compiled = new Map<string, Compilation>();

/** Opens an example; one in Solidity is compiled first, once, by the same request as the page makes. */
async function open({ id, project }: EvmExample): Promise<Run> {
  const request = compileRequestOf(project);
  const made = compiled.get(id) ?? (request ? await compiler.compile(request) : undefined);
  if (made) compiled.set(id, made);
  return Run.open(
    project,
    (event) => events.push(event),
    () => true,
    made,
  );
}

function example(id: string): EvmExample {
  const found = EVM_EXAMPLES.find((one) => one.id === id);
  if (!found) throw new Error(`no example ${id}`);
  return found;
}

/** What a slot was changed to; undefined if it was not. */
const slot = ({ accounts }: Whole, address: string, key: string): string | undefined =>
  accounts.find((one) => one.address === address)?.storage.find((one) => one.key === key)?.after;

/** What the compiler's layout says is in a slot: name, value, first byte, bytes. */
const variables = ({ whole }: Selected, key: string) =>
  whole.accounts
    .flatMap(({ storage }) => storage.find((one) => one.key === key)?.variables ?? [])
    .map(({ name, value, offset, size }) => [name, value, offset, size]);

const balance = ({ accounts }: Whole, address: string): number =>
  Number(accounts.find((one) => one.address === address)?.after?.balance);

const word = (value: number | string): string =>
  `0x${(typeof value === "number" ? value.toString(16) : value).padStart(64, "0")}`;

// First of all: once loaded, the module stays.
it("loads the cryptography only where it is called", async () => {
  for (const id of ["counter", "erc20", "create2", "bubble"]) (await open(example(id))).end();
  expect(state.loads).toBe(0);
  (await open(example("precompile"))).end();
  expect(state.loads).toBe(1);
  expect(events).toContainEqual({ type: "precompiles" });
});

describe("examples", () => {
  it.each(EVM_EXAMPLES)("$id has words, and points into panes that there are", (one) => {
    expect(one.about.length).toBeGreaterThan(1);
    expect(one.tries.length).toBeGreaterThan(1);
    expect(new Set(EVM_EXAMPLES.map(({ id }) => id)).size).toBe(EVM_EXAMPLES.length);
  });

  it.each(EVM_EXAMPLES)("$id walks to its end and back", { timeout: 30_000 }, async (one) => {
    const run = await open(one);
    for (const [index, { steps = 0 }] of run.summary.transactions.entries()) {
      const { scene } = run.select(index);
      const end = await run.travel({ to: steps }, () => undefined);
      expect([end.scene.position, end.scene.frames]).toEqual([steps, []]);
      const start = await run.travel({ to: 0 }, () => undefined);
      expect(start.scene).toEqual({ ...scene, length: steps });
    }
    run.end();
  });

  it("counter counts two", async () => {
    const run = await open(example("counter"));
    const { transactions } = run.summary;
    expect(transactions.map(({ success }) => success)).toEqual([true, true, true]);
    expect(transactions[2]?.output).toBe(word(2));
    // EIP-2200 and 2929: 22,100 for a new slot, 5,000 for one that had a value; the way there is the same.
    expect((transactions[0]?.gasUsed ?? 0) - (transactions[1]?.gasUsed ?? 0)).toBe(20_000 - 2_900);
    expect(slot(run.select(1).whole, A, "0x0")).toBe("0x2");
  });

  it("erc20 moves tokens, logs it, and refuses what is not there", async () => {
    const run = await open(example("erc20"));
    expect(run.summary.transactions.map(({ success }) => success)).toEqual([true, false, true]);
    expect(run.summary.transactions[1]?.why).toBe('the contract reverted: "balance too small"');
    const { whole, logs } = run.select(2);
    // Keccak-256 of the address and slot 0, computed by another program.
    expect(slot(whole, A, "0x4df3ced26eeec1ed9b325277c125883880918ffa14ee973dcd62beb5e1853dfd")).toBe("0x46");
    expect(slot(whole, A, "0x3df664546288c9c5a7b1d0ce1ee5ae748f9a5691336ac256941d65602eb592aa")).toBe("0x1e");
    // The topic that every ERC-20 token has.
    expect(whole.logs[0]?.topics[0]).toBe("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
    expect(logs[0]?.values.map(({ value }) => value)).toEqual([ALICE, BOB, "30"]);
  });

  it("reentrancy robs the naive bank, and not the careful one", async () => {
    const run = await open(example("reentrancy"));
    const naive = run.select(0).whole;
    expect([balance(naive, A), balance(naive, C)]).toEqual([0, 4]);
    const careful = run.select(1).whole;
    expect([balance(careful, B), balance(careful, C)]).toEqual([NaN, 5]);
    expect(careful.calls.some(({ failure }) => failure === 'the contract reverted: "nothing to withdraw"')).toBe(true);
  });

  it("proxy keeps the number, the implementation does not", async () => {
    const run = await open(example("proxy"));
    expect(run.summary.transactions.map(({ output }) => output)).toEqual(["0x", word(42), word(0)]);
    expect(slot(run.select(0).whole, A, "0x1")).toBe("0x2a");
  });

  it("create2 makes contracts at the addresses of EIP-1014, once each", async () => {
    const run = await open(example("create2"));
    // Computed by another program.
    const [first, second] = ["3ea1b2f1cd13bdd0cac7fb50a04a12d4a8722b57", "3c2992ba47fbcc4d0cf5d52eecb679efc49eafb1"];
    expect(run.summary.transactions.map(({ output }) => output)).toEqual([word(first), word(0), word(second)]);
    const made = run.select(0).whole.accounts.find(({ address }) => address === `0x${first}`);
    expect([made?.before, made?.after?.codeSize]).toEqual([null, 8]);
  });

  it("griefing delivers one message and only says so of the other", async () => {
    const run = await open(example("griefing"));
    expect(run.summary.transactions.map(({ success }) => success)).toEqual([true, true]);
    const [first, second] = [run.select(0).whole, run.select(1).whole];
    expect([slot(first, A, "0x1"), slot(first, B, "0x1")]).toEqual(["0x1", "0x1"]);
    expect([slot(second, A, "0x2"), slot(second, B, "0x2")]).toEqual(["0x1", undefined]);
    expect(second.calls[1]?.failure).toBe("gas ran out");
  });

  it("packing saves a slot", async () => {
    const run = await open(example("packing"));
    const { transactions } = run.summary;
    expect(transactions[2]?.output).toBe(word(9));
    expect(slot(run.select(0).whole, A, "0x0")).toBe(`0x9${"7".padStart(32, "0")}`);
    const saved = (transactions[1]?.gasUsed ?? 0) - (transactions[0]?.gasUsed ?? 0);
    expect(saved).toBeGreaterThan(22_000);
    expect(saved).toBeLessThan(22_200);
  });

  it("transient lets one in at a time", async () => {
    const run = await open(example("transient"));
    const { whole } = run.select(0);
    expect(run.summary.transactions[0]?.success).toBe(true);
    expect(slot(whole, A, "0x0")).toBe("0x1");
    expect(whole.calls.map(({ failure }) => failure)).toEqual([null, null, null, 'the contract reverted: "locked"']);
    const before = await run.compare(
      "Shanghai",
      () => undefined,
      () => true,
    );
    expect(before.here?.next?.text).toBe("TLOAD");
    expect(before.there?.next?.failure).toContain("TLOAD (0x5c) is there since Cancun");
  });

  it("delegation runs the wallet as the account of the key 1", async () => {
    const run = await open(example("delegation"));
    const authority = "7e5f4552091a69125d5dfcb7b8c2659029395bdf";
    expect(run.summary.transactions.map(({ output }) => output)).toEqual([word(authority), word(authority)]);
    const account = run.select(0).whole.accounts.find(({ address }) => address === `0x${authority}`);
    expect([account?.after?.delegation, account?.after?.codeSize, account?.after?.nonce]).toEqual([B, 23, 1]);
    expect(slot(run.select(1).whole, `0x${authority}`, "0x0")).toBe("0x2");
    // EIP-7702: 25,000 for each word beforehand.
    const [first, second] = run.summary.transactions;
    expect((first?.intrinsicGas ?? 0) - (second?.intrinsicGas ?? 0)).toBe(25_000);
  });

  it("precompile hashes as FIPS 180-4 has it", async () => {
    const run = await open(example("precompile"));
    expect(run.summary.transactions[0]?.output).toBe(
      "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(run.select(0).whole.calls[1]?.gasUsed).toBe(72);
  });

  it("bubble begins in the shelf, and leaves nothing", async () => {
    const run = await open(example("bubble"));
    expect(run.summary.transactions[0]?.why).toBe('the contract reverted: "out of stock"');
    run.select(0);
    const { scene } = await run.travel({ failure: true }, () => undefined);
    expect([scene.next?.text, scene.frames.at(-1)?.codeAddress]).toEqual(["REVERT", C]);
    const { whole } = run.select(0);
    expect(whole.logs[0]?.undone).toBe(true);
    expect(whole.accounts.some(({ storage }) => storage.length > 0)).toBe(false);
  });

  it("out_of_gas says what was wanted and what there was", async () => {
    const run = await open(example("out_of_gas"));
    const [outcome] = run.summary.transactions;
    expect([outcome?.success, outcome?.gasUsed]).toEqual([false, 100_000]);
    run.select(0);
    const { scene } = await run.travel({ failure: true }, () => undefined);
    expect(scene.next?.failure).toMatch(/^MSTORE costs \d+ gas \(3 base \+ \d+ memory growth\), but \d+ are left$/);
  });

  it.each(EVM_EXAMPLES.filter(({ project }) => compileRequestOf(project)))(
    "$id compiles without a word from the compiler",
    { timeout: 30_000 },
    async (one) => {
      (await open(one)).end();
      expect(compiled.get(one.id)?.diagnostics).toEqual([]);
    },
  );

  it("solidity_storage has its variables where the comments say", { timeout: 30_000 }, async () => {
    const run = await open(example("solidity_storage"));
    expect(run.summary.transactions.map(({ success }) => success)).toEqual([true, true, true, true, true]);
    expect(variables(run.select(0), "0x0")).toEqual([
      ["opened", "1700000000", 0, 8],
      ["open", "true", 8, 1],
      ["librarian", ALICE, 9, 20],
    ]);
    // Three statements, each with a slot of its own to write; "librarian" is the first after the address is known.
    expect(run.select(0).whole.opcodes.find(({ mnemonic }) => mnemonic === "SSTORE")?.count).toBe(3);
    // Keccak-256 of slot 2, as every explorer has it; two books of two slots each.
    const books = 0x405787fa12a823e0f2b7631cc41b3ba8828b3321ca811111fa75cd3aa3bb5acen;
    expect(slot(run.select(1).whole, A, `0x${books.toString(16)}`)).toBe(`0x4661757374${"0a".padStart(54, "0")}`);
    expect(variables(run.select(2), `0x${(books + 2n).toString(16)}`)).toEqual([
      ["books[1].title", '"Philosophiae Naturalis Principia Mathematica"', 0, 32],
    ]);
    expect(variables(run.select(3), `0x${(books + 3n).toString(16)}`)).toEqual([
      ["books[1].reader", BOB, 0, 20],
      ["books[1].due", "1700600000", 20, 8],
      ["books[1].shelf", "Physics", 28, 1],
    ]);
    const rated = run
      .select(4)
      .whole.accounts.flatMap(({ storage }) => storage.flatMap(({ variables: all = [] }) => all));
    const values = new Map(rated.map(({ name, value }) => [name, value]));
    expect(["ratings.length", "ratings[0]", "ratings[1]", "ratings[2]"].map((name) => values.get(name))).toEqual([
      "3",
      "9",
      "4",
      "10",
    ]);
  });

  it("solidity_token moves what it may, logs it, and says what was missing", { timeout: 30_000 }, async () => {
    const run = await open(example("solidity_token"));
    const { transactions } = run.summary;
    expect(transactions.map(({ success }) => success)).toEqual([true, true, true, true, false]);
    const token = transactions[0]?.created ?? "";
    expect(transactions.slice(1).map(({ to }) => to)).toEqual([token, token, token, token]);
    expect(transactions[4]?.why).toBe(
      `the contract reverted: AllowanceTooSmall(spender: ${BOB}, allowed: 40, needed: 50)`,
    );
    const created = run.select(0);
    expect(created.logs[0]?.values.map(({ name, value }) => [name, value])).toEqual([
      ["from", `0x${"0".repeat(40)}`],
      ["to", ALICE],
      ["value", "1000"],
    ]);
    const moved = run.select(3);
    expect(moved.logs[0]?.values.map(({ value }) => value)).toEqual([ALICE, BOB, "60"]);
    expect(moved.calls[0]?.outputs).toEqual([{ type: "bool", value: "true" }]);
    const values = new Map(
      moved.whole.accounts.flatMap(({ storage }) =>
        storage.flatMap(({ variables: all = [] }) => all.map(({ name, before, value }) => [name, [before, value]])),
      ),
    );
    expect(values).toEqual(
      new Map([
        [`allowance[${ALICE}][${BOB}]`, ["100", "40"]],
        [`balanceOf[${ALICE}]`, ["975", "915"]],
        [`balanceOf[${BOB}]`, ["25", "85"]],
      ]),
    );
    run.select(4);
    const { scene } = await run.travel({ failure: true }, () => undefined);
    expect(scene.variables?.find(({ name }) => name === "allowed")?.value).toBe("40");
  });

  it("solidity_bank is robbed where it writes too late", { timeout: 30_000 }, async () => {
    const run = await open(example("solidity_bank"));
    expect(run.summary.transactions.map(({ success }) => success)).toEqual([true, true, true, false]);
    const naive = run.select(2);
    expect([balance(naive.whole, A), balance(naive.whole, C)]).toEqual([0, 4]);
    expect(naive.calls.filter((call) => call?.signature === "withdraw()").length).toBe(4);
    const careful = run.select(3);
    expect(careful.whole.calls.map(({ failure }) => failure).filter(Boolean)).toEqual([
      "the contract reverted: SendingFailed()",
      "the contract reverted: SendingFailed()",
      `the contract reverted: NothingToWithdraw(owner: ${C})`,
      `the contract reverted: NothingToWithdraw(owner: ${C})`,
    ]);
  });
});
