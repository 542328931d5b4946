import { defineConfig } from "vite";
import { dockviewStyles } from "./scripts/dockview_css.mjs";
import { shortTemplates } from "./scripts/short_templates.mjs";
import { smallerScripts } from "./scripts/smaller_scripts.mjs";

/** The policy under which the page must work from any static host; index.html carries it too. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self' https: wss:",
].join("; ");

/** A script as the bundler has it before it is named. */
interface Chunk {
  readonly facadeModuleId?: string | null;
  readonly moduleIds?: readonly string[];
}

const SAVED_WORK =
  /\/src\/(client\/saved_|strings\/saved|ui\/(pages\/gallery_page|controls\/(saved_work|machine_keeper)))/;
/** Saved moments: loaded when one is saved, or the list of them is shown. */
const LIBRARY = /\/src\/(client\/library|ui\/library|strings\/(library|worker\/moments)|worker\/moments)/;
/** What each address begins with: packed as one it is smaller than in pieces. */
const CORE =
  /\/src\/(client\/(?!saved_|evm\/|embedded|library|links|moving|timeline)|host\/|examples\/(lesson|pc\/catalog)|strings\/(client\/connection|host\/|frame|pc|gallery|lessons)|ui\/[^/]*\.ts|ui\/(editor\/pc_examples|controls\/(controls|gallery|machine_form|messages)|pages\/page|frame\/(element|menu_button|number|routes|settings|keys|moment|page_header|help_dialog)))/;

/** What a script's file name begins with: scripts/budget.mjs tells by it which address of the page may load it. */
function part({ facadeModuleId, moduleIds = [] }: Chunk): string {
  if (facadeModuleId?.includes("/src/examples/")) return "example_";
  const own = /\/(evm|links|moving|nasm|solidity)\/[^/]*$/.exec(facadeModuleId ?? "")?.[1];
  if (own) return `${own}_`;
  if (moduleIds.some((id) => LIBRARY.test(id))) return "library_";
  // What several parts share has no name of its own.
  if (moduleIds.some((id) => /\/src\/((client|ui)\/links\/|strings\/links)/.test(id))) return "links_";
  if (moduleIds.some((id) => SAVED_WORK.test(id))) return "gallery_";
  return moduleIds.some((id) => /\/src\/(examples|client|ui)\/evm\//.test(id)) ? "evm_" : "";
}

export default defineConfig({
  base: "./",
  // Firmware and guests, put there by scripts/gallery.mjs.
  publicDir: "../.cache/public",
  plugins: [dockviewStyles(), shortTemplates(), smallerScripts()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1024,
    // Pieces share one core that is there already: lists of what to load before them are only more to load.
    modulePreload: false,
    rollupOptions: {
      output: {
        advancedChunks: {
          groups: [
            { name: "core", test: CORE },
            { name: "work_bench", test: /\/src\/ui\/frame\/(work_bench|arrange|layout|pane)/ },
            // The panes that look into the machine stay apart: they come when the first of them is opened.
            {
              name: "x86_page",
              test: /\/src\/(strings\/wrote|ui\/((screen|panels)\/|x86\/(x86_page|panes|inside_panes|stop_text)))/,
            },
          ],
        },
        chunkFileNames: (chunk) => `assets/${part(chunk)}[name]-[hash].js`,
      },
      // One file for each address of the page; what is popped out lives in windows of the last one.
      input: ["index.html", "x86/index.html", "evm/index.html", "popout.html"],
    },
  },
  worker: {
    format: "es",
    plugins: () => [smallerScripts()],
    rollupOptions: {
      output: {
        entryFileNames: (chunk) => `assets/${part(chunk)}worker-[name]-[hash].js`,
        chunkFileNames: (chunk) => `assets/${part(chunk)}[name]-[hash].js`,
      },
    },
  },
  preview: { headers: { "Content-Security-Policy": POLICY } },
  server: { fs: { allow: [".."] } },
});
