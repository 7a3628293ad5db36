import { normalize } from "node:path";
import type { EvidenceSummary, FormName } from "@hangproof/parser";
import type { Context, EventBatch } from "../context.js";
import { CliError, EXIT, type ExitCode, usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import type { InputLimits } from "../limits.js";
import type { ProgressLine } from "../output/progress.js";

/**
 * @throws CliError (noInput) that names every path which does not exist; (usage) when the output would take the place of
 * an input
 */
export async function requireInputs(paths: readonly string[], ctx: Context, output?: string): Promise<void> {
  const missing: string[] = [];
  for (const path of paths) if (path !== "-" && !(await ctx.exists(path))) missing.push(visible(path));
  if (missing.length > 0) throw new CliError(EXIT.noInput, `no such file or directory: ${missing.join(", ")}`);
  if (output !== undefined && output !== "-" && paths.some((path) => normalize(path) === normalize(output)))
    throw usageError(`-o ${visible(output)}: is an input, and evidence is not overwritten`);
}

/** @throws CliError (readFailed) with the name and the reason when the reading fails */
export async function mustRead<Value>(name: string, reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.readFailed, `${visible(name)}: cannot be read: ${visible(why)}`, { cause: error });
  }
}

/** Damage outranks "nothing": an input that could not be read may have held what is missing. */
export function inputExitCode(evidence: readonly EvidenceSummary[], damaged: boolean): ExitCode {
  if (damaged) return EXIT.damaged;
  const useful = evidence.some(
    (one) =>
      one.kernelRecords > 0 || Object.entries(one.events).some(([kind, n]) => n > 0 && kind.startsWith("e1000e.")),
  );
  return useful ? EXIT.written : EXIT.nothing;
}

export interface ReadAll {
  readonly timeZone: string | undefined;
  readonly assumedTimeZone?: string;
  readonly labels?: ReadonlyMap<string, string>;
  readonly except: readonly string[];
  readonly form: FormName | undefined;
  readonly limits: InputLimits | undefined;
  readonly windowUnits?: readonly string[] | undefined;
  /** False for a command that prints no summary. */
  readonly hash?: boolean;
  readonly separately?: boolean;
  readonly progress: ProgressLine;
  /** Awaited before more is read, so a slow reader of the output slows the reading of the input. */
  readonly onBatch: (batch: EventBatch) => void | Promise<void>;
}

/** Reads every input to its end; takes the progress line away whatever happens. */
export async function readAll(
  paths: readonly string[],
  {
    timeZone,
    assumedTimeZone,
    labels,
    except,
    form,
    limits,
    windowUnits,
    hash,
    separately = false,
    progress,
    onBatch,
  }: ReadAll,
  ctx: Context,
): Promise<readonly EvidenceSummary[]> {
  const batches = ctx.library.streamEvidence(paths, {
    signal: ctx.signal,
    except,
    separately,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(assumedTimeZone === undefined ? {} : { assumedTimeZone }),
    ...(labels === undefined ? {} : { labels }),
    ...(form === undefined ? {} : { form }),
    ...(limits === undefined ? {} : { limits }),
    ...(windowUnits === undefined ? {} : { windowUnits }),
    ...(hash === undefined ? {} : { hash }),
    ...(progress.report === undefined ? {} : { onProgress: progress.report }),
  });
  try {
    for (;;) {
      // A pipe may stay silent for ever: the signal must not wait for its next chunk.
      const next = await orAbort(batches.next(), ctx.signal);
      ctx.signal.throwIfAborted();
      if (next.done === true) return next.value;
      await onBatch(next.value);
    }
  } finally {
    progress.erase();
    const closed = batches.return([]);
    if (ctx.signal.aborted) closed.catch(() => {});
    else await closed;
  }
}

/**
 * The work's result, or the signal's reason when that is first. No race with a promise that lasts: each race would leave
 * its result hanging on it, which is every batch that was ever read.
 */
function orAbort<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
