/** What is said of a machine, as it runs or goes through its past. */
export const MACHINE = {
  engine: "The PC's engine",
  none: "there is no machine",
  poweredOff: "The guest switched the machine off.",
  tripleFault: "Triple fault: the CPU shut down. Its state is there to inspect.",
  haltedForever: "The CPU halted with interrupts off: nothing can wake it.",
  exited: (code: number) => `The guest ended the run with code ${code}.`,
  loadingFrom: (url: string) => `Loading from ${url}`,
  going: "Going there",
  lookingBack: "Looking back",
  nothingDidIt: "Nothing that is recorded did it.",
} as const;
