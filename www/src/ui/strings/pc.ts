/** The words of the PC's part of the page. */
export const PC = {
  presets: { watch: "Watch", learn: "Learn", debug: "Debug" },
  panes: { screen: "Screen", serial: "Serial", cpu: "CPU" },
  noWasm: "This browser has no WebAssembly: use a current Firefox, Chrome, Edge or Safari, or allow it.",
  drop: "Drop a floppy, disk, CD or kernel",
  dropRunning: (name: string) => `${name}: only floppies and CDs go into a running machine; switch it off first`,
  dropFolder: (name: string) => `${name}: cannot be read; drop a file, not a folder`,
  screen: {
    keyboard: "On-screen keyboard",
    fill: "Fill the space",
    tools: "Screen",
  },
  title: "A PC made of glass",
  goOn: (title: string) => `Back to ${title}`,
  stillRuns: "A machine is switched on.",
} as const;
