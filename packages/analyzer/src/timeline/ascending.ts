/** How many of ascending numbers are below another: the index of the first that is not. O(log n). */
export function countBelow(ascending: ArrayLike<number>, border: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < border) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last of ascending numbers below another; -Infinity when there is none. O(log n). */
export function lastBelow(ascending: ArrayLike<number>, border: number): number {
  return ascending[countBelow(ascending, border) - 1] ?? Number.NEGATIVE_INFINITY;
}
