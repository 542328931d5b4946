import { checkMemory } from "../host/images.mjs";
import type { RangeReader } from "../host/range_reader.mjs";
import { DRIVE_NAMES, type DriveName, type ImageSource, type MachineSpec } from "../protocol/machine_spec";
import { loadEngine, Pc, PcConfig } from "./engine";
import { loadWhole, type Medium, nameOf, openMedium, type Progress } from "./media";

/** A machine that is ready to run, and where the pages of its remote disks come from. */
export interface Assembled {
  readonly pc: Pc;
  /** By `mediumKey`. */
  readonly readers: Map<string, RangeReader>;
  /** The kernel that it starts without the BIOS. */
  readonly kernel: Uint8Array<ArrayBuffer> | null;
  /** Where the media that are or were in its drives come from, by `mediumKey`. */
  readonly media: Map<string, ImageSource>;
  /** It came with a record of its past. */
  recorded?: boolean;
}

/** Loads everything a machine is made of, checks it, and powers the machine on. Nothing is left behind on failure. */
export async function assemble(spec: MachineSpec, progress: Progress): Promise<Assembled> {
  const memory = checkMemory(spec.memoryMb, "Memory");
  const load = (source: ImageSource) => loadWhole(source, progress);
  const drives = DRIVE_NAMES.flatMap((drive) => {
    const source = spec.drives[drive];
    return source ? [{ drive, source }] : [];
  });
  const [bios, vgaBios, kernel, initrd, media] = await Promise.all([
    load(spec.bios),
    load(spec.vgaBios),
    spec.kernel ? load(spec.kernel.image) : null,
    spec.kernel?.initrd ? load(spec.kernel.initrd) : new Uint8Array(),
    Promise.all(
      drives.map(async ({ drive, source }) => {
        const medium = await openMedium(drive, source, progress);
        return { drive, medium, hash: await hashOf(medium) };
      }),
    ),
    loadEngine(),
  ]);
  const config = new PcConfig();
  config.setRamBytes(memory);
  config.setBios(bios);
  config.setVgaBios(vgaBios);
  config.setRtc(BigInt(Math.floor(spec.rtcUnixSeconds)));
  config.setResetOnShutdown(spec.resetOnShutdown);
  config.setBootOrder(spec.bootOrder);
  if (kernel && spec.kernel) config.setKernel(kernel, initrd, spec.kernel.append);
  const remote = new Map<DriveName, RangeReader>();
  for (const { drive, medium } of media) {
    attach(config, drive, medium);
    if (medium.kind === "remote") remote.set(drive, medium.reader);
  }
  const pc = new Pc(config);
  for (const { drive, hash } of media) if (hash) pc.setImageHash(drive, hash);
  const readers = new Map([...remote].map(([drive, reader]) => [mediumKey(pc, drive), reader]));
  const sources = Object.entries(spec.drives) as [DriveName, ImageSource][];
  return { pc, readers, kernel, media: new Map(sources.map(([drive, source]) => [mediumKey(pc, drive), source])) };
}

/**
 * What tells an image from all others, if it is in memory: recordings and moments say by it with which images they were
 * made. To pages of a plain HTTP site browsers give no hashes: they go by the sizes alone.
 */
async function hashOf(medium: Medium): Promise<Uint8Array | null> {
  if (medium.kind !== "bytes" || !("subtle" in crypto)) return null;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", medium.bytes));
}

/** Names and lines that come with a machine: of the program that the page assembled, of an ELF kernel. */
export function loadOwnSymbols({ pc, kernel }: Assembled, { symbols, kernel: named }: MachineSpec): void {
  if (symbols) pc.loadProgram(symbols);
  const elf = kernel !== null && [0x7f, 0x45, 0x4c, 0x46].every((byte, at) => kernel[at] === byte);
  // A stripped one tells nothing, which is no fault.
  if (elf && named) pc.loadSymbols(nameOf(named.image), kernel, 0);
}

function attach(config: PcConfig, drive: DriveName, medium: Medium): void {
  const readOnly = drive === "cdrom";
  switch (medium.kind) {
    case "bytes":
      return config.attachBytes(drive, medium.bytes, readOnly);
    case "callback":
      return config.attachCallback(drive, medium.read, medium.size, readOnly);
    case "remote":
      return config.attachRemote(drive, medium.size, readOnly);
  }
}

/** The medium in a drive: going back puts former ones in again, and their pages have to come from where they came from. */
export function mediumKey(pc: Pc, drive: DriveName): string {
  return `${drive} ${pc.mediumNumber(drive)}`;
}

/** What is in the drives now. */
export function mediaOf({ pc, media }: Assembled): Partial<Record<DriveName, ImageSource>> {
  const found = DRIVE_NAMES.map((drive) => [drive, media.get(mediumKey(pc, drive))]);
  return Object.fromEntries(found.filter(([, source]) => source !== undefined));
}

/** Puts an image into a drive of a running machine. */
export function insert(machine: Assembled, drive: DriveName, medium: Medium): void {
  const readOnly = drive === "cdrom";
  switch (medium.kind) {
    case "bytes":
      return machine.pc.insertBytes(drive, medium.bytes, readOnly);
    case "callback":
      return machine.pc.insertCallback(drive, medium.read, medium.size, readOnly);
    case "remote":
      machine.pc.insertRemote(drive, medium.size, readOnly);
      machine.readers.set(mediumKey(machine.pc, drive), medium.reader);
  }
}
