const count = (value: number): string => value.toLocaleString("en");
const many = (value: number, one: string, more: string): string => `${count(value)} ${value === 1 ? one : more}`;

/** Kinds of differences, in the order in which they are shown. */
export type DifferenceKind = "registers" | "memory" | "videoMemory" | "devices" | "disks" | "screen";

const KINDS: Readonly<Record<DifferenceKind, string>> = {
  registers: "Registers",
  memory: "Memory",
  videoMemory: "Video memory",
  devices: "Devices",
  disks: "Disks",
  screen: "Screen",
};

/** The words of moments side by side. */
export const COMPARE = {
  title: "Two moments side by side",
  runsTitle: "Where two futures part",
  first: "First",
  second: "Second",
  now: "The machine as it is now",
  file: "A .glassbox file…",
  moment: (name: string, instruction: number, when: string) => `${name} · instruction ${count(instruction)} · ${when}`,
  choose: "Choose a moment",
  go: "Compare",
  close: "Close",
  working: "Comparing…",
  failed: (why: string) => `Not compared. ${why}`,
  kinds: KINDS,
  filter: "What is shown",
  counted: (kind: DifferenceKind, found: number): string =>
    `${KINDS[kind]}: ${
      {
        registers: count(found),
        memory: many(found, "byte", "bytes"),
        videoMemory: many(found, "byte", "bytes"),
        devices: many(found, "field", "fields"),
        disks: many(found, "sector", "sectors"),
        screen: found === 0 ? "0" : "differs",
      }[kind]
    }`,
  equal: "Equal: not one bit of the two machines differs.",
  otherwiseEqual: "Apart from that the two machines are equal.",
  machine: (what: string) => `The machines themselves differ: ${what}`,
  instructions: "Instructions",
  time: "Virtual time",
  what: "What",
  address: "Address",
  bytes: "Bytes",
  run: (length: number) => many(length, "byte", "bytes"),
  device: (name: string, found: number) => `${name}: ${many(found, "field", "fields")}`,
  row: (row: number) => `Row ${row}`,
  cursor: "Cursor",
  noCursor: "none",
  place: (column: number, row: number) => `column ${column}, row ${row}`,
  mode: "Mode",
  pixels: (found: number, width: number, height: number, left: number, top: number) =>
    `${many(found, "pixel differs", "pixels differ")}, within ${width} × ${height} at ${left}, ${top}`,
  picture: (name: string) => `The screen of ${name}`,
  sectors: (drive: string, found: number, first: readonly number[]) =>
    `${drive}: ${many(found, "sector", "sectors")} (${first.join(", ")}${found > first.length ? ", …" : ""})`,
  more: (left: number) => `… and ${count(left)} more`,
  openMemory: (address: string) => `Show ${address} in memory, in the machine as it is now`,
  blank: "(blank)",
  parting: {
    ask: "Where do their runs part?",
    hint: "Both runs are made again from power-on, and halved until the one instruction is found after which they differ.",
    none: "Where their runs part can be told of moments saved while the machine was recorded from power-on.",
    foreign: (sites: string) => `To make the runs again, images are loaded from ${sites}: those sites see it.`,
    beginning: "Both runs begin at power-on…",
    searching: (equal: number, differ: number) =>
      `Equal after ${count(equal)} instructions; looking at the ${count(differ - equal)} that follow…`,
    end: "End the search",
    at: (equal: number) =>
      `The runs are in equal states after ${count(equal)} instructions, and differ after the next one:`,
    there: "What differs after it",
    nowhere: (end: number) =>
      `The runs do not part: after ${count(end)} instructions, as far as both go, they are in equal states.`,
    fromTheStart: "The runs are of machines that differ at power-on: in their firmware, or their images.",
    ended: "The search was ended.",
    goTo: "Go there",
    missing: "The runs need images that are not kept here. Choose the same files again.",
    image: (role: string, file: string) => `${file} (${role})`,
    wrong: "This is another file than the one the moment was saved with.",
  },
} as const;
