import { type AnalyzeOptions, Redactor, type Report } from "@hangproof/analyzer";
import type { FormName } from "@hangproof/parser";
import { Command, Option } from "commander";
import type { Context } from "../context.js";
import { CliError, EXIT, EXIT_HELP, type ExitCode, usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { count } from "../layout/format.js";
import { wantsColour } from "../layout/style.js";
import type { InputLimits } from "../limits.js";
import { inputFormatOption } from "../options/input-format.js";
import { limitOption } from "../options/limit.js";
import {
  confidenceOption,
  numberOption,
  parseNow,
  REPORT_FORMATS,
  type ReportFormat,
} from "../options/output-format.js";
import { readQuestion, understood } from "../options/question.js";
import { parseWindowFile } from "../options/window-file.js";
import { renderCsv, TABLE_NAMES, type TableName } from "../output/csv.js";
import { openDestination } from "../output/destination.js";
import { DiagnosticSummary } from "../output/diagnostics.js";
import { renderHtml } from "../output/html/page.js";
import { hasWallTime, renderIcs } from "../output/ics.js";
import { renderJson } from "../output/json.js";
import { markdownOf, renderMarkdown } from "../output/markdown.js";
import { progressLine } from "../output/progress.js";
import { renderBlocks, renderText, type TextStyle } from "../output/text.js";
import { type Excerpt, ticketDocument } from "../sections/ticket.js";
import { excerptsOf } from "./excerpts.js";
import { inputExitCode, mustRead, readAll, requireInputs } from "./inputs.js";

export interface ReportCommandOptions {
  readonly format: ReportFormat;
  readonly table?: TableName;
  readonly output?: string;
  readonly since?: string;
  readonly until?: string;
  readonly tz?: string;
  readonly inputFormat?: FormName;
  readonly limit?: InputLimits;
  readonly change?: readonly string[];
  readonly window?: readonly string[];
  readonly windows?: readonly string[];
  readonly windowUnit?: readonly string[];
  readonly looks?: "single" | "repeated";
  readonly lag?: number;
  readonly confidence?: number;
  readonly seed?: number;
  readonly now?: string;
  readonly plain?: boolean;
  readonly for?: "ticket";
  readonly redact?: boolean;
  readonly quiet?: boolean;
}

async function report(paths: readonly string[], options: ReportCommandOptions, ctx: Context): Promise<ExitCode> {
  if (options.table !== undefined && options.format !== "csv") throw usageError("--table needs --format csv");
  if (options.for === "ticket" && options.format !== "markdown" && options.format !== "text")
    throw usageError("--for ticket is Markdown or text");
  const quiet = options.quiet === true;
  const analyzeOptions = await analyzeOptionsOf(paths, options, ctx);
  await requireInputs(paths, ctx, options.output);
  const destination = await openDestination(options.output, ctx);
  try {
    const summary = new DiagnosticSummary();
    const analysis = ctx.library.startAnalysis(analyzeOptions);
    const evidence = await readAll(
      paths,
      {
        timeZone: options.tz === undefined ? undefined : analyzeOptions.timeZone,
        except: destination.ownFiles,
        form: options.inputFormat,
        limits: options.limit,
        windowUnits: options.windowUnit,
        progress: progressLine(ctx, quiet),
        onBatch: ({ events, diagnostics }) => {
          for (const event of events) analysis.add(event);
          summary.add(diagnostics);
        },
      },
      ctx,
    );
    for (const one of evidence) analysis.addEvidence(one);
    const redactor = options.redact === true ? new Redactor() : null;
    const found = analysis.finish();
    const text =
      options.for === "ticket"
        ? await ticket(found, redactor, options, ctx, destination.isTerminal)
        : render(redactor === null ? found : redactor.data(found), options, ctx, destination.isTerminal);
    await destination.write(text);
    await destination.finish();
    if (!quiet) {
      const undated = options.format === "ics" ? found.series.filter((series) => !hasWallTime(series)).length : 0;
      if (undated > 0) ctx.err(`hangproof: ${count(undated, "adapter")} without wall time left out: ics needs one\n`);
      ctx.err(summary.text(redactor));
    }
    return inputExitCode(evidence, summary.damaged);
  } finally {
    await destination.abandon();
  }
}

async function analyzeOptionsOf(
  paths: readonly string[],
  options: ReportCommandOptions,
  ctx: Context,
): Promise<AnalyzeOptions & { readonly timeZone: string }> {
  const now = options.now === undefined ? ctx.now() : parseNow(options.now);
  const question = readQuestion(options, {
    now,
    get timeZone() {
      return ctx.timeZone();
    },
  });
  const { timeZone, since, until, changes } = question;
  const shown = options.redact === true ? { ...question, changes: [] } : question;
  if (options.quiet !== true) for (const line of understood(shown)) ctx.err(`hangproof: ${line}\n`);
  const windows = [...question.windows];
  for (const file of options.windows ?? []) {
    if (!(await ctx.exists(file))) throw new CliError(EXIT.noInput, `no such file: ${visible(file)}`);
    const text = await mustRead(`--windows ${file}`, ctx.readText(file));
    windows.push(...parseWindowFile(file, text, question));
  }
  return {
    now,
    timeZone,
    since,
    until,
    changes,
    windows,
    reading: {
      program: `hangproof ${ctx.version}`,
      paths,
      timeZone: options.tz === undefined ? null : timeZone,
      form: options.inputFormat ?? null,
      windowUnits: options.windowUnit ?? [],
    },
    ...(options.looks === undefined ? {} : { looks: options.looks }),
    ...(options.lag === undefined ? {} : { lagMs: options.lag * 60_000 }),
    ...(options.confidence === undefined ? {} : { confidence: options.confidence }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  };
}

function render(model: Report, options: ReportCommandOptions, ctx: Context, isTerminal: boolean): string {
  switch (options.format) {
    case "text":
      return renderText(model, textStyle(options, ctx, isTerminal));
    case "markdown":
      return renderMarkdown(model);
    case "html":
      return renderHtml(model);
    case "json":
      return renderJson(model);
    case "csv":
      return renderCsv(model, options.table ?? "episodes");
    case "ics":
      return renderIcs(model);
  }
}

/** Excerpts are read where the evidence really is, and redacted with the rest. */
async function ticket(
  found: Report,
  redactor: Redactor | null,
  options: ReportCommandOptions,
  ctx: Context,
  isTerminal: boolean,
): Promise<string> {
  const real = await excerptsOf(found, ctx);
  const model = redactor === null ? found : redactor.data(found);
  const excerpts = real.map(({ series, episode, lines }): Excerpt => {
    const shown = model.series[found.series.indexOf(series)]!;
    const clean = lines === null || redactor === null ? lines : lines.map((line) => redactor.text(line));
    return { series: shown, episode: shown.episodes[series.episodes.indexOf(episode)]!, lines: clean };
  });
  const blocks = ticketDocument(model, excerpts);
  return options.format === "markdown" ? markdownOf(blocks) : renderBlocks(blocks, textStyle(options, ctx, isTerminal));
}

function textStyle(options: ReportCommandOptions, ctx: Context, isTerminal: boolean): TextStyle {
  return {
    width: ctx.width ?? 80,
    colour: options.plain !== true && wantsColour(ctx.env, isTerminal),
    plain: options.plain === true,
  };
}

function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

const EXAMPLES = `
Examples:
  hangproof report fixtures/cases/pve-backup-hang --tz Europe/Berlin
  hangproof report /var/log/kern.log* /var/log/pve/tasks --since "3 weeks ago"
  hangproof report kern.log --for ticket --redact -o ticket.md
  hangproof report sosreport-pve1.tar.xz --format html -o report.html
  journalctl -o short-iso-precise --no-pager | hangproof report -
`;

export function reportCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  return new Command("report")
    .description("judge whether a change stopped the hangs, from exported logs")
    .argument("<path...>", "files and directories; - is standard input")
    .addOption(
      new Option("-f, --format <form>", "form of the report; ics: a calendar of hangs and backups")
        .choices(REPORT_FORMATS)
        .default("text"),
    )
    .addOption(new Option("--table <name>", "which table, with --format csv (default: episodes)").choices(TABLE_NAMES))
    .addOption(
      new Option("--for <reader>", "ticket: what a vendor or hosting provider asks, with excerpts (Markdown)").choices([
        "ticket",
      ]),
    )
    .option("-o, --output <file>", "write to a file, which appears only when it is whole")
    .addOption(inputFormatOption())
    .addOption(limitOption())
    .option("--since <text>", 'judge from then on: ISO 8601 or as in "last sunday 2am"')
    .option("--until <text>", "judge up to then")
    .option(
      "--tz <zone>",
      "zone of stamps without one, and of the report: Europe/Berlin, +02:00 (default: this machine's)",
    )
    .option("--change <time: title>", "a change that no log shows; may be repeated", collect)
    .option(
      "--window <when>",
      'a backup that no log shows: "every sunday 02:00 for 90 minutes", "2025-10-05 02:00 to 04:30"; may be repeated',
      collect,
    )
    .option(
      "--window-unit <name>",
      "a systemd unit (its name or description), or a part of a cron command, whose runs are backups; may be repeated",
      collect,
    )
    .option("--windows <file>", "backups from a calendar (.ics), JSON or CSV file; may be repeated", collect)
    .addOption(
      new Option(
        "--looks <how>",
        "single: this is the one look that was declared beforehand (default: repeated)",
      ).choices(["single", "repeated"]),
    )
    .option(
      "--lag <minutes>",
      "a hang so long after a backup still counts as in it (default: 10)",
      numberOption(0, 1440),
    )
    .option("--confidence <level>", "level of the intervals (default: 0.95)", confidenceOption)
    .option("--seed <n>", "of the random shifts (default: 1)", numberOption(0, Number.MAX_SAFE_INTEGER, true))
    .option("--now <time>", "make the report as of then, ISO 8601 with offset; for a report that repeats to the byte")
    .option("--plain", "ASCII only, no drawing, no colour; for screen readers")
    .option(
      "--redact",
      "host-1, ip-1, mac-1 in place of host names, addresses, guest and user names and ids; such a report cannot be verified",
    )
    .option("-q, --quiet", "no notes on stderr")
    .addHelpText("after", EXAMPLES + EXIT_HELP)
    .action(async (paths: string[], options: ReportCommandOptions, command: Command) => {
      const isMarkdown = options.for === "ticket" && command.getOptionValueSource("format") === "default";
      exit(await report(paths, isMarkdown ? { ...options, format: "markdown" } : options, ctx));
    });
}
