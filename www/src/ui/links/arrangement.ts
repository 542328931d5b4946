import type { Panes } from "../../protocol/links";
import { kindOf } from "../frame/layout";
import type { WorkBench } from "../frame/work_bench";

/** Which panes of a workbench are shown; undefined before there are any. */
export function panesOf({ api, preset }: WorkBench): Panes | undefined {
  if (!api) return undefined;
  const kinds = (ids: readonly string[]) => [...new Set(ids.map(kindOf))];
  return {
    preset,
    open: kinds(api.panels.map(({ id }) => id)),
    front: kinds(api.groups.flatMap(({ activePanel }) => activePanel?.id ?? [])),
  };
}

/** Shows the panes that were shown elsewhere; kinds that this page does not have are left out. */
export function showPanes(bench: WorkBench, { preset, open, front }: Panes): void {
  const { api } = bench;
  if (!api)
    return bench.addEventListener("bench-ready", () => showPanes(bench, { preset, open, front }), { once: true });
  bench.show(preset);
  for (const kind of open) if (!api.panels.some(({ id }) => kindOf(id) === kind)) bench.openPane(kind);
  const wanted = api.panels.filter(({ id }) => open.includes(kindOf(id)));
  // A link without a pane that this page knows leaves the preset as it is.
  if (wanted.length > 0) for (const panel of api.panels.filter((one) => !wanted.includes(one))) panel.api.close();
  for (const kind of front) api.panels.find(({ id }) => kindOf(id) === kind)?.api.setActive();
}
