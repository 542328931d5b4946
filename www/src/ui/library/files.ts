/** Gives a file to the reader. */
export function giveFile(name: string, file: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A name for a moment's file. */
export const momentFileName = (name: string): string =>
  `${name.replace(/[^\p{L}\p{N} _.-]+/gu, "").trim() || "moment"}.glassbox`;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
