// Makes the npm package of `<glassbox-machine>` in www/dist/embed, beside the page that it frames: one script without
// dependencies, and its types.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT, WWW } from "./paths.mjs";
import { run } from "./steps.mjs";

const PACKAGE = join(WWW, "dist/embed");
const TYPES = join(PACKAGE, "types");
/** Types that are written by hand beside the bindings: what is made of the sources refers to them. */
const SHAPES = "web/src/x86/inspect.d.ts";

export async function buildEmbedPackage() {
  // Set-up installs it: it is not there when this script is loaded.
  const { build } = await import("vite");
  rmSync(PACKAGE, { recursive: true, force: true });
  await build({
    configFile: false,
    root: WWW,
    logLevel: "warn",
    publicDir: false,
    build: {
      target: "es2022",
      outDir: PACKAGE,
      lib: { entry: join(WWW, "src/embed/glassbox_machine.ts"), formats: ["es"], fileName: "glassbox_machine" },
    },
  });
  const tsc = join(WWW, "node_modules/typescript/bin/tsc");
  const only = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly"];
  const where = ["--rootDir", ROOT, "--outDir", TYPES];
  await run("node", [tsc, "-p", join(WWW, "src/embed/tsconfig.json"), ...only, ...where], { cwd: WWW });
  mkdirSync(dirname(join(TYPES, SHAPES)), { recursive: true });
  cpSync(join(ROOT, SHAPES), join(TYPES, SHAPES));
  // Node's own resolution of types wants the names of files.
  for (const file of readdirSync(TYPES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"))) {
    const text = readFileSync(join(TYPES, file), "utf8");
    writeFileSync(join(TYPES, file), text.replaceAll(/(from "\.[^"]*|import\("\.[^"]*)"/g, '$1.js"'));
  }
  cpSync(join(ROOT, "LICENSE"), join(PACKAGE, "LICENSE"));
  const { version, license } = JSON.parse(readFileSync(join(WWW, "package.json"), "utf8"));
  const manifest = {
    name: "glassbox-machine",
    version,
    license,
    description: "A PC made of glass for teaching pages: the element <glassbox-machine>",
    type: "module",
    exports: {
      ".": { types: "./types/www/src/embed/glassbox_machine.d.ts", default: "./glassbox_machine.js" },
    },
    types: "./types/www/src/embed/glassbox_machine.d.ts",
    sideEffects: true,
    files: ["glassbox_machine.js", "types", "LICENSE"],
  };
  writeFileSync(join(PACKAGE, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
