import { checkProject, LONGEST_PROJECT } from "../../protocol/evm/project_check";
import type { EvmProject } from "../../protocol/evm/request";
import { type Check, maybe, record, whole } from "../../protocol/schema";
import { type Keeper, keptName, type Named, Shelf, type ShelfFormat } from "../shelf";

/** A project as it is kept, and where in it the reader was. */
export interface SavedProject extends Named {
  readonly project: EvmProject;
  /** Which transaction, from 0. */
  readonly transaction: number;
  /** Instructions executed of it. */
  readonly position: number;
}

const checkSaved = record<SavedProject>({
  name: keptName,
  changed: maybe(whole(Number.MAX_SAFE_INTEGER)),
  project: checkProject,
  transaction: whole(1_000_000),
  position: whole(Number.MAX_SAFE_INTEGER),
});

const FORMAT: ShelfFormat<SavedProject> = { field: "projects", check: checkSaved, most: 100, longest: LONGEST_PROJECT };

/** EVM projects that the reader keeps. */
export class Projects extends Shelf<SavedProject> {
  constructor(keeper: Keeper, key: string, now?: () => number) {
    super(keeper, key, FORMAT, now);
  }

  /** Reads a project out of a file. */
  static readonly check: Check<SavedProject> = checkSaved;
}
