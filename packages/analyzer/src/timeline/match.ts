/**
 * Which records of different evidences tell the same fact.
 *
 * Two equal messages in one evidence are two facts. Across evidences a record joins the oldest open fact whose time is
 * within the tolerance and that its own evidence has not told yet: first told, first matched, so that a burst of equal
 * lines in two exports pairs up in order.
 */
export function matchAcross<Item>(
  items: readonly Item[],
  read: {
    readonly timeMs: (item: Item) => number;
    readonly uncertaintyMs: (item: Item) => number;
    readonly evidence: (item: Item) => number;
    readonly line: (item: Item) => number;
  },
): Item[][] {
  const sorted = [...items].sort(
    (a, b) => read.timeMs(a) - read.timeMs(b) || read.evidence(a) - read.evidence(b) || read.line(a) - read.line(b),
  );
  const facts: { readonly members: Item[]; readonly told: Set<number> }[] = [];
  let widest = 0;
  for (const item of sorted) widest = Math.max(widest, bounded(read.uncertaintyMs(item)));
  let open = 0;
  // Of each evidence: the first fact that it may still join. First told, first matched makes it move forward only.
  const next = new Map<number, number>();
  for (const item of sorted) {
    const timeMs = read.timeMs(item);
    const evidence = read.evidence(item);
    const own = bounded(read.uncertaintyMs(item));
    while (open < facts.length && timeMs - read.timeMs(facts[open]!.members[0]!) > 2 * widest + SLACK_MS) open++;
    let at = Math.max(open, next.get(evidence) ?? 0);
    while (at < facts.length) {
      const first = facts[at]!.members[0]!;
      const tolerance = own + bounded(read.uncertaintyMs(first)) + SLACK_MS;
      if (!facts[at]!.told.has(evidence) && timeMs - read.timeMs(first) <= tolerance) break;
      at++;
    }
    const fact = facts[at];
    if (fact === undefined) facts.push({ members: [item], told: new Set([evidence]) });
    else {
      fact.members.push(item);
      fact.told.add(evidence);
    }
    next.set(evidence, at + 1);
  }
  return facts.map((fact) => fact.members);
}

/** Syslog files cut the fraction of a second and writers queue: equal messages this much further apart are still one. */
const SLACK_MS = 2_000;
/** A clock that is less sure than this cannot say whether two equal lines are one fact. */
const MOST_MS = 3_600_000;

function bounded(uncertaintyMs: number): number {
  return Math.min(uncertaintyMs, MOST_MS);
}
