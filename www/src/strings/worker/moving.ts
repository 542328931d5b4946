/** What is said of a machine that moves while it runs. */
export const MOVE = {
  staysHere: (name: string) =>
    `${name}: files of this size stay on this computer. Save the moment, export it, and open it there with the same file.`,
  another: "The machine that arrived is not the one that left: it goes on here.",
  ended: "Somebody ended the move: the machine stays where it was.",
  none: "There is no machine that could move.",
  unsure:
    "The machine is here, paused: the other side did not say that it let it go. If it runs there, switch it off here.",
  missing: (names: string) => `${names}: these images did not come along.`,
  tooMany: "More pages come than a machine has: nothing of them was used.",
  silent: "The other side says nothing any more: the machine stays where it was.",
  unknown: (message: string) =>
    `The other side says “${message}”, which has no place here: both need the same Glassbox.`,
} as const;
