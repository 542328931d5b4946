/** Why two runs cannot be made again, to find where they part. */
export const PARTING = {
  noRecording: (name: string) => `“${name}” does not keep its run from power-on: it cannot be made again.`,
  notPc: (name: string) => `“${name}” is no moment of a PC.`,
  ended: "One of the runs ends before they part.",
  pause: "Pause the machine first: its past is gone through.",
  noBlock: "A disk block of then is not at hand.",
} as const;
