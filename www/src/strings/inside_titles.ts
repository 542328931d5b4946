/** On the tabs of the panes that look into the PC: what the page needs of their words before the first is opened. */
export const INSIDE_PANE_TITLES = {
  stack: "Stack",
  translation: "Translation",
  tables: "Tables",
  pages: "Page tables",
  log: "Interrupts",
  ports: "Port log",
  devices: "Devices",
  symbols: "Symbols",
  counts: "Hot spots",
} as const;
