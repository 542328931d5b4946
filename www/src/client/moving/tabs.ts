/** On this channel tabs ask each other who waits for a machine. */
const CHANNEL = "glassbox.moving";
/** Tabs answer at once, or not at all. */
const ANSWER_MS = 300;

/** A tab of this browser that waits for a machine. */
export interface WaitingTab {
  readonly id: string;
  /** What runs in it now; empty if nothing does. */
  readonly machine: string;
  /** Since when it waits, milliseconds since 1970. */
  readonly since: number;
}

/** The channel on which a machine goes to a tab. */
export const wireTo = (id: string): string => `${CHANNEL}.${id}`;

/** This tab waits, and says so to those that ask, until the function that this gives is called. */
export function wait(id: string, machine: () => string): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  const since = Date.now();
  channel.onmessage = ({ data }) => {
    if (Object(data).ask === "who") channel.postMessage({ tab: { id, machine: machine(), since } });
  };
  return () => channel.close();
}

/** The tabs that wait now, those that wait longest first. */
export async function waitingTabs(): Promise<readonly WaitingTab[]> {
  const channel = new BroadcastChannel(CHANNEL);
  const found: WaitingTab[] = [];
  channel.onmessage = ({ data }) => {
    const { id, machine, since } = Object(Object(data).tab) as Partial<WaitingTab>;
    if (typeof id === "string" && typeof machine === "string" && typeof since === "number") {
      found.push({ id, machine, since });
    }
  };
  channel.postMessage({ ask: "who" });
  await new Promise((done) => setTimeout(done, ANSWER_MS));
  channel.close();
  return found.sort((one, other) => one.since - other.since);
}
