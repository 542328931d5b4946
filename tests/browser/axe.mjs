// What axe-core has to say of a page, under the rules of WCAG 2.2 AA.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const require = createRequire(resolve(import.meta.dirname, "../../www/package.json"));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** The rules that are broken within an element, or on the whole page; each with the elements that break it. */
export async function violations(page, within = page.locator("html")) {
  await page.evaluate(AXE);
  const found = await within.evaluate(
    (element, values) => window.axe.run(element, { runOnly: { type: "tag", values } }),
    RULES,
  );
  assert.ok(found.passes.length > 0, "axe-core looked at nothing");
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, html }) => `${target.flat()} ${html}`).join("\n   ")}`,
  );
}
