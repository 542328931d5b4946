import { at, code, type Lesson, pane } from "../lesson";

export const lesson: Lesson = {
  about: [
    [
      "With paging, no address is what it seems. The processor cuts it into three: ten bits choose an entry of the page ",
      "directory, ten an entry of a page table, and twelve are the place in a frame of 4 KiB. The ",
      pane("translation", "translation"),
      " pane goes this way step by step, and ",
      pane("pages", "pages"),
      " shows the tables as a tree.",
    ],
    [
      "An entry can say “not present”. Touching such a page raises exception 14 with the address in CR2. The handler takes ",
      "a free frame, enters it, and returns to the same instruction. This is how operating systems give a program memory ",
      "only when it uses it, and how they bring back what they had put on disk.",
    ],
    ["The program touches four bytes in three pages at 40000000h, where this machine has no memory at all."],
  ],
  steps: [
    ["At ", at("paging_is_on"), ", translate 40000000h: which entry is not present?"],
    [
      "Step: you are in ",
      at("on_page_fault"),
      ". Compare CR2 in the ",
      pane("registers", "registers"),
      " with the address.",
    ],
    ["Stop at ", at("on_page_fault.map_it"), ", step, and see the new entry among the ", pane("pages", "pages"), "."],
    ["Look at ", pane("memory", "memory at 40000000h", 0x40000000), " before and after: absent, then there."],
    ["Touch ", code("[DEMAND + 400000h]"), " and see how the handler answers."],
  ],
};
