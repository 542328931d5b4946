import { expect, it } from "vitest";
import type { AssemblerCommand, AssemblerEvent } from "../protocol/nasm";
import type { Port } from "./connection";
import { Assembler } from "./nasm_assembler";

/** A worker that answers by a function, or not at all. */
class FakeWorker implements Port {
  onmessage: Port["onmessage"] = null;
  onerror: Port["onerror"] = null;
  ended = false;

  constructor(private readonly answer: (command: AssemblerCommand) => AssemblerEvent | undefined) {}

  postMessage(message: unknown): void {
    const data = this.answer(message as AssemblerCommand);
    if (data) queueMicrotask(() => this.onmessage?.({ data } as MessageEvent));
  }

  terminate(): void {
    this.ended = true;
  }
}

const errors = { ok: false, errors: [{ line: 1, column: 1, message: "no" }] } as const;

it("starts its worker at the first question and keeps it", async () => {
  let started = 0;
  const assembler = new Assembler(() => {
    started++;
    return new FakeWorker(({ id }) => ({ type: "assembled", id, assembly: errors }));
  });
  expect(started).toBe(0);
  expect(await assembler.assemble("a")).toEqual(errors);
  expect(await assembler.assemble("b")).toEqual(errors);
  expect(started).toBe(1);
});

it("ends a worker that hangs, and the next question goes to another one", async () => {
  const workers: FakeWorker[] = [];
  const assembler = new Assembler(() => {
    const hangs = workers.length === 0;
    const worker = new FakeWorker(({ id }) => (hangs ? undefined : { type: "assembled", id, assembly: errors }));
    workers.push(worker);
    return worker;
  }, 20);
  await expect(assembler.assemble("%rep")).rejects.toThrow("too long");
  expect(workers[0]?.ended).toBe(true);
  expect(await assembler.assemble("nop")).toEqual(errors);
});

it("passes on that the assembler broke, and asks for mnemonics again after a failure", async () => {
  let asked = 0;
  const assembler = new Assembler(
    () =>
      new FakeWorker(({ id }) => {
        asked++;
        return asked === 1 ? { type: "failed", id, message: "no wasm" } : { type: "mnemonics", id, mnemonics: [] };
      }),
  );
  await expect(assembler.mnemonics()).rejects.toThrow("no wasm");
  expect(await assembler.mnemonics()).toEqual([]);
  await assembler.mnemonics();
  expect(asked).toBe(2);
});
