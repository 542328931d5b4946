// What axe-core has to say of a page, under the rules of WCAG 2.2 AA.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const require = createRequire(resolve(import.meta.dirname, "../../www/package.json"));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
/** What a colour scheme decides. Every test that looks in the dark looks by day too, with all rules. */
const RULES_OF_COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** The rules that are broken within an element, or on the whole page; each with the elements that break it. */
export async function violations(page, within = page.locator("html")) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const dark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const runOnly = dark ? RULES_OF_COLOURS : RULES;
  // Of what is in order one example will do; nothing that these rules need is loaded beforehand.
  const options = { runOnly, resultTypes: ["violations"], preload: false };
  const found = await within.evaluate((element, how) => window.axe.run(element, how), options);
  assert.ok(found.passes.length > 0, "axe-core looked at nothing");
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, html }) => `${target.flat()} ${html}`).join("\n   ")}`,
  );
}
