import type { StopDetail, StopHit, StopReason } from "../../protocol/stops";
import { PC } from "../../strings/pc";
import { hex } from "../frame/number_text";

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

/** What was met, and who did it where that was asked for. */
function hitText({ kind, symbol, detail, error, by }: StopHit): string {
  const asked = kind === "register" || kind === "video";
  const what = asked ? PC.stopped[kind] : PC.stops.kinds[kind];
  const who = asked && by ? `${PC.stopped.by} ${hex(by.linear, 8)}` : "";
  return [what, symbol, detailText(detail), who, error ?? ""].filter(Boolean).join(" ");
}

/** Why the debugger made the machine rest; empty if it did not. */
export function reasonText(reason: StopReason | null): string {
  if (reason?.reason === "beginning") return PC.stopped.beginning;
  if (reason?.reason !== "stopped") return "";
  return PC.stopped.at(reason.hits.map(hitText).join("; "));
}
