import { expect, it } from "vitest";
import { type KnownKinds, readLayout } from "./layout";

const KINDS: KnownKinds = new Map([
  ["screen", { title: "Screen" }],
  ["memory", { title: "Memory", many: true }],
]);

const leaf = (views: unknown, more = {}) => ({
  type: "leaf",
  size: 100,
  data: { views, activeView: "screen", id: "9", ...more },
});
const layout = (root: unknown, panels: unknown = { screen: {}, "memory~2": { params: { state: { at: 4096 } } } }) => ({
  grid: { root, width: 800, height: 600, orientation: "HORIZONTAL" },
  panels,
});
const good = layout({ type: "branch", size: 600, data: [leaf(["screen"]), leaf(["memory~2"])] });
const read = (value: unknown) => readLayout(typeof value === "string" ? value : JSON.stringify(value), KINDS);

it("keeps the tree, the panels and what they remember", () => {
  const found = read(good);
  expect(found?.panels["memory~2"]).toEqual({
    id: "memory~2",
    contentComponent: "memory",
    title: "Memory",
    params: { state: { at: 4096 } },
  });
  expect(found?.grid.root.data).toHaveLength(2);
});

it("takes over nothing else", () => {
  const panels = { screen: { contentComponent: "script", tabComponent: "x", title: "<img>", minimumWidth: 1e9 } };
  const found = read({
    ...layout({ type: "branch", size: 1, data: [leaf(["screen"], { locked: true })] }, panels),
    popoutGroups: [1],
  });
  expect(found?.panels).toEqual({ screen: { id: "screen", contentComponent: "screen", title: "Screen" } });
  expect(JSON.stringify(found)).not.toMatch(/locked|popout|img|script/);
});

let deep: unknown = leaf(["screen"]);
for (let depth = 0; depth < 40; depth++) deep = { type: "branch", size: 1, data: [deep] };

it.each([
  ["nothing", "null"],
  ["no JSON", "{"],
  ["a list", "[]"],
  ["an unknown pane", layout({ type: "branch", size: 1, data: [leaf(["gone"])] }, { gone: {} })],
  [
    "a second one of a kind that there is once",
    layout({ type: "branch", data: [leaf(["screen~2"])] }, { "screen~2": {} }),
  ],
  ["a pane that stands twice", layout({ type: "branch", size: 1, data: [leaf(["screen", "screen"])] }, { screen: {} })],
  ["a pane that stands nowhere", layout({ type: "branch", size: 1, data: [leaf(["screen"])] })],
  ["an empty group", layout({ type: "branch", size: 1, data: [leaf([])] }, { screen: {} })],
  ["a negative size", layout({ type: "branch", size: -1, data: [leaf(["screen"])] }, { screen: {} })],
  ["a bottomless tree", layout(deep, { screen: {} })],
  ["a prototype", '{"grid":{"root":{},"width":1,"height":1,"orientation":"HORIZONTAL"},"panels":{"__proto__":{}}}'],
  ["an endless text", " ".repeat(100_000)],
])("refuses %s", (_, value) => {
  expect(read(value)).toBeNull();
});
