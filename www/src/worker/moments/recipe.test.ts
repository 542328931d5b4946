import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { fingerprint } from "../../host/fingerprint.mjs";
import type { MachineSpec } from "../../protocol/machine_spec";
import { resolve, write } from "./recipe";

const SITE = "https://course.example/glassbox/";
const MIB = 1 << 20;

const large = new File([new Uint8Array(9 * MIB).fill(3)], "disk.img");
const small = new File([new Uint8Array(512).fill(5)], "small.img");

const spec: MachineSpec = {
  ...{ title: "Mine", memoryMb: 32, bootOrder: "cad", resetOnShutdown: true, rtcUnixSeconds: 99 },
  bios: { kind: "bytes", name: "bios.bin", bytes: new Uint8Array(4), url: `${SITE}firmware/bios.bin` },
  vgaBios: { kind: "url", url: `${SITE}firmware/vgabios.bin`, whole: true },
  drives: {
    fda: { kind: "file", file: small },
    hda: { kind: "file", file: large },
    cdrom: { kind: "url", url: "https://elsewhere.example/cd.iso", whole: false },
  },
  kernel: { image: { kind: "bytes", name: "k", bytes: new Uint8Array([1, 2]) }, append: "quiet" },
};

const sha = (...bytes: Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const piece of bytes) hash.update(piece);
  return hash.digest();
};

it("prints a file by the hashes of its pieces", async () => {
  const bytes = new Uint8Array(await large.arrayBuffer());
  const pieces = [0, 4, 8].map((at) => sha(bytes.subarray(at * MIB, (at + 4) * MIB)));
  expect(await fingerprint(large)).toBe(sha(...pieces).toString("hex"));
});

it("names what can be had again, keeps what is small, and asks for the rest", async () => {
  const { recipe, images } = await write(spec, SITE);
  const { bios, vgaBios, fda, hda, cdrom, kernel } = recipe.images;
  expect(bios).toEqual({ kind: "site", path: "firmware/bios.bin", whole: true });
  expect(vgaBios).toEqual({ kind: "site", path: "firmware/vgabios.bin", whole: true });
  expect(cdrom).toEqual({ kind: "url", url: "https://elsewhere.example/cd.iso", whole: false });
  expect(hda).toMatchObject({ kind: "own", name: "disk.img", size: 9 * MIB });
  expect([fda?.kind, kernel?.kind, images.size]).toEqual(["kept", "kept", 2]);

  const pantry = { image: async (hash: string) => images.get(hash), site: "https://moved.example/g/", files: {} };
  expect(await resolve(recipe, pantry)).toEqual({
    kind: "missing",
    images: [{ role: "hda", name: "disk.img", size: 9 * MIB, wrong: false }],
  });
  const other = new File([new Uint8Array(9 * MIB).fill(4)], "disk.img");
  expect(await resolve(recipe, { ...pantry, files: { hda: other } })).toMatchObject({ images: [{ wrong: true }] });

  const found = await resolve(recipe, { ...pantry, files: { hda: large } });
  if (found.kind !== "spec") throw new Error(found.kind);
  const { title, memoryMb, bootOrder, resetOnShutdown, rtcUnixSeconds, drives } = found.spec;
  expect([title, memoryMb, bootOrder, resetOnShutdown, rtcUnixSeconds]).toEqual(["Mine", 32, "cad", true, 99]);
  expect(found.spec.bios).toEqual({ kind: "url", url: "https://moved.example/g/firmware/bios.bin", whole: true });
  expect(found.spec.kernel).toEqual(spec.kernel);
  expect(drives.fda).toMatchObject({ kind: "bytes", bytes: new Uint8Array(512).fill(5) });
  expect([drives.hda, drives.cdrom]).toEqual([spec.drives.hda, spec.drives.cdrom]);
});
