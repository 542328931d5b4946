import type { SymbolFile, SymbolsLoaded } from "../../protocol/inspection";

/** A file of the host: what of it is needed. */
export interface GivenFile {
  readonly name: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What became of files that were given: what was loaded, and what is wrong with the others. */
export interface Taken {
  readonly loaded: readonly SymbolFile[];
  readonly problems: readonly string[];
}

type Load = (name: string, bytes: Uint8Array) => Promise<SymbolsLoaded>;

/**
 * Loads files in whatever order they were given: source texts are understood only after the file with their lines, so
 * those that were refused are tried again as long as others were taken.
 */
export async function takeFiles(files: readonly GivenFile[], load: Load): Promise<Taken> {
  const loaded: SymbolFile[] = [];
  let left = files;
  let problems: string[] = [];
  for (let before = -1; left.length > 0 && loaded.length > before; ) {
    before = loaded.length;
    problems = [];
    const refused: GivenFile[] = [];
    for (const file of left) {
      const answer = await read(file, load);
      if ("error" in answer) {
        refused.push(file);
        problems.push(answer.error);
      } else loaded.push(answer);
    }
    left = refused;
  }
  return { loaded, problems };
}

async function read(file: GivenFile, load: Load): Promise<SymbolsLoaded> {
  try {
    return await load(file.name, new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    return { error: `${file.name}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A base that is added to addresses: hexadecimal, empty for 0; null if it is none. */
export function parseBase(text: string): number | null {
  const digits = text.trim().replace(/^0x|h$/gi, "");
  if (digits === "") return text.trim() === "" ? 0 : null;
  return /^[0-9a-f]{1,8}$/i.test(digits) ? Number.parseInt(digits, 16) : null;
}
