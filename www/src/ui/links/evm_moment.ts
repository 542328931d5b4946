import { evmSaved } from "../../client/evm/saved_start";
import { evmStore } from "../../client/evm/start";
import type { Scene } from "../../protocol/evm/scene";
import type { EvmMoment, EvmPlace, EvmWitness, LinkWords, Panes } from "../../protocol/links";
import { LINKS } from "../../strings/links";
import { evmDesk } from "../evm/desk_start";

/** What tells that a moment seen again is the same. */
function witnessOf({ frames }: Scene): EvmWitness {
  const frame = frames.at(-1);
  return { depth: frames.length, pc: frame?.pc ?? 0, gas: frame?.gas ?? 0 };
}

/** The moment that the EVM is in; null while nothing is walked through. */
export function evmMoment(words: LinkWords): EvmMoment | null {
  const place = evmPlace(words.panes);
  return place && { ...words, ...place };
}

/** Where the EVM stands; null while nothing is walked through. */
export function evmPlace(panes: Panes | undefined): EvmPlace | null {
  const { index, scene } = evmStore.view;
  const project = evmStore.executed;
  if (!project || !scene) return null;
  const { stops, byLine } = evmDesk.view;
  return {
    ...(panes && { panes }),
    project,
    transaction: index,
    position: scene.position,
    seen: witnessOf(scene),
    stops,
    byLine,
  };
}

/** Goes to a moment of another page: paused at its step. What is different here is told. */
export async function openEvmMoment(moment: EvmPlace): Promise<void> {
  const { project, transaction, position, seen, stops, byLine } = moment;
  evmSaved.leave();
  await evmStore.open(project);
  const opened = () => evmStore.view.project === project && evmStore.view.scene !== null;
  // Why it could not be opened is told by the page.
  if (!opened()) return;
  evmDesk.setStops(stops);
  evmDesk.stepByLine(byLine);
  if (transaction !== evmStore.view.index) await evmStore.select(transaction);
  if (position > 0 && opened()) await evmStore.travel({ to: position });
  const { scene, index, problem } = evmStore.view;
  if (!opened() || !scene || problem) return;
  const there = index === transaction && scene.position === position;
  if (!there) return evmStore.report(LINKS.otherPlace(position, scene.position));
  if (JSON.stringify(witnessOf(scene)) !== JSON.stringify(seen)) evmStore.report(LINKS.otherRun);
}
