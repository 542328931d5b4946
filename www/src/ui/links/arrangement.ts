import type { IDockviewPanel } from "dockview-core";
import type { Panes } from "../../protocol/links";
import type { GlassElement } from "../frame/element";
import type { WorkBench } from "../frame/work_bench";

/** The kind of a pane; several of a kind have numbers in their ids. */
const kindOf = ({ view }: IDockviewPanel): string => view.contentComponent;

/** Which panes of a workbench are shown; undefined before there are any. */
export function panesOf({ api, preset }: WorkBench): Panes | undefined {
  if (!api) return undefined;
  const kinds = (panels: readonly IDockviewPanel[]) => [...new Set(panels.map(kindOf))];
  return {
    preset,
    open: kinds(api.panels),
    front: kinds(api.groups.flatMap(({ activePanel }) => activePanel ?? [])),
  };
}

/** Shows the panes that were shown elsewhere; kinds that this page does not have are left out. */
export function showPanes(bench: WorkBench, { preset, open, front }: Panes): void {
  const { api } = bench;
  if (!api)
    return bench.addEventListener("bench-ready", () => showPanes(bench, { preset, open, front }), { once: true });
  bench.show(preset);
  for (const kind of open) if (!api.panels.some((panel) => kindOf(panel) === kind)) bench.openPane(kind);
  const wanted = api.panels.filter((panel) => open.includes(kindOf(panel)));
  // A link without a pane that this page knows leaves the preset as it is.
  if (wanted.length > 0) for (const panel of api.panels.filter((one) => !wanted.includes(one))) panel.api.close();
  for (const kind of front) api.panels.find((panel) => kindOf(panel) === kind)?.api.setActive();
}

/** The workbench of a part of the page, once it is drawn. */
export async function benchOf(part: "evm-page" | "x86-page"): Promise<WorkBench | null> {
  const app = document.querySelector("glassbox-app") as GlassElement | null;
  await app?.updateComplete;
  const page = app?.shadowRoot?.querySelector<GlassElement>(part);
  await page?.updateComplete;
  return page?.shadowRoot?.querySelector<WorkBench>("work-bench") ?? null;
}
