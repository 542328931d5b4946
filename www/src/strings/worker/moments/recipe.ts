/** Why a moment's machine cannot be made. */
export const RECIPE = {
  noFirmware: "The moment names no firmware: it cannot be opened.",
  lost: (name: string) => `${name}: the library has lost this image; the moment cannot be opened.`,
} as const;
