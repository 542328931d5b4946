import type { AssemblerCommand, AssemblerEvent, Assembly, Mnemonic } from "../protocol/nasm";
import { CLIENT } from "../strings/client/connection";
import type { Port } from "./connection";

/** A text that takes longer than this to assemble is given up; the largest honest ones take a fraction of it. */
const LONGEST_MS = 10_000;

interface Pending {
  resolve(event: AssemblerEvent): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

type Ask = { readonly type: "assemble"; readonly text: string } | { readonly type: "mnemonics" };

/** The worker that assembles: started when first needed, and anew after it broke or hung. */
export class Assembler {
  private worker: Port | undefined;
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();
  private known: Promise<readonly Mnemonic[]> | undefined;

  constructor(
    private readonly start: () => Port,
    private readonly longestMs = LONGEST_MS,
  ) {}

  /** Assembles a text. Fails only if the assembler itself does. */
  async assemble(text: string): Promise<Assembly> {
    const event = await this.ask({ type: "assemble", text });
    if (event.type !== "assembled") throw new Error(CLIENT.otherAnswer);
    return event.assembly;
  }

  /** All instructions that it knows, in the order of their names; asked for once. */
  mnemonics(): Promise<readonly Mnemonic[]> {
    this.known ??= this.ask({ type: "mnemonics" }).then((event) => (event.type === "mnemonics" ? event.mnemonics : []));
    // What failed is tried again the next time.
    this.known.catch(() => {
      this.known = undefined;
    });
    return this.known;
  }

  private ask(question: Ask): Promise<AssemblerEvent> {
    const worker = this.connect();
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.giveUp(CLIENT.tooLong), this.longestMs);
      this.pending.set(id, { resolve, reject, timer });
      const command: AssemblerCommand = { ...question, id };
      worker.postMessage(command, []);
    });
  }

  private connect(): Port {
    if (this.worker) return this.worker;
    const worker = this.start();
    worker.onmessage = ({ data }) => this.receive(data as AssemblerEvent);
    worker.onerror = (event) => this.giveUp(event.message || CLIENT.notLoaded);
    this.worker = worker;
    return worker;
  }

  private receive(event: AssemblerEvent): void {
    const pending = this.pending.get(event.id);
    if (!pending) return;
    this.pending.delete(event.id);
    clearTimeout(pending.timer);
    if (event.type === "failed") pending.reject(new Error(event.message));
    else pending.resolve(event);
  }

  /** Ends the worker, whatever it does; the next question starts another one. */
  private giveUp(message: string): void {
    this.worker?.terminate();
    this.worker = undefined;
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer);
      reject(new Error(message));
    }
    this.pending.clear();
  }
}
