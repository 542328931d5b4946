import { bytesText } from "./measures";

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** The words of machines that move while they run. */
export const MOVING = {
  here: "Take a machine in…",
  hereHint: "A machine that runs in another tab or on another computer comes here",
  titleAway: "Move this machine",
  titleHere: "Take a machine in",
  introAway:
    "It goes on running while its memory is copied, and stands still only for the last of it. It ends here when all of it has arrived.",
  introHere: "The machine comes as it runs. It goes on here, and ends where it was.",
  toTab: "To another tab",
  toTabNote: "Open this page in another tab of this browser and choose “Take a machine in…” in its gallery.",
  tab: (machine: string, ago: number) =>
    `Tab that has waited for ${seconds(ago)}${machine ? `, with ${machine} in it` : ""}`,
  look: "Look again",
  noTab: "No tab waits for a machine.",
  fromTab: "This tab waits: in the other one choose “Move…” in the PC’s toolbar.",
  toComputer: "To another computer",
  toComputerNote:
    "On the same network: give the other computer the invitation, and take its answer. No server is asked.",
  fromComputer: "From another computer",
  fromComputerNote: "Paste the invitation that the other computer gave, and give back the answer.",
  invite: "Make an invitation",
  inviting: "Looking for ways to this computer…",
  invitation: "Invitation",
  answer: "Answer",
  connect: "Connect",
  copy: "Copy",
  copied: "Copied.",
  notAText: (what: string) => `This is no ${what.toLowerCase()}: copy all of it, from “g1.” on.`,
  noWay: "The two computers did not find a way to each other: they have to be on one network.",
  connecting: "Connecting…",
  waiting: "Waiting for the other side…",
  offered: (title: string, memoryMb: number) => `“${title}” wants to come: a PC with ${memoryMb} MiB.`,
  loads: (addresses: readonly string[]) => `It loads ${addresses.join(", ")}.`,
  agree: "Take it in",
  loading: "The machine is being made here…",
  copying: "Copying while it runs…",
  last: "The last of it, standing still…",
  moved: (downtime: number) => `Moved. It stood still for ${Math.round(downtime)} ms.`,
  failed: (why: string) => `It did not move. ${why}`,
  broken: "The connection is broken: the machine stays where it was.",
  end: "End",
  close: "Close",
  rounds: "Rounds",
  roundHeads: ["Round", "Pages", "Sent", "Took", "Dirty rate"],
  /** Pages that the machine wrote to while the round before was under way, in a second. */
  rate: (pages: number, ms: number) => `${Math.round((pages * 1000) / Math.max(ms, 1)).toLocaleString("en")} pages/s`,
  sent: bytesText,
  took: (ms: number) => `${Math.round(ms)} ms`,
} as const;
