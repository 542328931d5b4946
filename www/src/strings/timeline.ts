import type { EngineMarkKind } from "../protocol/timeline";

/** The kinds of marks along the timeline. */
export type MarkKind = EngineMarkKind | "bookmark" | "saved";

const KINDS: Readonly<Record<MarkKind, string>> = {
  interrupt: "interrupts",
  exception: "exceptions",
  mode: "mode switches",
  disk: "disk",
  input: "input",
  reset: "resets",
  bookmark: "bookmarks",
  saved: "saved moments",
};

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : `${count} ${many}`);

/** The words of the timeline. */
export const TIMELINE = {
  title: "Timeline",
  fold: "Fold the timeline",
  unfold: "Unfold the timeline",
  slider:
    "Time. Left and Right step, Page Up and Down go a tenth, Home and End to the ends, Ctrl+Left and Right from mark to mark; + and − zoom",
  place: (time: string, instruction: number, past: boolean) =>
    `${time}, instruction ${instruction.toLocaleString("en")}${past ? ", in the past" : ""}`,
  instruction: "instruction",
  past: "in the past",
  running: "running",
  off: "Nothing is recorded.",
  nothing: "Nothing is recorded yet.",
  searching: (at: number) => `Looking back… ${at.toLocaleString("en")}`,
  ways: "Ways through the past",
  toStart: "To the start",
  backTo: "Back to the previous stop",
  back: "Step back",
  step: "Step",
  run: "Go on",
  pause: "Pause",
  end: "End the search",
  toEnd: "To the end",
  goTo: "Go to",
  goToHint: "instruction or time",
  goToLabel: "Go to an instruction (123456) or a virtual time (1.5 s, 20 ms); with + or −, from here",
  goToBad: "Write an instruction as 123456, or a time as 1.5 s, 20 ms, 7 us.",
  bookmark: "Bookmark",
  bookmarkHint: "Name this point, to come back to it",
  bookmarkName: (number: number) => `Bookmark ${number}`,
  name: "Name",
  keep: "Keep",
  remove: (name: string) => `Remove ${name}`,
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  all: "All",
  allHint: "Show all the time there is",
  marks: "Marks",
  marksHint: "What the marks mean, which are shown, bookmarks, and how much is recorded",
  compare: "Compare…",
  compareHint: "Compare the machine as it is now with a saved moment",
  compareBranch: "Compare",
  compareBranchHint: (id: number) => `Where do the present and future ${id + 1} part, and in what?`,
  shown: "Shown along the time",
  kinds: KINDS,
  mark: (kind: MarkKind, detail: string, count: number) =>
    [count === 1 ? detail || KINDS[kind] : `${count} ${KINDS[kind]}`, count > 1 ? detail : ""]
      .filter(Boolean)
      .join(": "),
  bookmarks: "Bookmarks",
  noBookmarks: "None yet: Bookmark keeps the point where the machine stands.",
  recorded: (mib: string, of: number) => `${mib} of ${of} MiB are recorded`,
  record: "Record",
  recordHint: "What another choice begins to record is recorded from now on: what was before is forgotten",
  size: (mib: number) => (mib === 0 ? "nothing" : `up to ${mib} MiB`),
  branches: "Other futures",
  branch: (id: number, inputs: number) =>
    `Future ${id + 1}${inputs > 0 ? `: ${plural(inputs, "one change", "changes")}` : ""}`,
  branchHint: (from: string, to: string) => `parts at ${from}, ends at ${to}`,
  switch: "Switch to it",
  drop: "Throw away…",
  really: "It cannot be had again.",
  dropNow: "Throw it away",
  leave: "Leave it",
  picture: (time: string) => `The screen at ${time}`,
} as const;
