import { bytesText, dateText } from "./measures";

const count = (value: number): string => value.toLocaleString("en");

/** The words of saved moments. */
export const LIBRARY = {
  title: "Saved moments",
  list: "Saved moments, branches below the moment they began at",
  found: "Moments found",
  note: "Whole machines at one instruction, runs of the EVM at one step. Opening one goes on from there.",
  none: "None yet. The bookmark in a machine’s toolbar (F7) keeps the whole machine as it is; a file of one can be dropped here.",
  loading: "Looking for saved moments…",
  search: "Search moments",
  noneFound: "No moment’s name, note or machine has these words.",
  import: "Import a moment…",
  importHint: "A .glassbox file; it can be dropped on this page too",
  importing: (file: string) => `${file} is being checked…`,
  imported: (name: string) => `“${name}” was imported.`,
  notImported: (why: string) => `Nothing was imported. ${why}`,
  drop: "Drop the file to import the moment",
  kinds: { pc: "PC", evm: "EVM" },
  transaction: (title: string, transaction: number) => `${title}, transaction ${transaction}`,
  at: (kind: "pc" | "evm", instruction: number) => `${kind === "pc" ? "instruction" : "step"} ${count(instruction)}`,
  when: dateText,
  sizes: (alone: number, shared: number) =>
    shared === 0 ? bytesText(alone) : `${bytesText(alone)} alone, ${bytesText(shared)} shared`,
  sizesHint: "What deleting it would free, and what other moments need too",
  openHint: "opens the machine, paused at this instruction",
  evmHint: "opens the run at this step",
  more: (name: string) => `More for the moment ${name}`,
  compare: "Compare with…",
  edit: "Name and note…",
  export: "Export",
  remove: "Delete",
  removed: (name: string) => `The moment “${name}” was deleted.`,
  undo: "Undo",
  nameLabel: "Name",
  noteLabel: "Note",
  keep: "Keep",
  cancel: "Cancel",
  space: (used: number, left: number) => `${bytesText(used)} of this browser’s storage used, ${bytesText(left)} left`,
  persistent: "kept until you delete it",
  notPersistent: "the browser may clear it when its disk is full",
  foreign: (name: string, sites: string) =>
    `“${name}” came in a file. Its machine loads images from ${sites}: that site sees that you open it.`,
  openAnyway: "Open it",
  missing: (name: string) => `“${name}” needs images that are not kept here. Choose the same files again.`,
  image: (role: string, file: string, bytes: number) => `${file} (${role}, ${bytesText(bytes)})`,
  wrong: "This is another file than the one the moment was saved with.",
  lost: (machine: string, instruction: number, when: string) =>
    `${machine} was running when its tab was closed. It was kept at instruction ${count(instruction)}, ${when}.`,
  goOn: "Go on from there",
  throwAway: "Throw it away",
  save: {
    title: "Save this moment",
    saving: "Saving the machine as it is…",
    saved: (instruction: number, bytes: number, seconds: number) =>
      `Saved at instruction ${count(instruction)}: ${bytesText(bytes)} written in ${seconds.toFixed(1)} s. You find it in the gallery.`,
    savedRun: (step: number, transaction: number) =>
      `Saved at step ${count(step)} of transaction ${transaction}. You find it in the gallery.`,
    failed: (why: string) => `Not saved. ${why}`,
    asFile: "Save as a file",
    done: "Done",
    discard: "Delete it again",
    again: "Try again",
  },
} as const;
