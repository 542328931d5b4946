import { expect, it } from "vitest";
import { sha256 } from "../../host/fingerprint.mjs";
import type { KeptSource } from "../../protocol/moments";
import { type Card, cardOf, LARGEST_RECORDING, readCard } from "./card";

const IMAGE = new TextEncoder().encode("a boot sector") as Uint8Array<ArrayBuffer>;
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);

async function card(more: Partial<Card> = {}): Promise<Card> {
  const kept: KeptSource = { kind: "kept", name: "a.img", size: IMAGE.length, sha256: await sha256(IMAGE) };
  const site = (path: string): KeptSource => ({ kind: "site", path, whole: true });
  const images = { bios: site("firmware/bios.bin"), vgaBios: site("firmware/vgabios.bin"), fda: kept };
  const recipe = { title: "PC", memoryMb: 16, bootOrder: "acd", resetOnShutdown: false, rtcUnixSeconds: 5, images };
  return {
    ...{ name: "A name", note: "two\nlines", machine: "PC", instruction: 7, date: 8, thumbnail: PNG },
    body: { kind: "pc", recipe },
    ...more,
  };
}

const written = async (more?: Partial<Card>) => cardOf(await card(more), new Map([[await sha256(IMAGE), IMAGE]]));

/** The card as JSON, changed by `change`. */
async function changed(change: (all: Record<string, unknown>) => void) {
  const all = JSON.parse(new TextDecoder().decode(await written())) as Record<string, unknown>;
  change(all);
  return new TextEncoder().encode(JSON.stringify(all)) as Uint8Array<ArrayBuffer>;
}

it("is read as it was written, with its images", async () => {
  const { card: read, images } = await readCard(await written());
  expect(read).toEqual(await card());
  expect([...images]).toEqual([[await sha256(IMAGE), IMAGE]]);
});

it("holds the run that led there, if it is known and not too long", async () => {
  const recording = Uint8Array.of(0, 1, 254, 255);
  expect((await readCard(await written({ recording }))).card).toEqual(await card({ recording }));
  const long = await written({ recording: new Uint8Array(LARGEST_RECORDING + 8) });
  await expect(readCard(long)).rejects.toThrow("recording");
});

it("keeps to itself where a program's lines are", async () => {
  const whole = await card();
  const recipe = { ...(whole.body as { recipe: object }).recipe, symbols: { secret: "text" } };
  const text = new TextDecoder().decode(cardOf({ ...whole, body: { kind: "pc", recipe } as never }, new Map()));
  expect(text).not.toContain("secret");
});

const withImage = (role: string, image: unknown) => (all: Record<string, unknown>) => {
  const { images } = all.recipe as { images: Record<string, unknown> };
  images[role] = image;
};

it.each<[string, (all: Record<string, unknown>) => void]>([
  ["another kind", (all) => Object.assign(all, { glassbox: "machine" })],
  ["no name", (all) => Object.assign(all, { name: "" })],
  ["a long name", (all) => Object.assign(all, { name: "x".repeat(201) })],
  ["a negative instruction", (all) => Object.assign(all, { instruction: -1 })],
  ["a picture that is none", (all) => Object.assign(all, { thumbnail: btoa("<svg onload=alert(1)>") })],
  ["a picture that is no base64", (all) => Object.assign(all, { thumbnail: "%%%" })],
  ["a list as recipe", (all) => Object.assign(all, { recipe: [] })],
  ["too much memory", (all) => Object.assign(all.recipe as object, { memoryMb: 4096 })],
  ["no firmware", withImage("bios", undefined)],
  ["a site path that climbs", withImage("bios", { kind: "site", path: "a/../../x", whole: true })],
  ["a site path that is another site", withImage("bios", { kind: "site", path: "//evil.example/x", whole: true })],
  ["a site path with a scheme", withImage("bios", { kind: "site", path: "https://evil.example/x", whole: true })],
  ["an address that is a script", withImage("hda", { kind: "url", url: "javascript:alert(1)", whole: true })],
  ["a local file's address", withImage("hda", { kind: "url", url: "file:///etc/passwd", whole: true })],
  ["an image of an unknown kind", withImage("hda", { kind: "worm" })],
  ["an image that is not there", withImage("hda", { kind: "kept", name: "x", size: 1, sha256: "0".repeat(64) })],
  [
    "an image that is another one",
    (all) =>
      Object.assign(all.images as object, { [Object.keys(all.images as object)[0] ?? ""]: btoa("another boots") }),
  ],
])("is refused with %s", async (_, change) => {
  await expect(readCard(await changed(change))).rejects.toThrow("The file's card is not what it should be");
});

it("is refused when it is no JSON, or of a later version", async () => {
  await expect(readCard(new Uint8Array([0xff, 0xfe]))).rejects.toThrow("JSON");
  await expect(readCard(new TextEncoder().encode("[]") as Uint8Array<ArrayBuffer>)).rejects.toThrow("card");
  await expect(readCard(await changed((all) => Object.assign(all, { version: 2 })))).rejects.toThrow("newer");
});
