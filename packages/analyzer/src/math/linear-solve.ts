/**
 * Inverse of a symmetric positive definite matrix, by Cholesky factors; null where it is not one (to rounding).
 * For the few unknowns of a fit; O(n^3).
 * @param matrix - rows of equal length, only the lower triangle is read
 */
export function invertPositive(matrix: readonly (readonly number[])[]): number[][] | null {
  const n = matrix.length;
  const factor: number[][] = matrix.map(() => new Array<number>(n).fill(0));
  const at = (rows: readonly (readonly number[])[], i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(matrix, i, j);
      for (let k = 0; k < j; k++) sum -= at(factor, i, k) * at(factor, j, k);
      if (i === j && !(sum > at(matrix, i, i) * 1e-13)) return null;
      (factor[i] as number[])[j] = i === j ? Math.sqrt(sum) : sum / at(factor, j, j);
    }
  }
  const columns = Array.from({ length: n }, (_, unit) => {
    const column = new Array<number>(n).fill(0);
    for (let i = 0; i < n; i++) {
      let sum = i === unit ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= at(factor, i, k) * (column[k] ?? 0);
      column[i] = sum / at(factor, i, i);
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = column[i] ?? 0;
      for (let k = i + 1; k < n; k++) sum -= at(factor, k, i) * (column[k] ?? 0);
      column[i] = sum / at(factor, i, i);
    }
    return column;
  });
  return columns; // symmetric, so columns are rows
}
