import type { ImagePart, LinkTrouble } from "../protocol/links";
import { bytesText } from "./measures";

const grouped = (count: number): string => count.toLocaleString("en");

const TROUBLES: Readonly<Record<Exclude<LinkTrouble["kind"], "field">, string>> = {
  tooLong: "it is longer than links of this page are",
  notLink: "a character is in it that links do not have, or its end is missing: copy it whole",
  newer: "a later version of this page made it: load the page anew, or open it where it was made",
  packed: "it cannot be unpacked: a part of it is missing or was changed; copy it whole",
  tooLarge: "it unpacks to more than links of this page hold",
  tooSlow: "reading it took longer than a second",
  noReader: "the part of the page that reads links could not be loaded: check the connection, and load the page again",
  notText: "what it holds is no text",
  notJson: "what it holds is no JSON",
};

const PARTS: Readonly<Record<ImagePart, string>> = {
  fda: "Floppy A",
  fdb: "Floppy B",
  hda: "Disk 1",
  hdb: "Disk 2",
  cdrom: "CD-ROM",
  bios: "BIOS",
  vgaBios: "VGA BIOS",
  kernel: "Kernel",
  initrd: "Initial RAM disk",
};

/** The words of links to moments. */
export const LINKS = {
  title: "Link to this moment",
  intro:
    "The whole moment is in the link itself: nothing is sent to a server. Who opens it is told first what it holds, and decides.",
  author: "Your name, as the reader will see it",
  note: "Note",
  making: "Making the link…",
  size: (characters: number) => `${grouped(characters)} characters`,
  long: "Some mail and chat programs cut links above 2,000 characters; try it, or send the link in a file.",
  tooLong: (characters: number, most: number) =>
    `This moment would need ${grouped(characters)} characters, and links have at most ${grouped(most)}. It can be a file instead.`,
  nothing: "Nothing is walked through yet: run something first.",
  link: "The link",
  copy: "Copy link",
  embed: "For a page of your own",
  embedNote: "An iframe shows this page at the moment, after its reader has agreed.",
  copyEmbed: "Copy HTML",
  copied: "Copied.",
  notCopied: "The browser did not let this page copy: the text is selected, copy it with Ctrl+C.",
  qr: "The link as a QR code",
  qrTooLong: "Too long for a QR code.",
  close: "Close",
  card: "A link to a moment",
  reading: "Reading the link…",
  refused: (why: LinkTrouble) =>
    `This link was refused whole: ${why.kind === "field" ? `${why.path} is missing, or not what it should be` : TROUBLES[why.kind]}.`,
  by: "Made by",
  nobody: "nobody named",
  unchecked: "as they say; nobody checks that",
  opens: "Opens",
  evmOpens: (title: string, transactions: number, fork: string) =>
    `“${title}”, an EVM project with ${transactions === 1 ? "one transaction" : `${grouped(transactions)} transactions`}${fork ? `, under ${fork}` : ""}`,
  sources: "Sources",
  noSources: "none: bytes only",
  source: (name: string, language: string) => `${name} (${language})`,
  languages: { assembler: "assembler", solidity: "Solidity" },
  goes: "Goes to",
  evmGoes: (transaction: number, position: number) =>
    `step ${grouped(position)} of transaction ${grouped(transaction)}, paused`,
  sets: "Sets",
  stops: (count: number) => (count === 1 ? "one breakpoint" : `${grouped(count)} breakpoints`),
  loads: "Loads",
  loadsNothing: "nothing but what is in the link",
  loadsCompiler: "the Solidity compiler, from this page’s own address",
  holds: "Size",
  sizes: (characters: number, unpacked: number) => `${grouped(characters)} characters, ${bytesText(unpacked)} unpacked`,
  panes: "Arrange the panes as in the link",
  replaces: {
    evm: "It takes the place of what is open here. Your own drafts stay in the gallery.",
    pc: "The machine that is switched on here goes on until this one is there, and is gone then.",
  },
  pcOpens: (title: string, memoryMb: number) => `“${title}”, a PC with ${grouped(memoryMb)} MiB of memory`,
  images: "Images",
  image: {
    site: (part: ImagePart, path: string) => `${PARTS[part]}: ${path}, from this page’s own address`,
    program: (part: ImagePart) => `${PARTS[part]}: a program in the link, assembled here`,
    bytes: (part: ImagePart, bytes: number) => `${PARTS[part]}: ${bytesText(bytes)} in the link`,
    own: (part: ImagePart, name: string) => `${PARTS[part]}: your file ${name}`,
    url: (part: ImagePart, address: string) => `${PARTS[part]}: ${address}`,
  },
  loadsOwn: "nothing from other addresses",
  loadsForeign: "from other addresses, which will learn that you asked:",
  fileSize: (bytes: number, sha256: string) =>
    `${bytesText(bytes)}, checked against its SHA-256 ${sha256.slice(0, 12)}…`,
  replays: (instruction: number) => `instruction ${grouped(instruction)}, paused: the run is made again up to there`,
  restores: (instruction: number) => `instruction ${grouped(instruction)}, paused: its state is in the snapshot`,
  pcStops: (count: number) => `${count === 1 ? "one stop" : `${grouped(count)} stops`}, in the place of yours`,
  choose: (part: ImagePart, name: string) => `${PARTS[part]}: choose your file ${name}`,
  otherFile: (part: ImagePart, file: string) =>
    `${PARTS[part]}: ${file} is not the file that the link names. Choose that one.`,
  coming: "The machine is on its way…",
  done: (done: number, total: number) => `${grouped(done)} of ${grouped(total)}`,
  end: "End it",
  failed: (why: string) => `It cannot be done: ${why}`,
  file: "As a file, wherever you put it",
  fileNote:
    "Save the moment, put the file on any static host that lets other pages read it (CORS), and write its address here: the link then names it and its SHA-256.",
  saveFile: "Save the moment as a file",
  fileAddress: "Where the file lies",
  fileExample: "https://",
  open: "Open",
  decline: "Not now",
  otherPlace: (wanted: number, found: number) =>
    `The link leads to step ${grouped(wanted)}; this run has no such step, and stands at ${grouped(found)}. Another compiler, or another version of this page, may have made it.`,
  otherRun:
    "This is the link’s step, but not what its maker saw there: code or gas differ. Another compiler, or another version of this page, may have made it.",
  /** Why no link can be made. */
  wentOn: "the machine went on meanwhile",
  atLine: (line: number, message: string) => `line ${line}: ${message}`,
  programElsewhere: (part: string) => `${part}: a program is booted from floppy A`,
} as const;
