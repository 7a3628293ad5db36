import type { FoundChange } from "../epochs/changes.js";
import { countsOf, type Ground, sideOf, type Unit } from "../epochs/ground.js";
import type { SettingContrast } from "../report.js";
import { insufficient, ok } from "../result.js";
import { stratifiedRateRatio } from "../stats/stratified-rate-ratio.js";
import { finiteRatio, plain } from "./comparison.js";

interface Segment {
  readonly states: ReadonlyMap<string, string>;
  readonly events: number;
  readonly exposure: number;
}

/** Of a log full of changes only the last ones are modelled. */
const MOST_SEGMENTS = 200;

/**
 * Several settings in one model: each setting's last state against the state before it, within the same states of all
 * other settings, whenever in time they were. So a setting that was switched back and forth is judged from all of its
 * turns, and two settings that never stood alone are said to be inseparable. The kernel release is a setting here.
 * Assumes that rates depend on the states alone. Cost: a pass over the spans for each change.
 */
export function contrasts(
  ground: Ground,
  changes: readonly FoundChange[],
  { unit, level }: { readonly unit: Unit; readonly level: number },
): SettingContrast[] {
  const switches = changes.flatMap((change) => switchOf(change)).slice(-MOST_SEGMENTS);
  const segments = segmentsOf(ground, switches, unit);
  const names = [...new Set(switches.map(({ name }) => name))];
  return names.flatMap((name): SettingContrast[] => {
    const mine = switches.filter((one) => one.name === name);
    const states = [firstState(mine[0]!), ...mine.map(({ after }) => after)];
    const to = states.at(-1)!;
    const from = states.findLast((state) => state !== to);
    if (from === undefined) return [];
    const strata = new Map<string, { from: Segment[]; to: Segment[] }>();
    for (const segment of segments) {
      const state = segment.states.get(name);
      if (state !== from && state !== to) continue;
      const others = JSON.stringify([...segment.states].filter(([other]) => other !== name).sort());
      const stratum = strata.get(others) ?? { from: [], to: [] };
      stratum[state === to ? "to" : "from"].push(segment);
      strata.set(others, stratum);
    }
    const shared = [...strata.values()]
      .map((stratum) => ({ from: total(stratum.from), to: total(stratum.to) }))
      .filter(({ from: old, to: recent }) => old.exposure > 0 && recent.exposure > 0);
    const head = { setting: name, from, to, switches: mine.length, unit, method: METHOD };
    if (shared.length === 0) {
      const beside = names.filter((other) => other !== name);
      const because =
        beside.length === 0
          ? "there is no time at risk in both states"
          : `cannot be told apart from ${beside.join(", ")}: the two states were never seen with everything else alike`;
      return [{ ...head, result: insufficient(because, "time in which it alone is switched") }];
    }
    const common = stratifiedRateRatio(
      shared.map(({ from: old, to: recent }) => ({
        events: recent.events,
        exposure: recent.exposure,
        referenceEvents: old.events,
        referenceExposure: old.exposure,
      })),
      level,
    );
    if (common.status !== "ok") return [{ ...head, result: common }];
    const { ratio, interval, pLess, pCentral, strata: used } = common.value;
    const [old, recent] = [total(shared.map((one) => one.from)), total(shared.map((one) => one.to))];
    return [
      {
        ...head,
        result: ok({
          ratio: finiteRatio(ratio),
          interval: plain(interval),
          pLess,
          pCentral,
          strata: used,
          hangsFrom: old.events,
          hoursFrom: old.exposure,
          hangsTo: recent.events,
          hoursTo: recent.exposure,
        }),
      },
    ];
  });
}

const METHOD = "exact, one common ratio over the states of all other settings";

interface Switch {
  readonly timeMs: number;
  readonly name: string;
  readonly before: string | null;
  readonly after: string;
}

/** What a change switches; nothing where what is in force stays the same. */
function switchOf(change: FoundChange): Switch[] {
  const name = change.kind === "kernel" ? "kernel" : change.setting;
  const after = change.effectiveAfter ?? change.requested;
  if (name === null || after === null || change.noOp) return [];
  return [{ timeMs: change.timeMs, name, before: change.effectiveBefore, after }];
}

const firstState = ({ before }: Switch): string => before ?? "as before";

function segmentsOf(ground: Ground, switches: readonly Switch[], unit: Unit): Segment[] {
  const states = new Map<string, string>();
  // The state before a setting's first switch is what that switch says it was.
  for (const one of switches) if (!states.has(one.name)) states.set(one.name, firstState(one));
  const segments: Segment[] = [];
  const edges = [Number.NEGATIVE_INFINITY, ...switches.map(({ timeMs }) => timeMs), Number.POSITIVE_INFINITY];
  for (let i = 1; i < edges.length; i++) {
    const made = switches[i - 2];
    if (made !== undefined) states.set(made.name, made.after);
    const side = countsOf(sideOf(ground, edges[i - 1]!, edges[i]!), unit);
    // An adapter that hung through all of a stretch leaves hangs without time to expect them in.
    if (side.exposure > 0) segments.push({ states: new Map(states), ...side });
  }
  return segments;
}

function total(parts: readonly { readonly events: number; readonly exposure: number }[]): {
  events: number;
  exposure: number;
} {
  return {
    events: parts.reduce((sum, part) => sum + part.events, 0),
    exposure: parts.reduce((sum, part) => sum + part.exposure, 0),
  };
}
