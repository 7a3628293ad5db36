import type { Ingested } from "@hangproof/ledger";
import type { EvidenceSummary, FormName, KernelEvent } from "@hangproof/parser";
import type { Context } from "../context.js";
import type { InputLimits } from "../limits.js";
import { DiagnosticSummary } from "../output/diagnostics.js";
import { progressLine } from "../output/progress.js";
import { readAll } from "./inputs.js";

export interface TakeInOptions {
  readonly timeZone: string | undefined;
  /** The zone that is assumed where `timeZone` is undefined; default: this machine's. */
  readonly assumedTimeZone?: string;
  /** What a path is called in labels instead of itself. */
  readonly labels?: ReadonlyMap<string, string>;
  readonly form: FormName | undefined;
  readonly limits: InputLimits | undefined;
  readonly windowUnits: readonly string[] | undefined;
  /** Reads each input as if it were the only one. */
  readonly separately?: boolean;
  /** Files that are no evidence: the keeper itself, what the command writes. */
  readonly except: readonly string[];
  readonly quiet: boolean;
}

/** What keeps evidence: a ledger, a lake. */
export interface Keeper {
  begin(label: string): KeeperIntake | Promise<KeeperIntake>;
}
interface KeeperIntake {
  add(event: KernelEvent): void;
  /** Called after each batch, by a keeper that must not hold all of it. */
  drain?(): Promise<void>;
  finish(summary: EvidenceSummary): Ingested | Promise<Ingested>;
  abandon(): void;
}

/** What taking in came to. */
export interface TakenIn {
  /** Evidence that the keeper did not have, or reads better now. */
  readonly added: number;
  /** Evidence that it had. */
  readonly known: number;
  /** Read, and nothing in it to keep. */
  readonly empty: number;
  readonly diagnostics: DiagnosticSummary;
}

/** Reads evidence and keeps it piece by piece: what was read whole is kept, whatever happens to the next. */
export async function takeIn(
  paths: readonly string[],
  keeper: Keeper,
  { quiet, ...reading }: TakeInOptions,
  ctx: Context,
): Promise<TakenIn> {
  const diagnostics = new DiagnosticSummary();
  const counts = { added: 0, known: 0, empty: 0 };
  let intake: KeeperIntake | null = null;
  try {
    await readAll(
      paths,
      {
        ...reading,
        progress: progressLine(ctx, quiet),
        onBatch: async ({ events, diagnostics: faults, summary }) => {
          diagnostics.add(faults);
          const label = events[0]?.provenance.evidence ?? summary?.evidence;
          if (label === undefined) return;
          if (intake === null && (events.length > 0 || isWorthKeeping(summary))) intake = await keeper.begin(label);
          for (const event of events) intake?.add(event);
          await intake?.drain?.();
          if (summary === null) return;
          if (intake === null) counts.empty += 1;
          else {
            const result = await intake.finish(summary);
            counts[result === "added" || result === "better" ? "added" : "known"] += 1;
          }
          intake = null;
        },
      },
      ctx,
    );
  } finally {
    (intake as KeeperIntake | null)?.abandon();
  }
  return { ...counts, diagnostics };
}

/** A kernel log without any event of ours is what "no hang" stands on; a machine id says whose evidence lies beside it. */
function isWorthKeeping(summary: EvidenceSummary | null): boolean {
  return summary !== null && (summary.kernelRecords > 0 || summary.machines !== undefined);
}
