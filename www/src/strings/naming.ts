/** The words of the dialog in which something gets another name, or is deleted. */
export const NAMING = {
  newName: "New name",
  renameDone: "Rename",
  cancel: "Cancel",
  removeAsk: (name: string) => `Delete “${name}”? It cannot be brought back.`,
  removeDone: "Delete",
};
