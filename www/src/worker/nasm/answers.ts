// The assembler's JSON as the page takes it; what texts from other files say is left out, for the page includes none.
import type { Assembly, Diagnostic, Mnemonic, NasmSymbol, Statement } from "../../protocol/nasm";

interface Answer {
  readonly code: string;
  readonly map: readonly (Statement & { readonly file: string | null })[];
  readonly symbols: readonly NasmSymbol[];
  readonly warnings: readonly Diagnostic[];
  readonly errors?: readonly Diagnostic[];
}

/** Bytes written as hexadecimal digits. */
export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length >> 1);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

const diagnostic = ({ line, column, message }: Diagnostic): Diagnostic => ({ line, column, message });

/** What `assemble` gave. */
export function readAssembly(json: string): Assembly {
  const answer = JSON.parse(json) as Answer;
  if (answer.errors && answer.errors.length > 0) return { ok: false, errors: answer.errors.map(diagnostic) };
  return {
    ok: true,
    image: bytesOf(answer.code),
    statements: answer.map
      .filter(({ file }) => file === null)
      .map(({ offset, address, length, line, text, code }) => ({ offset, address, length, line, text, code })),
    symbols: answer.symbols.map(({ name, value, kind, line }) => ({ name, value, kind, line })),
    warnings: answer.warnings.map(diagnostic),
  };
}

/** What `mnemonics` gave. */
export function readMnemonics(json: string): readonly Mnemonic[] {
  const list = JSON.parse(json) as readonly Mnemonic[];
  return list.map(({ name, forms, help }) => ({ name, forms, help }));
}
