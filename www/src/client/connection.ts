import type { Command } from "../protocol/command";
import type { Event } from "../protocol/event";
import type { Answers, Query } from "../protocol/inspection";
import { CLIENT } from "../strings/client/connection";

const PING_MS = 1000;
/** A worker that says nothing for so long hangs. Long enough for a computer that just woke up. */
const HUNG_MS = 10_000;

/** What a connection tells besides the worker's events. */
export interface Lost {
  readonly type: "lost";
  readonly message: string;
}

export type ConnectionEvent = Event | Lost;

/** What every worker says and is told, whatever machine it owns. */
type AnyCommand<Q> = { readonly type: "query"; readonly id: number; readonly query: Q } | { readonly type: "ping" };
type AnyEvent =
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "refused"; readonly id: number; readonly message: string }
  | { readonly type: "crash"; readonly message: string }
  | { readonly type: "pong" };

/** A worker as the connection needs it: tests bring their own. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Talks to one worker, and notices when it crashed or hangs: commands `C`, events `E`, questions `Q`, answers `A`. */
export class Link<C extends { type: string }, E extends { type: string }, Q extends { kind: string }, A> {
  private readonly pending = new Map<number, Pending>();
  private readonly pinger: ReturnType<typeof setInterval>;
  private nextId = 1;
  private unanswered = 0;
  private open = true;

  constructor(
    private readonly worker: Port,
    private readonly listener: (event: E | Lost) => void,
  ) {
    worker.onmessage = ({ data }) => this.receive(data as E);
    worker.onerror = (event) => this.lose(event.message || CLIENT.notStarted);
    this.pinger = setInterval(() => this.ping(), PING_MS);
  }

  /** Sends a command; buffers in `transfer` are given away. */
  send(command: C | AnyCommand<Q>, transfer: Transferable[] = []): void {
    if (this.open) this.worker.postMessage(command, transfer);
  }

  /** Asks about the machine. Fails when there is none, or the worker is lost. */
  ask<Kind extends Q["kind"] & keyof A>(query: Extract<Q, { kind: Kind }>): Promise<A[Kind]> {
    if (!this.open) return Promise.reject(new Error(CLIENT.gone));
    const id = this.nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.pending.set(id, { resolve, reject }));
    this.send({ type: "query", id, query });
    return answer as Promise<A[Kind]>;
  }

  /** Ends the worker, whatever it does. */
  close(): void {
    this.open = false;
    clearInterval(this.pinger);
    this.worker.terminate();
    for (const { reject } of this.pending.values()) reject(new Error(CLIENT.gone));
    this.pending.clear();
  }

  private receive(event: E): void {
    this.unanswered = 0;
    const known = event as unknown as AnyEvent;
    switch (known.type) {
      case "answer":
        this.take(known.id)?.resolve(known.value);
        return;
      case "refused":
        this.take(known.id)?.reject(new Error(known.message));
        return;
      case "crash":
        return this.lose(known.message);
      case "pong":
        return;
    }
    this.listener(event);
  }

  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    return pending;
  }

  private ping(): void {
    if (this.unanswered * PING_MS >= HUNG_MS) return this.lose(CLIENT.hung);
    this.unanswered++;
    this.send({ type: "ping" });
  }

  private lose(message: string): void {
    if (!this.open) return;
    this.close();
    this.listener({ type: "lost", message });
  }
}

/** The connection to the worker that owns a PC. */
export class Connection extends Link<Command, Event, Query, Answers> {}
