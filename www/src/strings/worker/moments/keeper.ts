/** Why a moment is not saved. */
export const KEEPER = {
  ended: "The machine was switched off before it was saved.",
  unsettled: "The machine is on its way through its past, or waits for a disk: try again when it rests.",
} as const;
