import type { Boot, Change, Place, ToldChange } from "../report.js";
import { type Fact, ofKind, placeOf } from "../timeline/fact.js";
import { effectiveAround, ITR, ITR_DEFAULT_MODE, itrMode, NEAR_MS, type SettingHistory } from "./settings.js";

/** A change with what the comparison needs to know of it. */
export interface FoundChange extends Omit<Change, "id" | "together"> {
  /** Asked for in a source without a time of its own; its moment is that of a driver load. */
  readonly tied: boolean;
  readonly setting: string | null;
}

/** A driver load this soon after a boot's first line belongs to the boot. */
const BOOT_LOAD_MS = 600_000;
/** A kernel that has run for less than this is still booting. */
const BOOTING_MS = 120_000;
/** Changes this close together are one act. */
export const ONE_ACT_MS = 300_000;

/** Loads of the driver while the host kept running: somebody reloaded it. */
function reloads(facts: readonly Fact[], boots: readonly Boot[]): Fact[] {
  const firstLines = new Set(ofKind(facts, "host.boot").map((fact) => fact.timeMs));
  const found: Fact[] = [];
  let next = 0;
  let firstLoadMs: number | null = null;
  for (const load of ofKind(facts, "e1000e.driver_load")) {
    for (; next < boots.length && boots[next]!.startMs <= load.timeMs; next++) firstLoadMs = null;
    const boot = boots[next - 1];
    if (boot === undefined) continue;
    const isAgain = firstLoadMs !== null && firstLoadMs < load.timeMs - NEAR_MS;
    firstLoadMs ??= load.timeMs;
    // A young kernel is still booting, whether or not the log has its first line.
    if ((load.event.time.bootMs ?? Number.POSITIVE_INFINITY) < BOOTING_MS) continue;
    // The first load of a boot that the log shows from its first line is the boot's own.
    const isLate = load.timeMs - boot.startMs > (firstLines.has(boot.startMs) ? BOOT_LOAD_MS : 0);
    if (isLate || isAgain) found.push(load);
  }
  return found;
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
  isMine: (fact: Fact) => boolean,
): FoundChange[] {
  const loads = ofKind(facts, "e1000e.driver_load").map((fact) => fact.timeMs);
  const reloaded = reloads(facts, boots);
  const firstCommandLineMs = ofKind(facts, "host.command_line")[0]?.timeMs ?? null;
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
    for (const request of requestChanges(history, reloaded, loads, firstCommandLineMs)) {
      const around = effectiveAround(history, request.timeMs, boots, loads);
      const { value, ...rest } = request;
      add({
        ...rest,
        requested: value,
        effectiveBefore: around.before,
        effectiveAfter: around.after,
        noOp: around.before === null ? asksOnlyForDefault(history) : around.before === around.after,
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
    if (isOther)
      add({
        timeMs: start.timeMs,
        kind: "kernel",
        title: `kernel ${before} to ${kernelRelease}`,
        effectiveBefore: before,
        effectiveAfter: kernelRelease,
        place,
      });
    else add({ timeMs: start.timeMs, kind: "boot", title: "reboot", place });
  }
  for (const change of otherChanges(facts, isMine)) add(change);
  for (const change of told) {
    // What the log says of the same act says whether it had an effect.
    const match = loggedAct(change, changes);
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
  return changes.sort((a, b) => a.timeMs - b.timeMs || compare(a.kind, b.kind) || compare(a.title, b.title));
}

/** A link that comes up slower for less than this is flapping, and no change. */
const STEADY_MS = 600_000;

/** What else may be the reason: link speed, firmware, how backups are made. */
function* otherChanges(
  facts: readonly Fact[],
  isMine: (fact: Fact) => boolean,
): Generator<Pick<FoundChange, "timeMs" | "kind" | "title" | "place">> {
  const links = ofKind(facts, "e1000e.link_up").filter((fact) => isMine(fact) && fact.event.speedMbps !== null);
  let speed = links[0]?.event.speedMbps ?? null;
  for (const [i, { event, timeMs }] of links.entries()) {
    const isSteady = (links[i + 1]?.timeMs ?? Number.POSITIVE_INFINITY) - timeMs >= STEADY_MS;
    if (event.speedMbps === speed || !isSteady) continue;
    yield { timeMs, kind: "link", title: `link ${speed} to ${event.speedMbps} Mb/s`, place: placeOf(event) };
    speed = event.speedMbps;
  }
  let bios: string | null = null;
  for (const { event, timeMs } of ofKind(facts, "host.firmware")) {
    if (bios !== null && bios !== event.bios)
      yield { timeMs, kind: "firmware", title: `BIOS ${bios} to ${event.bios}`, place: placeOf(event) };
    bios = event.bios;
  }
  const known = new Map<string, string>();
  for (const { event, timeMs } of ofKind(facts, "backup.job_start")) {
    const told = [
      ["mode", event.mode],
      ["storage", event.storage],
      // A command that names no limit has none.
      ["bandwidth limit", event.command === null ? null : String(event.bandwidthLimitKiBps ?? "none")],
    ] as const;
    for (const [name, value] of told) {
      if (value === null) continue;
      const before = known.get(name);
      if (before !== undefined && before !== value)
        yield { timeMs, kind: "backup", title: `backup ${name} ${before} to ${value}`, place: placeOf(event) };
      known.set(name, value);
    }
  }
}

/** The logged setting that a told change is about: the only one of that moment, or the one it names on that day. */
function loggedAct(told: ToldChange, changes: readonly FoundChange[]): FoundChange | null {
  const near = (withinMs: number): FoundChange[] =>
    changes.filter((change) => change.setting !== null && Math.abs(change.timeMs - told.timeMs) <= withinMs);
  const named = near(DAY_MS).filter(
    ({ setting }) => told.title.includes(setting!) || (setting === ITR && /\bITR\b/i.test(told.title)),
  );
  const atOnce = near(ONE_ACT_MS);
  return named[0] ?? (atOnce.length === 1 ? atOnce[0]! : null);
}

const DAY_MS = 86_400_000;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Whether everything that the evidence tells of a setting is the driver's default: nothing else was ever asked for or
 * said by the driver, so that nothing else can have been in force before, either.
 */
function asksOnlyForDefault(history: SettingHistory): boolean {
  return (
    history.name === ITR &&
    history.effective.length > 0 &&
    history.effective.every(({ mode }) => mode === ITR_DEFAULT_MODE) &&
    history.requested.every(({ value }) => itrMode(value) === ITR_DEFAULT_MODE)
  );
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
 * first load after the file's time, and has not begun without one; a file without a time is tied to the last reload by
 * hand. A command that asks again at every boot for what it asked before changes nothing.
 *
 * @param loads times of driver loads, ascending
 */
function requestChanges(
  history: SettingHistory,
  reloaded: readonly Fact[],
  loads: readonly number[],
  firstCommandLineMs: number | null,
): RequestChange[] {
  const found: RequestChange[] = [];
  let last: string | null = null;
  for (const request of history.requested) {
    const isFile = request.from === "modprobe.d";
    const isTied = isFile && request.timeMs === null;
    const loadMs = isTied ? reloaded.at(-1)?.timeMs : loads.find((timeMs) => timeMs >= request.timeMs!);
    const timeMs = isFile ? (loadMs ?? null) : request.timeMs;
    const isNew = request.value !== last;
    last = request.value;
    // What the first boot asked for already was not changed within the evidence.
    const isFromStart = request.from === "cmdline" && timeMs === firstCommandLineMs;
    if (timeMs === null || !isNew || isFromStart) continue;
    found.push({
      timeMs,
      kind: COMMANDS.has(request.from) ? "command" : "setting",
      title: `${history.name}=${request.value}`,
      value: request.value,
      place: request.place,
      tied: isTied,
    });
  }
  return found;
}

const COMMANDS: ReadonlySet<string> = new Set(["ethtool", "modprobe"]);

/**
 * The changes that divide time for the comparison, oldest first, one for each act: told ones where there are any, else
 * settings and commands, else the last driver reload. Boots and kernels alone divide nothing.
 */
export function dividing(changes: readonly FoundChange[]): Division[] {
  const told = changes.filter((change) => change.kind === "told");
  const settings = changes.filter((change) => change.kind === "setting" || change.kind === "command");
  const lastReload = changes.filter((change) => change.kind === "driver-reload").slice(-1);
  const chosen = told.length > 0 ? told : settings.length > 0 ? settings : lastReload;
  const divisions: { change: FoundChange; parts: FoundChange[] }[] = [];
  for (const change of chosen) {
    const division = divisions.at(-1);
    if (division === undefined || change.timeMs - division.change.timeMs > ONE_ACT_MS)
      divisions.push({ change, parts: [change] });
    else {
      division.change = joined(division.change, change);
      division.parts.push(change);
    }
  }
  return divisions;
}

/** A change that divides time: one act, and the single changes that it is made of. */
export interface Division {
  readonly change: FoundChange;
  readonly parts: readonly FoundChange[];
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
