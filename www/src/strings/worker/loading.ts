/** Why a module of WebAssembly, or what comes with it, is not there. */
export const LOADING = {
  refused: (why: string) => `this browser does not take it (${why}): use a current Firefox, Chrome, Edge or Safari`,
  unreachable: (why: string) =>
    `check the connection and try again; if that does not help, load the page anew (${why})`,
  failed: (what: string, why: string) => `${what} could not be loaded: ${why}`,
} as const;
