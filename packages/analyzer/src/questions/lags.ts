import { type Ground, sideOf } from "../epochs/ground.js";
import type { LagRow } from "../report.js";
import { rateRatio } from "../stats/rate-ratio.js";
import { finiteRatio, plain } from "./comparison.js";

/** How long after its end a backup may still be blamed: nothing, the default's neighbours, hours. */
const LAGS_MS: readonly number[] = [0, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000];

/**
 * The association at other lags: a hang soon after a backup may be its own or not, so the answer should not hang on where
 * the line is drawn. Rows without time on one side are left out.
 * @param groundAt the ground with windows of that lag
 */
export function lagTable(groundAt: (lagMs: number) => Ground, level: number): LagRow[] {
  return LAGS_MS.flatMap((lagMs): LagRow[] => {
    const whole = sideOf(groundAt(lagMs), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    const outsideHours = whole.hours - whole.windowHours;
    const outside = whole.events - whole.eventsInWindows;
    if (whole.windowHours <= 0 || outsideHours <= 1e-9 * whole.hours || whole.events === 0) return [];
    const compared = rateRatio({
      events: whole.eventsInWindows,
      exposure: whole.windowHours,
      referenceEvents: outside,
      referenceExposure: outsideHours,
      level,
    });
    if (compared.status !== "ok") return [];
    const { ratio, interval, pCentral } = compared.value;
    return [
      {
        lagMs,
        events: whole.eventsInWindows,
        hours: whole.windowHours,
        ratio: finiteRatio(ratio),
        interval: plain(interval),
        pCentral,
      },
    ];
  });
}
