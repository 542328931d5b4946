import type { MomentView } from "../../protocol/moments";

/** Moments reached one from the other, each with the other lines that began at it. */
export type Line = readonly { readonly moment: MomentView; readonly branches: readonly Line[] }[];

/**
 * Moments saved by the reader as lines with branches: the latest line first. What was first saved behind a moment goes on
 * with its line, so that a long run is one list, and only who went back sees a branch.
 */
export function linesOf(moments: readonly MomentView[]): readonly Line[] {
  const saved = moments.filter(({ run }) => run === null).sort((one, other) => one.date - other.date);
  const ids = new Set(saved.map(({ id }) => id));
  const children = new Map<string | null, MomentView[]>();
  for (const moment of saved) {
    const parent = moment.parent !== null && ids.has(moment.parent) ? moment.parent : null;
    const others = children.get(parent);
    if (others) others.push(moment);
    else children.set(parent, [moment]);
  }
  const line = (first: MomentView): Line => {
    const entries: { moment: MomentView; branches: readonly Line[] }[] = [];
    for (let moment: MomentView | undefined = first; moment; ) {
      const [next, ...others]: MomentView[] = children.get(moment.id) ?? [];
      entries.push({ moment, branches: others.map(line) });
      moment = next;
    }
    return entries;
  };
  return (children.get(null) ?? []).reverse().map(line);
}

/** The moments in whose name, note or machine all words are, the latest first. */
export function matching(moments: readonly MomentView[], words: string): readonly MomentView[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = moments.filter(({ run, name, note, machine }) => {
    const text = `${name}\n${note}\n${machine}`.toLowerCase();
    return run === null && wanted.every((word) => text.includes(word));
  });
  return found.sort((one, other) => other.date - one.date);
}
