import { html, nothing } from "lit";
import type { SourceSpec } from "../../protocol/evm/request";
import type { Compilation, CompiledContract, SoliditySettings } from "../../protocol/evm/solidity";
import { EVM } from "../../strings/evm";
import { dataName, deployable, functionsOf } from "./abi_form";
import { evmDesk } from "./desk_start";
import type { KnownAddress } from "./known_addresses";
import { EMPTY_TRANSACTION, isSolidity, type TransactionDraft } from "./transaction_form";

const WORDS = EVM.form;
const RUNS = 200;
/** What the compiler can make code for; it has no newer one. */
const VERSIONS = [
  "homestead",
  "tangerineWhistle",
  "spuriousDragon",
  "byzantium",
  "constantinople",
  "petersburg",
  "istanbul",
  "berlin",
  "london",
  "paris",
  "shanghai",
  "cancun",
  "prague",
  "osaka",
];

const typed = (event: Event): string => (event.target as HTMLInputElement).value;

function addTransaction(part: Partial<TransactionDraft>): void {
  evmDesk.edit({ transactions: [...evmDesk.view.draft.transactions, { ...EMPTY_TRANSACTION, ...part }] });
}

/** How Solidity is compiled. */
export function compilerFields(settings: SoliditySettings) {
  const { optimizer, viaIr, evmVersion } = settings;
  const change = (part: SoliditySettings) => {
    const next = { ...settings, ...part };
    const { evmVersion: version, ...rest } = next;
    evmDesk.edit({ solidity: version ? next : rest });
  };
  const runs = (event: Event) => change({ optimizer: { runs: Math.max(Math.trunc(Number(typed(event))) || 0, 0) } });
  const checked = (event: Event) => (event.target as HTMLInputElement).checked;
  return html`<fieldset><legend>${WORDS.compiler}</legend><div class="fields">
    <label class="check"><input type="checkbox" .checked=${Boolean(optimizer)}
      @change=${(event: Event) => change({ optimizer: checked(event) ? { runs: RUNS } : null })}> ${WORDS.optimizer}</label>
    ${
      optimizer
        ? html`<label>${WORDS.runs} <input type="number" min="0" step="1" .value=${String(optimizer.runs)} @change=${runs}></label>`
        : nothing
    }
    <label class="check"><input type="checkbox" .checked=${viaIr === true}
      @change=${(event: Event) => change({ viaIr: checked(event) })}> ${WORDS.viaIr}</label>
    <label>${WORDS.evmVersion} <select @change=${(event: Event) => change({ evmVersion: typed(event) })}>
      <option value="" .selected=${!evmVersion}>${WORDS.versionOfFork}</option>
      ${VERSIONS.map((name) => html`<option .selected=${name === evmVersion}>${name}</option>`)}</select></label>
  </div>${optimizer || viaIr ? html`<p class="note">${WORDS.hidesVariables}</p>` : nothing}</fieldset>`;
}

/** What can be done with a compiled contract: a transaction for it is added. */
function actions(contract: CompiledContract, compilation: Compilation | null, known: readonly KnownAddress[]) {
  const to = known.find((one) => one.contract === contract.contract)?.address ?? "";
  const functions = functionsOf(contract);
  return html`<div class="contract" role="group" aria-label=${contract.contract}>
    <strong>${contract.contract}</strong> <span class="note">${to || WORDS.nowhere}</span>
    <p><button type="button" class="small primary" @click=${() =>
      addTransaction({ kind: "deploy", data: dataName(compilation, contract) })}>${WORDS.deploy}</button>
      ${functions.map(
        ({
          name,
          signature,
          mutability,
        }) => html` <button type="button" class="small" title=${signature} ?disabled=${to === ""}
          @click=${() => addTransaction({ kind: "call", to, signature })}>${name}${
            mutability === "payable" ? html` <span class="note">${WORDS.payable}</span>` : nothing
          }</button>`,
      )}</p></div>`;
}

/** A source: where it is in the world, and of Solidity what can be done with its contracts. */
export function sourceFields(
  source: SourceSpec,
  at: number,
  compilation: Compilation | null,
  known: readonly KnownAddress[],
) {
  const set = (part: Partial<SourceSpec>) => evmDesk.editSource(at, part);
  const contracts = isSolidity(source) ? deployable(compilation).filter(({ file }) => file === source.name) : [];
  const chosen = source.contract ?? contracts.at(-1)?.contract;
  return html`<fieldset>
    <legend>${source.name} <button type="button" class="small" aria-label=${`${WORDS.edit}: ${source.name}`}
      @click=${() => evmDesk.call(at)}>${WORDS.edit}</button>
      <button type="button" class="small" aria-label=${`${WORDS.remove}: ${source.name}`}
      @click=${() => evmDesk.remove(at)}>✕</button></legend>
    ${contracts.map((contract) => actions(contract, compilation, known))}
    <div class="fields">
      <label>${isSolidity(source) ? WORDS.placedAt : WORDS.address} <input class="mono" .value=${source.address ?? ""} spellcheck="false"
        placeholder=${isSolidity(source) ? WORDS.placedHint : ""} @input=${(event: Event) => set({ address: typed(event) })}></label>
      ${
        source.address && contracts.length > 1
          ? html`<label>${WORDS.contract} <select @change=${(event: Event) => set({ contract: typed(event) })}>
              ${contracts.map(({ contract }) => html`<option .selected=${contract === chosen}>${contract}</option>`)}</select></label>`
          : nothing
      }
      ${
        source.address
          ? html`<label>${WORDS.balance} <input class="mono" .value=${source.balance ?? ""} placeholder="0"
              @input=${(event: Event) => set({ balance: typed(event) })}></label>`
          : nothing
      }
    </div></fieldset>`;
}
