// `npm start`: sets up, builds, serves the page and prints its address. `--dev` serves the sources instead.
import { join } from "node:path";
import { WWW } from "./paths.mjs";
import { buildPage, buildWasm, setUpGuests, setUpTools } from "./setup.mjs";
import { main, run } from "./steps.mjs";

// Ctrl-C is how the server is meant to end.
process.on("SIGINT", () => process.exit(0));

await main(async () => {
  const dev = process.argv.includes("--dev");
  await setUpTools();
  await buildWasm();
  await setUpGuests();
  if (!dev) await buildPage();
  const vite = join(WWW, "node_modules/vite/bin/vite.js");
  console.log("\nOpen this address in a browser (Ctrl-C ends):");
  await run("node", dev ? [vite] : [vite, "preview"], { cwd: WWW });
});
