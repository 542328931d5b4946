import type { LinkTrouble } from "../../protocol/links";

const grouped = (count: number): string => count.toLocaleString("en");
const size = (bytes: number): string =>
  bytes < 10_000 ? `${grouped(bytes)} bytes` : `${grouped(Math.round(bytes / 1024))} KiB`;

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

/** The words of links to moments. */
export const LINKS = {
  title: "Link to this moment",
  intro:
    "The whole moment is in the link itself: nothing is sent to a server. Who opens it sees this first, and decides.",
  author: "Your name, as the reader will see it",
  note: "Note",
  making: "Making the link…",
  size: (characters: number) => `${grouped(characters)} characters`,
  long: "Some mail and chat programs cut links above 2,000 characters; try it, or send the link in a file.",
  tooLong: (characters: number, most: number) =>
    `This moment would need ${grouped(characters)} characters, and links have at most ${grouped(most)}. Save it as a file instead.`,
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
  sizes: (characters: number, unpacked: number) => `${grouped(characters)} characters, ${size(unpacked)} unpacked`,
  panes: "Arrange the panes as in the link",
  replaces: "It takes the place of what is open here. Your own drafts stay in the gallery.",
  open: "Open",
  decline: "Not now",
  otherPlace: (wanted: number, found: number) =>
    `The link leads to step ${grouped(wanted)}; this run has no such step, and stands at ${grouped(found)}. Another compiler, or another version of this page, may have made it.`,
  otherRun:
    "This is the link’s step, but not what its maker saw there: code or gas differ. Another compiler, or another version of this page, may have made it.",
} as const;
