import type { CodeView, SourcePlace } from "../../protocol/evm/whole";

type Uses = CodeView["uses"];

/** The sums of what the places of each line did. An instruction that begins a line says how often the line ran. */
export function byLine(uses: Uses, map: readonly SourcePlace[]): Uses {
  const sums = new Map<number, [number, number]>();
  let place = 0;
  for (const [pc, count, gas] of uses) {
    while (place + 1 < map.length && (map[place + 1]?.pc ?? 0) <= pc) place++;
    const line = map[place]?.line ?? 0;
    const [most, sum] = sums.get(line) ?? [0, 0];
    sums.set(line, [Math.max(most, count), sum + gas]);
  }
  return [...sums].map(([line, [count, gas]]) => [line, count, gas] as const).sort(([one], [other]) => one - other);
}
