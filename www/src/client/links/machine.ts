import { fingerprint } from "../../host/fingerprint.mjs";
import type { ImagePart, LinkImage, LinkMachine } from "../../protocol/links";
import type { DriveName, ImageSource, MachineSpec } from "../../protocol/machine_spec";
import { DRIVE_NAMES } from "../../protocol/machine_spec";
import { LINKS } from "../../strings/links";
import { firmware } from "../gallery";
import { siteUrl } from "../site";

/** Bytes of an image that go into a link, the zeros at its end left out. */
const MOST_INSIDE = 48 << 10;
/** Larger images are not looked at: they belong to no link. */
const MOST_LOOKED_AT = 4 << 20;

/** The images of a machine, by their part in it. */
function imagesOf({ drives, bios, vgaBios, kernel }: MachineSpec): readonly (readonly [ImagePart, ImageSource])[] {
  const found: [ImagePart, ImageSource][] = [
    ["bios", bios],
    ["vgaBios", vgaBios],
  ];
  for (const drive of DRIVE_NAMES) if (drives[drive]) found.push([drive, drives[drive]]);
  if (kernel) found.push(["kernel", kernel.image]);
  if (kernel?.initrd) found.push(["initrd", kernel.initrd]);
  return found;
}

/** Where an image was loaded from, if it can be had there again. */
const addressOf = (source: ImageSource): string | undefined => (source.kind === "file" ? undefined : source.url);

/** Whether an image is the page's own firmware: any page has that. */
function isOwn(part: ImagePart, source: ImageSource): boolean {
  if (part !== "bios" && part !== "vgaBios") return false;
  const [own, url] = [firmware()[part], addressOf(source)];
  return own === source || (url !== undefined && url === addressOf(own));
}

/** An image without the zeros at its end. */
function trimmed(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.slice(0, end);
}

async function inLink(name: string, whole: Blob): Promise<LinkImage> {
  const { size } = whole;
  if (size <= MOST_LOOKED_AT) {
    const bytes = trimmed(new Uint8Array(await whole.arrayBuffer()));
    if (bytes.length <= MOST_INSIDE) return { bytes, size };
  }
  return { own: name, size, print: await fingerprint(whole) };
}

function address(url: string, whole: boolean): LinkImage {
  const root = siteUrl("");
  return url.startsWith(root) ? { site: url.slice(root.length), whole } : { url, whole };
}

async function imageOf(part: ImagePart, source: ImageSource, spec: MachineSpec): Promise<LinkImage> {
  switch (source.kind) {
    case "url":
      return address(source.url, source.whole);
    case "file":
      return inLink(source.file.name, source.file as File);
    case "bytes":
      if (source.url) return address(source.url, true);
      // The program that one writes is booted from floppy A, and brings its text.
      if (part === "fda" && spec.symbols) return { program: spec.symbols.text };
      return inLink(source.name, new Blob([source.bytes]));
  }
}

/** What a machine is made of, as links hold it. */
export async function machineOf(spec: MachineSpec): Promise<LinkMachine> {
  const images: Partial<Record<ImagePart, LinkImage>> = {};
  for (const [part, source] of imagesOf(spec)) {
    if (!isOwn(part, source)) images[part] = await imageOf(part, source, spec);
  }
  const { title, memoryMb, bootOrder, resetOnShutdown, rtcUnixSeconds, kernel } = spec;
  const append = kernel?.append ? { append: kernel.append } : {};
  return { title, memoryMb, bootOrder, resetOnShutdown, rtcUnixSeconds, ...append, images };
}

/** A program made into a floppy. */
export interface MadeProgram {
  readonly floppy: Uint8Array<ArrayBuffer>;
  readonly symbols: NonNullable<MachineSpec["symbols"]>;
}

/** What only the page can give: programs assembled, files that the reader has chosen. */
export interface Pantry {
  readonly assemble: (text: string, title: string) => Promise<MadeProgram>;
  readonly files: Readonly<Partial<Record<ImagePart, File>>>;
}

/** A file that the reader gave is not the one that the link names. */
export class OtherFile extends Error {
  constructor(
    readonly part: ImagePart,
    readonly file: string,
  ) {
    super(file);
  }
}

async function sourceOf(part: ImagePart, image: LinkImage, pantry: Pantry): Promise<ImageSource> {
  if ("url" in image) return { kind: "url", ...image };
  if ("site" in image) return { kind: "url", url: siteUrl(image.site), whole: image.whole };
  if ("own" in image) {
    const file = pantry.files[part];
    if (!file || file.size !== image.size || (await fingerprint(file)) !== image.print)
      throw new OtherFile(part, file?.name ?? image.own);
    return { kind: "file", file };
  }
  if ("program" in image) throw new Error(LINKS.programElsewhere(part));
  const bytes = new Uint8Array(image.size);
  bytes.set(image.bytes.subarray(0, image.size));
  return { kind: "bytes", name: `${part}.img`, bytes };
}

/**
 * The machine that a link describes.
 * @throws OtherFile if a file is not the one that the link names
 */
export async function specOf(machine: LinkMachine, pantry: Pantry): Promise<MachineSpec> {
  const { images, append = "", ...rest } = machine;
  const found: Partial<Record<ImagePart, ImageSource>> = {};
  let symbols: MachineSpec["symbols"];
  for (const [part, image] of Object.entries(images) as [ImagePart, LinkImage][]) {
    if (part === "fda" && "program" in image) {
      const made = await pantry.assemble(image.program, machine.title);
      found.fda = { kind: "bytes", name: "program.img", bytes: made.floppy };
      symbols = made.symbols;
    } else found[part] = await sourceOf(part, image, pantry);
  }
  const { bios, vgaBios, kernel, initrd, ...drives } = found;
  const booted = kernel && { kernel: { image: kernel, append, ...(initrd && { initrd }) } };
  return {
    ...{ ...rest, ...firmware(), drives: drives as Partial<Record<DriveName, ImageSource>> },
    ...(bios && { bios }),
    ...(vgaBios && { vgaBios }),
    ...booted,
    ...(symbols && { symbols }),
  };
}

/** Other addresses than this page's that images of a machine are loaded from. */
export const foreignOf = ({ images }: LinkMachine): readonly string[] =>
  Object.values(images).flatMap((image) => ("url" in image ? [image.url] : []));

/** Files that the reader has to choose. */
export const missingOf = ({ images }: LinkMachine): readonly { readonly part: ImagePart; readonly name: string }[] =>
  (Object.entries(images) as [ImagePart, LinkImage][]).flatMap(([part, image]) =>
    "own" in image ? [{ part, name: image.own }] : [],
  );
