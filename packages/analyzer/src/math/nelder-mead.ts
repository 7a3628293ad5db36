interface Corner {
  readonly at: readonly number[];
  readonly value: number;
}

const MOST_STEPS = 2000;

/**
 * A local minimum without derivatives: the simplex method of Nelder and Mead with its usual constants. Stops when the
 * corners agree to `tolerance` in value, or after 2,000 steps.
 * @param f - Infinity marks points outside its domain
 * @see J. Nelder, R. Mead (1965), A simplex method for function minimization
 */
export function nelderMead(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  tolerance: number = 1e-10,
): { readonly at: readonly number[]; readonly value: number } {
  const corner = (at: readonly number[]): Corner => ({ at, value: f(at) });
  const corners = [corner(start), ...start.map((_, i) => corner(start.map((x, j) => (i === j ? x + 0.5 : x))))];
  const order = (): void => {
    corners.sort((a, b) => a.value - b.value);
  };
  order();
  for (let step = 0; step < MOST_STEPS; step++) {
    const best = corners[0] as Corner;
    const worst = corners[corners.length - 1] as Corner;
    const second = corners[corners.length - 2] as Corner;
    if (worst.value - best.value <= tolerance * (1 + Math.abs(best.value))) break;
    const rest = corners.slice(0, -1);
    const centre = start.map((_, i) => rest.reduce((sum, { at }) => sum + (at[i] ?? 0), 0) / rest.length);
    const along = (factor: number): Corner => corner(centre.map((x, i) => x + factor * ((worst.at[i] ?? 0) - x)));
    const reflected = along(-1);
    let next = reflected;
    if (reflected.value < best.value) {
      const expanded = along(-2);
      if (expanded.value < reflected.value) next = expanded;
    } else if (reflected.value >= second.value) {
      next = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (next.value >= Math.min(reflected.value, worst.value)) {
        for (let i = 1; i < corners.length; i++) {
          const shrunk = (corners[i] as Corner).at.map((x, j) => ((best.at[j] ?? 0) + x) / 2);
          corners[i] = corner(shrunk);
        }
        order();
        continue;
      }
    }
    corners[corners.length - 1] = next;
    order();
  }
  return corners[0] as Corner;
}
