import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "The stack is a piece of memory and one register, SP, that says how far it reaches. ",
      code("push"),
      " makes SP smaller and writes there; ",
      code("call"),
      " is a jump that first pushes the address behind itself, and ",
      code("ret"),
      " a jump to whatever address is on top.",
    ],
    [
      "A procedure needs a place for its argument and its variables, and one that calls itself needs a new place each ",
      "time. So it makes a frame: it pushes the caller's BP and lets BP point to it. Now ",
      code("[bp + 4]"),
      " is the argument and ",
      code("[bp - 2]"),
      " a variable, whatever else is pushed. And since each BP leads to the one before, the ",
      pane("stack", "stack"),
      " pane can show the whole chain of callers.",
    ],
  ],
  steps: [
    [
      "Set a breakpoint at ",
      at("factorial"),
      " and run seven times: a frame more on the ",
      pane("stack", "stack"),
      " each time.",
    ],
    ["Run to ", at("factorial.bottom"), ": find the arguments 7 to 1 in the seven frames."],
    ["Step out and watch AX in the ", pane("registers", "registers"), ": 1, 2, 6, 24 …"],
    ["Before a ", code("ret"), ", change the return address on the stack. Where does the program go?"],
    ["Compute 9! and explain the answer that you get."],
  ],
};
