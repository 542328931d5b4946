import type { Arrived, Condition, StopPlace } from "../../protocol/evm/message";
import type { CodeView, Whole } from "../../protocol/evm/whole";

/** Instructions that are looked for in one movement, at most. */
const MOST = 64;

/** An instruction of the code at an address. */
interface Target {
  readonly pc: number;
  readonly code: string;
}

/** What a movement to the nearest of several places needs of a run. */
export interface Walked {
  readonly whole: Whole;
  readonly position: number;
  readonly length: number;
  code(hash: string): CodeView;
  /** Goes to the next time that a line is reached; null if its file is no Solidity: then it is looked for by its code. */
  toLine(file: string, line: number, backwards: boolean): Arrived | null;
  /** Goes somewhere, and says how that ended. */
  go(travel: { forwards: Condition } | { backwards: Condition } | { to: number }): Promise<Arrived>;
}

/** Where code with a hash was executed. */
function addressesOf({ codes, calls }: Whole, hash: string): readonly string[] {
  const created = codes.filter((code) => code.hash === hash).map(({ address }) => address);
  const called = calls.filter((call) => call.codeHash === hash).map(({ to }) => to);
  return [...new Set([...created, ...called])];
}

/** The instructions that begin a line: those where the text's line changes to it. */
function placesOf(view: CodeView, file: string, line: number): readonly number[] {
  const found = view.source?.files.find(({ name }) => name === file);
  const map = found?.map ?? [];
  return map.filter((place, at) => place.line === line && map[at - 1]?.line !== line).map(({ pc }) => pc);
}

/** The instructions of stops that the transaction executes. */
function targetsOf(walked: Walked, stops: readonly StopPlace[]): readonly Target[] {
  const { whole } = walked;
  const found: Target[] = [];
  for (const { hash, places } of whole.codes) {
    const ran = new Set(places.map(([pc]) => pc));
    const view = stops.some((stop) => "file" in stop) ? walked.code(hash) : null;
    for (const code of addressesOf(whole, hash)) {
      const own = stops.flatMap((stop) => {
        if ("file" in stop) return view ? placesOf(view, stop.file, stop.line) : [];
        return BigInt(stop.code) === BigInt(code) ? [stop.pc] : [];
      });
      found.push(...[...new Set(own)].filter((pc) => ran.has(pc)).map((pc) => ({ pc, code })));
    }
  }
  return found.slice(0, MOST);
}

/** The nearest moments that were found, from where the search began. */
class Nearest {
  private found: number | null = null;

  constructor(
    private readonly walked: Walked,
    private readonly backwards: boolean,
    private readonly start = walked.position,
  ) {}

  /** Remembers where a search ended, and goes back to the start. */
  async take(arrived: Arrived): Promise<void> {
    const { position } = this.walked;
    const closer = this.found === null || (this.backwards ? position > this.found : position < this.found);
    if (arrived === "there" && closer) this.found = position;
    await this.walked.go({ to: this.start });
  }

  async finish(): Promise<Arrived> {
    await this.walked.go({ to: this.found ?? (this.backwards ? 0 : this.walked.length) });
    return "there";
  }
}

/**
 * Goes to the nearest of several places; if none is met, to the end of the transaction (backwards: to its beginning).
 * The engine looks for one place at a time, so it is asked for each that the transaction comes by at all.
 */
export async function goToStops(walked: Walked, stops: readonly StopPlace[], backwards: boolean): Promise<Arrived> {
  const nearest = new Nearest(walked, backwards);
  const others: StopPlace[] = [];
  for (const stop of stops) {
    const arrived = "file" in stop ? walked.toLine(stop.file, stop.line, backwards) : null;
    if (arrived === null) others.push(stop);
    else await nearest.take(arrived);
  }
  for (const { pc, code } of targetsOf(walked, others)) {
    const until = { until: "pc", pc, code } as const;
    await nearest.take(await walked.go(backwards ? { backwards: until } : { forwards: until }));
  }
  return nearest.finish();
}
