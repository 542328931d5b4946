/** The preset of panes that an embedding page asks for; null where the page stands for itself. */
export const embedded: string | null = new URLSearchParams(globalThis.location?.search).get("embed");
