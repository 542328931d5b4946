import { fileLink, shortestLink, takeMoment } from "../../client/links/pc";
import { store } from "../../client/start";
import type { LinkWords } from "../../protocol/links";
import { LINKS } from "../../strings/links";
import { saveBytes } from "../editor/program_files";
import { routeUrl } from "../frame/routes";
import type { WorkBench } from "../frame/work_bench";
import { panesOf } from "./arrangement";
import { showLinkDialog } from "./link_dialog";

/** Offers a link to the moment that the PC is in; it rests there. */
export async function linkToPc(bench: WorkBench | null): Promise<void> {
  const panes = bench ? panesOf(bench) : undefined;
  try {
    const subject = await takeMoment();
    if (!subject) return;
    const { title } = subject.moment.machine;
    const all = (words: LinkWords): LinkWords => ({ ...words, ...(panes && { panes }) });
    showLinkDialog({
      title,
      page: routeUrl("x86"),
      link: (words) => shortestLink(subject, all(words)),
      file: {
        save: async () => saveBytes(document, `${title}.glassbox`, await subject.file()),
        link: (words, address) => fileLink(subject, all(words), address),
      },
    });
  } catch (error) {
    store.report(LINKS.failed(error instanceof Error ? error.message : String(error)));
  }
}
