import type { Lesson } from "../lesson";

/** 1 for a first hour, 2 for somebody who knows registers and the stack, 3 for protected mode. */
export type Difficulty = 1 | 2 | 3;

/** An example, as a list shows it. */
export interface PcExample {
  /** Of its files; in links too, so it never changes. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly difficulty: Difficulty;
  /** How many steps its lesson has. */
  readonly steps: number;
}

const entry = (difficulty: Difficulty, steps: number, name: string, title: string, summary: string): PcExample => ({
  name,
  title,
  summary,
  difficulty,
  steps,
});

/** In the order in which one would learn them. */
export const PC_EXAMPLES: readonly PcExample[] = [
  entry(1, 5, "hello", "Hello, world", "A boot sector that prints by asking the BIOS."),
  entry(1, 5, "text_memory", "The screen is memory", "Two bytes a character: all 256 pairs of colours."),
  entry(1, 5, "stack", "Calls and stack frames", "A procedure that calls itself, seven frames deep."),
  entry(1, 4, "picture", "A picture", "320 by 200 pixels in 256 colours, and a palette of our own."),
  entry(1, 4, "fpu", "Numbers with a fraction", "The golden ratio and pi on the stack of the x87."),
  entry(
    2,
    4,
    "self_modifying",
    "Code is data",
    "An instruction that is changed as it runs, and a copy that runs elsewhere.",
  ),
  entry(2, 5, "keyboard", "The keyboard interrupts", "Scan codes taken by an interrupt handler of our own."),
  entry(2, 5, "timer", "The timer interrupts", "The 8254 programmed for 100 ticks a second: tick, tock."),
  entry(2, 5, "disk", "Reading a sector", "INT 13h: once as it should be, and once with an error."),
  entry(2, 4, "a20", "Address line 20", "Why FFFF:0510 and 0000:0500 may be the same byte."),
  entry(2, 5, "scheduler", "A scheduler", "Three tasks on one processor, switched by the timer."),
  entry(3, 4, "protected", "Into protected mode", "A table of segments, and 32-bit code."),
  entry(3, 5, "fault", "An exception, handled", "Two general protection faults and a handler that reports them."),
  entry(3, 5, "paging", "Paging on demand", "Addresses that get memory when they are first touched."),
  entry(3, 5, "ring3", "Ring 3", "A user program, a system call, and what happens when it oversteps."),
  entry(3, 4, "v86", "Virtual 8086", "A real-mode program as a task, and the monitor that watches it."),
];

/** What a list does not need: loaded when somebody opens the example. */
export interface PcExampleText {
  readonly source: string;
  readonly lesson: Lesson;
}

const sources = import.meta.glob<string>("./*.asm", { query: "?raw", import: "default" });
const lessons = import.meta.glob<Lesson>(["./*.ts", "!./*.test.ts", "!./catalog.ts"], { import: "lesson" });

/** Loads an example. Fails for a name that is not in the list. */
export async function loadPcExample(name: string): Promise<PcExampleText> {
  const source = sources[`./${name}.asm`];
  const lesson = lessons[`./${name}.ts`];
  if (!source || !lesson) throw new Error(`no example is called ${name}`);
  return { source: await source(), lesson: await lesson() };
}
