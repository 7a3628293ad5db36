import type { FleetChange, FleetRate, FleetRatio } from "./fleet-report.js";
import { many, round } from "./wording.js";

/** The first sentence of a fleet report. */
export function fleetHeadline({
  hosts,
  adapters,
  total,
  changes,
}: {
  readonly hosts: number;
  readonly adapters: number;
  readonly total: FleetRate;
  readonly changes: readonly FleetChange[];
}): string {
  if (adapters === 0) return "No host of this fleet has any evidence of its adapters.";
  const found = `${many(total.episodes, "hang")} in ${round(total.atRiskHours)} hours at risk`;
  const where = `${many(hosts, "host")} with ${many(adapters, "adapter")}`;
  const shown = changes.filter(({ rung }) => rung === "fewer-shown" || rung === "more-shown");
  const what =
    changes.length === 0
      ? "no change was found to judge"
      : shown.length === 0
        ? `of ${many(changes.length, "change")} none is shown to have changed the rate`
        : shown
            .map(
              ({ rung, title, noOp, made }) =>
                `${rung === "fewer-shown" ? "fewer" : "more"} hangs are shown since "${title}"` +
                (noOp === made ? ", though what it sets was in force before" : ""),
            )
            .join("; ");
  return `${found} on ${where}; ${what}.`;
}

/** What a change came to, with what speaks against too quick a conclusion. */
export function changeSentence(
  change: Pick<FleetChange, "rung" | "perHour" | "controlled" | "made" | "compared" | "noOp">,
): string {
  const { rung, perHour, controlled, made, compared, noOp } = change;
  if (perHour.status !== "ok") return `Nothing can be said: ${perHour.because}.`;
  const parts = [counts(perHour.value, compared, made)];
  if (rung === "insufficient-evidence") parts.push("no hang on either side, so there is nothing to compare");
  else parts.push(claim(change, perHour.value));
  if (controlled.status === "ok") {
    const { ratio, controls } = controlled.value;
    const beside = ratio === "infinite" ? "without bound" : round(ratio);
    const { calendar } = controlled.value;
    const alone =
      typeof calendar.ratio === "number"
        ? `went to ${round(calendar.ratio)} times`
        : "had too few hangs for a ratio to";
    parts.push(
      `${many(controls, "adapter")} that changed nothing ${alone} their rate over the same dates, and against them the ratio of ratios is ${beside}`,
    );
  } else
    parts.push(
      `no controls: ${controlled.because}, so what the calendar brought to all of them at that time cannot be told from it`,
    );
  if (noOp > 0)
    parts.push(`on ${noOp} of ${made} the effective value stayed what it was, so only what came with it changed`);
  const { homogeneityP, interval } = perHour.value;
  if (homogeneityP !== null && homogeneityP <= 1 - interval.level)
    parts.push("the adapters do not share one ratio, so the common one is an average");
  return `${parts.join("; ")}.`;
}

function counts({ before, after }: FleetRatio, compared: number, made: number): string {
  const side = (one: FleetRatio["before"]): string => `${many(one.episodes, "hang")} in ${round(one.hours)} hours`;
  return `${side(before)} before and ${side(after)} after, on ${compared} of ${many(made, "adapter")} that made it`;
}

function claim({ rung, controlled }: Pick<FleetChange, "rung" | "controlled">, ratio: FleetRatio): string {
  const { lower, upper, level } = ratio.interval;
  const value = ratio.ratio === "infinite" || ratio.ratio === null ? "no upper bound" : round(ratio.ratio);
  const numbers = `ratio ${value}, ${round(level * 100)}% interval ${round(lower)} to ${upper === null ? "no limit" : round(upper)}`;
  if (rung === "fewer-shown") return `fewer hangs are shown (${numbers})`;
  if (rung === "more-shown") return `more hangs are shown (${numbers})`;
  const isClear = Math.min(ratio.pLessAdjusted ?? 1, ratio.pGreaterAdjusted ?? 1) <= 1 - level;
  return isClear && controlled.status === "ok"
    ? `a difference that hosts without the change show as well (${numbers})`
    : `no difference is shown (${numbers})`;
}
