/** What the worker of the assembler says; errors in a program are the assembler's own words. */
export const ASSEMBLER = {
  assembler: "The assembler",
  broke: (message: string) => `the assembler broke: ${message}`,
} as const;
