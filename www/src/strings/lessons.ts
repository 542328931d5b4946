import type { Difficulty } from "../examples/pc/catalog";

const DIFFICULTIES: Readonly<Record<Difficulty, string>> = {
  1: "First steps",
  2: "Interrupts and devices",
  3: "Protected mode",
};

/** The words of the lessons and the list of examples, and what the panes of a program are called. */
export const LESSONS = {
  panes: { editor: "Program", lesson: "Lesson" },
  preset: "Program",
  difficulties: DIFFICULTIES,
  gallery: {
    title: "Programs that teach the PC",
    text: "Each is a short commented source with a lesson. Opening one assembles it and boots a machine that waits before its first instruction.",
    own: "Write your own",
    done: (done: number, all: number) => `${done} of ${all} steps done`,
  },
  lesson: {
    none: "Open an example to read its lesson.",
    about: "What it shows",
    steps: "Try this",
    progress: (done: number, all: number) => `${done} of ${all} done`,
    open: (pane: string) => `Open the pane: ${pane}`,
    breakAt: (label: string) => `Set or remove a breakpoint at ${label}`,
    choose: "Lesson",
  },
} as const;
