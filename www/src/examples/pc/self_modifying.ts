import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "Instructions are bytes in ",
      pane("memory", "memory", 0x7c00),
      " like any others. ",
      code("mov al, '0'"),
      " is B0 30, and nothing prevents the program from making it B0 31 before it comes round again. This is how a loader, ",
      "a debugger's breakpoint and a just-in-time compiler work.",
    ],
    [
      "For an emulator it is a trap: it likes to decode an instruction once and remember the result. It must notice ",
      "every write to code, as a real processor does.",
    ],
    [
      "The second part copies a procedure and calls the copy. The ",
      pane("editor", "editor"),
      " knows where each line was assembled to, and 0600h is none of those places, so it cannot mark a line there. The ",
      pane("code", "disassembly"),
      " shows what is really in memory.",
    ],
  ],
  steps: [
    [
      "Set a breakpoint at ",
      at("changing"),
      " and run: the ",
      pane("code", "disassembly"),
      " shows another character each time.",
    ],
    ["The editor marks that line: the bytes in memory are not those of the source any more."],
    ["Run to the ", code("call ax"), " before the exclamation mark and step into it. Where are you?"],
    [
      "Change ",
      code("int 10h"),
      " in ",
      at("copied"),
      " to ",
      code("call print_character"),
      " and see why the copy fails.",
    ],
  ],
};
