/** Why a moment's file is refused. */
export const CARD = {
  refused: (field: string) => `The file's card is not what it should be (${field}): ask for the file again.`,
  length: "its length",
  newer: "A newer Glassbox wrote this file: load the page again.",
  image: (name: string) => `image ${name}`,
} as const;
