import type { DriveName, ImageSource, MachineSpec } from "../protocol/machine_spec";
import { CLIENT } from "../strings/client/connection";
import { siteUrl } from "./site";

/** A guest of the manifest that set-up writes. */
export interface Guest {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly files: Readonly<Partial<Record<DriveName | "kernel" | "initrd" | "append", string>>>;
  readonly memoryMb: number;
  /** Millions of instructions until it has booted. */
  readonly bootMillions?: number;
}

/** Images from this size on are read in pieces, where the server can. */
const STREAMED: readonly DriveName[] = ["hda", "hdb", "cdrom"];

const FIRMWARE = { bios: "firmware/bios.bin", vgaBios: "firmware/vgabios.bin" } as const;
/** Firmware that is at hand, so that machines boot when the network has gone. */
const kept = new Map<string, ImageSource>();

/** SeaBIOS and its VGA BIOS, as set-up put them beside the page. */
export function firmware(): Pick<MachineSpec, "bios" | "vgaBios"> {
  const source = (path: string) => kept.get(path) ?? ({ kind: "url", url: siteUrl(path), whole: true } as const);
  return { bios: source(FIRMWARE.bios), vgaBios: source(FIRMWARE.vgaBios) };
}

/** Loads the firmware beforehand, and keeps it. Fails if it cannot be had. */
export async function keepFirmware(): Promise<void> {
  for (const path of Object.values(FIRMWARE)) {
    if (kept.has(path)) continue;
    const response = await fetch(siteUrl(path));
    if (!response.ok) throw new Error(CLIENT.status(path, response.status));
    const bytes = new Uint8Array(await response.arrayBuffer());
    kept.set(path, { kind: "bytes", name: path.slice(path.lastIndexOf("/") + 1), bytes, url: siteUrl(path) });
  }
}

/** A machine with what every machine has; `parts` are what makes it this one. */
export function machineSpec(parts: Partial<MachineSpec> & { title: string }): MachineSpec {
  return {
    memoryMb: 64,
    ...firmware(),
    drives: {},
    bootOrder: "acd",
    resetOnShutdown: false,
    rtcUnixSeconds: Math.floor(Date.now() / 1000),
    ...parts,
  };
}

/** The guests that set-up made; empty when it made none. */
export async function loadGallery(): Promise<readonly Guest[]> {
  const response = await fetch(siteUrl("guests/manifest.json"));
  if (!response.ok) return [];
  return (await response.json()) as Guest[];
}

const guestUrl = (file: string): string => siteUrl(`guests/${file}`);

const whole = (file: string): ImageSource => ({ kind: "url", url: guestUrl(file), whole: true });

/** Whether a server answers Range requests for a file. */
async function answersRanges(url: string): Promise<boolean> {
  const response = await fetch(url, { headers: { Range: "bytes=0-0" } });
  await response.body?.cancel();
  return response.status === 206;
}

async function driveSource(drive: DriveName, file: string): Promise<ImageSource> {
  const url = guestUrl(file);
  const streamed = STREAMED.includes(drive) && (await answersRanges(url));
  return { kind: "url", url, whole: !streamed };
}

/** The machine of a guest in the gallery. */
export async function guestSpec(guest: Guest): Promise<MachineSpec> {
  const { kernel, initrd, append, ...files } = guest.files;
  const drives: Partial<Record<DriveName, ImageSource>> = {};
  for (const [drive, file] of Object.entries(files) as [DriveName, string][]) {
    drives[drive] = await driveSource(drive, file);
  }
  const spec = machineSpec({
    title: guest.title,
    memoryMb: guest.memoryMb,
    drives,
    bootOrder: bootOrder(files),
    ...(guest.bootMillions && { bootInstructions: guest.bootMillions * 1e6 }),
  });
  if (!kernel) return spec;
  const image = { image: whole(kernel), append: append ?? "" };
  return { ...spec, kernel: initrd ? { ...image, initrd: whole(initrd) } : image };
}

/** Boots from what the guest brings. */
function bootOrder(files: Partial<Record<DriveName, string>>): string {
  if (files.cdrom && !files.fda && !files.hda) return "dca";
  return files.hda && !files.fda ? "cad" : "acd";
}
