import { evmStore } from "../../client/evm/start";
import { linkOf } from "../../client/links/packing";
import { routeUrl } from "../frame/routes";
import type { WorkBench } from "../frame/work_bench";
import { panesOf } from "./arrangement";
import { evmMoment } from "./evm_moment";
import { showLinkDialog } from "./link_dialog";

/** Offers a link to the moment that the EVM is in. */
export function linkToEvm(bench: WorkBench | null): void {
  const panes = bench ? panesOf(bench) : undefined;
  showLinkDialog({
    title: evmStore.view.project?.title ?? "",
    page: routeUrl("evm"),
    link: async (words) => {
      const moment = evmMoment({ ...words, ...(panes && { panes }) });
      return moment && linkOf({ engine: "evm", moment });
    },
  });
}
