import type {
  AdapterIdentity,
  AdapterReport,
  EpisodeEnd,
  Gap,
  Place,
  Report,
  Rung,
  VerdictFlag,
} from "@hangproof/analyzer";
import type { Tone } from "../layout/document.js";
import { duration, localMinute, localTime } from "../layout/format.js";

/** The model's words in the reader's words. */
export const EPISODE_ENDS: Readonly<Record<EpisodeEnd, string>> = {
  "driver-reset": "driver reset",
  "link-cycle": "link down/up",
  "driver-reload": "driver reload",
  reboot: "reboot",
  "host-crash": "crash",
  "stall-dissolved": "went away",
  "log-ends": "log ends",
};

export const GAP_REASONS: Readonly<Record<Gap["reason"], string>> = {
  "no-log": "no log of that time",
  "host-off": "host was off",
  "lost-records": "the log says that records were lost",
};

export const FLAGS: Readonly<Record<VerdictFlag, string>> = {
  trigger_sensitive: "the verdict depends on the hang that prompted the change (trigger_sensitive)",
  cluster_sensitive: "hangs come in bursts, and the verdict depends on how they are grouped (cluster_sensitive)",
  placebo_failed: "dates at which nothing changed look like an effect too (placebo_failed)",
  trend_before: "the rate was moving before the change already (trend_before)",
  coverage_low: "too little of the time was covered by logs (coverage_low)",
  clock_uncertain: "times are too uncertain to tell in from outside a backup (clock_uncertain)",
};

export const TONES: Readonly<Record<Rung, Tone>> = {
  "improvement-shown": "good",
  "consistent-with-improvement": "unsure",
  "insufficient-evidence": "unsure",
  "no-effect-shown": "bad",
  worse: "bad",
};

export function adapterName(adapter: AdapterIdentity): string {
  const name = adapter.interfaces.at(-1) ?? null;
  if (name === null) return adapter.pci ?? "adapter not named";
  return adapter.pci === null ? name : `${name} (${adapter.pci})`;
}

/** Stands in the model for a host that no evidence names. */
const UNNAMED_HOST = "unknown";

export function seriesName(series: AdapterReport): string {
  const host = series.host === UNNAMED_HOST ? "host not named," : series.host;
  return `${host} ${adapterName(series.adapter)}`;
}

/** `kernel.log:812`: what an editor opens. */
export function placeName(place: Place): string {
  return `${place.evidence}:${place.line}`;
}

/** How moments of this series are written: wall-clock time of the report's zone, or time since boot. */
export function clockOf(
  series: AdapterReport,
  report: Report,
  precision: "second" | "minute" = "second",
): (ms: number) => string {
  if (series.relativeTime) return (ms) => `boot + ${duration(ms / 3_600_000)}`;
  const write = precision === "second" ? localTime : localMinute;
  return (ms) => write(ms, report.options.timeZone);
}
