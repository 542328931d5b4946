import type { EvmView } from "../../client/evm/store";
import type { Travel } from "../../protocol/evm/message";

/** A step, of an instruction or of a line of the source. */
export type Move = "into" | "over" | "out" | "back" | "backOver";

const BY_LINE: Readonly<Record<Move, Travel>> = {
  into: { line: "into" },
  over: { line: "over" },
  out: { line: "out" },
  back: { line: "into", backwards: true },
  backOver: { line: "over", backwards: true },
};

const BY_INSTRUCTION: Readonly<Record<Move, Travel>> = {
  into: { forwards: { until: "into" } },
  over: { forwards: { until: "over" } },
  out: { forwards: { until: "out" } },
  back: { backwards: { until: "into" } },
  backOver: { backwards: { until: "over" } },
};

/** Whether there are lines to step by: Solidity's; of the assembler every line is an instruction, or little more. */
export function hasLines({ code, summary, index, selected }: EvmView): boolean {
  // At the end no code runs: what ran last is still shown.
  return code?.source?.language === "solidity" && Boolean(selected && summary?.transactions[index]);
}

/** Where a step goes. */
export const moveOf = (move: Move, byLine: boolean): Travel => (byLine ? BY_LINE : BY_INSTRUCTION)[move];
