// Makes the scripts that Vite has minified half a percent smaller still: what a page may load is limited to the byte
// (scripts/budget.mjs), and terser finds what the bundler's own minifier leaves. Alone it would be worse.
import path from "node:path";
import { minify } from "terser";
import { ON_DEMAND } from "./budget.mjs";

const OPTIONS = { module: true, ecma: 2022, compress: { passes: 3, unsafe_arrows: true } };

/** A plugin for Vite, for the page and for its workers. */
export const smallerScripts = () => ({
  name: "glassbox:smaller-scripts",
  apply: "build",
  async generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      const counts = chunk.type === "chunk" && !ON_DEMAND.test(path.basename(chunk.fileName));
      if (counts) chunk.code = (await minify(chunk.code, OPTIONS)).code;
    }
  },
});
