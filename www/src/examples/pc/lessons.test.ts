import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PANE_IDS, type Paragraph, plainText } from "../lesson";
import { loadPcExample, PC_EXAMPLES } from "./catalog";

/** Labels of a NASM source, local ones with the label they belong to. */
function labelsOf(source: string): Set<string> {
  const labels = new Set<string>();
  let outer = "";
  for (const [, label = ""] of source.matchAll(/^([A-Za-z_.][\w.]*):/gm)) {
    if (!label.startsWith(".")) outer = label;
    labels.add(label.startsWith(".") ? outer + label : label);
  }
  return labels;
}

it("there are at least twelve, all in the list, and in the order of difficulty", () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".asm"));
  expect(files.map((name) => name.replace(".asm", ""))).toEqual(PC_EXAMPLES.map(({ name }) => name).sort());
  expect(files.length).toBeGreaterThanOrEqual(12);
  const difficulties = PC_EXAMPLES.map(({ difficulty }) => difficulty);
  expect(difficulties).toEqual([...difficulties].sort());
});

it("an unknown name is refused", async () => {
  await expect(loadPcExample("../catalog")).rejects.toThrow("no example is called");
});

describe.each(PC_EXAMPLES.map(({ name }) => name))("%s", (name) => {
  const text = () => readFileSync(join(import.meta.dirname, `${name}.asm`), "utf8");

  it("points at panes and labels that exist, in 100 to 250 words", async () => {
    const { lesson, source } = await loadPcExample(name);
    expect(source).toBe(text());
    const paragraphs: readonly Paragraph[] = [...lesson.about, ...lesson.steps];
    const labels = labelsOf(source);
    for (const span of paragraphs.flat()) {
      if (typeof span === "string") continue;
      if ("pane" in span) expect(PANE_IDS).toContain(span.pane);
      if ("label" in span) expect(labels).toContain(span.label);
    }
    const words = paragraphs.map(plainText).join(" ").split(/\s+/).length;
    expect(words).toBeGreaterThanOrEqual(100);
    expect(words).toBeLessThanOrEqual(250);
    expect(lesson.steps.length).toBeGreaterThanOrEqual(3);
    expect(PC_EXAMPLES.find((example) => example.name === name)?.steps).toBe(lesson.steps.length);
  });

  it("begins with what it teaches, in lines that fit the pane", () => {
    const lines = text().split("\n");
    expect(lines[0]).toMatch(/^; .+/);
    expect(lines.every((line) => line.length <= 120 && !line.includes("\t"))).toBe(true);
  });
});
