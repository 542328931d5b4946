/** The words for asking who did something last. */
export const WROTE = {
  write: "Last write",
  byte: "Go back to the last write to the selected byte",
  register: "Last change of…",
  registerHint: "Go back to the last change of a register or flag",
  port: "Go back to the last write to these ports",
  pixel: "Who drew…",
  pixelHint: "Go back to what drew a pixel of the picture",
  pick: "Point at a pixel, or move the cross with the arrows (Shift: by ten); Enter goes back to what drew it, Esc ends this",
  at: (x: number, y: number) => `column ${x}, row ${y}`,
} as const;
