import type { Unkept } from "../client/shelf";
import { dateText } from "./measures";

const UNKEPT: Readonly<Record<Unkept, string>> = {
  blocked:
    "This browser keeps nothing for this page; it is here until the page is closed. Export it, or allow storage.",
  full: "Not kept: this browser keeps no more. Export some, and delete them here.",
  tooMany: "Not kept: there are too many of this kind. Delete some first.",
  tooLong: "Not kept: it is too long for this browser. Export it instead.",
  refused: "Not kept: what is kept of this kind cannot be read. Look at the message about it.",
};

/** The words of the reader's saved work. */
export const SAVED = {
  title: "Your work",
  note: "Kept in this browser only. Export what you want to have elsewhere.",
  none: "Nothing yet. Programs you write for the PC, EVM projects and machines that you save are listed here.",
  list: "Your work, the latest first",
  kinds: { program: "PC program", project: "EVM project", draft: "EVM draft", machine: "Machine" },
  kindHints: {
    program: "assembles it and boots a machine from it",
    project: "runs it, and goes to the step where you left it",
    draft: "not saved by you: kept as you left it",
    machine: "fills the form; boots at once if no image has to be chosen again",
  },
  more: (name: string) => `More for ${name}`,
  rename: "Rename",
  newName: (name: string) => `New name for ${name}`,
  renameDone: "Rename",
  cancel: "Cancel",
  duplicate: "Duplicate",
  copy: (name: string) => `${name}, copy`,
  export: "Export",
  remove: "Delete",
  removed: (name: string) => `“${name}” was deleted.`,
  undo: "Undo",
  import: "Import a file…",
  importHint: "A project or machine that was exported here, or a source text for the PC",
  imported: (name: string) => `“${name}” was imported.`,
  notImported: (file: string, why: string) => `${file} was not imported: ${why}.`,
  whyNot: {
    tooLarge: "it is larger than 4 MB",
    notText: "it is no text",
    notJson: "it is not JSON",
    unknown: "it is nothing that this page exports",
    newer: "a newer version of this page wrote it",
    field: (path: string) => `${path} is missing, or not what it should be`,
  },
  blocked:
    "This browser keeps nothing for this page (storage is blocked): what you make is lost when the page is closed.",
  refused: (kind: string, path: string) =>
    `What is kept of the kind “${kind}” was refused whole, because ${path || "it"} is not what it should be. Nothing of it is used, and nothing written over it.`,
  refusedSave: "Save it as a file",
  refusedDiscard: "Delete it",
  unkept: UNKEPT,
  /** When something was changed last. */
  when: (at: number | undefined): string => (at === undefined ? "" : dateText(at)),
  evm: {
    save: "In this browser",
    saved: (name: string) => `Saved as “${name}”: you find it in the gallery.`,
    draftUnkept: (why: string) => `The draft of this project: ${why}`,
  },
} as const;
