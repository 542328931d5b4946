// The EVM's part of the page, as its tests use it.
import assert from "node:assert/strict";

/** Opens an example, waits until it ran, and fails the test for anything on the console. */
export async function withExample(around, example, work, options = {}) {
  await withPage(
    around,
    async (page) => {
      await page.locator(`[data-example=${example}]`).click();
      await page.locator("evm-toolbar output").waitFor();
      await work(page);
    },
    options,
  );
}

/** Opens the choice of programs; fails the test for anything on the console. */
export async function withPage(around, work, options = {}) {
  const context = await around.browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    const complaints = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${around.site.url}evm/`);
    await work(page, context);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

export const button = (page, name) => page.locator("evm-toolbar").getByRole("button", { name, exact: true });

/** Opens a pane, or brings it to the front: its tab may be among those that have no room. */
export async function pane(page, title, tag) {
  await page.locator("work-bench [role=tab]").first().waitFor();
  if (!(await page.locator(tag).isVisible())) {
    await page.locator("work-bench").evaluate((bench, kind) => bench.openPane(kind), tag.replace("evm-", ""));
    await page.locator(".dv-tab", { hasText: title }).first().waitFor({ state: "attached" });
  }
  const found = page.locator(tag);
  await found.waitFor();
  return found;
}

/** All text of an element, shadow roots included, spaces as one. */
export const textOf = (locator) =>
  locator.evaluate((element) => {
    const read = (node) => {
      if (node.nodeType === 3) return node.data;
      if (node.nodeName === "STYLE") return "";
      const inside = [...(node.shadowRoot ?? node).childNodes].map(read).join("");
      return ["TD", "TH", "TR", "DT", "DD", "DIV", "P", "H3", "LI"].includes(node.nodeName) ? `${inside} ` : inside;
    };
    return read(element).replaceAll(/\s+/g, " ");
  });

export const position = async (page) =>
  Number((await textOf(page.locator("evm-toolbar output"))).split("/")[0].replace(",", ""));

/** Waits until the step is one, or is one no more. */
function waitForStep(page, step, is) {
  return page.waitForFunction(
    ([wanted, is]) => {
      const find = (root) =>
        root.querySelector("evm-toolbar") ??
        [...root.querySelectorAll("*")].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
      return find(document)?.shadowRoot.querySelector("output")?.textContent.startsWith(`${wanted} /`) === is;
    },
    [step, is],
    { timeout: 10_000 },
  );
}

/** Waits until the step is one. */
export const at = (page, step) => waitForStep(page, step, true);

/** Waits until the step is another; gives it. */
export async function movedFrom(page, step) {
  await waitForStep(page, step, false);
  return position(page);
}

/** Shows the sources in the editor; gives the pane. */
export async function editor(page) {
  const found = await pane(page, "Sources", "evm-source");
  await found.locator(".cm-content").waitFor();
  return found;
}

/** Replaces the text in the editor. */
export async function write(page, text) {
  const found = await editor(page);
  await found.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
  return found;
}

/** The editor's line with the arrow: its number. */
export const standsAt = (page, line) =>
  page.locator("evm-source .standing", { hasText: new RegExp(`Stands before line ${line}$`) }).waitFor();
