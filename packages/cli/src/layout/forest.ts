/** One line of a forest plot; all above 0 or 0. */
export interface ForestRow {
  readonly label: string;
  /** The estimate that is shown as a point. */
  readonly value: number;
  readonly lower: number;
  /** Null: no limit. */
  readonly upper: number | null;
  /** What was counted, before luck was taken out; null without exposure. */
  readonly counted: number | null;
}

/** Estimates with their intervals on one logarithmic scale. */
export interface Forest {
  readonly rows: readonly ForestRow[];
  /** The line that all are compared with. */
  readonly reference: number;
  readonly unit: string;
}

export interface ForestScale {
  /** Powers of ten at the ends and between. */
  readonly ticks: readonly number[];
  /** From 0 at the left end to 1 at the right one; what lies beyond is drawn at the end. */
  place(value: number): number;
}

/** Beyond so many decades from the reference nothing is told apart by eye. */
const MOST_DECADES = 4;

/** The decades that hold the estimates and their limits. */
export function forestScale({ rows, reference }: Forest): ForestScale {
  const middle = Math.log10(reference);
  const ends = rows
    .flatMap(({ value, lower, upper }) => [value, lower, upper ?? value])
    .filter((one) => one > 0)
    .map(Math.log10);
  const low = Math.floor(Math.max(middle - MOST_DECADES, Math.min(middle - 0.5, ...ends)));
  const high = Math.ceil(Math.min(middle + MOST_DECADES, Math.max(middle + 0.5, ...ends)));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    place: (value) => (value <= 0 ? 0 : Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low)))),
  };
}

const LABEL_COLUMNS = 28;
const [LINE, POINT, COUNTED, REFERENCE] = ["─", "●", "○", "│"];

/**
 * The plot in characters: the interval as a line, the estimate as a full point, what was counted as an empty one, the
 * reference as an upright. Labels are made visible and cut by `label`. Null where there is no room.
 */
export function drawForest(
  forest: Forest,
  columns: number,
  label: (text: string, columns: number) => string,
): string[] | null {
  const width = columns - LABEL_COLUMNS - 1;
  if (width < 20) return null;
  const scale = forestScale(forest);
  const at = (value: number): number => Math.round(scale.place(value) * (width - 1));
  const reference = at(forest.reference);
  const rows = forest.rows.map(({ label: name, value, lower, upper, counted }) => {
    const cells = new Array<string>(width).fill(" ");
    cells[reference] = REFERENCE!;
    cells.fill(LINE!, at(lower), at(upper ?? Number.POSITIVE_INFINITY) + 1);
    if (counted !== null) cells[at(counted)] = COUNTED!;
    cells[at(value)] = POINT!;
    return `${label(name, LABEL_COLUMNS).padEnd(LABEL_COLUMNS)} ${cells.join("")}`.trimEnd();
  });
  const axis = new Array<string>(width + 1).fill(" ");
  for (const tick of scale.ticks) {
    const text = String(Number(tick.toPrecision(1)));
    const start = Math.min(at(tick), width - text.length);
    if (axis.slice(start === 0 ? 0 : start - 1, start + text.length).every((cell) => cell === " "))
      for (const [i, sign] of [...text].entries()) axis[start + i] = sign;
  }
  return [...rows, `${" ".repeat(LABEL_COLUMNS)} ${axis.join("")}`.trimEnd()];
}

/** What the signs of a drawn plot mean. */
export function forestLegend({ reference, unit }: Forest, shown: (value: number) => string): string {
  return `${POINT} luck taken out, ${LINE} its interval, ${COUNTED} as counted, ${REFERENCE} the fleet's mean ${shown(reference)}; ${unit}, logarithmic`;
}
