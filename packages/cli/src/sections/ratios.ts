import type { Interval, RateComparison } from "@hangproof/analyzer";
import { number, percent } from "../layout/format.js";

/** How ratios and their intervals are written. */

export function ratioValue(ratio: RateComparison["ratio"]): string {
  if (ratio === null) return "not defined";
  return ratio === "infinite" ? "without limit" : number(ratio);
}

export function rangeText({ lower, upper }: Interval): string {
  return `${number(lower)} to ${upper === null ? "no limit" : number(upper)}`;
}

export function intervalText(interval: Interval): string {
  return `${percent(interval.level)} interval ${rangeText(interval)}`;
}
