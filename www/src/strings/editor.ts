import type { Unbootable } from "../client/nasm_image";
import type { Unkept } from "../client/shelf";

const plural = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

const UNBOOTABLE: Readonly<Record<Unbootable, string>> = {
  empty: "The program makes no bytes: there is nothing to boot.",
  tooLarge: "The program is larger than a 1.44 MB floppy.",
  noSignature:
    "The first sector does not end with 55 AA, so the BIOS would not start it. Put this at its end: times 510 - ($ - $$) db 0, and then dw 0AA55h.",
};

const UNKEPT: Readonly<Record<Unkept, string>> = {
  blocked: "This browser keeps nothing for this page: export the program before you leave, or allow storage.",
  full: "This browser keeps no more: export the program, or delete others.",
  tooMany: "More programs than these are not kept: delete some first.",
  tooLong: "The program is too long to be kept: export it.",
  refused: "Not kept: what this browser has of your programs cannot be read. The gallery tells more.",
};

/** What a new program begins with. */
const TEMPLATE = `; A boot sector of your own.

        bits 16
        org 7C00h                       ; the BIOS puts it here

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h                   ; the stack grows down, away from this code

        ; what shall it do?

done:
        hlt
        jmp done

        times 510 - ($ - $$) db 0
        dw 0AA55h
`;

/** The words of the editor: they come with it. */
export const EDITOR = {
  start: "Assemble, boot, step",
  startHint: "Assembles the program, boots a machine from it and stops before its first instruction",
  program: "Program",
  ownPrograms: "Your programs",
  examples: "Examples",
  file: "File",
  create: "New program",
  untitled: "My program",
  template: TEMPLATE,
  rename: "Rename…",
  remove: "Delete",
  importFile: "Import a file…",
  exportFile: "Export",
  text: (name: string) => `Source of ${name}`,
  source: "Source of the program",
  breakpointOn: (line: number) => `Breakpoint on line ${line}`,
  loading: "The editor is being loaded…",
  loadFailed: "The editor could not be loaded: check the connection, and open the pane again.",
  escape: "Esc, then Tab leaves the editor",
  keysOfEditor: "F8 next error · F9 breakpoint · Ctrl+Space words · Ctrl+F find",
  fine: (bytes: number) => `${plural(bytes, "byte", "bytes")}, no errors`,
  errors: (count: number) => plural(count, "error", "errors"),
  warnings: (count: number) => plural(count, "warning", "warnings"),
  assembling: "Assembling…",
  cannotStart: (count: number) =>
    `${plural(count, "error has", "errors have")} to be corrected first; F8 goes to the next one.`,
  unbootable: UNBOOTABLE,
  unkept: UNKEPT,
  failed: (message: string) => `That did not work: ${message}.`,
  dismiss: "Dismiss",
  tooLong: (name: string) => `${name} is no program: larger than a megabyte, or not a text`,
  here: (line: number) => `Stands before line ${line}`,
  changed: (line: number) =>
    `Stands where line ${line} was assembled to, but memory holds other bytes there now: they were overwritten, or not loaded yet`,
  elsewhere: (address: string) => `Stands at ${address}: not in this source`,
  outdated: "The text has changed since it was booted",
  value: (name: string, value: string) => `${name} = ${value}`,
  kinds: { label: "label", constant: "constant", register: "register", directive: "directive" },
} as const;
