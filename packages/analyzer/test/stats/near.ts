import { expect } from "vitest";
import type { Outcome } from "../../src/result.js";

/** Agreement to a relative error; exact for 0, Infinity and null. */
export function expectNear(got: number | null, want: number | null, relative: number = 1e-8): void {
  if (got === null || want === null || want === 0 || !Number.isFinite(want)) {
    expect(got).toBe(want);
    return;
  }
  expect(Math.abs(got / want - 1), `${got} against ${want}`).toBeLessThanOrEqual(relative);
}

/** The value of an outcome that must be there. */
export function value<Value>(outcome: Outcome<Value>): Value {
  if (outcome.status !== "ok") throw new Error(`insufficient: ${outcome.because}`);
  return outcome.value;
}
