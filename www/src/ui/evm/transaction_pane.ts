import { html, nothing, unsafeCSS } from "lit";
import { customElement } from "lit/decorators.js";
import { EVM } from "../../strings/evm";
import controlsCss from "../controls/controls.css?inline";
import { GlassElement } from "../frame/element";
import { compilerFields, sourceFields } from "./contract_fields";
import { dataFields } from "./data_fields";
import { DeskController } from "./desk_controller";
import { evmDesk } from "./desk_start";
import { EvmController } from "./evm_controller";
import { type KnownAddress, knownAddresses } from "./known_addresses";
import paneCss from "./pane.css?inline";
import {
  type Draft,
  EMPTY_TRANSACTION,
  isSolidity,
  NEW_ASSEMBLER,
  NEW_SOLIDITY,
  type TransactionDraft,
} from "./transaction_form";
import transactionCss from "./transaction_pane.css?inline";

const WORDS = EVM.form;

type TextKey = {
  [Key in keyof TransactionDraft]: TransactionDraft[Key] extends string ? Key : never;
}[keyof TransactionDraft];

const typed = (event: Event): string => (event.target as HTMLInputElement).value;

/** The run as a form: contracts, accounts, block, fork, and transactions in a row. */
@customElement("evm-transaction")
export class TransactionPane extends GlassElement {
  static override styles = [unsafeCSS(controlsCss), unsafeCSS(paneCss), unsafeCSS(transactionCss)];

  private readonly evm = new EvmController(this);
  private readonly desk = new DeskController(this);

  private get draft(): Draft {
    return this.desk.value.draft;
  }

  override render() {
    const { draft, problem } = this.desk.value;
    const { compilation } = this.evm.value;
    return html`<form @submit=${this.run}>
      <div class="top">${this.rules()}
        <button type="submit" class="primary" ?disabled=${this.evm.value.busy}>${WORDS.run}</button></div>
      <div role="alert">${problem ? html`<p class="bad">${problem}</p>` : nothing}</div>
      ${draft.transactions.map((transaction, at) => this.transaction(transaction, at))}
      <p><button type="button" class="small" @click=${() => this.change({ transactions: [...draft.transactions, EMPTY_TRANSACTION] })}>${WORDS.add}</button></p>
      <details open><summary>${WORDS.contracts}</summary>
        ${draft.sources.map((source, at) => sourceFields(source, at, compilation, this.known))}
        ${draft.sources.some(isSolidity) ? compilerFields(draft.solidity) : nothing}
        <p><button type="button" class="small" @click=${this.addSource}>${WORDS.addContract}</button>
          <button type="button" class="small" @click=${() => evmDesk.add(NEW_SOLIDITY)}>${WORDS.addSolidity}</button></p>
      </details>
      <details><summary>${WORDS.prestate}</summary>${this.long("prestate", WORDS.prestate, WORDS.prestateHint)}</details>
      <details><summary>${WORDS.block}</summary>${this.long("block", WORDS.block, WORDS.blockHint)}</details>
      <details><summary>${WORDS.abi}</summary>${this.long("abi", WORDS.abi, "transfer(address,uint256)")}</details>
      <datalist id="addresses">${this.known.map(({ address, label }) => html`<option value=${address}>${label}</option>`)}</datalist>
    </form>`;
  }

  private rules() {
    const { forks, chains, summary } = this.evm.value;
    const { fork, chain } = this.draft;
    const newest = summary?.fork ?? forks.at(-1) ?? "";
    const names = chain && !chains.includes(chain) ? [...chains, chain] : chains;
    return html`
      <label>${WORDS.fork} <select @change=${(event: Event) => this.change({ fork: typed(event), chain: "" })}>
        ${forks.map((name) => html`<option ?selected=${name === (fork || newest)}>${name}</option>`)}
      </select></label>
      <label>${WORDS.chain} <select @change=${(event: Event) => this.change({ chain: typed(event) })}>
        <option value="" ?selected=${chain === ""}>${WORDS.ofFork}</option>
        ${names.map((name) => html`<option value=${name} ?selected=${name === chain}>${name.slice(0, 40)}</option>`)}
      </select></label>
      <label class="grow">${WORDS.chainHint} <input .value=${chains.includes(chain) ? "" : chain} placeholder="{…}"
        @change=${(event: Event) => this.change({ chain: typed(event) })}></label>`;
  }

  private get known(): readonly KnownAddress[] {
    const { summary, compilation } = this.evm.value;
    return knownAddresses(this.draft, summary, compilation);
  }

  private to({ to }: TransactionDraft, at: number) {
    return html`<label>${WORDS.to} <input class="mono" list="addresses" .value=${to} placeholder=${WORDS.toHint} spellcheck="false"
      @input=${(event: Event) => this.changeTransaction(at, { to: typed(event) })}></label>`;
  }

  private transaction(transaction: TransactionDraft, at: number) {
    const { compilation } = this.evm.value;
    const field = (key: TextKey, title: string, hint = "") => html`<label>${title}
      <input class="mono" .value=${transaction[key]} placeholder=${hint} spellcheck="false"
        @input=${(event: Event) => this.changeTransaction(at, { [key]: typed(event) })}></label>`;
    const long = (key: TextKey, title: string, hint: string) => html`<label class="wide">${title}
      <textarea class="mono" rows="3" .value=${transaction[key]} placeholder=${hint} spellcheck="false"
        @input=${(event: Event) => this.changeTransaction(at, { [key]: typed(event) })}></textarea></label>`;
    return html`<fieldset>
      <legend>${WORDS.transaction(at + 1)}
        <button type="button" class="small" aria-label=${`${WORDS.remove}: ${WORDS.transaction(at + 1)}`}
          @click=${() => this.change({ transactions: this.draft.transactions.filter((_, other) => other !== at) })}>✕</button></legend>
      <div class="fields">
        ${field("from", WORDS.from, WORDS.fromHint)} ${transaction.kind === "deploy" ? nothing : this.to(transaction, at)}
        ${field("value", WORDS.value, "0")} ${field("gas", WORDS.gas, "10000000")}
        ${dataFields({ draft: this.draft, compilation, transaction, change: (part) => this.changeTransaction(at, part) })}
      </div>
      <details><summary>${WORDS.more}</summary><div class="fields">
        ${field("nonce", WORDS.nonce, WORDS.auto)} ${field("gasPrice", WORDS.gasPrice, WORDS.auto)}
        ${field("maxFee", WORDS.maxFee)} ${field("tip", WORDS.tip)}
        ${long("accessList", WORDS.accessList, WORDS.accessListHint)} ${long("authorizations", WORDS.authorizations, WORDS.authorizationsHint)}
      </div></details>
    </fieldset>`;
  }

  private long(key: "prestate" | "block" | "abi", title: string, hint: string) {
    return html`<textarea class="mono" rows="6" aria-label=${title} .value=${this.draft[key]} placeholder=${hint} spellcheck="false"
      @input=${(event: Event) => this.change({ [key]: typed(event) })}></textarea>`;
  }

  private change(part: Partial<Draft>): void {
    evmDesk.edit(part);
  }

  private changeTransaction(at: number, part: Partial<TransactionDraft>): void {
    const transactions = this.draft.transactions.map((one, other) => (other === at ? { ...one, ...part } : one));
    this.change({ transactions });
  }

  private readonly addSource = (): void => {
    const address = `0x${(0xaa + 0x11 * this.draft.sources.length).toString(16).padStart(40, "0")}`;
    evmDesk.add({ ...NEW_ASSEMBLER, address });
  };

  private readonly run = (event: Event): void => {
    event.preventDefault();
    evmDesk.run();
  };
}
