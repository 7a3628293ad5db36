import type { Intake, Ledger } from "@hangproof/ledger";
import type { EvidenceSummary, FormName } from "@hangproof/parser";
import type { Context } from "../context.js";
import { DiagnosticSummary } from "../output/diagnostics.js";
import { progressLine } from "../output/progress.js";
import { readAll } from "./inputs.js";

export interface TakeInOptions {
  readonly timeZone: string | undefined;
  readonly form: FormName | undefined;
  readonly windowUnits: readonly string[] | undefined;
  /** Files that are no evidence: the ledger itself, what the command writes. */
  readonly except: readonly string[];
  readonly quiet: boolean;
}

/** What taking in came to. */
export interface TakenIn {
  /** Evidence that the ledger did not have, or reads better now. */
  readonly added: number;
  /** Evidence that it had. */
  readonly known: number;
  /** Read, and nothing in it to keep. */
  readonly empty: number;
  readonly diagnostics: DiagnosticSummary;
}

/** Reads evidence into a ledger, one transaction for each: what was read whole is kept, whatever happens to the next. */
export async function takeIn(
  paths: readonly string[],
  ledger: Ledger,
  { timeZone, form, windowUnits, except, quiet }: TakeInOptions,
  ctx: Context,
): Promise<TakenIn> {
  const diagnostics = new DiagnosticSummary();
  const counts = { added: 0, known: 0, empty: 0 };
  let intake: Intake | null = null;
  try {
    await readAll(
      paths,
      {
        timeZone,
        form,
        windowUnits,
        except,
        progress: progressLine(ctx, quiet),
        onBatch: ({ events, diagnostics: faults, summary }) => {
          diagnostics.add(faults);
          const label = events[0]?.provenance.evidence ?? summary?.evidence;
          if (label === undefined) return;
          if (intake === null && (events.length > 0 || isWorthKeeping(summary))) intake = ledger.begin(label);
          for (const event of events) intake?.add(event);
          if (summary === null) return;
          if (intake === null) counts.empty += 1;
          else {
            const result = intake.finish(summary);
            counts[result === "added" || result === "better" ? "added" : "known"] += 1;
          }
          intake = null;
        },
      },
      ctx,
    );
  } finally {
    (intake as Intake | null)?.abandon();
  }
  return { ...counts, diagnostics };
}

/** A kernel log without any event of ours is what "no hang" stands on. */
function isWorthKeeping(summary: EvidenceSummary | null): boolean {
  return summary !== null && summary.kernelRecords > 0;
}
