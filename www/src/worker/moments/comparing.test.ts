import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it, vi } from "vitest";
import type { ImageRole, KeptSource } from "../../protocol/moments";
import { initSync, Pc, PcConfig } from "../../wasm/x86/x86.js";
import { cardOf } from "./card";
import { differencesOf, sideOf, viewOf } from "./comparing";
import { parting } from "./parting";

vi.mock("../engine", async (original) => ({ ...(await original<object>()), loadEngine: async () => undefined }));
initSync({ module: readFileSync(resolve(import.meta.dirname, "../../wasm/x86/x86_bg.wasm")) });

const SITE = "https://here.example/";
const site = (path: string): KeptSource => ({ kind: "site", path, whole: true });

/** A moment's file: of a machine that was changed by `change`, with these images. */
function fileOf(
  change: (pc: Pc) => void,
  more: Partial<Record<ImageRole, KeptSource>> = {},
  recording = Uint8Array.of(1),
) {
  const config = new PcConfig();
  config.setRamBytes(1 << 20);
  config.setRom(0xffff0000, new Uint8Array(0x10000));
  config.setRtc(0n);
  const pc = new Pc(config);
  change(pc);
  pc.finishMoment(pc.beginMoment());
  const images = { bios: site("firmware/bios.bin"), vgaBios: site("firmware/vgabios.bin"), ...more };
  const recipe = { title: "PC", memoryMb: 1, bootOrder: "a", resetOnShutdown: false, rtcUnixSeconds: 0, images };
  const about = { name: "A moment", note: "", machine: "PC", instruction: 0, date: 0, thumbnail: null, recording };
  const file = pc.savedFile(cardOf({ ...about, body: { kind: "pc", recipe } }, new Map()));
  pc.free();
  return file as Uint8Array<ArrayBuffer>;
}

const side = (bytes: Uint8Array<ArrayBuffer>) => ({ kind: "file", file: new File([bytes], "a.glassbox") }) as const;
const write = (byte: number) => (pc: Pc) => void pc.writeSpace("physical", 0x500, Uint8Array.of(byte));

it("compares the files of two moments, and tells what they say of themselves", async () => {
  const url: KeptSource = { kind: "url", url: "https://elsewhere.example/a.img", whole: true };
  const sides = [await sideOf(side(fileOf(write(1)))), await sideOf(side(fileOf(write(2), { fda: url })))] as const;
  expect((await differencesOf(sides)).memory).toEqual({
    ...{ count: 1, bytes: 1 },
    first: [{ at: 0x500, length: 1, bytes: [[1], [2]] }],
  });
  const about = { name: "A moment", machine: "PC", thumbnail: null, recorded: true };
  expect(viewOf(sides[0], "https://here.example")).toEqual({ ...about, foreign: [] });
  expect(viewOf(sides[1], "https://here.example")).toEqual({ ...about, foreign: ["https://elsewhere.example"] });
});

it("refuses files that are none, or were changed, in one line", async () => {
  const good = fileOf(write(1));
  for (const at of [0, 20, 60, good.length >> 1, good.length - 5]) {
    const bad = Uint8Array.from(good, (byte, index) => (index === at ? byte ^ 4 : byte));
    await expect(sideOf(side(bad)), `byte ${at}`).rejects.toThrow(/^[^\n]{10,250}$/);
  }
  await expect(sideOf(side(new Uint8Array(0)))).rejects.toThrow(/^[^\n]{10,250}$/);
});

it("asks for images that only the reader has before runs are made again", async () => {
  const own: KeptSource = { kind: "own", name: "disk.img", size: 9, print: "0".repeat(64) };
  const sides = [side(fileOf(write(1), { hda: own })), side(fileOf(write(1), { hda: own }))] as const;
  const images = [{ role: "hda", name: "disk.img", size: 9, wrong: false }];
  const ask = { kind: "parting", sides, site: SITE } as const;
  expect(await parting({ ...ask, files: {} }, () => undefined)).toEqual({ kind: "missing", images });
  const other = new File([new Uint8Array(9)], "disk.img");
  const wrong = await parting({ ...ask, files: { hda: other } }, () => undefined);
  expect(wrong).toEqual({ kind: "missing", images: [{ ...images[0], wrong: true }] });
});
