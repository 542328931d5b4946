/** Why a run of the EVM is no moment, or a file none of the EVM. */
export const EVM_MOMENT = {
  tooLarge: "This run is too large for a moment: its project has over 8 MiB.",
  refused: (field: string) => `No moment can hold this run (${field}).`,
  noMoment: (file: string) => `${file} has more than 8 MiB: it is no moment of the EVM.`,
} as const;
