import { html, nothing } from "lit";
import { foreignOf } from "../../client/links/machine";
import type { EvmMoment, ImagePart, LinkImage, PcMoment } from "../../protocol/links";
import { LINKS } from "../../strings/links";

/** What a moment of the EVM would open, for a list of terms. */
export function aboutEvm({ project, transaction, position, stops }: EvmMoment) {
  const { request, sources, title } = project;
  const solidity = sources.some(({ language }) => language === "solidity");
  const names = sources.map(({ name, language }) => LINKS.source(name, LINKS.languages[language ?? "assembler"]));
  return html`
    <dt>${LINKS.opens}</dt><dd><bdi>${LINKS.evmOpens(title, request.transactions?.length ?? 1, request.fork ?? "")}</bdi></dd>
    <dt>${LINKS.sources}</dt><dd><bdi>${names.join(", ") || LINKS.noSources}</bdi></dd>
    <dt>${LINKS.loads}</dt><dd>${solidity ? LINKS.loadsCompiler : LINKS.loadsNothing}</dd>
    <dt>${LINKS.goes}</dt><dd>${LINKS.evmGoes(transaction + 1, position)}</dd>
    ${stops.length > 0 ? html`<dt>${LINKS.sets}</dt><dd>${LINKS.stops(stops.length)}</dd>` : nothing}`;
}

/** What a moment of a PC would open, for a list of terms. */
export function aboutPc({ machine, arrival, stops }: PcMoment) {
  const { way, instruction } = arrival;
  const images = (Object.entries(machine.images) as [ImagePart, LinkImage][]).map(([part, image]) => {
    if ("site" in image) return LINKS.image.site(part, image.site);
    if ("program" in image) return LINKS.image.program(part);
    if ("bytes" in image) return LINKS.image.bytes(part, image.bytes.length);
    return "own" in image ? LINKS.image.own(part, image.own) : LINKS.image.url(part, image.url);
  });
  const foreign = [...foreignOf(machine), ...("file" in way ? [way.file] : [])];
  return html`
    <dt>${LINKS.opens}</dt><dd><bdi>${LINKS.pcOpens(machine.title, machine.memoryMb)}</bdi></dd>
    ${images.length > 0 ? html`<dt>${LINKS.images}</dt><dd>${images.map((image) => html`<div><bdi>${image}</bdi></div>`)}</dd>` : nothing}
    <dt>${LINKS.loads}</dt><dd>${
      foreign.length > 0
        ? html`<strong>${LINKS.loadsForeign}</strong>${foreign.map((address) => html`<div class="address"><bdi>${address}</bdi></div>`)}`
        : LINKS.loadsOwn
    }${"file" in way ? html`<div>${LINKS.fileSize(way.size, way.sha256)}</div>` : nothing}</dd>
    <dt>${LINKS.goes}</dt><dd>${"recording" in way ? LINKS.replays(instruction) : LINKS.restores(instruction)}</dd>
    ${stops.length > 0 ? html`<dt>${LINKS.sets}</dt><dd>${LINKS.pcStops(stops.length)}</dd>` : nothing}`;
}
