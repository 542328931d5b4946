import type { ReactiveController, ReactiveControllerHost } from "lit";
import { desk } from "../../client/nasm_start";
import { LESSONS } from "../../strings/lessons";
import type { PaneKind, Preset } from "../frame/pane";
import type { WorkBench } from "../frame/work_bench";
import type { PaneRequestEvent } from "./requests";

/** The panes of one's own program; their code is loaded when one is shown. */
export const EDITOR_PANES: readonly PaneKind[] = [
  { id: "editor", title: LESSONS.panes.editor, tag: "editor-pane", load: () => import("./editor_pane") },
  { id: "lesson", title: LESSONS.panes.lesson, tag: "lesson-pane", load: () => import("./lesson_pane") },
];

/** Program, lesson, screen and processor. */
export const PROGRAM_PRESET: Preset = {
  id: "program",
  title: LESSONS.preset,
  panes: [
    { pane: "editor" },
    { pane: "screen", beside: "editor", direction: "right", size: 0.56 },
    { pane: "lesson", beside: "screen", direction: "right", size: 0.46 },
    { pane: "registers", beside: "screen", direction: "below", size: 0.5 },
    { pane: "code", beside: "registers", direction: "within" },
    { pane: "memory", beside: "lesson", direction: "below", size: 0.36 },
    { pane: "stack", beside: "memory", direction: "within" },
  ],
};

/**
 * Brings the panes that a program or a lesson asks for to the front of a page's workbench: `bench` is that, once it is
 * ready. A machine that was booted from the desk gets the program's arrangement, if its editor cannot be seen.
 */
export class ProgramPanes implements ReactiveController {
  private started = 0;
  private end: (() => void) | undefined;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly bench: () => WorkBench | null,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.addEventListener("pane-request", this.requested as EventListener);
    this.end = desk.watch(() => this.arrange());
  }

  hostDisconnected(): void {
    this.host.removeEventListener("pane-request", this.requested as EventListener);
    this.end?.();
  }

  /** To be called when the workbench has become ready. */
  readonly arrange = (): void => {
    const bench = this.bench();
    if (!bench || desk.started === this.started || !desk.running) return;
    this.started = desk.started;
    if (!bench.hasPane("editor")) bench.show(PROGRAM_PRESET.id);
  };

  private readonly requested = ({ detail }: PaneRequestEvent): void => this.bench()?.openPane(detail);
}
