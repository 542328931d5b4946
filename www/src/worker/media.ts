import { checkImage, HEAD_BYTES } from "../host/images.mjs";
import { RangeReader } from "../host/range_reader.mjs";
import { UserError } from "../host/user_error.mjs";
import type { DriveName, ImageSource } from "../protocol/machine_spec";
import { IMAGES } from "../strings/worker/images";

/** Told how much of an image is loaded; `total` is null when the server does not say. */
export type Progress = (name: string, loaded: number, total: number | null) => void;

/** An image that is ready to go into a drive. */
export type Medium =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "callback"; readonly size: number; readonly read: (offset: number, length: number) => Uint8Array }
  | { readonly kind: "remote"; readonly size: number; readonly reader: RangeReader };

/** Local files up to this size are read at once; larger ones piece by piece. */
const WHOLE_FILE = 4 * 1024 * 1024;
/** The most that is loaded whole into memory. */
const LARGEST_WHOLE = 512 * 1024 * 1024;

/** The name of an image in messages. */
export function nameOf(source: ImageSource): string {
  switch (source.kind) {
    case "file":
      return source.file.name;
    case "bytes":
      return source.name;
    case "url":
      return new URL(source.url, self.location.href).pathname.split("/").pop() || source.url;
  }
}

/** Loads an image whole: firmware, kernels, small disks. */
export async function loadWhole(source: ImageSource, progress: Progress): Promise<Uint8Array<ArrayBuffer>> {
  if (source.kind === "bytes") return source.bytes;
  if (source.kind === "file") return readLocal(source.file as File);
  return download(source.url, nameOf(source), progress);
}

async function readLocal(file: File): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > LARGEST_WHOLE) throw new UserError(IMAGES.tooLarge(file.name, file.size));
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new UserError(IMAGES.unreadable(file.name));
  }
}

async function download(url: string, name: string, progress: Progress): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new UserError(IMAGES.unloadable(url, String(error)));
  });
  if (!response.ok || !response.body) {
    throw new UserError(IMAGES.refused(url, response.status));
  }
  // With Content-Encoding the length counts packed bytes, which says nothing about progress.
  const length = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
  const total = length === null ? null : Number(length);
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  try {
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      loaded += part.value.length;
      if (loaded > LARGEST_WHOLE) throw new UserError(IMAGES.tooLargeWhole(url));
      progress(name, loaded, total);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(IMAGES.cutOff(url, loaded));
  }
  progress(name, loaded, loaded);
  return joined(chunks, loaded);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Opens an image for a drive, and checks that it is one. */
export async function openMedium(drive: DriveName, source: ImageSource, progress: Progress): Promise<Medium> {
  if (source.kind === "file" && source.file.size > WHOLE_FILE) return openLocal(drive, source.file as File);
  if (source.kind === "url" && !source.whole) return openRemote(drive, source.url);
  const bytes = await loadWhole(source, progress);
  const size = checkImage(drive, nameOf(source), bytes.length, bytes.subarray(0, HEAD_BYTES));
  if (size === bytes.length) return { kind: "bytes", bytes };
  const padded = new Uint8Array(size);
  padded.set(bytes);
  return { kind: "bytes", bytes: padded };
}

function openLocal(drive: DriveName, file: File): Medium {
  const reader = new FileReaderSync();
  const read = (offset: number, length: number) => {
    try {
      return new Uint8Array(reader.readAsArrayBuffer(file.slice(offset, offset + length)));
    } catch {
      throw new UserError(IMAGES.lost(file.name));
    }
  };
  const size = checkImage(drive, file.name, file.size, read(0, Math.min(HEAD_BYTES, file.size)));
  return { kind: "callback", size, read };
}

async function openRemote(drive: DriveName, url: string): Promise<Medium> {
  const reader = await RangeReader.open(new URL(url, self.location.href).href);
  const head = await reader.read(0, Math.min(HEAD_BYTES, reader.size));
  const size = checkImage(drive, url, reader.size, head);
  if (size !== reader.size) throw new UserError(IMAGES.shorterThanFloppy(url));
  return { kind: "remote", size, reader };
}
