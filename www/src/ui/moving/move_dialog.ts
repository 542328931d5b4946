import { html, nothing, unsafeCSS } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { accept, type Invitation, invite } from "../../client/moving/invitation";
import { type WaitingTab, wait, waitingTabs, wireTo } from "../../client/moving/tabs";
import { recordBytes } from "../../client/record_budget";
import { siteUrl } from "../../client/site";
import { store } from "../../client/start";
import type { MovingState, Round, Wire } from "../../protocol/moving";
import { MOVING } from "../../strings/moving";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { go } from "../frame/routes";
import dialogCss from "./move_dialog.css?inline";

type Side = "away" | "here";
/** What is asked of the other computer. */
type Asking = Partial<Pick<Invitation, "answered">> & Omit<Invitation, "answered">;

/** Moves the machine of this page to another tab or computer, or takes one in. */
@customElement("move-dialog")
export class MoveDialog extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(dialogCss)];

  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @state() private side: Side = "away";
  @state() private moving: MovingState | null = null;
  @state() private tabs: readonly WaitingTab[] | null = null;
  @state() private asking: Asking | "making" | null = null;
  @state() private trouble = "";
  @state() private said = "";
  private ends: (() => void)[] = [];
  /** What comes is of this browser: its reader has agreed by asking for it. */
  private own = true;

  async show(side: Side): Promise<void> {
    if (this.dialog?.open) return;
    Object.assign(this, { side, moving: null, tabs: null, asking: null, trouble: "", said: "", own: true });
    await this.updateComplete;
    this.ends = [store.listen("moving", ({ moving }) => this.told(moving))];
    this.dialog.showModal();
    if (side === "away") await this.look();
    else this.waitHere();
  }

  override render() {
    const away = this.side === "away";
    return html`<dialog aria-labelledby="title" @close=${this.closed}>
      <h2 id="title">${away ? MOVING.titleAway : MOVING.titleHere}</h2>
      <p class="faint">${away ? MOVING.introAway : MOVING.introHere}</p>
      <div role="alert">${this.trouble ? html`<p>${this.trouble}</p>` : nothing}</div>
      ${this.moving && !(this.moving.phase === "waiting" && !away) ? this.progress(this.moving) : away ? this.choice() : this.awaited()}
      <div class="buttons">
        <span class="faint" role="status">${this.said}</span>
        <button type="button" @click=${() => this.dialog.close()}>${this.isUnderWay ? MOVING.end : MOVING.close}</button>
      </div>
    </dialog>`;
  }

  private choice() {
    return html`<h3>${MOVING.toTab}</h3>
      <p class="faint">${MOVING.toTabNote}</p>
      ${
        this.tabs?.length === 0
          ? html`<p role="status">${MOVING.noTab}</p>`
          : html`<ul>${this.tabs?.map(
              ({ id, machine, since }) =>
                html`<li><button type="button" data-tab=${id} @click=${() => this.goAway({ kind: "channel", name: wireTo(id) })}>${MOVING.tab(machine, Date.now() - since)}</button></li>`,
            )}</ul>`
      }
      <button type="button" @click=${() => void this.look()}>${MOVING.look}</button>
      <h3>${MOVING.toComputer}</h3>
      <p class="faint">${MOVING.toComputerNote}</p>
      ${this.invitation()}`;
  }

  private invitation() {
    const { asking } = this;
    if (asking === "making") return html`<p role="status">${MOVING.inviting}</p>`;
    if (!asking) return html`<button type="button" @click=${() => void this.invite()}>${MOVING.invite}</button>`;
    return html`${this.given(MOVING.invitation, asking.text)}
      <label>${MOVING.answer}<textarea name="answer" rows="3" spellcheck="false"></textarea></label>
      <p><button type="button" class="primary" @click=${() => void this.answered(asking)}>${MOVING.connect}</button></p>`;
  }

  private awaited() {
    const { asking } = this;
    return html`<p role="status">${MOVING.fromTab}</p>
      <h3>${MOVING.fromComputer}</h3>
      <p class="faint">${MOVING.fromComputerNote}</p>
      ${
        asking === "making"
          ? html`<p role="status">${MOVING.inviting}</p>`
          : asking
            ? this.given(MOVING.answer, asking.text)
            : html`<label>${MOVING.invitation}<textarea name="invitation" rows="3" spellcheck="false"></textarea></label>
              <p><button type="button" class="primary" @click=${() => void this.invited()}>${MOVING.connect}</button></p>`
      }`;
  }

  private given(label: string, text: string) {
    return html`<label>${label}<textarea name="given" rows="4" readonly .value=${text}></textarea></label>
      <p><button type="button" @click=${() => void this.copy(text)}>${MOVING.copy}</button></p>`;
  }

  private progress(moving: MovingState) {
    switch (moving.phase) {
      case "waiting":
        return html`<p role="status">${MOVING.waiting}</p>`;
      case "offered": {
        const { title, memoryMb, images } = moving.recipe;
        const addresses = Object.values(images).flatMap((image) => (image.kind === "url" ? [image.url] : []));
        return html`<p>${MOVING.offered(title, memoryMb)}</p>
          ${addresses.length > 0 ? html`<p>${MOVING.loads(addresses)}</p>` : nothing}
          <p><button type="button" class="primary" @click=${this.agree}>${MOVING.agree}</button></p>`;
      }
      case "loading":
        return html`<p role="status">${MOVING.loading}</p>`;
      case "copying":
        return html`<p role="status">${moving.last ? MOVING.last : MOVING.copying}</p>${this.rounds(moving.rounds)}`;
      case "moved":
        return html`<p role="status">${MOVING.moved(moving.downtime)}</p>${this.rounds(moving.rounds)}`;
      case "failed":
        return html`<p role="alert">${MOVING.failed(moving.why)}</p>`;
    }
  }

  private rounds(rounds: readonly Round[]) {
    if (rounds.length === 0) return nothing;
    return html`<table aria-label=${MOVING.rounds}>
      <thead><tr>${MOVING.roundHeads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${rounds.map(({ pages, bytes, took }, index) => {
        const before = rounds[index - 1];
        return html`<tr><td>${index + 1}</td><td>${pages.toLocaleString("en")}</td><td>${MOVING.sent(bytes)}</td>
          <td>${MOVING.took(took)}</td><td>${before ? MOVING.rate(pages, before.took) : ""}</td></tr>`;
      })}</tbody>
    </table>`;
  }

  private get isUnderWay(): boolean {
    const { moving } = this;
    return moving !== null && moving.phase !== "moved" && moving.phase !== "failed";
  }

  private told(moving: MovingState): void {
    this.moving = moving;
    if (moving.phase === "offered" && this.own) this.agree();
    if (moving.phase === "moved" && this.side === "here") go("x86");
  }

  private readonly agree = (): void => store.send({ type: "moveAgreed" });

  private async look(): Promise<void> {
    this.tabs = await waitingTabs();
  }

  private waitHere(): void {
    const id = crypto.randomUUID();
    this.comeHere({ kind: "channel", name: wireTo(id) });
    // Nobody is to send anything before the worker hears it.
    const unlisten = store.listen("moving", () => {
      unlisten();
      this.ends.push(wait(id, () => store.view.spec?.title ?? ""));
    });
  }

  private comeHere(wire: Wire): void {
    const transfer = wire.kind === "port" ? [wire.port as MessagePort] : [];
    store.connect().send({ type: "moveHere", wire, site: siteUrl(""), record: recordBytes() }, transfer);
  }

  private goAway(wire: Wire): void {
    const transfer = wire.kind === "port" ? [wire.port as MessagePort] : [];
    store.send({ type: "moveAway", wire }, transfer);
  }

  private async invite(): Promise<void> {
    this.asking = "making";
    const asking = await invite();
    this.asking = asking;
    this.ends.push(asking.end);
    await this.joined(asking.connected, (port) => this.goAway({ kind: "port", port }));
  }

  private async answered({ answered }: Asking): Promise<void> {
    this.trouble = "";
    try {
      await answered?.(this.pasted("answer"));
      this.said = MOVING.connecting;
    } catch {
      this.trouble = MOVING.notAText(MOVING.answer);
    }
  }

  private async invited(): Promise<void> {
    this.trouble = "";
    const text = this.pasted("invitation");
    this.asking = "making";
    try {
      this.asking = await accept(text);
      this.ends.push(this.asking.end);
    } catch {
      this.asking = null;
      this.trouble = MOVING.notAText(MOVING.invitation);
      return;
    }
    this.own = false;
    await this.joined(this.asking.connected, (port) => this.comeHere({ kind: "port", port }));
  }

  /** The two computers have found each other, or will not. */
  private async joined(connected: Promise<MessagePort>, go: (port: MessagePort) => void): Promise<void> {
    try {
      go(await connected);
      this.said = "";
    } catch {
      this.said = "";
      this.asking = null;
      this.trouble = MOVING.noWay;
    }
  }

  private pasted(name: string): string {
    return this.renderRoot.querySelector<HTMLTextAreaElement>(`[name=${name}]`)?.value ?? "";
  }

  private async copy(text: string): Promise<void> {
    await navigator.clipboard.writeText(text).catch(() => undefined);
    this.said = MOVING.copied;
  }

  private readonly closed = (): void => {
    if (this.isUnderWay || (this.side === "here" && !this.moving)) store.send({ type: "moveEnd" });
    for (const end of this.ends.splice(0)) end();
  };
}

/** The page's one dialog for moving. */
export function showMoveDialog(side: Side): void {
  const found =
    document.querySelector("move-dialog") ?? document.body.appendChild(document.createElement("move-dialog"));
  void (found as MoveDialog).show(side);
}
