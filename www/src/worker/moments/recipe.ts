import { fingerprint, sha256 } from "../../host/fingerprint.mjs";
import { UserError } from "../../host/user_error.mjs";
import { DRIVE_NAMES, type ImageSource, type LocalFile, type MachineSpec } from "../../protocol/machine_spec";
import type { ImageRole, KeptSource, MissingImage, Recipe, Resolved } from "../../protocol/moments";
import { RECIPE } from "../../strings/worker/moments/recipe";

/** Files up to this size are kept with the moment: floppies, small disks. */
const KEPT_BYTES = 4 << 20;

type Bytes = Uint8Array<ArrayBuffer>;

/** A recipe, and the images that are kept with it, by their SHA-256. */
export interface Written {
  readonly recipe: Recipe;
  readonly images: ReadonlyMap<string, Bytes>;
}

/** The images of a machine, by their part in it. */
function sourcesOf(spec: MachineSpec): readonly (readonly [ImageRole, ImageSource])[] {
  const drives = DRIVE_NAMES.flatMap((drive) => {
    const source = spec.drives[drive];
    return source ? [[drive, source] as const] : [];
  });
  const { kernel, bios, vgaBios } = spec;
  const booted = kernel ? ([["kernel", kernel.image]] as const) : [];
  const initrd = kernel?.initrd ? ([["initrd", kernel.initrd]] as const) : [];
  return [["bios", bios], ["vgaBios", vgaBios], ...booted, ...initrd, ...drives];
}

/** Prints of files, which take a while. */
const prints = new WeakMap<object, Promise<string>>();

function printOf(file: Blob): Promise<string> {
  const print = prints.get(file) ?? fingerprint(file);
  prints.set(file, print);
  return print;
}

/** Where an image will be found again. */
async function kept(source: ImageSource, site: string, images: Map<string, Bytes>): Promise<KeptSource> {
  switch (source.kind) {
    case "url":
      return address(source.url, source.whole, site);
    case "bytes":
      if (source.url) return address(source.url, true, site);
      return keep(source.name, source.bytes, images);
    case "file": {
      const file = source.file as File;
      const { name, size } = file;
      if (size <= KEPT_BYTES) return keep(name, new Uint8Array(await file.arrayBuffer()), images);
      return { kind: "own", name, size, print: await printOf(file) };
    }
  }
}

function address(url: string, whole: boolean, site: string): KeptSource {
  if (url.startsWith(site)) return { kind: "site", path: url.slice(site.length), whole };
  return { kind: "url", url, whole };
}

async function keep(name: string, bytes: Bytes, images: Map<string, Bytes>): Promise<KeptSource> {
  const hash = await sha256(bytes);
  images.set(hash, bytes);
  return { kind: "kept", name, size: bytes.length, sha256: hash };
}

/** What a machine is made of, to be kept. `site` is the address of the page's root. */
export async function write(spec: MachineSpec, site: string): Promise<Written> {
  const images = new Map<string, Bytes>();
  const found: Partial<Record<ImageRole, KeptSource>> = {};
  for (const [role, source] of sourcesOf(spec)) found[role] = await kept(source, site, images);
  const { title, memoryMb, bootOrder, resetOnShutdown, rtcUnixSeconds, symbols, bootInstructions, kernel } = spec;
  const recipe = {
    ...{ title, memoryMb, bootOrder, resetOnShutdown, rtcUnixSeconds, images: found },
    ...(symbols && { symbols }),
    ...(bootInstructions !== undefined && { bootInstructions }),
    ...(kernel && { append: kernel.append }),
  };
  return { recipe, images };
}

/** Addresses that images are loaded from and that are not the page's own. */
export function foreignTo(images: readonly KeptSource[], here: string): readonly string[] {
  const hosts = images.flatMap((image) => (image.kind === "url" ? [new URL(image.url).origin] : []));
  return [...new Set(hosts)].filter((origin) => origin !== here);
}

/** Where images come from that are not addresses. */
export interface Pantry {
  image(sha256: string): Promise<Bytes | undefined>;
  readonly site: string;
  readonly files: Readonly<Partial<Record<ImageRole, LocalFile>>>;
}

/** The machine of a recipe, or what is missing for it. */
export async function resolve(recipe: Recipe, pantry: Pantry): Promise<Resolved> {
  const found: Partial<Record<ImageRole, ImageSource>> = {};
  const missing: MissingImage[] = [];
  for (const [role, source] of Object.entries(recipe.images) as [ImageRole, KeptSource][]) {
    const image = await open(role, source, pantry);
    if ("wrong" in image) missing.push(image);
    else found[role] = image;
  }
  if (missing.length > 0) return { kind: "missing", images: missing };
  const { bios, vgaBios, kernel, initrd, ...drives } = found;
  if (!bios || !vgaBios) throw new UserError(RECIPE.noFirmware);
  const { images: _, append = "", ...rest } = recipe;
  const booted = kernel ? { kernel: { image: kernel, append, ...(initrd && { initrd }) } } : {};
  return { kind: "spec", spec: { ...rest, bios, vgaBios, drives, ...booted } };
}

async function open(role: ImageRole, source: KeptSource, pantry: Pantry): Promise<ImageSource | MissingImage> {
  switch (source.kind) {
    case "site":
      return { kind: "url", url: new URL(source.path, pantry.site).href, whole: source.whole };
    case "url":
      return source;
    case "kept": {
      const bytes = await pantry.image(source.sha256);
      if (!bytes) throw new UserError(RECIPE.lost(source.name));
      return { kind: "bytes", name: source.name, bytes };
    }
    case "own": {
      const file = pantry.files[role] as File | undefined;
      const same = file !== undefined && file.size === source.size && (await printOf(file)) === source.print;
      if (same) return { kind: "file", file };
      return { role, name: source.name, size: source.size, wrong: file !== undefined };
    }
  }
}
