import { LONGEST_TEXT } from "../../client/nasm_programs";

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

/** Lets the reader pick a source file; undefined if they pick none. */
export function pickProgram(owner: Document): Promise<PickedProgram | undefined> {
  const input = owner.createElement("input");
  input.type = "file";
  input.accept = ".asm,.nasm,.s,.inc,.txt,text/plain";
  return new Promise((resolve) => {
    input.addEventListener("cancel", () => resolve(undefined));
    input.addEventListener("change", async () => {
      const file = input.files?.[0];
      resolve(file && { name: file.name, text: await textOf(file) });
    });
    input.click();
  });
}

/** Gives the reader a program as a file. */
export function exportProgram(owner: Document, name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = owner.createElement("a");
  link.href = url;
  link.download = `${name.replace(/[^\p{L}\p{N} _.-]+/gu, "").trim() || "program"}.asm`;
  link.click();
  // The download has begun by then, and holds on to the data.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
