import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "A keyboard cannot wait until the program asks. It interrupts: its controller raises the line IRQ 1, the interrupt ",
      "controller (the 8259, see the ",
      pane("devices", "devices"),
      ") makes it interrupt 9, and the processor, between two instructions, pushes FLAGS, CS and IP and jumps to the ",
      "address in entry 9 of the vector table. The table is at address 0, and this program has put its own handler there.",
    ],
    [
      "The handler reads the scan code from port 60h, says “end of interrupt” to the 8259, and returns by ",
      code("iret"),
      ". If it forgot that, no further key would ever come. It does not print: what takes long is left to the main ",
      "program, which sleeps in ",
      code("hlt"),
      " until there is something to do.",
    ],
  ],
  steps: [
    ["Find the address of ", at("on_key"), " in entry 9 of the vector table in ", pane("tables", "tables"), "."],
    ["Set a breakpoint at ", at("on_key"), ", click into the ", pane("screen", "screen"), " and press a key."],
    ["There, look at the top of the ", pane("stack", "stack"), ": where was the program interrupted?"],
    ["Run again: a second stop. It is the key coming up, its code has bit 7 set."],
    ["Remove the ", code("out PIC_COMMAND, al"), " and see how many keys you get."],
  ],
};
