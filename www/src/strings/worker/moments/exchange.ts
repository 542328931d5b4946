/** Why a file of a moment is not taken in. */
export const EXCHANGE = {
  noMoment: (file: string) => `${file} has more than 1 GiB: it is no moment of this page.`,
  ofTerminal: (file: string) =>
    `${file} does not say what machine it is of: the terminal saved it, so open it there, with the same flags and images (glassbox run … --open), or boot that machine here and save it here.`,
} as const;
