import { html, nothing, type PropertyValues, unsafeCSS } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { looker } from "../../client/start";
import type { DeviceView, RegisterGroup, RegisterView } from "../../protocol/inspection";
import { INSIDE } from "../../strings/inside";
import { PC } from "../../strings/pc";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { hex } from "../frame/number_text";
import { PaneStateEvent } from "../frame/pane";
import { LookController } from "../look_controller";
import insideCss from "./inside.css?inline";
import paneCss from "./pane.css?inline";
import recordsCss from "./records.css?inline";
import { fieldList, namesake, registerRow } from "./register_fields";

const WORDS = INSIDE.devices;

/** A picture of what a chip holds: a plane, the fonts, the palette. */
@customElement("device-picture")
export class DevicePictureElement extends GlassElement {
  static override styles = [unsafeCSS(paneCss), unsafeCSS(recordsCss), unsafeCSS(insideCss)];

  @property() device = "";
  @property() picture = "";
  @property() override title = "";
  private readonly drawn = new LookController(this, looker, "devicePicture", () => [this.device, this.picture]);

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("device") || changed.has("picture")) this.drawn.refresh();
  }

  override render() {
    const shown = this.drawn.value;
    return shown
      ? html`<canvas role="img" aria-label=${WORDS.picture(this.title)} width=${shown.width} height=${shown.height}></canvas>`
      : nothing;
  }

  override updated(): void {
    const shown = this.drawn.value;
    const context = this.renderRoot.querySelector("canvas")?.getContext("2d");
    if (!shown || !context || shown.width === 0 || shown.height === 0) return;
    context.putImageData(new ImageData(new Uint8ClampedArray(shown.rgba), shown.width, shown.height), 0, 0);
  }
}

/** The chips, each as its datasheet draws its registers. */
@customElement("devices-pane")
export class DevicesPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(recordsCss), unsafeCSS(insideCss)];

  @state() private chosen = "";
  private readonly names = new LookController(this, looker, "devices", () => []);
  private readonly device = new LookController(this, looker, "device", () => (this.name ? [this.name] : null));
  private asked = "";

  /** Kept with the layout, and not to be trusted. */
  set paneState(kept: unknown) {
    const { device } = Object(kept) as { device?: unknown };
    if (typeof device === "string") this.chosen = device.slice(0, 40);
  }

  private get name(): string {
    const names = this.names.value ?? [];
    return names.find(({ name }) => name === this.chosen)?.name ?? names[0]?.name ?? "";
  }

  override updated(): void {
    if (this.asked === this.name) return;
    this.asked = this.name;
    this.device.refresh();
  }

  override render() {
    const names = this.names.value;
    if (!names) return html`<p class="note">${PC.noMachine}</p>`;
    const { value: device, previous } = this.device;
    const before = previous?.name === device?.name ? previous : null;
    return html`
      <div class="bar"><label>${WORDS.which} <select @change=${this.choose}>
        ${names.map(({ name, title }) => html`<option value=${name} ?selected=${name === this.name}>${title}</option>`)}
      </select></label></div>
      ${device && device.groups.length + device.pictures.length > 0 ? this.inside(device, before) : html`<p class="note">${WORDS.none}</p>`}
    `;
  }

  private inside({ name, groups, pictures }: DeviceView, before: DeviceView | null) {
    return html`
      ${groups.map((group) =>
        this.group(
          group,
          before?.groups.find((old) => old.name === group.name),
        ),
      )}
      ${pictures.map(
        (picture) => html`<section><h3>${picture.title}</h3>
          <device-picture .device=${name} .picture=${picture.name} .title=${picture.title}></device-picture></section>`,
      )}
    `;
  }

  private group({ name, registers }: RegisterGroup, before: RegisterGroup | undefined) {
    return html`<section><h3>${name}</h3><dl>${registers.map((register) => this.register(register, namesake(before?.registers, register.name)))}</dl></section>`;
  }

  private register(register: RegisterView, before: RegisterView | undefined) {
    const meanings = register.bits
      .filter(({ meaning }) => meaning !== "")
      .map(({ name, meaning }) => `${name}: ${meaning}`);
    const place = register.address === null ? "" : hex(register.address, 2);
    const { memory } = register;
    const target =
      memory === null ? undefined : ({ space: "physical", pane: "memory", address: BigInt(memory) } as const);
    return html`${registerRow(register, before, { target })}
      <dt class="meaning">${place}</dt>
      <dd>${register.bits.length > 0 ? fieldList(register, before) : nothing}<span class="meaning">${meanings.join(" · ") || register.title}</span></dd>`;
  }

  private readonly choose = (event: Event): void => {
    this.chosen = (event.target as HTMLSelectElement).value;
    this.dispatchEvent(new PaneStateEvent({ device: this.chosen }));
  };
}
