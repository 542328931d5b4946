import { afterEach, expect, it, vi } from "vitest";
import type { MachineSpec } from "../protocol/machine_spec";
import type { Port } from "./connection";
import { Store } from "./store";

const source = { kind: "bytes", name: "x", bytes: new Uint8Array() } as const;
const spec = (title: string): MachineSpec => ({
  title,
  memoryMb: 4,
  bios: source,
  vgaBios: source,
  drives: {},
  bootOrder: "acd",
  resetOnShutdown: false,
  rtcUnixSeconds: 0,
});

function make() {
  const workers: (Port & { sent: { type: string }[] })[] = [];
  const store = new Store(() => {
    const sent: { type: string }[] = [];
    const worker = {
      sent,
      onmessage: null,
      onerror: null,
      terminate() {},
      postMessage: (message: unknown) => void sent.push(message as { type: string }),
    };
    workers.push(worker);
    return worker;
  });
  const say = (event: object) => workers.at(-1)?.onmessage?.({ data: event } as MessageEvent);
  const begins = () => {
    say({ type: "begun" });
    say({ type: "state", state: "running", message: "" });
  };
  return { store, workers, say, begins };
}

afterEach(() => void vi.clearAllTimers());
vi.useFakeTimers();

it("keeps the running machine when a new one cannot be made", () => {
  const { store, say, begins } = make();
  store.boot(spec("first"));
  begins();
  store.boot(spec("second"));
  say({ type: "problem", message: "second.img: is empty" });
  expect(store.view).toMatchObject({ state: "running", problem: "second.img: is empty" });
  expect(store.view.spec?.title).toBe("first");
});

it("says of every machine whether it may be kept without being asked", () => {
  const { store, workers } = make();
  store.boot(spec("first"));
  expect(workers[0]?.sent[0]).toMatchObject({ type: "boot", unasked: true });
  const sent: unknown[] = [];
  const port = {
    postMessage: (message: unknown) => sent.push(message),
    terminate() {},
    onmessage: null,
    onerror: null,
  };
  new Store(() => port, "", false).boot(spec("first"));
  expect(sent[0]).toMatchObject({ type: "boot", unasked: false });
});

it("what the running machine does while another is on its way, or failed to come, is its own", () => {
  const { store, say, begins } = make();
  store.boot(spec("first"));
  begins();
  say({ type: "serial", port: 0, bytes: new TextEncoder().encode("one") });
  store.boot(spec("second"));
  say({ type: "state", state: "paused", message: "" });
  expect([store.view.spec?.title, store.serial[0]?.value]).toEqual(["first", "one"]);
  say({ type: "problem", message: "second.img: is empty" });
  say({ type: "state", state: "running", message: "" });
  expect([store.view.spec?.title, store.serial[0]?.value]).toEqual(["first", "one"]);
  store.boot(spec("third"));
  begins();
  expect([store.view.spec?.title, store.serial[0]?.value]).toEqual(["third", ""]);
});

it("starts the same machine in a new worker after a crash", () => {
  const { store, workers, say, begins } = make();
  store.boot(spec("first"));
  begins();
  say({ type: "crash", message: "oops" });
  expect(store.view).toMatchObject({ state: "lost", message: "oops" });
  store.restart();
  expect(workers.length).toBe(2);
  expect(workers[1]?.sent[0]).toMatchObject({ type: "boot", spec: { title: "first" } });
});

it("shows downloads until they are done", () => {
  const { store, say } = make();
  store.boot(spec("first"));
  say({ type: "progress", name: "a", loaded: 1, total: 2 });
  expect(store.view.downloads).toEqual([{ name: "a", loaded: 1, total: 2 }]);
  say({ type: "progress", name: "a", loaded: 2, total: 2 });
  expect(store.view.downloads).toEqual([]);
});

it("tells watchers of changes until they leave", () => {
  const { store } = make();
  const watcher = vi.fn();
  const leave = store.watch(watcher);
  store.report("x");
  leave();
  store.dismiss();
  expect(watcher).toHaveBeenCalledTimes(1);
});

it("keeps what each port said, for the machine that runs", () => {
  const { store, say, begins } = make();
  const bytes = (text: string) => new TextEncoder().encode(text);
  store.boot(spec("first"));
  begins();
  say({ type: "serial", port: 1, bytes: bytes("two") });
  say({ type: "serial", port: 0, bytes: bytes("one") });
  say({ type: "serial", port: 1, bytes: bytes(" more") });
  expect(store.serial.map(({ value }) => value)).toEqual(["one", "two more", "", ""]);
  expect(store.view.ports).toEqual([0, 1]);
  store.boot(spec("second"));
  expect(store.serial[0]?.value).toBe("one");
  begins();
  expect(store.serial.map(({ value }) => value)).toEqual(["", "", "", ""]);
  expect(store.view.ports).toEqual([]);
});

it.each(["Booting from 0000:7c00\n", "No bootable device.\n"])("knows from %o that the BIOS is done", (line) => {
  const { store, say, begins } = make();
  store.boot({ ...spec("own"), bios: { kind: "url", url: "bios.bin", whole: true } });
  begins();
  const debug = (text: string) => say({ type: "debug", bytes: new TextEncoder().encode(text) });
  debug("SeaBIOS\nBooting from Floppy...\n");
  expect(store.view.starting).toBe(true);
  // It comes in pieces, as slices end.
  debug(line.slice(0, 10));
  expect(store.view.starting).toBe(true);
  debug(line.slice(10));
  expect(store.view.starting).toBe(false);
});

it("expects nothing of a kernel's or another BIOS's way", () => {
  const { store, begins } = make();
  const bios = { kind: "url", url: "bios.bin", whole: true } as const;
  store.boot({ ...spec("kernel"), bios, kernel: { image: source, append: "" } });
  begins();
  expect(store.view.starting).toBe(false);
});
