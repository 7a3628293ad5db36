/** Episodes that ended because the link was taken down and up, and not by the adapter's own recovery. */
export interface Bounces {
  readonly episodes: number;
  /** Median time from onset to the end, seconds. */
  readonly medianS: number;
  /** Always after the same time: a script watches for the hang. */
  readonly isScript: boolean;
}

/** Fewer are no pattern. */
const LEAST_FOR_SCRIPT = 3;
/** How far such times may be apart and still be a script's: half the median, or a few seconds of its own sleep. */
const SPREAD = 0.5;
const SPREAD_S = 6;

/**
 * How many hangs somebody, or something, ended by bouncing the link; null when none. How long they would have lasted is
 * then not known: a script makes a wedge look like a short hang.
 */
export function bouncesOf(
  episodes: readonly { readonly onsetMs: number; readonly endMs: number; readonly end: string }[],
): Bounces | null {
  const seconds = episodes
    .filter(({ end }) => end === "link-cycle")
    .map(({ onsetMs, endMs }) => (endMs - onsetMs) / 1000)
    .sort((a, b) => a - b);
  const medianS = seconds[Math.floor(seconds.length / 2)];
  if (medianS === undefined) return null;
  const spreadS = seconds.at(-1)! - seconds[0]!;
  const isScript = seconds.length >= LEAST_FOR_SCRIPT && spreadS <= Math.max(SPREAD_S, medianS * SPREAD);
  return { episodes: seconds.length, medianS, isScript };
}
