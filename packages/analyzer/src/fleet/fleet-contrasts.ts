import { finiteRatio, plain } from "../questions/comparison.js";
import { insufficient, ok } from "../result.js";
import { holm } from "../stats/holm.js";
import type { Interval } from "../stats/interval.js";
import { stratifiedRateRatio } from "../stats/stratified-rate-ratio.js";
import { contrastSentence } from "./contrast-wording.js";
import type { FleetContrast, FleetContrastStratum, FleetContrasts } from "./fleet-report.js";
import type { FleetUnit } from "./fleet-unit.js";

/** One adapter while it ran one kernel. */
interface Cell {
  readonly host: string;
  readonly adapter: string;
  readonly nic: string;
  readonly kernel: string;
  readonly events: number;
  readonly hours: number;
}

type Trait = "nic" | "kernel" | "adapter";

/** What is compared, and what both sides have in common. */
const PLAN: readonly { readonly by: "nic" | "kernel"; readonly within: Trait; readonly refusal: string }[] = [
  {
    by: "nic",
    within: "kernel",
    refusal:
      "no kernel was seen on two kinds of hardware: what the hardware does and what the kernel does cannot be told apart",
  },
  {
    by: "kernel",
    within: "nic",
    refusal:
      "no kind of hardware was seen under two kernels: what the kernel does and what the hardware does cannot be told apart",
  },
  {
    by: "kernel",
    within: "adapter",
    refusal: "no adapter was seen under two kernels: what the kernel does and what the host does cannot be told apart",
  },
];

/** On fewer hosts a side is those hosts rather than a kind. */
const LEAST_HOSTS = 2;

/**
 * Kinds of hardware under one kernel, kernels on one kind of hardware, and kernels on one adapter: each level against all
 * others with which it shares a stratum. Time whose kernel or hardware no evidence tells is in none of them.
 */
export function fleetContrasts(units: readonly FleetUnit[], level: number): FleetContrasts[] {
  const cells = cellsOf(units);
  const drafts = PLAN.map((plan) => ({ plan, contrasts: contrastsOf(cells, plan, level) }));
  const pValues = drafts.flatMap(({ contrasts }) => contrasts.flatMap(({ pLess, pGreater }) => [pLess, pGreater]));
  const adjusted = holm(pValues);
  let next = 0;
  return drafts.map(({ plan: { by, within, refusal }, contrasts }) => ({
    by,
    within,
    contrasts:
      contrasts.length === 0
        ? insufficient(refusal)
        : ok(
            contrasts.map((draft): FleetContrast => {
              const judged = { ...draft, pLessAdjusted: adjusted[next++]!, pGreaterAdjusted: adjusted[next++]! };
              const contrast = { ...judged, rung: rungOf(judged, within, 1 - level) };
              return { ...contrast, sentence: contrastSentence({ by, within }, contrast) };
            }),
          ),
  }));
}

function cellsOf(units: readonly FleetUnit[]): Cell[] {
  return units.flatMap(({ host, adapter, nic, kernels }) =>
    [...kernels].flatMap(([kernel, { events, hours }]) =>
      nic === null || kernel === null || hours <= 0
        ? []
        : [{ host, adapter: adapter === null ? host : `${host} ${adapter}`, nic, kernel, events, hours }],
    ),
  );
}

type Draft = Omit<FleetContrast, "pLessAdjusted" | "pGreaterAdjusted" | "rung" | "sentence">;

function contrastsOf(cells: readonly Cell[], { by, within }: (typeof PLAN)[number], level: number): Draft[] {
  const strata = groupBy(cells, (cell) => cell[within]);
  const levels = [...new Set(cells.map((cell) => cell[by]))].sort();
  const contrasts = levels.flatMap((one): Draft[] => {
    const sides = [...strata]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, all]) => ({
        name,
        own: all.filter((cell) => cell[by] === one),
        others: all.filter((cell) => cell[by] !== one),
      }))
      .filter(({ own, others }) => own.length > 0 && others.length > 0);
    const named = sides.map(
      ({ name, own, others }): FleetContrastStratum => ({ name, own: sideOf(own), others: sideOf(others) }),
    );
    const result = stratifiedRateRatio(
      named.map(({ own, others }) => ({
        events: own.episodes,
        exposure: own.hours,
        referenceEvents: others.episodes,
        referenceExposure: others.hours,
      })),
      level,
    );
    if (result.status !== "ok") return [];
    const { ratio, interval, pLess, pGreater, waldInterval, method } = result.value;
    const phi = spreadOf(sides.flatMap(({ own, others }) => [own, others]));
    return [
      {
        level: one,
        hosts: hostsIn(sides.flatMap(({ own }) => own)),
        otherHosts: hostsIn(sides.flatMap(({ others }) => others)),
        ratio: finiteRatio(ratio),
        interval: plain(interval),
        pLess,
        pGreater,
        spread: phi,
        spreadInterval: waldInterval === null || ratio === null ? null : widened(ratio, waldInterval, phi),
        strata: named,
        method:
          method === "exact"
            ? `exact, stratified by ${within}, given each one's total`
            : `stratified by ${within}, normal approximation: more than 5,000 episodes`,
      },
    ];
  });
  // Of two levels each is against the other: one of them says it all.
  return levels.length === 2 ? contrasts.slice(0, 1) : contrasts;
}

function sideOf(cells: readonly Cell[]): FleetContrastStratum["own"] {
  return {
    hosts: hostsIn(cells),
    episodes: cells.reduce((sum, { events }) => sum + events, 0),
    hours: cells.reduce((sum, { hours }) => sum + hours, 0),
  };
}

function hostsIn(cells: readonly Cell[]): number {
  return new Set(cells.map(({ host }) => host)).size;
}

/**
 * How much adapters of one side of one stratum differ among themselves, as Pearson's statistic over its degrees of freedom:
 * 1 is chance. Less than chance is not rewarded.
 */
function spreadOf(groups: readonly (readonly Cell[])[]): number {
  let statistic = 0;
  let df = 0;
  for (const cells of groups) {
    const { episodes, hours } = sideOf(cells);
    if (episodes === 0 || cells.length < 2) continue;
    df += cells.length - 1;
    for (const cell of cells) {
      const expected = (episodes * cell.hours) / hours;
      statistic += (cell.events - expected) ** 2 / expected;
    }
  }
  return df === 0 ? 1 : Math.max(1, statistic / df);
}

function widened(ratio: number, { level, upper }: Interval, phi: number): FleetContrast["spreadInterval"] {
  const reach = Math.log(upper / ratio) * Math.sqrt(phi);
  return plain({ level, lower: ratio * Math.exp(-reach), upper: ratio * Math.exp(reach) });
}

/** A difference that a few odd hosts would make as well is no claim about their kind. */
function rungOf(draft: Omit<FleetContrast, "rung" | "sentence">, within: Trait, alpha: number): FleetContrast["rung"] {
  const { ratio, pLess, pGreater, pLessAdjusted, pGreaterAdjusted, spread, spreadInterval, hosts, otherHosts } = draft;
  if (ratio === null) return "insufficient-evidence";
  if (within !== "adapter" && Math.min(hosts, otherHosts) < LEAST_HOSTS) return "insufficient-evidence";
  const isLess = pLessAdjusted <= alpha;
  if (!isLess && pGreaterAdjusted > alpha) return "not-shown";
  // Without a hang on one side the chance is a power of the other side's number; so many fewer count.
  const holds =
    spreadInterval === null
      ? (isLess ? pLess : pGreater) ** (1 / spread) <= alpha
      : spreadInterval.lower > 1 || (spreadInterval.upper !== null && spreadInterval.upper < 1);
  if (!holds) return "not-shown";
  return isLess ? "fewer-shown" : "more-shown";
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
