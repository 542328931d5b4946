import { at, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "Three tasks, one processor. Task 0 counts, task 1 turns a wheel, task 2 moves a star; each is an endless loop that ",
      "knows nothing of the others. A hundred times a second the timer interrupts whichever runs.",
    ],
    [
      "The handler ",
      at("on_tick"),
      " pushes all registers, remembers SP for this task, and loads the SP of the next. Then it pops the registers and ",
      "returns, but from another stack: so it returns into another task. The whole state of a task that waits is ",
      "26 bytes on its own ",
      pane("stack", "stack"),
      ", and its SP.",
    ],
    [
      "A task that has not run yet needs such a stack too. ",
      at("prepare"),
      " writes it as if the task had been interrupted before its first instruction.",
    ],
  ],
  steps: [
    ["Set a breakpoint at ", at("on_tick.chosen"), " and watch BX: 0, 2, 4, 0 …"],
    ["At ", at("switch"), ", step once and see SP and the whole ", pane("stack", "stack"), " change."],
    [
      "Follow one of the stacks in ",
      pane("memory", "memory", 0x7700),
      " below 7800h: ES, DS, eight registers, IP, CS, FLAGS.",
    ],
    ["Let only tasks 0 and 1 take turns: which constant must change? What becomes of the star?"],
    ["Give the counter two turns for each of the others'."],
  ],
};
