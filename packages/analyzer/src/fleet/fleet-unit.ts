import { type Ground, layGround, type Side, sideOf } from "../epochs/ground.js";
import type { AdapterReport, Change } from "../report.js";

/** One adapter of one host, as much of its report as the fleet's questions need. */
export interface FleetUnit {
  readonly host: string;
  readonly adapter: string | null;
  readonly nic: string | null;
  /** False: its times are of one boot and nothing else is comparable with them. */
  readonly hasDates: boolean;
  readonly whole: Side;
  /** By kernel release; null for time of which no evidence tells it. */
  readonly kernels: ReadonlyMap<string | null, Counted>;
  /** By setting, then by its value. */
  readonly settings: ReadonlyMap<string, ReadonlyMap<string, Counted>>;
  readonly changes: readonly UnitChange[];
  readonly ground: Ground;
}

/** Events, and the hours at risk in which they were counted. */
export interface Counted {
  readonly events: number;
  readonly hours: number;
}

/** A change that divides the rates of an adapter, with what lies between it and the changes beside it. */
export interface UnitChange {
  readonly kind: Change["kind"];
  readonly title: string;
  readonly timeMs: number;
  readonly noOp: boolean;
  readonly startMs: number;
  readonly endMs: number;
  readonly before: Side;
  readonly after: Side;
}

/** Takes from a report what the fleet's questions need; the rest may be forgotten. */
export function fleetUnit(
  report: AdapterReport,
  { host, nic }: { readonly host: string; readonly nic: string | null },
): FleetUnit {
  const ground = layGround({ ...report, covered: report.coverage.covered });
  return {
    host,
    adapter: report.adapter.pci ?? report.adapter.interfaces.at(-1) ?? null,
    nic,
    hasDates: !report.relativeTime,
    whole: sideOf(ground, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
    kernels: kernelsOf(report, ground),
    settings: settingsOf(report, ground),
    changes: changesOf(report, ground),
    ground,
  };
}

function kernelsOf({ boots }: AdapterReport, ground: Ground): Map<string | null, Counted> {
  const kernels = new Map<string | null, Counted>();
  for (const { kernelRelease, startMs, endMs } of boots) count(kernels, kernelRelease, sideOf(ground, startMs, endMs));
  return kernels;
}

/** What the driver said it does, where it says so; else what was asked for, from when it was. */
function settingsOf({ settings }: AdapterReport, ground: Ground): Map<string, Map<string, Counted>> {
  return new Map(
    settings.flatMap(({ name, effective, requested }) => {
      const said = effective.map(({ mode, timeMs }) => ({ value: mode, timeMs }));
      const asked = requested.flatMap(({ value, timeMs }) => (timeMs === null ? [] : [{ value, timeMs }]));
      const states = (said.length > 0 ? said : asked).sort((a, b) => a.timeMs - b.timeMs);
      const values = new Map<string, Counted>();
      for (const [i, { value, timeMs }] of states.entries())
        count(values, value, sideOf(ground, timeMs, states[i + 1]?.timeMs ?? Number.POSITIVE_INFINITY));
      return values.size === 0 ? [] : [[name, values] as const];
    }),
  );
}

function changesOf({ changes, epochs }: AdapterReport, ground: Ground): UnitChange[] {
  return epochs.flatMap((epoch, i): UnitChange[] => {
    const change = changes.find(({ id }) => id === epoch.change);
    if (change === undefined) return [];
    const { kind, title, timeMs, noOp } = change;
    const startMs = i <= 1 ? Number.NEGATIVE_INFINITY : (epochs[i - 1]?.startMs ?? Number.NEGATIVE_INFINITY);
    const endMs = epochs[i + 1]?.startMs ?? Number.POSITIVE_INFINITY;
    const before = sideOf(ground, startMs, timeMs);
    return [{ kind, title, timeMs, noOp, startMs, endMs, before, after: sideOf(ground, timeMs, endMs) }];
  });
}

function count<Key>(counts: Map<Key, Counted>, key: Key, { events, hours }: Side): void {
  const before = counts.get(key) ?? { events: 0, hours: 0 };
  counts.set(key, { events: before.events + events, hours: before.hours + hours });
}
