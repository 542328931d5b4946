// The card of a moment that is handed on as a file: JSON, checked whole before any of it is used.

import { sha256 } from "../../host/fingerprint.mjs";
import { UserError } from "../../host/user_error.mjs";
import type { ImageRole, KeptSource, MomentRecord, Recipe } from "../../protocol/moments";
import { CARD } from "../../strings/worker/moments/card";
import { jsonOf } from "../links/unpack";

type Bytes = Uint8Array<ArrayBuffer>;

const VERSION = 1;
/** The most bytes of a card. */
const LARGEST = 32 << 20;
const LONGEST_NAME = 200;
const LONGEST_NOTE = 10_000;
const LARGEST_PICTURE = 256 << 10;
/** Bytes of a recorded run that are kept beside a moment, at most. */
export const LARGEST_RECORDING = 1 << 20;
const ROLES: readonly ImageRole[] = [
  ...(["fda", "fdb", "hda", "hdb", "cdrom"] as const),
  ...(["bios", "vgaBios", "kernel", "initrd"] as const),
];

/** What every card says, whichever machine it is of. */
export type Head = Pick<MomentRecord, "name" | "note" | "machine" | "instruction" | "date" | "thumbnail">;

/** What the card of a PC's moment says. */
export interface Card extends Head, Pick<MomentRecord, "recording"> {
  readonly body: { readonly kind: "pc"; readonly recipe: Recipe };
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** A card as it is written, with the images that the moment keeps. */
export function cardOf(card: Card, images: ReadonlyMap<string, Bytes>): Bytes {
  const { body, recording, ...head } = card;
  // Names and lines of a program stay here: they are read by the engine, which takes them from the page alone.
  const { symbols: _, ...recipe } = body.recipe;
  const kept = Object.fromEntries([...images].map(([hash, bytes]) => [hash, base64(bytes)]));
  const run = recording && { recording: base64(recording) };
  return written(head, { ...run, recipe, images: kept });
}

/** A card's head and what else it says, as JSON. */
export function written({ name, note, machine, instruction, date, thumbnail }: Head, more: object): Bytes {
  const head = { name, note, machine, instruction, date, thumbnail: thumbnail && base64(thumbnail) };
  return new TextEncoder().encode(JSON.stringify({ glassbox: "moment", version: VERSION, ...head, ...more })) as Bytes;
}

/** @throws UserError */
export function refuse(field: string): never {
  throw new UserError(CARD.refused(field));
}

function text(value: unknown, field: string, longest: number): string {
  return typeof value === "string" && value.length <= longest ? value : refuse(field);
}

function whole(value: unknown, field: string, least: number, most: number): number {
  const fits = typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
  return fits ? value : refuse(field);
}

function fields(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(field);
  return Object.fromEntries(Object.entries(value));
}

function bytesOf(value: unknown, field: string, most: number): Bytes {
  const coded = text(value, field, Math.ceil(most / 3) * 4);
  try {
    return Uint8Array.from(atob(coded), (letter) => letter.charCodeAt(0));
  } catch {
    return refuse(field);
  }
}

/** One line of a name that is shown in lists. */
const line = (value: unknown, field: string): string => {
  const name = text(value, field, LONGEST_NAME)
    .replace(/\p{C}+/gu, " ")
    .trim();
  return name || refuse(field);
};

const HASH = /^[0-9a-f]{64}$/;
/** A path under the page's root, that leads nowhere else. */
const SITE_PATH = /^(?!.*\.\.)[\w+-][\w+./-]*$/;

function source(value: unknown, field: string): KeptSource {
  const given = fields(value, field);
  const hash = (name: string) => (HASH.test(text(given[name], field, 64)) ? String(given[name]) : refuse(field));
  const isWhole = () => (typeof given.whole === "boolean" ? given.whole : refuse(field));
  const named = () => ({
    name: line(given.name, field),
    size: whole(given.size, field, 0, Number.MAX_SAFE_INTEGER),
  });
  switch (given.kind) {
    case "site": {
      const path = text(given.path, field, 500);
      return { kind: "site", path: SITE_PATH.test(path) ? path : refuse(field), whole: isWhole() };
    }
    case "url": {
      const url = text(given.url, field, 2000);
      return {
        kind: "url",
        url: /^https?:\/\//i.test(url) && URL.canParse(url) ? url : refuse(field),
        whole: isWhole(),
      };
    }
    case "kept":
      return { kind: "kept", ...named(), sha256: hash("sha256") };
    case "own":
      return { kind: "own", ...named(), print: hash("print") };
  }
  return refuse(field);
}

function recipeOf(value: unknown): Recipe {
  const given = fields(value, "recipe");
  const images = fields(given.images, "recipe.images");
  const found: Partial<Record<ImageRole, KeptSource>> = {};
  for (const role of ROLES) {
    if (images[role] !== undefined) found[role] = source(images[role], `recipe.images.${role}`);
  }
  if (!found.bios || !found.vgaBios) refuse("recipe.images");
  const bootOrder = text(given.bootOrder, "recipe.bootOrder", 3);
  if (!/^[acd]{0,3}$/.test(bootOrder)) refuse("recipe.bootOrder");
  if (typeof given.resetOnShutdown !== "boolean") refuse("recipe.resetOnShutdown");
  return {
    title: line(given.title, "recipe.title"),
    memoryMb: whole(given.memoryMb, "recipe.memoryMb", 1, 2048),
    bootOrder,
    resetOnShutdown: given.resetOnShutdown === true,
    rtcUnixSeconds: whole(given.rtcUnixSeconds, "recipe.rtcUnixSeconds", 0, 2 ** 40),
    ...(given.append !== undefined && { append: text(given.append, "recipe.append", 4096) }),
    images: found,
  };
}

/**
 * Reads the card of a PC's moment.
 * @throws UserError
 */
export async function readCard(bytes: Bytes): Promise<{ card: Card; images: ReadonlyMap<string, Bytes> }> {
  const { head, all } = readHead(bytes, LARGEST);
  const recipe = recipeOf(all.recipe);
  const images = await imagesOf(all.images, recipe);
  // The engine reads it, when the run is to be made again.
  const recording = all.recording === undefined ? null : bytesOf(all.recording, "recording", LARGEST_RECORDING);
  return { card: { ...head, ...(recording && { recording }), body: { kind: "pc", recipe } }, images };
}

/**
 * Reads what every card says; `all` is what else is in it.
 * @param largest bytes of it, at most
 * @throws UserError
 */
export function readHead(bytes: Bytes, largest: number): { head: Head; all: Readonly<Record<string, unknown>> } {
  if (bytes.length > largest) refuse(CARD.length);
  let all: Record<string, unknown>;
  try {
    all = fields(jsonOf(bytes), "JSON");
  } catch {
    return refuse("JSON");
  }
  if (all.glassbox !== "moment") refuse("kind");
  if (all.version !== VERSION) throw new UserError(CARD.newer);
  const thumbnail = all.thumbnail === null ? null : bytesOf(all.thumbnail, "thumbnail", LARGEST_PICTURE);
  if (thumbnail && ![0x89, 0x50, 0x4e, 0x47].every((byte, at) => thumbnail[at] === byte)) refuse("thumbnail");
  const head = {
    name: line(all.name, "name"),
    note: text(all.note, "note", LONGEST_NOTE),
    machine: line(all.machine, "machine"),
    instruction: whole(all.instruction, "instruction", 0, Number.MAX_SAFE_INTEGER),
    date: whole(all.date, "date", 0, 8.64e15),
    thumbnail,
  };
  return { head, all };
}

/** The images that the recipe wants kept: each there, and the one it says. */
async function imagesOf(value: unknown, recipe: Recipe): Promise<ReadonlyMap<string, Bytes>> {
  const given = fields(value, "images");
  const images = new Map<string, Bytes>();
  for (const image of Object.values(recipe.images)) {
    if (image.kind !== "kept" || images.has(image.sha256)) continue;
    const bytes = bytesOf(given[image.sha256], "images", LARGEST);
    if (bytes.length !== image.size || (await sha256(bytes)) !== image.sha256) refuse(CARD.image(image.name));
    images.set(image.sha256, bytes);
  }
  return images;
}
