import { expect, it } from "vitest";
import type { StopHit, StopReason } from "../../protocol/stops";
import { reasonText } from "./stop_text";

const by = { cs: 0x7c0, eip: 0x2a, linear: 0x7c2a };
const hit = (parts: Pick<StopHit, "kind" | "detail"> & Partial<StopHit>): StopReason => ({
  reason: "stopped",
  hits: [{ stop: 0, id: "", symbol: "", hits: 1, by, error: null, ...parts }],
  instructions: 0,
  time: 0,
});

it("tells which register changed from what to what, and by which instruction", () => {
  const detail = { what: "register", before: [1, 0, 0, 0], after: [2, 0, 0x10, 0] } as const;
  expect(reasonText(hit({ kind: "register", symbol: "EAX", detail }))).toBe(
    "stopped at change of EAX 00000001 → 00100002 by 00007C2A",
  );
});

it("tells where video memory was written, and by whom", () => {
  const memory = { what: "memory", length: 2, write: true, before: [], after: [] } as const;
  const cpu = { ...memory, linear: 0xb87d0, physical: 0xb87d0, master: false };
  expect(reasonText(hit({ kind: "video", detail: cpu }))).toBe("stopped at write to video memory 000B87D0 by 00007C2A");
  const device = { ...memory, linear: null, physical: 0xb87d0, master: true };
  expect(reasonText(hit({ kind: "video", detail: device, by: null }))).toBe(
    "stopped at write to video memory phys 000B87D0 (by a device)",
  );
});

it("tells what a stop that was set met as before", () => {
  const detail = { what: "port", port: 0x3f8, size: 1, write: true, value: 0x41 } as const;
  expect(reasonText(hit({ kind: "portWrite", detail }))).toBe("stopped at port write 03F8 ← 41");
  expect(reasonText({ ...hit({ kind: "portWrite", detail }), reason: "done" })).toBe("");
});
