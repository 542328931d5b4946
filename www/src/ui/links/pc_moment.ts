import { OtherFile } from "../../client/links/machine";
import { openMoment } from "../../client/links/pc";
import { store } from "../../client/start";
import type { PcMoment } from "../../protocol/links";
import { LINKS } from "../../strings/links";

/** What became of it: whether the machine is there, and what the reader has to put right. */
interface Followed {
  readonly opened: boolean;
  readonly problem: string;
}

/** Boots a moment's machine, and tells how far it is. */
export async function followMoment(
  moment: PcMoment,
  files: Readonly<Partial<Record<string, File>>>,
  signal: AbortSignal,
  tell: (way: { readonly done: number; readonly total: number }) => void,
): Promise<Followed> {
  const end = store.listen("arriving", tell);
  try {
    return { opened: (await openMoment(moment, files, signal)) === "there", problem: "" };
  } catch (error) {
    if (error instanceof OtherFile) return { opened: false, problem: LINKS.otherFile(error.part, error.file) };
    return { opened: false, problem: LINKS.failed(error instanceof Error ? error.message : String(error)) };
  } finally {
    end();
  }
}
