import { basename } from "node:path";
import { type ReadReport, type Report, readReport, reportDifferences } from "@hangproof/analyzer";
import { FORM_ABILITIES, type FormName } from "@hangproof/parser";
import { Command } from "commander";
import type { Context } from "../context.js";
import { CliError, EXIT, EXIT_HELP, type ExitCode } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import type { InputLimits } from "../limits.js";
import { limitOption } from "../options/limit.js";
import { openDestination, STANDARD_OUTPUT } from "../output/destination.js";
import { DiagnosticSummary } from "../output/diagnostics.js";
import { renderJson } from "../output/json.js";
import { progressLine } from "../output/progress.js";
import { differenceLines } from "../output/verification.js";
import { mustRead, readAll, requireInputs } from "./inputs.js";

/** Differing values that are told one by one. */
const MOST_VALUES = 20;

export interface VerifyCommandOptions {
  readonly limit?: InputLimits;
  readonly quiet?: boolean;
}

/** Makes a report again from its evidence, as its own options say, and compares the bytes. */
async function verify(
  [file, ...paths]: readonly [string, ...string[]],
  options: VerifyCommandOptions,
  ctx: Context,
): Promise<ExitCode> {
  await requireInputs([file, ...paths], ctx);
  const bytes = await mustRead(file, ctx.readBytes(file));
  const destination = await openDestination(undefined, ctx);
  const told = reportIn(file, new TextDecoder().decode(bytes));
  const quiet = options.quiet === true;
  const summary = new DiagnosticSummary();
  const again = await madeAgain(
    told,
    { paths, limits: options.limit, except: [file, STANDARD_OUTPUT], quiet, summary },
    ctx,
  );
  if (!quiet) ctx.err(summary.text());
  // Not text with text: a byte that is no UTF-8 decodes to what the report may have there.
  if (Buffer.from(renderJson(again)).equals(bytes)) {
    await destination.write("The report holds: made again from this evidence it is the same to the byte.\n");
    return EXIT.written;
  }
  await destination.write(differenceLines(reportDifferences(told.report, again, MOST_VALUES), again));
  return EXIT.differs;
}

async function madeAgain(
  { options }: ReadReport,
  how: {
    readonly paths: readonly string[];
    readonly limits: InputLimits | undefined;
    readonly except: readonly string[];
    readonly quiet: boolean;
    readonly summary: DiagnosticSummary;
  },
  ctx: Context,
): Promise<Report> {
  const { reading, timeZone } = options;
  const analysis = ctx.library.startAnalysis(options);
  const evidence = await readAll(
    how.paths,
    {
      timeZone: reading?.timeZone ?? undefined,
      assumedTimeZone: timeZone,
      labels: labelsOf(how.paths, reading?.paths ?? []),
      except: how.except,
      limits: how.limits,
      form: formOf(reading?.form ?? null),
      windowUnits: reading?.windowUnits,
      progress: progressLine(ctx, how.quiet),
      onBatch: ({ events, diagnostics }) => {
        for (const event of events) analysis.add(event);
        how.summary.add(diagnostics);
      },
    },
    ctx,
  );
  for (const one of evidence) analysis.addEvidence(one);
  return analysis.finish();
}

/**
 * Evidence may have been moved, and is told under the names that the report has: a path that the report names is itself,
 * another takes the first name left that ends in the same way, and where there are as many as the report had, the rest go
 * by their order. One that finds no name keeps its own.
 */
export function labelsOf(paths: readonly string[], told: readonly string[]): ReadonlyMap<string, string> {
  const left = new Set(told);
  const labels = new Map<string, string>();
  const give = (path: string, name: string | undefined): void => {
    if (name === undefined || labels.has(path)) return;
    labels.set(path, name);
    left.delete(name);
  };
  for (const path of paths) if (left.has(path)) give(path, path);
  for (const path of paths) {
    if (!labels.has(path))
      give(
        path,
        [...left].find((name) => basename(name) === basename(path)),
      );
  }
  if (paths.length === told.length) for (const path of paths) if (!labels.has(path)) give(path, [...left][0]);
  return labels;
}

/** @throws CliError (badData) when the file holds no report */
function reportIn(file: string, text: string): ReadReport {
  try {
    const report = readReport(text);
    formOf(report.options.reading?.form ?? null);
    return report;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError(EXIT.badData, `${visible(file)}: ${visible(error.message)}`, { cause: error });
  }
}

function formOf(name: string | null): FormName | undefined {
  if (name === null) return undefined;
  if (!isForm(name)) throw new RangeError(`options.reading.form: no form is called ${name}`);
  return name;
}

function isForm(name: string): name is FormName {
  return Object.hasOwn(FORM_ABILITIES, name);
}

const EXAMPLES = `
Examples:
  hangproof report /var/log/kern.log* --format json -o report.json
  hangproof verify report.json /var/log/kern.log*
`;

export function verifyCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  return new Command("verify")
    .description("make a report again from its evidence and tell whether it is the same to the byte, or what differs")
    .argument("<report>", "a report that --format json wrote; its options are in it")
    .argument("<path...>", "the evidence that it was made from, wherever it is now; - is standard input")
    .addOption(limitOption())
    .option("-q, --quiet", "no notes on stderr")
    .addHelpText("after", EXAMPLES + EXIT_HELP)
    .action(async (file: string, paths: string[], options: VerifyCommandOptions) =>
      exit(await verify([file, ...paths], options, ctx)),
    );
}
