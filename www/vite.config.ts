import { defineConfig } from "vite";
import { dockviewStyles } from "./scripts/dockview_css.mjs";

/** The policy under which the page must work from any static host; index.html carries it too. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self' https: wss:",
].join("; ");

/** What a script's file name begins with: scripts/budget.mjs tells by it which address of the page may load it. */
function part(module: string | null | undefined): string {
  if (module?.includes("/src/examples/")) return "example_";
  return /\/(evm|nasm)\/[^/]*$/.exec(module ?? "")?.[1]?.concat("_") ?? "";
}

/** The same of what several scripts share: its modules have one part, or none. */
function sharedPart(modules: readonly string[]): string {
  const [first = "", ...others] = new Set(modules.map(part));
  return others.length === 0 ? first : "";
}

export default defineConfig({
  base: "./",
  // Firmware and guests, put there by scripts/gallery.mjs.
  publicDir: "../.cache/public",
  plugins: [dockviewStyles()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1024,
    rollupOptions: {
      output: {
        chunkFileNames: ({ facadeModuleId, moduleIds }) =>
          `assets/${facadeModuleId ? part(facadeModuleId) : sharedPart(moduleIds)}[name]-[hash].js`,
      },
      // One file for each address of the page; what is popped out lives in windows of the last one.
      input: ["index.html", "x86/index.html", "evm/index.html", "popout.html"],
    },
  },
  worker: {
    format: "es",
    rollupOptions: {
      output: { entryFileNames: ({ facadeModuleId }) => `assets/${part(facadeModuleId)}worker-[name]-[hash].js` },
    },
  },
  preview: { headers: { "Content-Security-Policy": POLICY } },
  server: { fs: { allow: [".."] } },
});
