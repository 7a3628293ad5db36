import type { Ground } from "../epochs/ground.js";
import type { Span } from "../result.js";
import { subtract } from "../timeline/spans.js";

const HOUR_MS = 3_600_000;

/** Time at risk and hangs of one cell; hours. */
export interface Cell {
  readonly key: string;
  readonly insideHours: number;
  readonly outsideHours: number;
  readonly insideEvents: number;
  readonly outsideEvents: number;
}

/**
 * Cuts the time at risk at every full hour and sorts the pieces, and the hangs, into cells by what `keyOf` says of a
 * piece's start. Linear in hours of coverage, spans and onsets.
 */
export function cellsBy(ground: Ground, keyOf: (timeMs: number) => string): Cell[] {
  const cells = new Map<string, { -readonly [Field in keyof Cell]: Cell[Field] }>();
  const cellAt = (timeMs: number) => {
    const key = keyOf(timeMs);
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = { key, insideHours: 0, outsideHours: 0, insideEvents: 0, outsideEvents: 0 };
      cells.set(key, cell);
    }
    return cell;
  };
  for (const { startMs, endMs } of byHour(ground.inWindows)) cellAt(startMs).insideHours += (endMs - startMs) / HOUR_MS;
  for (const { startMs, endMs } of byHour(subtract(ground.atRisk, ground.inWindows)))
    cellAt(startMs).outsideHours += (endMs - startMs) / HOUR_MS;
  for (const { timeMs, isInWindow } of ground.onsets) {
    const cell = cellAt(timeMs);
    if (isInWindow) cell.insideEvents++;
    else cell.outsideEvents++;
  }
  // An adapter that hung through all of a cell's time leaves hangs without time to expect them in.
  return [...cells.values()].filter(
    (cell) => (cell.insideHours > 0 || cell.insideEvents === 0) && (cell.outsideHours > 0 || cell.outsideEvents === 0),
  );
}

function* byHour(set: readonly Span[]): Generator<Span> {
  for (const { startMs, endMs } of set)
    for (let fromMs = startMs; fromMs < endMs; ) {
      const toMs = Math.min(endMs, (Math.floor(fromMs / HOUR_MS) + 1) * HOUR_MS);
      yield { startMs: fromMs, endMs: toMs };
      fromMs = toMs;
    }
}

/** The hour on the clock of a zone, 0 to 23, of the full UTC hour in which a moment lies. */
export function clockHour(timeZone: string): (timeMs: number) => number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", hourCycle: "h23" });
  const known = new Map<number, number>();
  return (timeMs) => {
    const at = Math.floor(timeMs / HOUR_MS);
    let hour = known.get(at);
    if (hour === undefined) {
      hour = Number.parseInt(format.format(at * HOUR_MS), 10);
      known.set(at, hour);
    }
    return hour;
  };
}
