const WIDEST = 1e9;

/**
 * The root of an increasing function on the whole line: widens a bracket around `start`, then bisects to the last bit.
 * About 60 to 120 evaluations. Only the sign of `f` is read, so infinite values are welcome; NaN is not.
 * @throws RangeError when no sign change lies within a billion of `start`
 */
export function solveIncreasing(f: (t: number) => number, start: number): number {
  let low = start - 1;
  let high = start + 1;
  for (let step = 1; f(low) > 0; step *= 2) {
    if (step > WIDEST) throw new RangeError("solveIncreasing: no sign change below the start");
    high = low;
    low -= step;
  }
  for (let step = 1; f(high) < 0; step *= 2) {
    if (step > WIDEST) throw new RangeError("solveIncreasing: no sign change above the start");
    low = high;
    high += step;
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
}
