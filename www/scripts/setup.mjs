// What has to be there before anything is built: packages, tools, firmware, guests, the wasm engine.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkBudget } from "./budget.mjs";
import { installPackages } from "./dependencies.mjs";
import { buildEmbedPackage } from "./embed_package.mjs";
import { fillGallery } from "./gallery.mjs";
import { CACHE, ROOT, WWW } from "./paths.mjs";
import { run, step } from "./steps.mjs";
import { needRust } from "./tools.mjs";
import { bindEngine, buildEngine, ENGINES, installBindgen } from "./wasm.mjs";

export async function setUpTools() {
  await step("npm packages", installPackages);
  await step("Rust toolchain", needRust);
  await step("wasm-bindgen-cli", installBindgen);
}

/** Firmware and guests. A guest that cannot be made leaves a gap in the gallery; without firmware nothing boots. */
export async function setUpGuests() {
  await step("firmware", () => run("node", [join(WWW, "scripts/firmware.mjs")], { cwd: ROOT }));
  await step("guests", async () => {
    try {
      await run("node", [join(WWW, "scripts/guests.mjs")], { cwd: ROOT });
      return undefined;
    } catch (error) {
      if (!existsSync(join(CACHE, "guests/manifest.json"))) throw error;
      return `some are missing (${error.message})`;
    }
  });
  await step("gallery", fillGallery);
}

export async function buildWasm(quick = false) {
  // wasm-opt keeps one core busy: the next engine is compiled meanwhile.
  let bound = Promise.resolve();
  for (const engine of ENGINES) {
    await step(`${engine.name} engine`, () => buildEngine(engine));
    bound = bound.then(() => step(`${engine.name} bindings`, () => bindEngine(engine, quick)));
    // A failure is told below, when the last engine is compiled.
    bound.catch(() => undefined);
  }
  await bound;
}

export async function buildPage() {
  await step("page", () => run("node", [join(WWW, "node_modules/vite/bin/vite.js"), "build"], { cwd: WWW }));
  await step("page's size", checkBudget);
  await step("embed package", buildEmbedPackage);
}
