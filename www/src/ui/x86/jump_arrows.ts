/** A jump between two lines that can be seen; -1 and the count of lines stand for places above and below. */
export interface Jump {
  readonly from: number;
  readonly to: number;
}

/** A jump and the lane beside the code in which it is drawn: 0 is the nearest to the code. */
export interface Arrow extends Jump {
  readonly lane: number;
}

/** The jumps of lines of code, by the lines' numbers. */
export function jumpsOf(
  lines: readonly { readonly address: number; readonly target: number | null }[],
): readonly Jump[] {
  const rows = new Map(lines.map(({ address }, row) => [address, row]));
  const first = lines[0]?.address ?? 0;
  return lines.flatMap(({ target }, from) => {
    if (target === null) return [];
    return [{ from, to: rows.get(target) ?? (target < first ? -1 : lines.length) }];
  });
}

const overlap = (one: Jump, other: Jump): boolean =>
  Math.min(one.from, one.to) <= Math.max(other.from, other.to) &&
  Math.min(other.from, other.to) <= Math.max(one.from, one.to);

/** Lays jumps into lanes so that none crosses another in the same one, short ones nearest; what has no room is left out. */
export function layArrows(jumps: readonly Jump[], lanes: number): readonly Arrow[] {
  const length = ({ from, to }: Jump): number => Math.abs(from - to);
  const laid: Arrow[] = [];
  for (const jump of [...jumps].sort((one, other) => length(one) - length(other))) {
    for (let lane = 0; lane < lanes; lane++) {
      if (laid.some((arrow) => arrow.lane === lane && overlap(arrow, jump))) continue;
      laid.push({ ...jump, lane });
      break;
    }
  }
  return laid;
}
