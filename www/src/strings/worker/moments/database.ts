/** Why the browser does not keep a moment, or has it no more. */
export const DATABASE = {
  full: "The browser's storage is full: nothing was changed. Delete moments in the gallery, or save this one as a file.",
  blocked:
    "This browser keeps nothing for this page (storage is blocked): allow storage for it, or save the moment as a file.",
  gone: "This moment is not in the library any more: another tab deleted it.",
  newer: "A newer Glassbox wrote this library: load the page again.",
} as const;
