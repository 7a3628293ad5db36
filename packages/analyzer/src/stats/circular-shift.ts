import type { RandomSource } from "../random/random-source.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireNumbers, requirePositive } from "./arguments.js";

/** Positions on a line or circle: start in, end out. */
export type Stretch = readonly [start: number, end: number];

/** Events and windows on a circle of observed time. */
export interface CircularShiftInput {
  /** Length of the circle: all coverage put end to end. */
  readonly length: number;
  /** Sorted, disjoint, each with end above start, within 0 to `length`. */
  readonly windows: readonly Stretch[];
  /** Positions from 0 to `length`, the end excluded; any order. */
  readonly events: readonly number[];
}

/** What the shifts say of the events in windows. */
export interface CircularShift {
  /** Events in windows. */
  readonly observed: number;
  /** Mean of that number over all shifts: events times the share of the circle that windows cover. */
  readonly expected: number;
  /** Share of all shifts that put at least as many events into windows. */
  readonly p: number;
  /** The smallest p that could have come out, given windows and events; with few distinct windows it is not small. */
  readonly smallestPossible: number;
  /** `exact`, or by 999 to 9,999 random shifts above a million break points. */
  readonly method: "exact" | "simulated";
}

const MOST_BREAKS = 1e6;
const MOST_STEPS = 2e8;
const FEWEST_SHIFTS = 999;
const MOST_SHIFTS = 9999;

/**
 * Do events fall into the windows more often than if both had nothing to do with each other? All events are moved
 * round the circle together, by every possible amount, so bursts, trends and rhythms of the events stay as they are.
 * Assumes only that every shift is equally likely. Insufficient without events, or when windows cover all or nothing.
 * Cost: events times windows, sorted; above a million break points 9,999 walks along both, fewer
 * (at least 999) where they are more than 20,000 together.
 * @throws RangeError for windows that are not sorted and disjoint and for positions off the circle
 * @see H. Berbee and others use toroidal shifts for point patterns; B. Phipson, G. Smyth (2010) for simulated p values
 */
export function circularShift(
  { length, windows, events }: CircularShiftInput,
  random: RandomSource,
): Outcome<CircularShift> {
  requirePositive("circularShift", "length", length);
  requireStretches("circularShift", "windows", windows, length);
  requireNumbers("circularShift", "events", events, 0, length);
  if (events.includes(length)) throw new RangeError(`circularShift: events must lie before the length ${length}`);
  const covered = windows.reduce((sum, [start, end]) => sum + (end - start), 0);
  if (events.length === 0) return insufficient("there is no event", "one event");
  if (covered === 0) return insufficient("no time lies in windows", "time in windows and outside");
  if (covered >= length) return insufficient("no time lies outside windows", "time in windows and outside");
  const observed = events.reduce((sum, event) => sum + (isInside(event, windows) ? 1 : 0), 0);
  const expected = events.length * (covered / length);
  const breaks = 2 * events.length * windows.length;
  const shares =
    breaks <= MOST_BREAKS
      ? { ...sweep(length, windows, events, observed), method: "exact" as const }
      : { ...simulate(length, windows, events, observed, random), method: "simulated" as const };
  return ok({ observed, expected, ...shares });
}

/** Checks that stretches are sorted, disjoint, not empty, and within 0 to `length`. */
function requireStretches(where: string, name: string, stretches: readonly Stretch[], length: number): void {
  let last = 0;
  stretches.forEach(([start, end], i) => {
    if (!(start >= last && end > start && end <= length)) {
      throw new RangeError(
        `${where}: ${name}[${i}] must start at or after ${last} and end after its start, by ${length}; got ${start} to ${end}`,
      );
    }
    last = end;
  });
}

/** Binary search: the last window that starts at or before the position. */
function isInside(position: number, windows: readonly Stretch[]): boolean {
  let low = 0;
  let high = windows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((windows[middle]?.[0] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return position < (windows[low - 1]?.[1] ?? Number.NEGATIVE_INFINITY);
}

/** The count changes only where a shift carries an event over a window's edge: visit those shifts in order. */
function sweep(
  length: number,
  windows: readonly Stretch[],
  events: readonly number[],
  observed: number,
): { p: number; smallestPossible: number } {
  const shiftsTo = (edge: 0 | 1): Float64Array => {
    const shifts = new Float64Array(events.length * windows.length);
    let next = 0;
    for (const event of events) {
      for (const window of windows) {
        const shift = window[edge] - event;
        shifts[next++] = shift < 0 ? shift + length : shift;
      }
    }
    return shifts.sort();
  };
  const entries = shiftsTo(0);
  const exits = shiftsTo(1);
  let entry = 0;
  let exit = 0;
  // Edges met at a shift of 0 are in the observed count already: start in, end out.
  while (entries[entry] === 0) entry += 1;
  while (exits[exit] === 0) exit += 1;
  let count = observed;
  let at = 0;
  let asMany = 0;
  let most = observed;
  let atMost = 0;
  for (;;) {
    const next = Math.min(entries[entry] ?? length, exits[exit] ?? length, length);
    const stretch = next - at;
    if (count >= observed) asMany += stretch;
    if (stretch > 0 && count > most) {
      most = count;
      atMost = 0;
    }
    if (count === most) atMost += stretch;
    at = next;
    if (at >= length) break;
    for (; entries[entry] === at; entry++) count += 1;
    for (; exits[exit] === at; exit++) count -= 1;
  }
  return { p: asMany / length, smallestPossible: atMost / length };
}

function simulate(
  length: number,
  windows: readonly Stretch[],
  events: readonly number[],
  observed: number,
  random: RandomSource,
): { p: number; smallestPossible: number } {
  const sorted = Float64Array.from(events).sort();
  const steps = Math.round(MOST_STEPS / (sorted.length + windows.length));
  const shifts = Math.min(MOST_SHIFTS, Math.max(FEWEST_SHIFTS, steps));
  let hits = 0;
  for (let shift = 0; shift < shifts; shift++)
    if (countShifted(random.uniform() * length, length, windows, sorted) >= observed) hits += 1;
  return { p: (1 + hits) / (shifts + 1), smallestPossible: 1 / (shifts + 1) };
}

/** How many events lie in windows when all are moved. One walk along both: first the events that come round again. */
function countShifted(by: number, length: number, windows: readonly Stretch[], sorted: Float64Array): number {
  let count = 0;
  let at = 0;
  const walk = (from: number, to: number, move: number): void => {
    for (let i = from; i < to; i++) {
      const moved = sorted[i]! + move;
      while (at < windows.length && windows[at]![1] <= moved) at++;
      if (at < windows.length && windows[at]![0] <= moved) count++;
    }
  };
  let comesRound = sorted.length;
  while (comesRound > 0 && sorted[comesRound - 1]! + by >= length) comesRound--;
  walk(comesRound, sorted.length, by - length);
  walk(0, comesRound, by);
  return count;
}
