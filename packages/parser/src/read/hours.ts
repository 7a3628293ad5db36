const HOUR_MS = 3_600_000;

/** The hours in which something stood, as runs. Memory grows with hours, not with records. */
export class ActiveHours {
  readonly #hours = new Set<number>();
  #last = Number.NaN;

  add(unixMs: number): void {
    const hour = Math.floor(unixMs / HOUR_MS);
    if (hour === this.#last) return;
    this.#last = hour;
    this.#hours.add(hour);
  }

  /** Ascending runs [first, last], both in. */
  runs(): [number, number][] {
    const runs: [number, number][] = [];
    for (const hour of [...this.#hours].sort((a, b) => a - b)) {
      const run = runs.at(-1);
      if (run !== undefined && run[1] === hour - 1) run[1] = hour;
      else runs.push([hour, hour]);
    }
    return runs;
  }
}
