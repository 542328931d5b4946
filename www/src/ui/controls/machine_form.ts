import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Role } from "../../client/drop_roles";
import { machineSpec } from "../../client/gallery";
import type { SavedMachine } from "../../client/saved_machines";
import { store } from "../../client/start";
import { checkMemory } from "../../host/images.mjs";
import { DRIVE_NAMES, type ImageSource, type MachineSpec } from "../../protocol/machine_spec";
import { GALLERY } from "../../strings/gallery";
import { GlassElement } from "../frame/element";
import controlsCss from "./controls.css?inline";
import formCss from "./machine_form.css?inline";

type FileRole = Role | "vgaBios";

const WORDS = GALLERY.form;
const MAIN: readonly FileRole[] = ["fda", "hda", "cdrom", "kernel", "initrd"];
const MORE: readonly FileRole[] = ["fdb", "hdb", "bios", "vgaBios"];
/** What stands in the fields by itself. */
const FIELDS = ["memory", "boot", "append", "hdaUrl", "cdromUrl"] as const;
const URL_HINT = "https://…";

/** A machine of the user's own files. */
@customElement("machine-form")
export class MachineForm extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(formCss)];

  @state() private files: Readonly<Partial<Record<FileRole, File>>> = {};
  /** What images were called that a saved machine had: they have to be chosen again. */
  @state() private missing: Readonly<Partial<Record<FileRole, string>>> = {};
  @state() private note = "";
  @query("form") private readonly form!: HTMLFormElement;

  /** Puts a dropped file into the field of its role. */
  give(role: FileRole, file: File | undefined): void {
    const { [role]: _, ...others } = this.files;
    const { [role]: __, ...missing } = this.missing;
    this.files = file ? { ...others, [role]: file } : others;
    this.missing = missing;
  }

  /** Takes the settings of a saved machine; boots it if no image has to be chosen again. */
  async fill(machine: SavedMachine): Promise<void> {
    await this.updateComplete;
    this.files = {};
    this.missing = machine.files;
    const texts = { ...machine, memory: String(machine.memoryMb), boot: machine.bootOrder };
    for (const name of FIELDS) this.field(name).value = texts[name];
    (this.field("resetOnShutdown") as HTMLInputElement).checked = machine.resetOnShutdown;
    const names = Object.values(machine.files).join(", ");
    this.note = names && WORDS.filesMissing(names);
    if (!names) return this.boot();
    if (MORE.some((role) => machine.files[role]) || machine.hdaUrl || machine.cdromUrl) {
      this.renderRoot.querySelector("details")?.setAttribute("open", "");
    }
    await this.updateComplete;
    this.scrollIntoView({ block: "start" });
    const [first] = [...MAIN, ...MORE].filter((role) => machine.files[role]);
    this.renderRoot.querySelector<HTMLElement>(`[data-role=${first}]`)?.focus();
  }

  override render() {
    const { orders } = WORDS;
    return html`
      <section aria-labelledby="title">
        <h2 id="title">${WORDS.title}</h2>
        <form @submit=${this.submit}>
          <p class="hint">${WORDS.hint}</p>
          <div class="files">${MAIN.map((role) => this.fileField(role))}</div>
          <div class="settings">
            <label>${WORDS.memory}<input name="memory" type="number" value="64" min="1" max="2048" required /></label>
            <label>
              ${WORDS.bootFrom}
              <select name="boot">
                ${Object.entries(orders).map(([order, title]) => html`<option value=${order}>${title}</option>`)}
              </select>
            </label>
            <label>${WORDS.append}<input name="append" autocomplete="off" spellcheck="false" /></label>
          </div>
          <details>
            <summary>${WORDS.more}</summary>
            <div class="files">
              ${MORE.map((role) => this.fileField(role))}
              ${this.urlField("hdaUrl", WORDS.hdaUrl)} ${this.urlField("cdromUrl", WORDS.cdromUrl)}
              <label class="check">
                <input name="resetOnShutdown" type="checkbox" /> ${WORDS.resetOnShutdown}
              </label>
            </div>
          </details>
          <div class="actions">
            <button class="primary" type="submit">${WORDS.boot}</button>
            <button type="button" title=${WORDS.saveHint} @click=${this.save}>${WORDS.save}</button>
            <span class="hint" role="status">${this.note}</span>
          </div>
        </form>
      </section>
    `;
  }

  private fileField(role: FileRole) {
    const file = this.files[role];
    const before = this.missing[role];
    const change = (event: Event) => {
      const input = event.target as HTMLInputElement;
      if (input.files?.[0]) this.give(role, input.files[0]);
      input.value = "";
    };
    return html`<div class="field">
      <span id="${role}-title">${WORDS.files[role]}</span>
      <div class="file">
        <div class="button ${file ? "given" : ""}">
          <span>${file ? file.name : before ? WORDS.chooseAgain(before) : WORDS.choose}</span>
          <input type="file" data-role=${role} aria-labelledby="${role}-title" @change=${change} />
        </div>
        ${
          file
            ? html`<button type="button" aria-label=${WORDS.remove(file.name)} @click=${() => this.give(role, undefined)}>✕</button>`
            : nothing
        }
      </div>
    </div>`;
  }

  private urlField(name: string, title: string) {
    return html`<label>
      ${WORDS.urlNeeds(title)}
      <input name=${name} type="url" placeholder=${URL_HINT} autocomplete="off" />
    </label>`;
  }

  private field(name: string): HTMLInputElement | HTMLSelectElement {
    return this.form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
  }

  private text(name: string): string {
    return this.field(name).value.trim();
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    this.boot();
  };

  private boot(): void {
    try {
      store.boot(this.spec());
    } catch (error) {
      store.report(error instanceof Error ? error.message : String(error));
    }
  }

  private spec(): MachineSpec {
    const memoryMb = Number(this.text("memory"));
    checkMemory(memoryMb, WORDS.memoryName);
    const drives: Partial<Record<string, ImageSource>> = {};
    for (const drive of DRIVE_NAMES) {
      const url = drive === "hda" || drive === "cdrom" ? this.text(`${drive}Url`) : "";
      const file = this.files[drive];
      if (file) drives[drive] = { kind: "file", file };
      else if (url) drives[drive] = { kind: "url", url, whole: false };
    }
    const { bios, vgaBios, kernel, initrd } = this.files;
    const source = (file: File): ImageSource => ({ kind: "file", file });
    return machineSpec({
      title: this.title || WORDS.ownMachine,
      memoryMb,
      drives,
      bootOrder: this.text("boot"),
      resetOnShutdown: (this.field("resetOnShutdown") as HTMLInputElement).checked,
      ...(bios && { bios: source(bios) }),
      ...(vgaBios && { vgaBios: source(vgaBios) }),
      ...(kernel && {
        kernel: { image: source(kernel), append: this.text("append"), ...(initrd && { initrd: source(initrd) }) },
      }),
    });
  }

  /** What keeps is loaded when it is first wanted: few machines are saved. */
  private readonly save = async (): Promise<void> => {
    if (!this.form.reportValidity()) return;
    const { keepMachine } = await import("./machine_keeper");
    const names = Object.entries(this.files).map(([role, file]) => [role, file.name]);
    this.note = keepMachine({
      name: "",
      memoryMb: Number(this.text("memory")),
      bootOrder: this.text("boot"),
      append: this.text("append"),
      resetOnShutdown: (this.field("resetOnShutdown") as HTMLInputElement).checked,
      hdaUrl: this.text("hdaUrl"),
      cdromUrl: this.text("cdromUrl"),
      files: { ...this.missing, ...Object.fromEntries(names) },
    });
  };
}
