// The indentation of templates is text that every visitor loads: this takes it out of the components' sources when the
// page is built. Line ends stay, and with them what separates words.

/** Takes indentation out of the components of `src/ui`; the texts in `src/strings` keep theirs. */
export function shortTemplates() {
  return {
    name: "short-templates",
    apply: /** @type {const} */ ("build"),
    enforce: /** @type {const} */ ("pre"),
    /**
     * @param {string} code
     * @param {string} id
     */
    transform: (code, id) =>
      /\/src\/ui\/.*\.ts$/.test(id) ? { code: code.replace(/\n[ \t]+/g, "\n"), map: null } : undefined,
  };
}
