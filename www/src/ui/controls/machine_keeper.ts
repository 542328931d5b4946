import { FILE_ROLES, machines, type SavedMachine } from "../../client/saved_machines";
import { ShelfError } from "../../client/shelf";
import { GALLERY } from "../../strings/gallery";
import { SAVED } from "../../strings/saved";

/** What a machine is called by what it boots: its first image, or the end of an address. */
function nameOf({ files, hdaUrl, cdromUrl }: SavedMachine): string {
  const [image] = FILE_ROLES.flatMap((role) => files[role] ?? []);
  const name = image ?? (hdaUrl || cdromUrl).split("/").at(-1) ?? "";
  return name.replace(/\.\w+$/, "") || GALLERY.form.ownMachine;
}

/** Keeps a machine under a name of its own; gives what is to be told about it. */
export function keepMachine(machine: SavedMachine): string {
  const name = machines.freeName(nameOf(machine));
  try {
    machines.keep({ ...machine, name });
    return GALLERY.form.saved(name);
  } catch (error) {
    if (error instanceof ShelfError) return SAVED.unkept[error.why];
    throw error;
  }
}
