import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "The BIOS reads only the first sector. Whatever is larger than 512 bytes must fetch the rest of itself, and this is ",
      "how: INT 13h, service 2, with the number of sectors in AL, cylinder and sector in CX, head in DH, drive in DL, ",
      "and the address for the data in ES:BX.",
    ],
    [
      "Below, the BIOS programs the floppy controller and the DMA controller, waits for IRQ 6, and copies nothing ",
      "itself: the bytes go from the controller to memory. You can follow that in the ",
      pane("devices", "devices"),
      " and the ",
      pane("ports", "port log"),
      ".",
    ],
    [
      "The result comes back in the carry flag. A program that does not look at it works until the day the disk is bad. ",
      "The second reading asks for a sector 63 that no floppy has, and prints the reason it gets.",
    ],
  ],
  steps: [
    [
      "Stop at ",
      at("read_sector"),
      " and look at ",
      pane("memory", "memory at 7E00h", 0x7e00),
      ": the text is not there yet.",
    ],
    ["Step over the ", code("int 13h"), " and look again."],
    ["After the second reading, find the carry flag and AH in the ", pane("registers", "registers"), "."],
    ["Set a stop on writes to port 3F5h in ", pane("stops", "stops"), ": the commands to the floppy controller."],
    ["Add a third sector with a text of yours and read both at once."],
  ],
};
