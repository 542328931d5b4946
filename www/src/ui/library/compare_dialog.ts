import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { startComparing } from "../../client/library/comparing_start";
import { library } from "../../client/library/start";
import { store } from "../../client/start";
import type { CompareAnswers, Compared, ComparedRun, Pair } from "../../protocol/compare";
import { DRIVE_NAMES } from "../../protocol/machine_spec";
import type { ImageRole, MomentView } from "../../protocol/moments";
import { COMPARE } from "../../strings/compare";
import { LIBRARY } from "../../strings/library";
import { TIMELINE } from "../../strings/timeline";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { OpenAddressEvent } from "../frame/number_value";
import dialogCss from "./compare_dialog.css?inline";
import { messageOf } from "./files";
import "./moment_differences";
import type { FollowEvent } from "./moment_differences";
import "./run_parting";
import type { PartingOfRuns } from "./run_parting";

/** What a reader may choose: the machine of the page, a file, or the id of a saved moment; empty is nothing yet. */
type Choice = "" | "now" | "file" | (string & {});

/** What was compared, and the answer. */
interface Result {
  readonly sides: Pair<Compared>;
  readonly choices: Pair<Choice>;
  readonly answer: CompareAnswers["differences"];
  readonly pictures: Pair<string | null>;
}

/** Two moments of PCs side by side, and where their runs part; or the runs of two futures. */
@customElement("compare-dialog")
export class CompareDialog extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(dialogCss)];

  /** The component from which an address can be followed, on the page of a machine. */
  host: Element | null = null;
  @state() private choices: Pair<Choice> = ["", ""];
  @state() private result: Result | null = null;
  @state() private working = false;
  @state() private trouble = "";
  /** Futures of the machine of the page. */
  @state() private runs: { readonly sides: Pair<ComparedRun>; readonly names: Pair<string> } | null = null;
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query("run-parting") private readonly parting!: PartingOfRuns | null;
  private readonly comparing = startComparing();
  private readonly files: [File | null, File | null] = [null, null];
  private branches = false;
  private unwatch: () => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = library.watch(() => this.listed());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch();
    this.comparing.end();
    this.forget();
  }

  /** Asks with what to compare one. */
  async open(first: Choice): Promise<void> {
    this.choices = [first, this.likely(first)];
    await this.updateComplete;
    this.dialog.showModal();
  }

  /** Searches where the present future and another one part. */
  async openBranch(id: number): Promise<void> {
    this.branches = true;
    await this.updateComplete;
    this.dialog.showModal();
    try {
      const { spec } = store.view;
      if (!spec) return;
      const { branch } = (await store.ask({ kind: "timeline", window: null, most: 0, known: 0 })).past ?? { branch: 0 };
      const [present, other] = await store.ask({ kind: "branchRuns", id });
      const run = (recording: typeof present): ComparedRun => ({ kind: "run", spec, recording });
      this.runs = { sides: [run(present), run(other)], names: [TIMELINE.branch(branch, 0), TIMELINE.branch(id, 0)] };
      await this.updateComplete;
      await this.parting?.search();
    } catch (error) {
      this.trouble = messageOf(error);
    }
  }

  override render() {
    return html`<dialog aria-labelledby="title" @close=${this.closed} @follow-address=${this.follow}>
      <div class="head"><h2 id="title">${this.branches ? COMPARE.runsTitle : COMPARE.title}</h2>
        <button type="button" @click=${() => this.dialog.close()}>${COMPARE.close}</button></div>
      ${this.branches ? nothing : this.form()}
      <div role="status">${this.working ? html`<p>${COMPARE.working}</p>` : nothing}</div>
      <div role="alert">${this.trouble ? html`<p class="bad">${COMPARE.failed(this.trouble)}</p>` : nothing}</div>
      ${this.result ? this.shown(this.result) : nothing}
      ${this.runs ? this.ofRuns(this.runs.sides, this.runs.names, [], true) : nothing}
    </dialog>`;
  }

  private form() {
    const { choices, working } = this;
    const ready = choices.every((choice, at) => choice !== "" && (choice !== "file" || this.files[at]));
    return html`<form @submit=${this.compare}>
      ${this.chooser(0, COMPARE.first)} ${this.chooser(1, COMPARE.second)}
      <button type="submit" class="primary" ?disabled=${!ready || working}>${COMPARE.go}</button>
    </form>`;
  }

  private chooser(at: 0 | 1, label: string) {
    const choice = this.choices[at];
    const option = (value: Choice, text: string) =>
      html`<option value=${value} ?selected=${value === choice}>${text}</option>`;
    return html`<label>${label}<select name=${at === 0 ? "first" : "second"} @change=${(event: Event) => this.choose(at, (event.target as HTMLSelectElement).value)}>
        ${choice === "" ? option("", COMPARE.choose) : nothing}
        ${store.view.state === "off" ? nothing : option("now", COMPARE.now)}
        ${this.saved().map(({ id, name, instruction, date }) => option(id, COMPARE.moment(name, instruction, LIBRARY.when(date))))}
        ${option("file", COMPARE.file)}</select>
      ${
        choice === "file"
          ? html`<input type="file" accept=".glassbox" aria-label=${`${label}: ${COMPARE.file}`} @change=${(event: Event) => this.chooseFile(at, event)}>`
          : nothing
      }</label>`;
  }

  private shown({ sides, choices, answer, pictures }: Result) {
    const names = this.names(choices, answer);
    const linked = this.host !== null && choices.includes("now");
    const foreign = [...new Set(answer.sides.flatMap((side) => side.foreign))];
    const runs = answer.sides.every(({ recorded }) => recorded) ? sides : null;
    return html`${this.ofRuns(runs, names, foreign, linked)}
      <moment-differences .differences=${answer.differences} .names=${names} .pictures=${pictures} ?linked=${linked}></moment-differences>`;
  }

  private ofRuns(sides: Pair<ComparedRun> | null, names: Pair<string>, foreign: readonly string[], linked: boolean) {
    const goTo = (instruction: number) => {
      store.send({ type: "goTo", instruction });
      this.dialog.close();
    };
    return html`<run-parting .comparing=${this.comparing} .sides=${sides} .names=${names} .foreign=${foreign}
      .files=${ownFiles()} .goTo=${linked ? goTo : null}></run-parting>`;
  }

  private names(choices: Pair<Choice>, { sides }: Result["answer"]): Pair<string> {
    const name = (at: 0 | 1) => (choices[at] === "now" ? COMPARE.now : sides[at].name);
    return [name(0), name(1)];
  }

  private saved(): readonly MomentView[] {
    const all = (library.all ?? []).filter(({ run, kind }) => run === null && kind === "pc");
    return all.toSorted((one, other) => other.date - one.date);
  }

  /** The latest other moment of the same machine. */
  private likely(first: Choice): Choice {
    const saved = this.saved();
    const machine = first === "now" ? store.view.spec?.title : saved.find(({ id }) => id === first)?.machine;
    return saved.find((moment) => moment.id !== first && moment.machine === machine)?.id ?? "";
  }

  /** The list of moments came, or changed. */
  private listed(): void {
    const [first, second] = this.choices;
    if (second === "") this.choices = [first, this.likely(first)];
    this.requestUpdate();
  }

  private choose(at: 0 | 1, choice: Choice): void {
    const [first, second] = this.choices;
    this.choices = at === 0 ? [choice, second] : [first, choice];
  }

  private chooseFile(at: 0 | 1, event: Event): void {
    this.files[at] = (event.target as HTMLInputElement).files?.[0] ?? null;
    this.requestUpdate();
  }

  private readonly compare = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { choices } = this;
    this.forget();
    this.trouble = "";
    this.working = true;
    try {
      const sides = [await this.compared(choices[0], 0), await this.compared(choices[1], 1)] as const;
      const answer = await this.comparing.differences(sides);
      this.result = { sides, choices, answer, pictures: [picture(answer, 0), picture(answer, 1)] };
    } catch (error) {
      this.trouble = messageOf(error);
    }
    this.working = false;
  };

  private async compared(choice: Choice, at: 0 | 1): Promise<Compared> {
    if (choice === "now") return { kind: "file", file: (await library.file(COMPARE.now, "")) as File };
    const file = this.files[at];
    return choice === "file" && file ? { kind: "file", file } : { kind: "moment", id: choice };
  }

  private readonly follow = ({ detail }: FollowEvent): void => {
    this.dialog.close();
    this.host?.dispatchEvent(new OpenAddressEvent({ space: "physical", address: BigInt(detail), pane: "memory" }));
  };

  /** Gives the pictures of the last answer back. */
  private forget(): void {
    for (const url of this.result?.pictures ?? []) if (url) URL.revokeObjectURL(url);
    this.result = null;
  }

  private readonly closed = (): void => this.remove();
}

function picture({ sides }: CompareAnswers["differences"], at: 0 | 1): string | null {
  const { thumbnail } = sides[at];
  return thumbnail && URL.createObjectURL(new Blob([thumbnail], { type: "image/png" }));
}

/** The files in the drives of the machine of the page. */
function ownFiles(): Readonly<Partial<Record<ImageRole, File>>> {
  const drives = store.view.spec?.drives ?? {};
  const found = DRIVE_NAMES.flatMap((drive) => {
    const source = drives[drive];
    return source?.kind === "file" ? [[drive, source.file as File] as const] : [];
  });
  return Object.fromEntries(found);
}

function dialog(host: Element | null): CompareDialog | null {
  if (document.querySelector("compare-dialog")) return null;
  const made = document.createElement("compare-dialog") as CompareDialog;
  made.host = host;
  document.body.append(made);
  return made;
}

/** Compares a saved moment with another one that is asked for. */
export async function compareMoment(id: string): Promise<void> {
  await dialog(null)?.open(id);
}

/** Compares the machine as it is now with a moment that is asked for; addresses are followed from `host`. */
export async function compareNow(host: Element): Promise<void> {
  await dialog(host)?.open("now");
}

/** Searches where the present future and another one part. */
export async function compareBranch(id: number, host: Element): Promise<void> {
  await dialog(host)?.openBranch(id);
}
