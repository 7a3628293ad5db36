import type { AdapterReport, Report } from "@hangproof/analyzer";
import { visible } from "../layout/escape.js";

const RUNGS = [
  "improvement-shown",
  "consistent-with-improvement",
  "no-effect-shown",
  "worse",
  "insufficient-evidence",
] as const;

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | null;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samplesOf: (series: AdapterReport, now: number) => readonly Sample[];
}

const one = (value: number | null): readonly Sample[] => [{ labels: {}, value }];

const age = (now: number, ms: number | null | undefined): number | null =>
  ms === null || ms === undefined ? null : Math.max(0, (now - ms) / 1000);

/** What the last epoch, the one since the judged change, holds; null without a change. */
function lastEpoch(series: AdapterReport): AdapterReport["epochs"][number] | null {
  return series.verdict.change === null
    ? null
    : (series.epochs.find(({ change }) => change === series.verdict.change) ?? null);
}

const METRICS: readonly Metric[] = [
  {
    name: "hangproof_hang_episodes",
    help: "Hang episodes in all evidence.",
    samplesOf: ({ episodes }) => one(episodes.length),
  },
  {
    name: "hangproof_hang_episodes_since_change",
    help: "Hang episodes in covered time since the judged change.",
    samplesOf: (series) => one(lastEpoch(series)?.episodes ?? null),
  },
  {
    name: "hangproof_hang_seconds",
    help: "Time in which the adapter hung, from first report to recovery.",
    samplesOf: ({ coverage }) => one(coverage.hangHours * 3600),
  },
  {
    name: "hangproof_covered_seconds",
    help: "Time in which the evidence would have shown a hang.",
    samplesOf: ({ coverage }) => one(coverage.coveredHours * 3600),
  },
  {
    name: "hangproof_exposure_since_change_seconds",
    help: "Time at risk since the judged change.",
    samplesOf: (series) => one(seconds(lastEpoch(series)?.atRiskHours)),
  },
  {
    name: "hangproof_backup_exposure_since_change_seconds",
    help: "Time at risk in backups since the judged change.",
    samplesOf: (series) => one(seconds(lastEpoch(series)?.windowHours)),
  },
  {
    name: "hangproof_backup_runs_since_change",
    help: "Backup runs since the judged change that were watched from start to end.",
    samplesOf: (series) => one(lastEpoch(series)?.runs ?? null),
  },
  {
    name: "hangproof_backup_runs_needed",
    help: "Further backup runs without a hang until an improvement may be said, looked at every week.",
    samplesOf: ({ waiting }) => one(waiting.status === "ok" ? waiting.value.remainingRuns : null),
  },
  {
    name: "hangproof_verdict",
    help: "1 for the rung that the evidence has earned, 0 for the others.",
    samplesOf: ({ verdict }) => RUNGS.map((rung) => ({ labels: { rung }, value: rung === verdict.rung ? 1 : 0 })),
  },
  {
    name: "hangproof_last_hang_timestamp_seconds",
    help: "When the last hang began, Unix time.",
    samplesOf: ({ episodes }) => one(episodes.length === 0 ? null : episodes.at(-1)!.onsetMs / 1000),
  },
  {
    name: "hangproof_last_hang_age_seconds",
    help: "From the begin of the last hang to the check.",
    samplesOf: (series, now) => one(age(now, series.episodes.at(-1)?.onsetMs)),
  },
  {
    name: "hangproof_evidence_age_seconds",
    help: "From the end of the evidence to the check.",
    samplesOf: (series, now) => one(age(now, series.coverage.span?.endMs)),
  },
];

/**
 * A report as metrics in the text format of Prometheus, for the textfile collector of node_exporter. All are gauges: late
 * evidence may lower any of them. What is not known has no sample. Series without a wall clock are left out.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function renderPrometheus(report: Report): string {
  const series = report.series.filter(({ relativeTime }) => !relativeTime);
  const lines: string[] = [];
  for (const { name, help, samplesOf } of METRICS) {
    const samples = series.flatMap((one) =>
      samplesOf(one, report.now).flatMap(({ labels, value }) =>
        value === null ? [] : [`${name}${labelText({ ...identityOf(one), ...labels })} ${value}`],
      ),
    );
    if (samples.length > 0) lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples);
  }
  const made = "hangproof_check_timestamp_seconds";
  lines.push(
    `# HELP ${made} When the check was made, Unix time.`,
    `# TYPE ${made} gauge`,
    `${made} ${report.now / 1000}`,
  );
  return `${lines.join("\n")}\n`;
}

const seconds = (hours: number | undefined): number | null => (hours === undefined ? null : hours * 3600);

function identityOf({ host, adapter }: AdapterReport): Record<string, string> {
  return { host, interface: adapter.interfaces.at(-1) ?? "", pci: adapter.pci ?? "" };
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${labelValue(value)}"`);
  return `{${pairs.join(",")}}`;
}

/** Backslash, quote and line end are what the format escapes; other control characters are made visible before. */
function labelValue(value: string): string {
  return visible(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
