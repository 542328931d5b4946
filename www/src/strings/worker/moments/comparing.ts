/** Why two moments cannot be compared. */
export const COMPARING = {
  ofEvm: (name: string) => `“${name}” is a run of the EVM: the pane Compare of its page compares it.`,
  aFile: "The file",
  noMoment: (file: string) => `${file} has more than 1 GiB: it is no moment of this page.`,
  ofTerminal: (file: string) => `${file} does not say what machine it is of: glassbox compare, in a terminal, does.`,
  notPc: (file: string) => `${file} is no moment of a PC.`,
} as const;
