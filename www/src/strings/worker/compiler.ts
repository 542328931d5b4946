/** What the worker of the Solidity compiler says; errors in a program are the compiler's own words. */
export const COMPILER = {
  late: "The compiler was stopped: it took longer than two minutes.",
  broke: (why = "") => `The compiler broke: ${why || "it could not be started"}`,
  status: (status: number) => `the server answers ${status}`,
  notLoaded: (why: string) => `The compiler could not be loaded: ${why}`,
  noFile: (file: string, files: string) => `There is no file called ${file} among these: ${files}.`,
} as const;
