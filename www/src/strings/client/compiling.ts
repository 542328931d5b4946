/** What is said when the Solidity compiler finds an error, or is lost. */
export const COMPILING = {
  at: (file: string, line: number, column: number, message: string) =>
    `${file}, line ${line}, column ${column}: ${message}`,
  lost: (why: string) => `The compiler was lost: ${why}`,
} as const;
