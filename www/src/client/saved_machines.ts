import { DRIVE_NAMES } from "../protocol/machine_spec";
import { type Check, maybe, Refusal, record, text, whole } from "../protocol/schema";
import { truth } from "../protocol/schema_forms";
import type { Role } from "./drop_roles";
import { browserKeeper, type Keeper, keptName, type Named, Shelf, type ShelfFormat } from "./shelf";

/** What the form takes files for. */
export type FileRole = Role | "vgaBios";

export const FILE_ROLES: readonly FileRole[] = [...DRIVE_NAMES, "kernel", "initrd", "bios", "vgaBios"];

/** A machine as the form has it: its settings, and what its images are called. The images themselves are not kept. */
export interface SavedMachine extends Named {
  readonly memoryMb: number;
  readonly bootOrder: string;
  readonly append: string;
  readonly resetOnShutdown: boolean;
  readonly hdaUrl: string;
  readonly cdromUrl: string;
  readonly files: Readonly<Partial<Record<FileRole, string>>>;
}

const webAddress: Check<string> = (value, path) => {
  const address = text(2000)(value, path);
  if (address !== "" && !/^https?:\/\//i.test(address)) throw new Refusal(path);
  return address;
};

const fileName = maybe(text(255));
const files = record(Object.fromEntries(FILE_ROLES.map((role) => [role, fileName]))) as Check<SavedMachine["files"]>;

const FORMAT: ShelfFormat<SavedMachine> = {
  field: "machines",
  check: record({
    name: keptName,
    changed: maybe(whole(Number.MAX_SAFE_INTEGER)),
    memoryMb: whole(2048, 1),
    bootOrder: text(3, /^(acd|cda|dca)$/),
    append: text(4096),
    resetOnShutdown: truth,
    hdaUrl: webAddress,
    cdromUrl: webAddress,
    files,
  }) as ShelfFormat<SavedMachine>["check"],
  most: 100,
  longest: 16_384,
};

/** Machines that the reader made in the form. */
export class Machines extends Shelf<SavedMachine> {
  constructor(keeper: Keeper, key: string, now?: () => number) {
    super(keeper, key, FORMAT, now);
  }

  /** Reads a machine out of a file. */
  static readonly check: Check<SavedMachine> = FORMAT.check;
}

/** Those of this browser. */
export const machines = new Machines(browserKeeper, "glassbox.machines");
