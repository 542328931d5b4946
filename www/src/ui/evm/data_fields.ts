import { html, nothing } from "lit";
import type { Compilation } from "../../protocol/evm/solidity";
import { EVM } from "../../strings/evm";
import {
  callFields,
  constructorOf,
  contractOf,
  dataName,
  deployable,
  type Field,
  functionsOf,
  knownFunction,
} from "./abi_form";
import { type DataKind, type Draft, isSolidity, type TransactionDraft } from "./transaction_form";

const WORDS = EVM.form;
const KINDS: readonly DataKind[] = ["raw", "call", "deploy"];

/** What the fields of a transaction's data need. */
export interface DataForm {
  readonly draft: Draft;
  readonly compilation: Compilation | null;
  readonly transaction: TransactionDraft;
  readonly change: (part: Partial<TransactionDraft>) => void;
}

const typed = (event: Event): string => (event.target as HTMLInputElement).value;

/** Fields for values, one each; arrays and structures as JSON. */
function valueFields(fields: readonly Field[], values: readonly string[], change: (values: string[]) => void) {
  const set = (at: number, value: string) =>
    change(fields.map((_, other) => (other === at ? value : (values[other] ?? ""))));
  return fields.map(
    ({ name, type, example }, at) => html`<label>${WORDS.argument(at + 1, type, name)}
      <input class="mono" .value=${values[at] ?? ""} placeholder=${example} spellcheck="false"
        @input=${(event: Event) => set(at, typed(event))}></label>`,
  );
}

/** Whether what is called takes ether, where that is known and matters. */
function payable(known: boolean | undefined, value: string) {
  if (known === undefined) return nothing;
  if (known) return html`<span class="chip strong">${WORDS.payable}</span>`;
  return /^(?:0x)?0*$/.test(value.trim()) ? nothing : html`<span class="bad">${WORDS.notPayable}</span>`;
}

function deploy({ draft, compilation, transaction, change }: DataForm) {
  const contracts = deployable(compilation).map((one) => dataName(compilation, one));
  const names = [...contracts, ...draft.sources.filter((one) => !isSolidity(one)).map(({ name }) => `@${name}`)];
  const { data } = transaction;
  const all = data === "" || names.includes(data) ? names : [data, ...names];
  const { fields, payable: takes } = constructorOf(contractOf(compilation, data));
  return html`<label>${WORDS.contract} <select @change=${(event: Event) => change({ data: typed(event), constructorValues: [] })}>
      ${data === "" ? html`<option value="" selected></option>` : nothing}
      ${all.map((name) => html`<option value=${name} .selected=${name === data}>${name.slice(1)}</option>`)}
    </select></label>
    ${payable(contractOf(compilation, data) ? takes : undefined, transaction.value)}
    ${valueFields(fields, transaction.constructorValues, (constructorValues) => change({ constructorValues }))}`;
}

function call({ draft, compilation, transaction, change }: DataForm) {
  const { signature } = transaction;
  const known = knownFunction(compilation, signature);
  const written = draft.abi.split("\n").filter((line) => line.trim() !== "" && !/^\s*(?:event|error)\b/.test(line));
  const declared = deployable(compilation).flatMap((one) => functionsOf(one).map((item) => item.signature));
  return html`<label class="wide">${WORDS.signature} <input class="mono" list="functions" .value=${signature} placeholder=${WORDS.signatureHint}
      spellcheck="false" @input=${(event: Event) => change({ signature: typed(event) })}></label>
    <datalist id="functions">${[...declared, ...written].map((line) => html`<option value=${line}></option>`)}</datalist>
    ${payable(known ? known.mutability === "payable" : undefined, transaction.value)}
    ${valueFields(callFields(compilation, signature), transaction.values, (values) => change({ values }))}`;
}

/** The fields of a transaction's data: bytes, a function's arguments, a contract's constructor. */
export function dataFields(form: DataForm) {
  const { transaction, change } = form;
  const choose = (event: Event) => change({ kind: typed(event) as DataKind });
  const { kind, data } = transaction;
  return html`<label>${WORDS.dataKind} <select @change=${choose}>
      ${KINDS.map((one) => html`<option value=${one} .selected=${one === kind}>${WORDS.kinds[one]}</option>`)}</select></label>
    ${
      kind === "raw"
        ? html`<label>${WORDS.data} <input class="mono" .value=${data} placeholder=${WORDS.dataHint} spellcheck="false"
            @input=${(event: Event) => change({ data: typed(event) })}></label>`
        : kind === "call"
          ? call(form)
          : deploy(form)
    }`;
}
