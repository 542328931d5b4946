// `npm run build`: leaves the static site in www/dist. `--wasm` stops after the engine; `--quick` does not optimize it.
import { buildPage, buildWasm, setUpGuests, setUpTools } from "./setup.mjs";
import { main } from "./steps.mjs";

await main(async () => {
  await setUpTools();
  await buildWasm(process.argv.includes("--quick"));
  if (process.argv.includes("--wasm")) return;
  await setUpGuests();
  await buildPage();
});
