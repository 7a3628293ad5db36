import type { AdapterReport, RateComparison, Report } from "@hangproof/analyzer";
import type { KernelEvent } from "@hangproof/parser";
import { stringify } from "csv-stringify/sync";
import { csvJson, csvText } from "../layout/escape.js";
import { utc } from "../layout/format.js";

export type Cell = string | number | boolean | null;
type Row = Readonly<Record<string, Cell>>;

/** Headers and rows of one kind of thing. Column names end in their unit; times are ISO 8601 UTC. */
interface Table {
  readonly columns: readonly string[];
  rows(series: AdapterReport): Row[];
}

const HOUR_MS = 3_600_000;

export const TABLE_NAMES = ["episodes", "windows", "runs", "changes", "exposure", "gaps", "tests"] as const;
export type TableName = (typeof TABLE_NAMES)[number];

const TABLES: Readonly<Record<TableName, Table>> = {
  episodes: {
    columns:
      "id onset_utc onset_since_boot_s end_utc ended_by end_seen reports resets timeouts down_hours cadence_s run epoch boot uncertainty_ms trust outside_coverage evidence line byte_offset failure_mode".split(
        " ",
      ),
    rows: (series) =>
      series.episodes.map((episode) => ({
        id: episode.id,
        onset_utc: stamp(series, episode.onsetMs),
        onset_since_boot_s: series.relativeTime ? episode.onsetMs / 1000 : null,
        end_utc: stamp(series, episode.endMs),
        ended_by: episode.end,
        end_seen: !episode.censored,
        reports: episode.reports,
        resets: episode.resets,
        timeouts: episode.timeouts,
        down_hours: episode.downHours,
        cadence_s: episode.cadenceS,
        run: episode.run,
        epoch: episode.epoch,
        boot: episode.boot,
        uncertainty_ms: episode.uncertaintyMs,
        trust: episode.trust,
        outside_coverage: episode.outsideCoverage,
        evidence: episode.place.evidence,
        line: episode.place.line,
        byte_offset: episode.place.byteOffset,
        failure_mode: episode.failureMode.mode,
      })),
  },
  windows: {
    columns: ["start_utc", "end_utc", "hours", "runs"],
    rows: (series) =>
      series.windows.map((window) => ({
        start_utc: stamp(series, window.startMs),
        end_utc: stamp(series, window.endMs),
        hours: (window.endMs - window.startMs) / HOUR_MS,
        runs: window.runs.join(" "),
      })),
  },
  runs: {
    columns:
      "id start_utc end_utc hours end_basis guests outcome hit failure_utc came_first covered epoch storage mode bandwidth_limit_kib_per_s evidence line byte_offset".split(
        " ",
      ),
    rows: (series) =>
      series.runs.map((run) => ({
        id: run.id,
        start_utc: stamp(series, run.startMs),
        end_utc: stamp(series, run.endMs),
        hours: (run.endMs - run.startMs) / HOUR_MS,
        end_basis: run.endBasis,
        guests: run.guests.join(" "),
        outcome: run.outcome,
        hit: run.hit,
        failure_utc: run.troubleMs === null ? null : stamp(series, run.troubleMs),
        came_first: run.cameFirst,
        covered: run.covered,
        epoch: run.epoch,
        storage: run.storage,
        mode: run.mode,
        bandwidth_limit_kib_per_s: run.bandwidthLimitKiBps,
        evidence: run.place.evidence,
        line: run.place.line,
        byte_offset: run.place.byteOffset,
      })),
  },
  changes: {
    columns:
      "id time_utc kind title requested effective_before effective_after no_op together evidence line byte_offset".split(
        " ",
      ),
    rows: (series) =>
      series.changes.map((change) => ({
        id: change.id,
        time_utc: stamp(series, change.timeMs),
        kind: change.kind,
        title: change.title,
        requested: change.requested,
        effective_before: change.effectiveBefore,
        effective_after: change.effectiveAfter,
        no_op: change.noOp,
        together: change.together.join("; "),
        evidence: change.place?.evidence ?? null,
        line: change.place?.line ?? null,
        byte_offset: change.place?.byteOffset ?? null,
      })),
  },
  exposure: {
    columns:
      "epoch start_utc end_utc change covered_hours at_risk_hours backup_hours runs runs_hit episodes episodes_in_backup".split(
        " ",
      ),
    rows: (series) =>
      series.epochs.map((epoch) => ({
        epoch: epoch.id,
        start_utc: stamp(series, epoch.startMs),
        end_utc: stamp(series, epoch.endMs),
        change: epoch.change,
        covered_hours: epoch.coveredHours,
        at_risk_hours: epoch.atRiskHours,
        backup_hours: epoch.windowHours,
        runs: epoch.runs,
        runs_hit: epoch.runsHit,
        episodes: epoch.episodes,
        episodes_in_backup: epoch.episodesInWindows,
      })),
  },
  gaps: {
    columns: ["start_utc", "end_utc", "hours", "reason"],
    rows: (series) =>
      series.coverage.gaps.map((gap) => ({
        start_utc: stamp(series, gap.startMs),
        end_utc: stamp(series, gap.endMs),
        hours: (gap.endMs - gap.startMs) / HOUR_MS,
        reason: gap.reason,
      })),
  },
  tests: {
    columns:
      "question change unit reference reference_events reference_hours compared compared_events compared_hours ratio level lower upper p_less p_greater p_central p_mid method".split(
        " ",
      ),
    rows: (series) => [
      ...(series.association.crude.status === "ok"
        ? [testRow("association", null, series.association.crude.value)]
        : []),
      ...series.efficacy.flatMap(({ change, perBackupHour, perHour }) =>
        [perBackupHour, perHour].flatMap((outcome) =>
          outcome.status === "ok" ? [testRow("efficacy", change, outcome.value)] : [],
        ),
      ),
    ],
  },
};

/** One table of all adapters, each row led by host and adapter. Unlimited upper limits and unknown values are empty. */
export function renderCsv(report: Report, name: TableName): string {
  const table = TABLES[name];
  const rows = report.series.flatMap((series) =>
    table
      .rows(series)
      .map((row) => [
        series.host,
        series.adapter.pci,
        series.adapter.interfaces.at(-1) ?? null,
        ...table.columns.map((column) => row[column] ?? null),
      ]),
  );
  return toCsv([["host", "adapter", "interface", ...table.columns], ...rows]);
}

/** The columns of `hangproof events --format csv`: what all kinds have; the kind's own fields are JSON in the last. */
export const EVENT_CSV_HEADER: string = toCsv([
  "kind time_utc time_source uncertainty_ms boot_ms host boot_id trust evidence line byte_offset byte_length fields".split(
    " ",
  ),
]);

export function eventCsv(event: KernelEvent): string {
  const { kind, time, host, bootId, trust, provenance, ...fields } = event;
  return toCsv([
    [
      kind,
      utc(time.unixMs),
      time.source,
      Number.isFinite(time.uncertaintyMs) ? time.uncertaintyMs : null,
      time.bootMs,
      host,
      bootId,
      trust,
      provenance.evidence,
      provenance.line,
      provenance.byteOffset,
      provenance.byteLength,
      { escaped: csvJson(fields) },
    ],
  ]);
}

/** A series that knows only one boot's clock has no UTC. */
function stamp(series: AdapterReport, ms: number): string | null {
  return series.relativeTime ? null : utc(ms);
}

/** A cell that is escaped already, and is no formula. */
export interface EscapedCell {
  readonly escaped: string;
}

/** Lines of CSV whose texts are `csvText`; null is an empty cell. */
export function toCsv(rows: readonly (readonly (Cell | EscapedCell)[])[]): string {
  const cell = (value: Cell | EscapedCell): string => {
    if (value === null) return "";
    if (typeof value === "object") return value.escaped;
    return typeof value === "string" ? csvText(value) : String(value);
  };
  return stringify(rows.map((row) => row.map(cell)));
}

function testRow(question: string, change: number | null, comparison: RateComparison): Row {
  return {
    question,
    change,
    unit: comparison.unit,
    reference: comparison.reference.label,
    reference_events: comparison.reference.events,
    reference_hours: comparison.reference.exposureHours,
    compared: comparison.compared.label,
    compared_events: comparison.compared.events,
    compared_hours: comparison.compared.exposureHours,
    ratio: comparison.ratio,
    level: comparison.interval.level,
    lower: comparison.interval.lower,
    upper: comparison.interval.upper,
    p_less: comparison.pLess,
    p_greater: comparison.pGreater,
    p_central: comparison.pCentral,
    p_mid: comparison.pMid,
    method: comparison.method,
  };
}
