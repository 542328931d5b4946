import { Refusal } from "../protocol/schema";
import { Projects, type SavedProject } from "./evm/saved";
import { LONGEST_TEXT, type Program } from "./nasm_programs";
import { Machines, type SavedMachine } from "./saved_machines";
import { cleanName } from "./shelf";

/** A file of this page's own begins with these. */
const VERSION = 1;
export const LARGEST_FILE = 4 << 20;

/** Something that the reader keeps, with its kind. */
export type SavedWork =
  | { readonly kind: "program"; readonly item: Program }
  | { readonly kind: "project"; readonly item: SavedProject }
  | { readonly kind: "draft"; readonly item: SavedProject }
  | { readonly kind: "machine"; readonly item: SavedMachine };

/** Why a file was not taken. */
export type ImportTrouble =
  | { readonly kind: "tooLarge" | "notText" | "notJson" | "unknown" | "newer" }
  | { readonly kind: "field"; readonly path: string };

export class ImportError extends Error {
  constructor(readonly why: ImportTrouble) {
    super(why.kind);
  }
}

const fileName = (name: string): string => name.replace(/[^\p{L}\p{N} _.-]+/gu, "").trim() || "glassbox";

/** What is kept as a file: programs as their source, all else as JSON. */
export function exported(work: SavedWork): { readonly name: string; readonly text: string } {
  if (work.kind === "program") return { name: `${fileName(work.item.name)}.asm`, text: work.item.text };
  const kind = work.kind === "machine" ? "machine" : "project";
  const { changed, ...item } = work.item;
  return {
    name: `${fileName(work.item.name)}.json`,
    text: `${JSON.stringify({ glassbox: kind, version: VERSION, [kind]: item }, null, 2)}\n`,
  };
}

function json(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw new ImportError({ kind: "notJson" });
  }
}

function checked(value: Record<string, unknown>): SavedWork {
  const { glassbox: kind, version } = value;
  if (kind !== "project" && kind !== "machine") throw new ImportError({ kind: "unknown" });
  if (version !== VERSION) throw new ImportError({ kind: "newer" });
  try {
    if (kind === "project") return { kind, item: Projects.check(value[kind], kind) };
    return { kind, item: Machines.check(value[kind], kind) };
  } catch (error) {
    if (error instanceof Refusal) throw new ImportError({ kind: "field", path: error.path });
    throw error;
  }
}

/**
 * Reads a file that was exported, or a source text for the PC.
 * @throws ImportError
 */
export function imported(name: string, bytes: ArrayBuffer): SavedWork {
  if (bytes.byteLength > LARGEST_FILE) throw new ImportError({ kind: "tooLarge" });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ImportError({ kind: "notText" });
  }
  if (/\.json$/i.test(name)) return checked(json(text));
  if (text.includes("\0")) throw new ImportError({ kind: "notText" });
  if (text.length > LONGEST_TEXT) throw new ImportError({ kind: "tooLarge" });
  return { kind: "program", item: { name: cleanName(name.replace(/\.\w+$/, "")) || "1", text } };
}
