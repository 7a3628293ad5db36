import { compareSeries, Redactor, type Report } from "@hangproof/analyzer";
import { Command, Option } from "commander";
import type { Context } from "../context.js";
import { CliError, EXIT, EXIT_HELP, type ExitCode, usageError } from "../exit-codes.js";
import { printableJson, visible } from "../layout/escape.js";
import { localTime } from "../layout/format.js";
import type { InputLimits } from "../limits.js";
import { limitOption } from "../options/limit.js";
import { parseNow } from "../options/output-format.js";
import { redactOption } from "../options/redact.js";
import { parseTime } from "../options/time-range.js";
import { parseTimeZone } from "../options/time-zone.js";
import { openDestination } from "../output/destination.js";
import { DiagnosticSummary } from "../output/diagnostics.js";
import { markdownOf } from "../output/markdown.js";
import { progressLine } from "../output/progress.js";
import { renderBlocks } from "../output/text.js";
import { compareBlocks, type Side } from "../sections/compare.js";
import { readAll, requireInputs } from "./inputs.js";

export interface CompareCommandOptions {
  readonly format: "text" | "markdown" | "json";
  readonly split?: string;
  readonly output?: string;
  readonly tz?: string;
  readonly now?: string;
  readonly limit?: InputLimits;
  readonly redact?: boolean;
  readonly quiet?: boolean;
}

/** Two hosts, or one before and since a moment, side by side. */
async function compare(paths: readonly string[], options: CompareCommandOptions, ctx: Context): Promise<ExitCode> {
  const quiet = options.quiet === true;
  const now = options.now === undefined ? ctx.now() : parseNow(options.now);
  const timeZone = options.tz === undefined ? ctx.timeZone() : parseTimeZone(options.tz);
  const splitMs = options.split === undefined ? null : parseTime("--split", options.split, timeZone, now);
  const [first, second] = paths;
  if (splitMs === null ? paths.length !== 2 : paths.length !== 1)
    throw usageError("name two files or folders, or one and --split TIME");
  await requireInputs(paths, ctx);
  const destination = await openDestination(options.output, ctx);
  const diagnostics = new DiagnosticSummary();
  const redactor = options.redact === true ? new Redactor() : null;
  const shown = <Value>(value: Value): Value => (redactor === null ? value : redactor.data(value));
  const read = async (path: string, range: { since: number | null; until: number | null }): Promise<Report> => {
    const analysis = ctx.library.startAnalysis({ now, timeZone, ...range });
    const evidence = await readAll(
      [path],
      {
        timeZone: options.tz === undefined ? undefined : timeZone,
        form: undefined,
        limits: options.limit,
        except: destination.ownFiles,
        progress: progressLine(ctx, quiet),
        onBatch: (batch) => {
          redactor?.learn(batch);
          for (const event of batch.events) analysis.add(event);
          diagnostics.add(batch.diagnostics);
        },
      },
      ctx,
    );
    for (const one of evidence) analysis.addEvidence(one);
    return analysis.finish();
  };
  try {
    const at = splitMs === null ? "" : localTime(splitMs, timeZone);
    const before = await read(first!, { since: null, until: splitMs });
    const since = await read(second ?? first!, { since: splitMs, until: null });
    // What either side names is learned before anything of the first is shown.
    redactor?.learn([before, since]);
    const names = shown({ paths });
    const real = [
      sideOf(splitMs === null ? names.paths[0]! : `before ${at}`, before),
      sideOf(splitMs === null ? names.paths[1]! : `since ${at}`, since),
    ] as const;
    const found = compareSeries(real[0].series, real[1].series, { first: real[0].label, second: real[1].label });
    const { sides, comparison } = shown<{ sides: readonly [Side, Side]; comparison: typeof found }>({
      sides: real,
      comparison: found,
    });
    const [a, b] = sides;
    const blocks = compareBlocks(sides, comparison);
    const style = { width: ctx.width ?? 100, colour: false, plain: true };
    const json = (): string => {
      const model = {
        first: { label: a.label, series: a.series },
        second: { label: b.label, series: b.series },
        comparison,
      };
      return `${printableJson(JSON.stringify(model, null, 2))}\n`;
    };
    const text =
      options.format === "json"
        ? json()
        : options.format === "markdown"
          ? markdownOf(blocks)
          : renderBlocks(blocks, style);
    await destination.write(text);
    await destination.finish();
    if (!quiet) ctx.err(diagnostics.text(redactor));
    return diagnostics.damaged ? EXIT.damaged : EXIT.written;
  } finally {
    await destination.abandon();
  }
}

/** The series with the most hangs; a side without any adapter cannot be compared. */
function sideOf(label: string, report: Report): Side {
  const [series] = report.series;
  if (series === undefined) throw new CliError(EXIT.nothing, `${visible(label)}: no message of an e1000e adapter`);
  return { label, report, series };
}

const HELP = `
Of a side with several adapters the one with the most hangs is compared.

Examples:
  hangproof compare pve1/ pve2/
  hangproof compare logs/ --split "2025-10-12 14:30"
${EXIT_HELP}`;

export function compareCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  return new Command("compare")
    .description("two hosts, or one before and since a moment, side by side")
    .argument("<path...>", "two files or folders, or one with --split")
    .option("--split <time>", "compare what was before with what was since")
    .addOption(
      new Option("-f, --format <form>", "form of the answer").choices(["text", "markdown", "json"]).default("text"),
    )
    .option("-o, --output <file>", "write to a file, which appears only when it is whole")
    .option("--tz <zone>", "zone of stamps without one, and of the answer (default: this machine's)")
    .addOption(limitOption())
    .addOption(redactOption())
    .option("--now <time>", "as of then, ISO 8601 with offset")
    .option("-q, --quiet", "no notes on stderr")
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: CompareCommandOptions) => exit(await compare(paths, options, ctx)));
}
