/** Checks that every function of this folder makes on what it is given; all throw RangeError naming the argument. */

const fail = (where: string, name: string, must: string, got: unknown): never => {
  throw new RangeError(`${where}: ${name} must be ${must}, got ${String(got)}`);
};

/** Whole, 0 to 2^53. */
export function requireCount(where: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 2 ** 53) {
    fail(where, name, "a whole number from 0 to 2^53", value);
  }
}

/** Finite, 0 or more. */
export function requireExposure(where: string, name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) fail(where, name, "a finite number, 0 or more", value);
}

/** Finite, above 0. */
export function requirePositive(where: string, name: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) fail(where, name, "a finite number above 0", value);
}

/** Strictly between 0 and 1. */
export function requireFraction(where: string, name: string, value: number): void {
  if (!(value > 0 && value < 1)) fail(where, name, "between 0 and 1, both excluded", value);
}

/** A count and the exposure in which it was seen: events without exposure contradict each other. */
export function requireSide(
  where: string,
  [eventsName, exposureName]: readonly [string, string],
  events: number,
  exposure: number,
): void {
  requireCount(where, eventsName, events);
  requireExposure(where, exposureName, exposure);
  if (events > 0 && exposure === 0) fail(where, exposureName, `above 0 where ${eventsName} is ${events}`, exposure);
}

/** Finite numbers, every one from `least` on; with `most` up to and including it. */
export function requireNumbers(
  where: string,
  name: string,
  values: Iterable<number>,
  least: number = Number.NEGATIVE_INFINITY,
  most: number = Number.POSITIVE_INFINITY,
): void {
  let index = 0;
  for (const value of values) {
    if (!Number.isFinite(value) || value < least || value > most) {
      fail(where, `${name}[${index}]`, `a finite number from ${least} to ${most}`, value);
    }
    index += 1;
  }
}
