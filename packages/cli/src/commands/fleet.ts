import { resolve } from "node:path";
import { type FleetReport, Redactor } from "@hangproof/analyzer";
import type { Lake, LakeOptions } from "@hangproof/fleet";
import type { FormName } from "@hangproof/parser";
import { Command, Option } from "commander";
import type { Context } from "../context.js";
import { EXIT, EXIT_HELP, type ExitCode } from "../exit-codes.js";
import { printableJson, visible } from "../layout/escape.js";
import { count } from "../layout/format.js";
import type { InputLimits } from "../limits.js";
import { inputFormatOption } from "../options/input-format.js";
import { limitOption } from "../options/limit.js";
import { confidenceOption, parseNow } from "../options/output-format.js";
import { redactOption } from "../options/redact.js";
import { parseTime } from "../options/time-range.js";
import { parseTimeZone } from "../options/time-zone.js";
import { openDestination } from "../output/destination.js";
import { rowPrinter } from "../output/fleet-rows.js";
import { blocksPage } from "../output/html/frame.js";
import { markdownOf } from "../output/markdown.js";
import { renderBlocks } from "../output/text.js";
import { fleetBlocks } from "../sections/fleet.js";
import { requireInputs } from "./inputs.js";
import { type TakeInOptions, takeIn } from "./take-in.js";

interface FleetReadOptions {
  readonly tz?: string;
  readonly inputFormat?: FormName;
  readonly limit?: InputLimits;
  readonly windowUnit?: readonly string[];
  readonly quiet?: boolean;
}

export interface FleetIngestOptions extends FleetReadOptions {
  readonly out: string;
}

export interface FleetReportCommandOptions {
  readonly format: "text" | "markdown" | "html" | "json";
  readonly output?: string;
  readonly since?: string;
  readonly until?: string;
  readonly tz?: string;
  readonly confidence?: number;
  readonly now?: string;
  readonly redact?: boolean;
  readonly plain?: boolean;
}

/** Stamps without a zone are read in this one unless the user names another: tables must not depend on the machine. */
const ASSUMED_ZONE = "UTC";

async function ingest(paths: readonly string[], options: FleetIngestOptions, ctx: Context): Promise<ExitCode> {
  await requireInputs(paths, ctx);
  const reading = readingOf(paths, options, [options.out]);
  const { taken, clashes } = await withLake(options.out, {}, ctx, async (lake) => ({
    taken: await takeIn(paths, lake, reading, ctx),
    clashes: (await lake.read()).clashes,
  }));
  const { added, known, empty, diagnostics } = taken;
  await ctx.out(
    `${visible(options.out)}: ${count(added, "piece")} of evidence taken in, ${known} known already, ` +
      `${empty} with nothing to keep\n${clashes.map((clash) => `clash: ${visible(clash)}\n`).join("")}`,
  );
  if (options.quiet !== true) ctx.err(diagnostics.text());
  if (diagnostics.damaged) return EXIT.damaged;
  return added + known > 0 ? EXIT.written : EXIT.nothing;
}

/** What the tables are made of, without an engine: for a cluster that writes them itself. */
async function rows(paths: readonly string[], options: FleetReadOptions, ctx: Context): Promise<ExitCode> {
  await requireInputs(paths, ctx);
  const destination = await openDestination(undefined, ctx);
  const keeper = { begin: (label: string) => rowPrinter(label, (text) => destination.write(text)) };
  const { added, diagnostics } = await takeIn(paths, keeper, readingOf(paths, options, []), ctx);
  await destination.finish();
  if (options.quiet !== true) ctx.err(diagnostics.text());
  if (diagnostics.damaged) return EXIT.damaged;
  return added > 0 ? EXIT.written : EXIT.nothing;
}

function readingOf(paths: readonly string[], options: FleetReadOptions, except: readonly string[]): TakeInOptions {
  return {
    timeZone: options.tz === undefined ? undefined : parseTimeZone(options.tz),
    assumedTimeZone: ASSUMED_ZONE,
    labels: new Map(paths.filter((path) => path !== "-").map((path) => [path, resolve(path)])),
    form: options.inputFormat,
    limits: options.limit,
    windowUnits: options.windowUnit,
    separately: true,
    except,
    quiet: options.quiet === true,
  };
}

async function report(path: string, options: FleetReportCommandOptions, ctx: Context): Promise<ExitCode> {
  await requireInputs([path], ctx);
  const { since, until, confidence } = options;
  const now = options.now === undefined ? ctx.now() : parseNow(options.now);
  const timeZone = options.tz === undefined ? ctx.timeZone() : parseTimeZone(options.tz);
  const destination = await openDestination(options.output, ctx);
  try {
    const redactor = options.redact === true ? new Redactor() : null;
    const model = await withLake(path, { readOnly: true }, ctx, async (lake) => {
      // Remarks tell names, ids and folders of hosts that are in no figure.
      if (redactor !== null) {
        const { hosts, evidence } = await lake.read();
        redactor.learn([hosts, evidence]);
      }
      return ctx.library.reportLake(lake, {
        now,
        ...(since === undefined ? {} : { since: parseTime("--since", since, timeZone, now) }),
        ...(until === undefined ? {} : { until: parseTime("--until", until, timeZone, now) }),
        ...(confidence === undefined ? {} : { confidence }),
      });
    });
    await destination.write(render(redactor === null ? model : redactor.data(model), options, ctx));
    await destination.finish();
    return model.units.length > 0 ? EXIT.written : EXIT.nothing;
  } finally {
    await destination.abandon();
  }
}

function render(model: FleetReport, { format, plain = false }: FleetReportCommandOptions, ctx: Context): string {
  if (format === "json") return `${printableJson(JSON.stringify(model, null, 2))}\n`;
  const blocks = fleetBlocks(model);
  if (format === "html") return blocksPage("hangproof fleet report", blocks);
  if (format === "markdown") return markdownOf(blocks);
  return renderBlocks(blocks, { width: ctx.width ?? 120, colour: false, plain });
}

async function withLake<Result>(
  path: string,
  options: LakeOptions,
  ctx: Context,
  work: (lake: Lake) => Promise<Result>,
): Promise<Result> {
  const lake = await ctx.library.openLake(path, options);
  try {
    return await work(lake);
  } finally {
    await lake.close();
  }
}

const INGEST_HELP = `
Tables as docs/fleet-schema.md has them. Taking the same evidence in again, in other pieces or in another order, gives
the same tables. Each input is read as if it were the only one.

Example:
  hangproof fleet ingest /srv/logs --out /srv/lake --tz Europe/Berlin
`;

export function fleetCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];
  const command = new Command("fleet").description("many hosts: their logs as Parquet tables, and what these say");
  const reads = (one: Command): Command =>
    one
      .argument("<path...>", "files and directories; - is standard input")
      .addOption(inputFormatOption())
      .addOption(limitOption())
      .option(
        "--tz <zone>",
        `zone of stamps without one (default: ${ASSUMED_ZONE}, and the tables say that it was assumed)`,
      )
      .option("--window-unit <name>", "a unit or cron command whose runs are backups; may be repeated", collect)
      .option("-q, --quiet", "no notes on stderr");
  reads(command.command("ingest"))
    .description("read logs into a folder of Parquet tables, a lake")
    .requiredOption("-o, --out <folder>", "the lake; made where there is none")
    .addHelpText("after", INGEST_HELP)
    .action(async (paths: string[], options: FleetIngestOptions) => exit(await ingest(paths, options, ctx)));
  reads(command.command("rows"))
    .description("print what the tables are made of, one JSON object a line, for an engine of your own")
    .action(async (paths: string[], options: FleetReadOptions) => exit(await rows(paths, options, ctx)));
  command
    .command("report")
    .description("what the hosts of a lake say together: rates, changes, the worst hosts")
    .argument("<lake>", "the folder that fleet ingest wrote")
    .addOption(
      new Option("-f, --format <form>", "form of the answer")
        .choices(["text", "markdown", "html", "json"])
        .default("text"),
    )
    .option("-o, --output <file>", "write to a file, which appears only when it is whole")
    .option("--plain", "ASCII only, no drawing; for screen readers")
    .addOption(redactOption())
    .option("--since <time>", "only from then on")
    .option("--until <time>", "only before then")
    .option("--tz <zone>", "zone of times that are given without one (default: this machine's)")
    .option("--confidence <level>", "of intervals and claims (default: 0.95)", confidenceOption)
    .option("--now <time>", "make the report as of then, ISO 8601 with offset")
    .action(async (lake: string, options: FleetReportCommandOptions) => exit(await report(lake, options, ctx)));
  return command.addHelpText("after", EXIT_HELP);
}
