import { html, nothing, unsafeCSS } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Role } from "../../client/drop_roles";
import { machineSpec } from "../../client/gallery";
import { store } from "../../client/start";
import { checkMemory } from "../../host/images.mjs";
import { DRIVE_NAMES, type ImageSource, type MachineSpec } from "../../protocol/machine_spec";
import { GlassElement } from "../frame/element";
import controlsCss from "./controls.css?inline";
import formCss from "./machine_form.css?inline";

type FileRole = Role | "vgaBios";

const MAIN: readonly (readonly [FileRole, string])[] = [
  ["fda", "Floppy"],
  ["hda", "Hard disk"],
  ["cdrom", "CD-ROM"],
  ["kernel", "Kernel (bzImage or Multiboot)"],
  ["initrd", "Initial RAM disk"],
];

const MORE: readonly (readonly [FileRole, string])[] = [
  ["fdb", "Second floppy"],
  ["hdb", "Second hard disk"],
  ["bios", "BIOS"],
  ["vgaBios", "VGA BIOS"],
];

/** A machine of the user's own files. */
@customElement("machine-form")
export class MachineForm extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(formCss)];

  @state() private files: Readonly<Partial<Record<FileRole, File>>> = {};

  /** Puts a dropped file into the field of its role. */
  give(role: FileRole, file: File | undefined): void {
    const { [role]: _, ...others } = this.files;
    this.files = file ? { ...others, [role]: file } : others;
  }

  override render() {
    return html`
      <section aria-labelledby="title">
        <h2 id="title">Or build your own</h2>
        <form @submit=${this.submit}>
          <p class="hint">Choose files, or drop them anywhere on the page. Nothing leaves this computer.</p>
          <div class="files">${MAIN.map(([role, title]) => this.fileField(role, title))}</div>
          <div class="settings">
            <label>Memory (MB)<input name="memory" type="number" value="64" min="1" max="2048" required /></label>
            <label>
              Boot from
              <select name="boot">
                <option value="acd">floppy, disk, CD</option>
                <option value="cda">disk, CD, floppy</option>
                <option value="dca">CD, disk, floppy</option>
              </select>
            </label>
            <label>Kernel command line<input name="append" autocomplete="off" spellcheck="false" /></label>
          </div>
          <details>
            <summary>More: images from the web, second drives, firmware</summary>
            <div class="files">
              ${MORE.map(([role, title]) => this.fileField(role, title))}
              ${this.urlField("hdaUrl", "Hard disk address")} ${this.urlField("cdromUrl", "CD-ROM address")}
              <label class="check">
                <input name="resetOnShutdown" type="checkbox" /> Reset on a triple fault instead of stopping
              </label>
            </div>
          </details>
          <div class="actions"><button class="primary" type="submit">Boot</button></div>
        </form>
      </section>
    `;
  }

  private fileField(role: FileRole, title: string) {
    const file = this.files[role];
    const change = (event: Event) => {
      const input = event.target as HTMLInputElement;
      if (input.files?.[0]) this.give(role, input.files[0]);
      input.value = "";
    };
    return html`<div class="field">
      <span id="${role}-title">${title}</span>
      <div class="file">
        <div class="button ${file ? "given" : ""}">
          <span>${file ? file.name : "Choose a file…"}</span>
          <input type="file" data-role=${role} aria-labelledby="${role}-title" @change=${change} />
        </div>
        ${
          file
            ? html`<button type="button" aria-label="Remove ${file.name}" @click=${() => this.give(role, undefined)}>✕</button>`
            : nothing
        }
      </div>
    </div>`;
  }

  private urlField(name: string, title: string) {
    return html`<label>
      ${title} (needs Range requests and CORS)
      <input name=${name} type="url" placeholder="https://…" autocomplete="off" />
    </label>`;
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    try {
      store.boot(this.spec(new FormData(event.target as HTMLFormElement)));
    } catch (error) {
      store.report(error instanceof Error ? error.message : String(error));
    }
  };

  private spec(form: FormData): MachineSpec {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const memoryMb = Number(text("memory"));
    checkMemory(memoryMb, "Memory");
    const drives: Partial<Record<string, ImageSource>> = {};
    for (const drive of DRIVE_NAMES) {
      const url = text(`${drive}Url`);
      const file = this.files[drive];
      if (file) drives[drive] = { kind: "file", file };
      else if (url) drives[drive] = { kind: "url", url, whole: false };
    }
    const { bios, vgaBios, kernel, initrd } = this.files;
    const source = (file: File): ImageSource => ({ kind: "file", file });
    return machineSpec({
      title: this.title || "Own machine",
      memoryMb,
      drives,
      bootOrder: text("boot"),
      resetOnShutdown: form.has("resetOnShutdown"),
      ...(bios && { bios: source(bios) }),
      ...(vgaBios && { vgaBios: source(vgaBios) }),
      ...(kernel && {
        kernel: { image: source(kernel), append: text("append"), ...(initrd && { initrd: source(initrd) }) },
      }),
    });
  }
}
