// Stops and steps as the page sees them: the shapes of the bindings, on the engine that page and terminal share.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { ROOT } from "./glassbox.mjs";

const { loadEngine } = await import(pathToFileURL(join(ROOT, "www/bin/terminal/engine.mjs")).href);
const { engine } = await loadEngine();

/**
 * What the ROM holds at F000:0000, where the reset vector jumps:
 * `mov ax, 5; mov [600h], ax; call 20h; out 80h, al; cli; hlt`, and at 20h `inc byte [600h]; ret`.
 */
const CODE = [0xb8, 5, 0, 0xa3, 0, 6, 0xe8, 0x17, 0, 0xe6, 0x80, 0xfa, 0xf4];
const SUB = [0xfe, 0x06, 0x00, 0x06, 0xc3];
const BASE = 0xffff0000;

function machine() {
  const rom = new Uint8Array(0x10000).fill(0xf4);
  rom.set(CODE, 0);
  rom.set(SUB, 0x20);
  rom.set([0xe9, 0x0d, 0x00], 0xfff0); // jmp 0
  const config = new engine.PcConfig();
  config.setRamBytes(1 << 20);
  config.setRom(BASE, rom);
  return new engine.Pc(config);
}

const run = (pc, command, argument = "") =>
  pc.debugRun(command, argument, pc.instructions + 1000n, pc.time + 100_000_000n);

const linear = (offset) => (BASE + offset).toString(16);

test("stops, hits and reasons have the shapes that are written down", () => {
  const pc = machine();
  assert.deepEqual(
    pc.setStops([
      { kind: "execute", at: linear(9), id: "port", condition: "byte[0x600] == 6" },
      { kind: "change", at: "600", length: 2 },
      { kind: "portWrite", at: "80", log: "out {value:02x} at {port:x}" },
    ]),
    [],
  );
  const first = run(pc, "continue");
  const by = { cs: 0xf000, eip: 3, linear: BASE + 3 };
  const memory = { what: "memory", linear: 0x600, physical: 0x600, length: 2, write: true, master: false };
  const hit = {
    stop: 1,
    id: "",
    kind: "change",
    symbol: "",
    hits: 1,
    detail: { ...memory, before: [0, 0], after: [5, 0] },
    by,
    error: null,
  };
  assert.deepEqual(first, { reason: "stopped", hits: [hit], instructions: 3, time: 30 });
  assert.deepEqual(pc.stopReason(), first);
  assert.deepEqual(run(pc, "continue").hits[0].detail, { ...memory, length: 1, before: [5], after: [6] });
  const third = run(pc, "continue").hits[0];
  const execute = { what: "execute", linear: BASE + 9 };
  assert.deepEqual(third, {
    stop: 0,
    id: "port",
    kind: "execute",
    symbol: "",
    hits: 1,
    detail: execute,
    by: null,
    error: null,
  });
  assert.equal(run(pc, "continue").reason, "haltedForever");
  assert.deepEqual(pc.takeStopLog(), ["out 05 at 80"]);
  const [stop] = pc.stops();
  assert.deepEqual(stop, {
    ...{ id: "port", kind: "execute", enabled: true, at: linear(9), length: 1, text: "", error: "" },
    ...{ symbol: "", condition: "byte[0x600] == 6", from: 1, log: "", hits: 1 },
  });
});

test("steps, budgets and commands", () => {
  const pc = machine();
  const at = () => pc.registers().linear_ip;
  const done = (command, argument) => assert.equal(run(pc, command, argument).reason, "done", command);
  done("to", linear(6));
  done("over");
  assert.equal(at(), BASE + 9);
  const other = machine();
  run(other, "to", linear(6));
  assert.equal(other.debugRun("over", "", other.instructions + 1n, other.time + 1000n).reason, "outOfBudget");
  assert.equal(run(other, "resume").reason, "done");
  assert.equal(other.stateHash(), pc.stateHash());
  const inside = machine();
  run(inside, "to", linear(0x20));
  assert.equal(run(inside, "out").reason, "done");
  assert.equal(inside.stateHash(), pc.stateHash());
  assert.throws(() => run(pc, "to", "nowhere"), /hexadecimal/);
  assert.throws(() => run(pc, "back"), /no command/);
});

test("errors name stop, field and column; the old stops stay", () => {
  const pc = machine();
  pc.setStops([{ kind: "execute", at: "7c00" }]);
  const errors = pc.setStops([
    { kind: "execute", at: "1" },
    { kind: "execute", at: "7c00", condition: "eax == " },
    { kind: "x" },
  ]);
  assert.deepEqual(
    errors.map(({ stop, field, column }) => [stop, field, column]),
    [
      [1, "condition", 7],
      [2, "kind", 0],
    ],
  );
  for (const { message } of errors) assert.match(message, /^[^\n]+$/);
  assert.equal(pc.stops().length, 1);
  assert.throws(() => pc.setStops(5), /stops/);
  assert.throws(() => pc.setStops([{ kind: "execute", length: "x" }]), /stops/);
  assert.deepEqual(pc.checkExpression("1 + 1"), null);
  assert.equal(pc.checkExpression("1 +").column, 3);
  assert.deepEqual(pc.evaluate("-1"), { value: -1, signed: true });
  assert.deepEqual(pc.evaluate("linear_ip"), { value: 0xfffffff0, signed: false });
});

test("registers and memory are changed from outside", () => {
  const pc = machine();
  const word = (value) => new Uint8Array(new Uint32Array([value]).buffer);
  pc.writeRegister("eax", word(0x12345678));
  assert.deepEqual([...pc.readRegister("eax")], [0x78, 0x56, 0x34, 0x12]);
  pc.writeRegister("ds", word(0x40));
  assert.deepEqual(pc.readRegister("ds_base"), word(0x400));
  pc.writeRegister("eip", word(BASE + 3));
  assert.equal(pc.registers().eip, 3);
  assert.throws(() => pc.writeRegister("eax", new Uint8Array(3)), /bytes/);
  assert.throws(() => pc.writeRegister("cs_base", word(1)), /does not take/);
  assert.throws(() => pc.writeRegister("rax", word(1)), /no register/);
  assert.equal(pc.readRegister("st8"), undefined);
  assert.equal(pc.writeLinear(0x600, new Uint8Array([1, 2, 3])), true);
  assert.deepEqual([...pc.readLinear(0x600, 4)], [1, 2, 3, 0]);
  // ROM, and what is nowhere.
  assert.equal(pc.writeLinear(BASE, new Uint8Array([1])), false);
  assert.equal(pc.writeLinear(0x80000000, new Uint8Array([1])), false);
  assert.equal(pc.readLinear(0x80000000, 4).length, 0);
});
