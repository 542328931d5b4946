import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "Protected mode protects by refusing. An instruction that breaks a rule is not carried out; instead the processor ",
      "raises an exception, and the interrupt descriptor table says who handles it. You find it among the ",
      pane("tables", "tables"),
      ": of its entries only number 13 is present here.",
    ],
    [
      "The handler gets the address of the instruction itself, not of the one behind it, so that the cause can be removed ",
      "and the instruction repeated. Here nothing can be removed: the handler changes the return address on the ",
      pane("stack", "stack"),
      " to where the program wants to go on.",
    ],
    [
      "The error code names the selector that was at fault, or is 0 if the mistake was something else, such as an offset ",
      "beyond the limit. The ",
      pane("log", "log"),
      " keeps all exceptions with their codes.",
    ],
  ],
  steps: [
    [
      "Stop at ",
      at("first_fault"),
      " and step: you are in ",
      at("on_fault"),
      ". Look at the ",
      pane("stack", "stack"),
      ".",
    ],
    [
      "Ask the ",
      pane("translation", "translation"),
      " pane about ",
      code("es:0FA0h"),
      ": the reason for the second fault.",
    ],
    ["Set a stop on exception 13 in ", pane("stops", "stops"), " and run from the beginning."],
    [
      "Make the handler return to the instruction that failed. What happens, and what does the ",
      pane("log", "log"),
      " say?",
    ],
    ["Set the present bit (8Eh) of the gate to 0 in the source: a fault without a handler, and then a third."],
  ],
};
