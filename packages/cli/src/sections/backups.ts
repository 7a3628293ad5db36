import type { AdapterReport, BackupRun, Report } from "@hangproof/analyzer";
import { type Block, left, leftWhole } from "../layout/document.js";
import { count, duration } from "../layout/format.js";
import { clockOf } from "./names.js";

const SHOWN = 10;
const HOUR_MS = 3_600_000;
const OUTCOMES = ["ok", "warnings", "failed", "unknown"] as const;

/** How many runs, how they ended, and those with a hang one by one. */
export function backupBlocks(series: AdapterReport, report: Report): Block[] {
  const { runs } = series;
  const blocks: Block[] = [{ kind: "heading", text: `Backups (${runs.length})` }];
  if (runs.length === 0) {
    blocks.push({
      kind: "paragraph",
      text: "No backup run in this evidence, so hangs cannot be lined up with backups. Add /var/log/pve/tasks or the journal.",
    });
    return blocks;
  }
  const hit = runs.filter((run) => run.hit);
  const outcomes = OUTCOMES.map((outcome) => [runs.filter((run) => run.outcome === outcome).length, outcome] as const)
    .filter(([n]) => n > 0)
    .map(([n, outcome]) => `${n} ${outcome}`);
  const blind = runs.filter((run) => !run.covered).length;
  const open = runs.filter((run) => !run.endObserved).length;
  blocks.push({
    kind: "paragraph",
    text:
      `${count(runs.length, "run")}: ${outcomes.join(", ")}; a hang in ${hit.length}.` +
      `${blind > 0 ? ` ${count(blind, "run")} without kernel log: not counted.` : ""}` +
      `${open > 0 ? ` ${count(open, "run")} without a logged end, bounded by other means.` : ""}`,
  });
  if (hit.length === 0) return blocks;
  const clock = clockOf(series, report, "minute");
  blocks.push({
    kind: "table",
    columns: [
      leftWhole("with a hang: start"),
      leftWhole("took"),
      left("guests"),
      left("storage"),
      left("outcome"),
      left("what came first"),
    ],
    rows: hit.slice(-SHOWN).map((run) => row(run, clock)),
  });
  if (hit.length > SHOWN)
    blocks.push({
      kind: "list",
      items: [`${hit.length - SHOWN} earlier runs with a hang not shown; --format csv --table runs has all`],
    });
  return blocks;
}

function row(run: BackupRun, clock: (ms: number) => string): string[] {
  return [
    clock(run.startMs),
    (run.endObserved ? "" : "~") + duration((run.endMs - run.startMs) / HOUR_MS),
    run.guests.join(", ") || "unknown",
    run.storage ?? "unknown",
    run.outcome,
    run.cameFirst === null ? "" : FIRST[run.cameFirst],
  ];
}

/** The run's own trouble is its first line about a failure. */
const FIRST = { hang: "the hang", trouble: "the backup's failure" } as const;
