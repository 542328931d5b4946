/** Bytes of a source, at most: as many as a program of the reader's own may have. */
const LONGEST_TEXT = 1 << 20;

/** A file that the reader picked; no text if it is none, or too long. */
export interface PickedProgram {
  readonly name: string;
  readonly text: string | null;
}

async function textOf(file: File): Promise<string | null> {
  if (file.size > LONGEST_TEXT) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

const NASM_FILES = ".asm,.nasm,.s,.inc,.txt,text/plain";

/** Lets the reader pick a source file; undefined if they pick none. */
export function pickProgram(owner: Document, accept = NASM_FILES): Promise<PickedProgram | undefined> {
  const input = owner.createElement("input");
  input.type = "file";
  input.accept = accept;
  return new Promise((resolve) => {
    input.addEventListener("cancel", () => resolve(undefined));
    input.addEventListener("change", async () => {
      const file = input.files?.[0];
      resolve(file && { name: file.name, text: await textOf(file) });
    });
    input.click();
  });
}

/** Gives the reader bytes as a file. */
export function saveBytes(owner: Document, name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([bytes]));
  const link = owner.createElement("a");
  link.href = url;
  link.download = name.replace(/[^\p{L}\p{N} _.-]+/gu, "").trim();
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Gives the reader a program as a file, whose name ends so. */
export function exportProgram(owner: Document, name: string, text: string, ending = ".asm"): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = owner.createElement("a");
  link.href = url;
  const base = name.endsWith(ending) ? name.slice(0, -ending.length) : name;
  link.download = `${base.replace(/[^\p{L}\p{N} _.-]+/gu, "").trim() || "program"}${ending}`;
  link.click();
  // The download has begun by then, and holds on to the data.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
