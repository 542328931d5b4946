import { keepFirmware } from "../../client/gallery";
import { loadPcExample, PC_EXAMPLES } from "../../examples/pc/catalog";
import { X86_PANES } from "../x86/panes";

let prepared = false;

/**
 * Loads what assembling, booting and stepping needs, before it is needed: who writes a program may lose the network
 * meanwhile. The assembler, the engine and the editor are there already when this is called.
 */
export async function prepareOffline(): Promise<void> {
  if (prepared) return;
  prepared = true;
  try {
    await keepFirmware();
    await Promise.all(X86_PANES.map((pane) => pane.load?.()));
    for (const { name } of PC_EXAMPLES) await loadPcExample(name);
  } catch {
    // The network has gone before all was there: what is missing is tried for again when the editor is opened again.
    prepared = false;
  }
}
