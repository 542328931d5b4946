import { EVM } from "../../strings/evm";
import type { PaneKind, Preset } from "../frame/pane";

/** The EVM's panes. */
export const EVM_PANES: readonly PaneKind[] = [
  { id: "lesson", title: EVM.panes.lesson, tag: "evm-lesson" },
  { id: "source", title: EVM.panes.source, tag: "evm-source", load: () => import("./source_pane") },
  { id: "code", title: EVM.panes.code, tag: "evm-code" },
  { id: "transaction", title: EVM.panes.transaction, tag: "evm-transaction" },
  { id: "stack", title: EVM.panes.stack, tag: "evm-stack" },
  { id: "memory", title: EVM.panes.memory, tag: "evm-memory" },
  { id: "data", title: EVM.panes.data, tag: "evm-data" },
  { id: "storage", title: EVM.panes.storage, tag: "evm-storage" },
  { id: "variables", title: EVM.panes.variables, tag: "evm-variables" },
  { id: "logs", title: EVM.panes.logs, tag: "evm-logs" },
  { id: "accounts", title: EVM.panes.accounts, tag: "evm-accounts" },
  { id: "calls", title: EVM.panes.calls, tag: "evm-calls" },
  { id: "gas", title: EVM.panes.gas, tag: "evm-gas" },
  { id: "compare", title: EVM.panes.compare, tag: "evm-compare" },
];

const within = (pane: string, beside: string) => ({ pane, beside, direction: "within" }) as const;

/** How they are arranged: text and the essentials; all of it; where the gas goes. */
export const EVM_PRESETS: readonly Preset[] = [
  {
    id: "learn",
    title: EVM.presets.learn,
    panes: [
      { pane: "code" },
      { pane: "lesson", beside: "code", direction: "left", size: 0.27 },
      { pane: "stack", beside: "code", direction: "right", size: 0.45 },
      within("data", "stack"),
      within("variables", "stack"),
      within("source", "code"),
      within("transaction", "lesson"),
      { pane: "storage", beside: "stack", direction: "below", size: 0.55 },
      within("memory", "storage"),
      within("calls", "storage"),
      within("logs", "storage"),
      within("accounts", "storage"),
    ],
  },
  {
    id: "source",
    title: EVM.presets.source,
    panes: [
      { pane: "source" },
      { pane: "transaction", beside: "source", direction: "left", size: 0.27 },
      within("lesson", "transaction"),
      within("code", "source"),
      { pane: "variables", beside: "source", direction: "right", size: 0.42 },
      within("stack", "variables"),
      within("data", "variables"),
      { pane: "storage", beside: "variables", direction: "below", size: 0.55 },
      within("calls", "storage"),
      within("logs", "storage"),
      within("memory", "storage"),
      within("accounts", "storage"),
    ],
  },
  {
    id: "debug",
    title: EVM.presets.debug,
    panes: [
      { pane: "code" },
      { pane: "stack", beside: "code", direction: "right", size: 0.62 },
      within("variables", "stack"),
      { pane: "calls", beside: "stack", direction: "right", size: 0.5 },
      within("gas", "calls"),
      within("source", "code"),
      within("transaction", "code"),
      within("compare", "calls"),
      { pane: "memory", beside: "stack", direction: "below", size: 0.5 },
      within("data", "memory"),
      { pane: "storage", beside: "calls", direction: "below", size: 0.5 },
      within("logs", "storage"),
      within("accounts", "storage"),
    ],
  },
  {
    id: "gas",
    title: EVM.presets.gas,
    panes: [
      { pane: "code" },
      within("source", "code"),
      { pane: "calls", beside: "code", direction: "right", size: 0.6 },
      { pane: "gas", beside: "calls", direction: "below", size: 0.62 },
      within("compare", "gas"),
    ],
  },
];
