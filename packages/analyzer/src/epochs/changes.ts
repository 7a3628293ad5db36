import type { Boot, Change, Place } from "../report.js";
import type { ToldChange } from "../options.js";
import { type Fact, ofKind, placeOf } from "../timeline/fact.js";
import { effectiveAround, ITR, itrMode, NEAR_MS, type SettingHistory } from "./settings.js";

/** A change with what the comparison needs to know of it. */
export interface FoundChange extends Omit<Change, "id" | "together"> {
  /** Asked for in a source without a time of its own; its moment is that of a driver load. */
  readonly tied: boolean;
  readonly setting: string | null;
}

/** A driver load this soon after a boot's first line belongs to the boot. */
const BOOT_LOAD_MS = 600_000;
/** Changes this close together are one act. */
const ONE_ACT_MS = 300_000;

/** Loads of the driver while the host kept running: somebody reloaded it. */
export function reloads(facts: readonly Fact[], boots: readonly Boot[]): Fact[] {
  const loads = ofKind(facts, "e1000e.driver_load");
  return loads.filter((load) => {
    const boot = boots.findLast((candidate) => candidate.startMs <= load.timeMs);
    if (boot === undefined) return false;
    // The first load of a boot that the log shows from its first line is the boot's own.
    const begun = facts.some((fact) => fact.event.kind === "host.boot" && fact.timeMs === boot.startMs);
    const earlier = loads.some((other) => other.timeMs >= boot.startMs && other.timeMs < load.timeMs - NEAR_MS);
    return load.timeMs - boot.startMs > (begun ? BOOT_LOAD_MS : 0) || earlier;
  });
}

/**
 * Every moment at which something changed, oldest first: told changes, requested and effective settings, driver
 * reloads, boots and other kernels. What was done in one act (a setting and the reload that puts it in force) is one
 * change for each kind; the caller joins them.
 */
export function findChanges(
  facts: readonly Fact[],
  settings: readonly SettingHistory[],
  boots: readonly Boot[],
  told: readonly ToldChange[],
): FoundChange[] {
  const loads = ofKind(facts, "e1000e.driver_load").map((fact) => fact.timeMs);
  const reloaded = reloads(facts, boots);
  const changes: FoundChange[] = [];
  const add = (change: Partial<FoundChange> & Pick<FoundChange, "timeMs" | "kind" | "title">): void => {
    changes.push({
      requested: null,
      effectiveBefore: null,
      effectiveAfter: null,
      noOp: false,
      place: null,
      tied: false,
      setting: null,
      ...change,
    });
  };

  for (const history of settings) {
    for (const request of requestChanges(history, reloaded)) {
      const around = effectiveAround(history, request.timeMs, boots, loads);
      add({
        ...request,
        requested: request.value,
        effectiveBefore: around.before,
        effectiveAfter: around.after,
        noOp: around.before !== null && around.before === around.after,
        setting: history.name,
      });
    }
    for (let i = 1; i < history.effective.length; i++) {
      const [before, after] = [history.effective[i - 1]!, history.effective[i]!];
      if (before.mode === after.mode) continue;
      const isAskedFor = changes.some(
        (change) => change.setting === history.name && Math.abs(change.timeMs - after.timeMs) <= ONE_ACT_MS,
      );
      if (isAskedFor) continue;
      add({
        timeMs: after.timeMs,
        kind: "setting",
        title: `${history.name}: ${before.mode} to ${after.mode}`,
        effectiveBefore: before.mode,
        effectiveAfter: after.mode,
        place: after.place,
        setting: history.name,
      });
    }
  }
  for (const reload of reloaded)
    add({ timeMs: reload.timeMs, kind: "driver-reload", title: "driver reload", place: placeOf(reload.event) });
  const starts = ofKind(facts, "host.boot");
  for (const [i, start] of starts.entries()) {
    const before = starts[i - 1]?.event.kernelRelease ?? null;
    const { kernelRelease } = start.event;
    const isOther = before !== null && kernelRelease !== null && before !== kernelRelease;
    const place = placeOf(start.event);
    if (isOther) add({ timeMs: start.timeMs, kind: "kernel", title: `kernel ${before} to ${kernelRelease}`, place });
    else add({ timeMs: start.timeMs, kind: "boot", title: "reboot", place });
  }
  for (const change of told) {
    // What the log says of the same act says whether it had an effect.
    const logged = changes.filter(
      (other) => other.kind === "setting" && Math.abs(other.timeMs - change.timeMs) <= ONE_ACT_MS,
    );
    const match = logged.length === 1 ? logged[0]! : itrOnly(change.title, logged);
    add({
      timeMs: change.timeMs,
      kind: "told",
      title: change.title,
      requested: match?.requested ?? null,
      effectiveBefore: match?.effectiveBefore ?? null,
      effectiveAfter: match?.effectiveAfter ?? null,
      noOp: match?.noOp ?? false,
    });
  }
  return changes.sort((a, b) => a.timeMs - b.timeMs || a.kind.localeCompare(b.kind, "en") || (a.title < b.title ? -1 : 1));
}

function itrOnly(title: string, logged: readonly FoundChange[]): FoundChange | null {
  return logged.find((change) => change.setting !== null && title.includes(change.setting)) ?? null;
}

interface RequestChange {
  readonly timeMs: number;
  readonly kind: "setting" | "command";
  readonly title: string;
  readonly value: string;
  readonly place: Place;
  readonly tied: boolean;
}

/**
 * The moments at which a request was new. A file is not read before the driver loads, so its request begins with the
 * first load by hand after the file's time; a file without a time is tied to the last one. A command that asks again at every boot
 * for what it asked before changes nothing.
 */
function requestChanges(history: SettingHistory, reloaded: readonly Fact[]): RequestChange[] {
  const found: RequestChange[] = [];
  const firstBoot = history.requested.find((request) => request.from === "cmdline" && request.timeMs !== null);
  let last: string | null = null;
  for (const request of history.requested) {
    const isFile = request.from === "modprobe.d";
    const reload = isFile
      ? request.timeMs === null
        ? reloaded.at(-1)
        : reloaded.find((candidate) => candidate.timeMs >= request.timeMs!)
      : undefined;
    const timeMs = reload?.timeMs ?? request.timeMs;
    const isNew = request.value !== last;
    last = request.value;
    // What the first boot asked for already was not changed within the evidence.
    if (timeMs === null || !isNew || request === firstBoot) continue;
    found.push({
      timeMs,
      kind: request.from === "ethtool" || request.from === "modprobe" || request.from === "ip" ? "command" : "setting",
      title: `${history.name}=${request.value}`,
      value: request.value,
      place: request.place,
      tied: reload !== undefined && (request.timeMs === null || request.timeMs !== reload.timeMs),
    });
  }
  return found;
}

/**
 * The changes that divide time for the comparison, oldest first, one for each act: told ones where there are any, else
 * settings and commands, else the last driver reload. Boots and kernels alone divide nothing.
 */
export function dividing(changes: readonly FoundChange[]): FoundChange[] {
  const told = changes.filter((change) => change.kind === "told");
  const settings = changes.filter((change) => change.kind === "setting" || change.kind === "command");
  const lastReload = changes.filter((change) => change.kind === "driver-reload").slice(-1);
  const chosen = told.length > 0 ? told : settings.length > 0 ? settings : lastReload;
  const acts: FoundChange[] = [];
  for (const change of chosen) {
    const act = acts.at(-1);
    if (act === undefined || change.timeMs - act.timeMs > ONE_ACT_MS) {
      acts.push(change);
      continue;
    }
    acts[acts.length - 1] = joined(act, change);
  }
  return acts;
}

/** Two settings of one act: one change with both names; nothing changed only if neither did. */
function joined(act: FoundChange, change: FoundChange): FoundChange {
  return {
    ...act,
    title: act.title === change.title ? act.title : `${act.title}, ${change.title}`,
    noOp: act.noOp && change.noOp,
    requested: act.requested === null || change.requested === null ? null : `${act.requested}, ${change.requested}`,
    effectiveBefore: act.setting === change.setting ? act.effectiveBefore : null,
    effectiveAfter: act.setting === change.setting ? change.effectiveAfter : null,
    setting: act.setting === change.setting ? act.setting : null,
  };
}

/** Whether a change asks for what the driver does by itself: InterruptThrottleRate=3, in every version of the driver. */
export function asksForDefault(change: FoundChange): boolean {
  return change.setting === ITR && change.requested !== null && itrMode(change.requested) !== null;
}
