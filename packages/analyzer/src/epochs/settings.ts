import type { KernelEvent } from "@hangproof/parser";
import type { Boot, Place } from "../report.js";
import { type Fact, placeOf } from "../timeline/fact.js";
import { type StatedSetting, statedSettings } from "./stated-settings.js";

/** A value that somebody asked for. */
export interface Request {
  readonly value: string;
  /** Where it was asked for: `modprobe.d`, `cmdline`, `ethtool`. */
  readonly from: string;
  /** Null when the source has no time of its own. */
  readonly timeMs: number | null;
  readonly place: Place;
}

/** What the driver said it does. */
export interface Effect {
  readonly mode: string;
  readonly timeMs: number;
  readonly place: Place;
}

/** A value that somebody asked for where nothing reads it. */
export interface Ignored extends Request {
  readonly reason: string;
}

/** A value that a tool showed when the evidence was collected. */
export interface Shown {
  readonly value: string;
  readonly place: Place;
}

/** One setting: asked for, and in force. Both oldest first; requests without a time stand last. */
export interface SettingHistory {
  readonly name: string;
  readonly requested: readonly Request[];
  readonly effective: readonly Effect[];
  readonly ignored: readonly Ignored[];
  readonly shown: readonly Shown[];
}

interface Draft {
  readonly requested: Request[];
  readonly effective: Effect[];
  readonly ignored: Ignored[];
  readonly shown: Shown[];
}

/**
 * Every setting that the evidence tells of, for one adapter: requests from files, command lines and commands, effects
 * from what the driver prints at load (param.c, e1000e_check_options).
 *
 * @param facts of the host, in the order of time
 * @param isMine whether an event is about this adapter
 * @param interfaces names that the adapter had; what names another interface is not about it
 */
export function readSettings(
  facts: readonly Fact[],
  untimed: readonly KernelEvent[],
  isMine: (fact: Fact) => boolean,
  interfaces: readonly string[],
): SettingHistory[] {
  const histories = new Map<string, Draft>();
  const of = (name: string): Draft => {
    let history = histories.get(name);
    if (history === undefined) {
      history = { requested: [], effective: [], ignored: [], shown: [] };
      histories.set(name, history);
    }
    return history;
  };
  const isOther = (name: string | null): boolean =>
    name !== null && interfaces.length > 0 && !interfaces.includes(name);
  const add = (stated: StatedSetting, timeMs: number | null, place: Place): void => {
    const { name, value, source: from } = stated;
    if (stated.how === "requested") of(name).requested.push({ value, from, timeMs, place });
    else if (stated.how === "ignored") of(name).ignored.push({ value, from, timeMs, place, reason: stated.reason });
    else if (stated.how === "shown") of(name).shown.push({ value, place });
    else if (timeMs !== null) of(name).effective.push({ mode: value, timeMs, place });
  };
  let onCommandLine: ReadonlySet<string> = new Set();
  for (const fact of facts) {
    const { event, timeMs } = fact;
    const place = placeOf(event);
    if (event.kind === "host.command_line") {
      const given = new Set(statedSettings(event).map(({ name }) => name));
      for (const name of onCommandLine)
        if (!given.has(name)) of(name).requested.push({ value: NOT_GIVEN, from: "cmdline", timeMs, place });
      onCommandLine = given;
    }
    for (const stated of statedSettings(event)) {
      const isHere = stated.how === "effective" ? isMine(fact) : !isOther(stated.interface);
      if (isHere && stated.how !== "shown") add(stated, timeMs, place);
    }
  }
  for (const event of untimed)
    if (event.kind === "setting.file" || event.kind === "setting.snapshot")
      for (const stated of statedSettings(event)) if (!isOther(stated.interface)) add(stated, null, placeOf(event));
  return [...histories].map(([name, history]) => ({ name, ...history })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Stands for the value of an option that a boot no longer gave. */
const NOT_GIVEN = "not given";

/** The driver's own default of InterruptThrottleRate is 3 in every version (param.c, DEFAULT_ITR). */
export const ITR = "InterruptThrottleRate";
export const ITR_DEFAULT_MODE = "dynamic-conservative";

/** The mode that a requested InterruptThrottleRate means; null for other values. */
export function itrMode(value: string): string | null {
  const numbers = value.split(",").map((part) => part.trim());
  return numbers.length > 0 && numbers.every((number) => number === "3" || number === "-1") ? ITR_DEFAULT_MODE : null;
}

/**
 * What the driver should say when it does what was asked; null where it says nothing that can be compared. Values of
 * several ports count where they are one.
 */
function expectedMode(name: string, value: string): string | null {
  const values = [...new Set(value.split(",").map((part) => part.trim()))];
  const number = Number(values[0]);
  if (name !== ITR || values.length !== 1 || !Number.isInteger(number)) return null;
  if (number === 0) return "off";
  if (number === 1) return "dynamic";
  if (number === 4) return "simplified";
  if (itrMode(value) !== null) return ITR_DEFAULT_MODE;
  // param.c clamps nothing: below 100 and above 100,000 it takes the default.
  return number >= 100 && number <= 100_000 ? `fixed ${number}` : null;
}

/** Kernels before 3.4 print nothing for the default; later ones print the same line for it and for a given 3. */
export function printsDefault(kernelRelease: string | null): boolean | null {
  const match = kernelRelease === null ? null : /^(\d+)\.(\d+)/.exec(kernelRelease);
  if (match === null) return null;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > 3 || (major === 3 && minor >= 4);
}

/**
 * What was in force just before a moment and from it on; null where the evidence does not tell. Where a kernel before
 * 3.4 loaded the driver and printed nothing, the default of InterruptThrottleRate was in force.
 *
 * @param loads times of driver loads, ascending
 */
export function effectiveAround(
  history: SettingHistory,
  timeMs: number,
  boots: readonly Boot[],
  loads: readonly number[],
): { readonly before: string | null; readonly after: string | null } {
  const before = history.effective.findLast((effect) => effect.timeMs < timeMs - NEAR_MS);
  const after = history.effective.find((effect) => effect.timeMs >= timeMs - NEAR_MS);
  const silent = (atMs: number): string | null => {
    const boot = boots.findLast((candidate) => candidate.startMs <= atMs);
    const loaded = loads.some((loadMs) => boot !== undefined && loadMs >= boot.startMs && loadMs <= atMs);
    return history.name === ITR && loaded && printsDefault(boot?.kernelRelease ?? null) === false
      ? ITR_DEFAULT_MODE
      : null;
  };
  return { before: before?.mode ?? silent(timeMs - NEAR_MS - 1), after: after?.mode ?? silent(timeMs + NEAR_MS) };
}

/** The driver prints its parameters within moments of its banner. */
export const NEAR_MS = 5_000;

/**
 * Whether what was asked for last was in force: a tool's word when the evidence was collected, else what the driver said
 * at loads from then on. Null where neither tells, or nothing was asked for.
 */
export function tookEffect(history: SettingHistory): boolean | null {
  const last = history.requested.at(-1);
  if (last === undefined) return null;
  const shown = history.shown.at(-1);
  if (shown !== undefined) return shown.value === last.value;
  const expected = expectedMode(history.name, last.value);
  if (expected === null) return null;
  const since = history.effective.filter(({ timeMs }) => last.timeMs === null || timeMs >= last.timeMs - NEAR_MS);
  return since.length === 0 ? null : since.some(({ mode }) => mode === expected);
}
