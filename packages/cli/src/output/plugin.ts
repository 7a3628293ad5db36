import type { Condition, Level, SeriesState } from "@hangproof/ledger";
import { visible } from "../layout/escape.js";
import { localTime } from "../layout/format.js";
import { stateName } from "../sections/differences.js";

/** A series with what holds of it. */
export interface Judgement {
  readonly state: SeriesState;
  readonly conditions: readonly Condition[];
  readonly level: Level;
}

const CONDITIONS: Readonly<Record<Condition, string>> = {
  "ongoing-hang": "the log ends in a hang",
  "recent-hang": "a hang lately",
  "hang-since-change": "a hang since the change",
  worse: "more hangs since the change",
  "no-effect": "no effect of the change shown",
  "not-shown": "no improvement shown",
  stale: "no log of late: not observed",
};

export interface PluginOptions {
  readonly now: number;
  readonly timeZone: string;
  /** Told for a condition only where it raised the level. */
  readonly raised: (condition: Condition) => boolean;
}

/**
 * The first line of a check as monitoring plugins print it: `HANGPROOF STATE - text | performance data`.
 * @see https://www.monitoring-plugins.org/doc/guidelines.html
 */
export function pluginLine(level: Level, judgements: readonly Judgement[], options: PluginOptions): string {
  const worst = judgements.find((one) => one.level === level);
  const text =
    worst === undefined ? "no e1000e adapter in the evidence" : sayingOf(worst, judgements.length > 1, options);
  const data = judgements.flatMap((one) => performance(one, judgements.length > 1, options.now));
  return `HANGPROOF ${level.toUpperCase()} - ${oneLine(text)}${data.length > 0 ? ` | ${data.join(" ")}` : ""}\n`;
}

function sayingOf({ state, conditions }: Judgement, isNamed: boolean, { timeZone, raised }: PluginOptions): string {
  const lastMs = state.onsets.at(-1);
  const why = conditions.filter(raised).map((condition) => CONDITIONS[condition]);
  const last = lastMs === undefined ? "" : ` Last hang: ${localTime(lastMs, timeZone)}.`;
  const head = isNamed ? `${stateName(state)}: ` : "";
  return `${head}${why.length > 0 ? `${why.join(", ")}. ` : ""}${state.headline}${last}`;
}

/** The bar begins performance data, so text has none. */
function oneLine(text: string): string {
  return visible(text).replaceAll("|", "/");
}

/** `'label'=value[unit];;;minimum`. Labels hold no quote and no equals sign. */
function performance({ state, conditions }: Judgement, isNamed: boolean, now: number): string[] {
  const prefix = isNamed ? `${visible(stateName(state)).replaceAll(/['=|]/g, "_")} ` : "";
  const value = (label: string, number: number, unit: string): string => `'${prefix}${label}'=${number}${unit};;;0`;
  const lastMs = state.onsets.at(-1);
  return [
    value("hangs", state.hangs, ""),
    ...(state.hangsSince === null ? [] : [value("hangs_since_change", state.hangsSince, "")]),
    value("runs", state.runs, ""),
    value("runs_hit", state.runsHit, ""),
    value("covered", Math.round(state.coveredHours * 3600), "s"),
    ...(state.coveredUntilMs === null ? [] : [value("evidence_age", seconds(now - state.coveredUntilMs), "s")]),
    ...(lastMs === undefined ? [] : [value("last_hang_age", seconds(now - lastMs), "s")]),
    value("improvement_shown", conditions.includes("not-shown") ? 0 : 1, ""),
  ];
}

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));
