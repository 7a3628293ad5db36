import type { FleetContrast, FleetContrasts } from "./fleet-report.js";
import { many, round } from "./wording.js";

const NOUN: Readonly<Record<FleetContrasts["by"], string>> = { nic: "hardware", kernel: "kernel" };
const WITHIN: Readonly<Record<FleetContrasts["within"], string>> = {
  kernel: "under the same kernels",
  nic: "on the same kinds of hardware",
  adapter: "on the same adapters",
};
const MOST_STRATA = 6;

/** What a contrast came to: strata named, and no cause where hosts were not dealt at random. */
export function contrastSentence(
  { by, within }: Pick<FleetContrasts, "by" | "within">,
  contrast: Omit<FleetContrast, "sentence">,
): string {
  const { level, strata, hosts, otherHosts, spread } = contrast;
  const sum = (side: "own" | "others"): string => {
    const episodes = strata.reduce((total, one) => total + one[side].episodes, 0);
    return `${many(episodes, "hang")} in ${round(strata.reduce((total, one) => total + one[side].hours, 0))} hours`;
  };
  const parts = [
    `${NOUN[by]} ${level} against others ${WITHIN[within]} (${stratumNames(within, contrast)}): ` +
      `${sum("own")} on ${many(hosts, "host")}, ${sum("others")} on ${otherHosts}`,
    claim(contrast, within),
  ];
  if (spread > 1.5) parts.push(`adapters of one side differ among themselves by ${round(spread)} times chance`);
  parts.push(
    within === "adapter"
      ? "a kernel comes with a date, so whatever else changed then is in it"
      : "hosts differ in other ways, too: this describes them and proves no cause",
  );
  return `${parts.join("; ")}.`;
}

function stratumNames(within: FleetContrasts["within"], { strata }: Pick<FleetContrast, "strata">): string {
  if (within === "adapter") return many(strata.length, "adapter");
  const names = strata.slice(0, MOST_STRATA).map(({ name }) => name);
  return names.join(", ") + (strata.length > names.length ? ` and ${strata.length - names.length} more` : "");
}

function claim(contrast: Omit<FleetContrast, "sentence">, within: FleetContrasts["within"]): string {
  const { ratio, interval, rung, pLessAdjusted, pGreaterAdjusted, hosts, otherHosts } = contrast;
  if (ratio === null) return "no hang on either side, so there is nothing to compare";
  const { lower, upper, level } = interval;
  const value = ratio === "infinite" ? "without bound" : round(ratio);
  const numbers = `ratio ${value}, ${round(level * 100)}% interval ${round(lower)} to ${upper === null ? "no limit" : round(upper)}`;
  if (rung === "insufficient-evidence")
    return `one side is a single host, and a kind cannot be told from it (${numbers})`;
  if (rung === "fewer-shown") return `a lower rate is shown (${numbers})`;
  if (rung === "more-shown") return `a higher rate is shown (${numbers})`;
  const isClear = Math.min(pLessAdjusted, pGreaterAdjusted) <= 1 - level;
  return isClear && within !== "adapter" && Math.min(hosts, otherHosts) > 1
    ? `no difference between the kinds is shown, as few hosts make it (${numbers})`
    : `no difference is shown (${numbers})`;
}
