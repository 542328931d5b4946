import type { StopDetail, StopHit, StopReason } from "../../protocol/stops";
import { hex } from "../frame/number_text";
import { PC } from "../strings/pc";

const bytes = (values: readonly number[]): string => values.map((value) => hex(value, 2)).join(" ");
/** A register's, whose lowest byte comes first. */
const value = (little: readonly number[]): string =>
  [...little]
    .reverse()
    .map((byte) => hex(byte, 2))
    .join("");

/** What happened where a stop was met, in a line. */
function detailText(detail: StopDetail): string {
  switch (detail.what) {
    case "execute":
      return hex(detail.linear, 8);
    case "memory": {
      const at = detail.linear === null ? `phys ${hex(detail.physical ?? 0, 8)}` : hex(detail.linear, 8);
      const change = detail.write ? `${bytes(detail.before)} → ${bytes(detail.after)}` : bytes(detail.after);
      // Of memory that nobody may read, as video memory behind its planes, only the place is known.
      if (detail.after.length === 0) return `${at}${detail.master ? ` (${PC.stopped.device})` : ""}`;
      return `${at}: ${change}${detail.master ? ` (${PC.stopped.device})` : ""}`;
    }
    case "port":
      return `${hex(detail.port, 4)} ${detail.write ? "←" : "→"} ${hex(detail.value, 2 * detail.size)}`;
    case "interrupt":
      return `${hex(detail.vector, 2)}h`;
    case "exception": {
      const code = detail.errorCode === null ? "" : `(${hex(detail.errorCode, 4)})`;
      return `${hex(detail.vector, 2)}h${code}${detail.cr2 === null ? "" : `, CR2 ${hex(detail.cr2, 8)}`}`;
    }
    case "mode":
      return `${detail.from} → ${detail.to}`;
    case "cpl":
      return `${detail.from} → ${detail.to}`;
    case "control":
      return `CR${detail.register}: ${hex(detail.from, 8)} → ${hex(detail.to, 8)}`;
    case "register":
      return `${value(detail.before)} → ${value(detail.after)}`;
    case "text":
    case "instructions":
    case "time":
      return "";
  }
}

/** Of what, and by whom where that is what was asked for. */
function kindText({ kind, symbol, by }: StopHit): [what: string, by: string] {
  if (kind !== "register" && kind !== "video") return [[PC.stops.kinds[kind], symbol].filter(Boolean).join(" "), ""];
  const who = by ? PC.stopped.by(`${hex(by.cs, 4)}:${hex(by.eip, by.eip > 0xffff ? 8 : 4)}`) : "";
  return [kind === "register" ? PC.stopped.register(symbol) : PC.stopped.video, who];
}

function hitText(hit: StopHit): string {
  const [what, by] = kindText(hit);
  return [what, detailText(hit.detail), by, hit.error ?? ""].filter(Boolean).join(" ");
}

/** Why the debugger made the machine rest; empty if it did not. */
export function reasonText(reason: StopReason | null): string {
  if (reason?.reason === "beginning") return PC.stopped.beginning;
  if (reason?.reason !== "stopped") return "";
  return PC.stopped.at(reason.hits.map(hitText).join("; "));
}
