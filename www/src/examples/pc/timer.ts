import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "Two chips give a PC its sense of time. The 8254 gets a clock of 1,193,182 Hz and counts down from a number; at the end ",
      "it raises IRQ 0 and begins anew. With 11,931 that is a hundred times a second. The 8259 takes the line and ",
      "interrupts the processor. You see both among the ",
      pane("devices", "devices"),
      ", with the count going down.",
    ],
    [
      "The number is two bytes, but the port takes one at a time: the control byte 34h says “low byte, then high byte”. ",
      "The handler only counts. Everything slow happens in the main program, which sleeps in ",
      code("hlt"),
      " between the ticks: look at how few instructions a second of this program needs.",
    ],
  ],
  steps: [
    [
      "Step through the three ",
      code("out"),
      " instructions behind ",
      at("start"),
      " and watch counter 0 in ",
      pane("devices", "devices"),
      ".",
    ],
    ["Set a breakpoint at ", at("on_tick"), ". How much virtual time lies between two stops?"],
    ["In the ", pane("log", "log"), " of interrupts, find interrupt 8 again and again."],
    ["Stop inside the handler before its ", code("out"), ": the 8259 shows IRQ 0 in service."],
    ["Make it 50 ticks a second without changing the length of a second."],
  ],
};
