import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "Operating systems rest on this: code in ring 3 cannot harm anybody, and the only doors to ring 0 are those that the ",
      "kernel has made. The ring is in the lowest bits of CS; the ",
      pane("registers", "registers"),
      " pane calls it CPL.",
    ],
    [
      "Down is easy: the kernel pushes what an interrupt would have pushed and executes ",
      code("iretd"),
      ". Up goes by a gate in the interrupt table whose privilege is 3. The processor then changes the ",
      pane("stack", "stack"),
      ", for the kernel must not trust the user's: it finds the new one in the task state segment, which you see in ",
      pane("tables", "tables"),
      ".",
    ],
    [
      "The user program prints a line that way, one character a call. Then it tries ",
      code("cli"),
      ". In ring 3 that is a general protection fault, and the kernel ends the program.",
    ],
  ],
  steps: [
    [
      "At ",
      at("to_user"),
      ", compare the five values on the ",
      pane("stack", "stack"),
      " with the registers after one step.",
    ],
    ["Set a breakpoint at ", at("on_service"), " and look at CPL, SS and ESP before and after."],
    ["Add a stop on a change of CPL in ", pane("stops", "stops"), "."],
    ["Replace ", code("cli"), " at ", at("overstep"), " by ", code("in al, 60h"), " or ", code("mov eax, cr0"), "."],
    ["Change 0EEh in the source to 8Eh: the service is closed. Which error code does the fault have?"],
  ],
};
