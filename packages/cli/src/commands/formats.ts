import type { EvidenceSummary, FormName } from "@hangproof/parser";
import { Command, Option } from "commander";
import type { Context } from "../context.js";
import { EXIT_HELP, type ExitCode } from "../exit-codes.js";
import { printableJson } from "../layout/escape.js";
import { wantsColour } from "../layout/style.js";
import type { InputLimits } from "../limits.js";
import { inputFormatOption } from "../options/input-format.js";
import { limitOption } from "../options/limit.js";
import { parseTimeZone } from "../options/time-zone.js";
import { openDestination } from "../output/destination.js";
import { DiagnosticSummary } from "../output/diagnostics.js";
import { progressLine } from "../output/progress.js";
import { renderBlocks } from "../output/text.js";
import { betterExport, formatBlocks } from "../sections/formats.js";
import { inputExitCode, readAll, requireInputs } from "./inputs.js";

export interface FormatsCommandOptions {
  readonly format: "text" | "json";
  readonly output?: string;
  readonly tz?: string;
  readonly inputFormat?: FormName;
  readonly limit?: InputLimits;
  readonly plain?: boolean;
  readonly quiet?: boolean;
}

async function formats(paths: readonly string[], options: FormatsCommandOptions, ctx: Context): Promise<ExitCode> {
  const timeZone = options.tz === undefined ? undefined : parseTimeZone(options.tz);
  await requireInputs(paths, ctx, options.output);
  const destination = await openDestination(options.output, ctx);
  const quiet = options.quiet === true;
  try {
    const summary = new DiagnosticSummary();
    const progress = progressLine(ctx, quiet);
    const onBatch = ({ diagnostics }: { readonly diagnostics: Parameters<typeof summary.add>[0] }): void =>
      summary.add(diagnostics);
    const evidence = await readAll(
      paths,
      { timeZone, except: destination.ownFiles, form: options.inputFormat, limits: options.limit, progress, onBatch },
      ctx,
    );
    const style = {
      width: ctx.width ?? 80,
      colour: options.plain !== true && wantsColour(ctx.env, destination.isTerminal),
      plain: options.plain === true,
    };
    await destination.write(
      options.format === "json"
        ? evidence.map(jsonLine).join("")
        : renderBlocks(formatBlocks(evidence, timeZone ?? ctx.timeZone()), style),
    );
    await destination.finish();
    if (!quiet) ctx.err(summary.text());
    return inputExitCode(evidence, summary.damaged);
  } finally {
    await destination.abandon();
  }
}

function jsonLine(one: EvidenceSummary): string {
  return `${printableJson(JSON.stringify({ ...one, betterExport: betterExport(one) }))}\n`;
}

const EXAMPLES = `
Examples:
  hangproof formats fixtures/cases/pve-backup-hang --tz Europe/Berlin
  hangproof formats sosreport-pve1.tar.xz --format json
`;

export function formatsCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  return new Command("formats")
    .description("tell what each input is, what it covers and lost, and which export would have kept more")
    .argument("<path...>", "files, directories and archives; - is standard input")
    .addOption(
      new Option("-f, --format <form>", "json: one object an input, a line each")
        .choices(["text", "json"])
        .default("text"),
    )
    .option("-o, --output <file>", "write to a file, which appears only when it is whole")
    .option("--tz <zone>", "zone of stamps without one: Europe/Berlin, +02:00 (default: this machine's)")
    .addOption(inputFormatOption())
    .addOption(limitOption())
    .option("--plain", "ASCII only, no colour; for screen readers")
    .option("-q, --quiet", "no notes on stderr")
    .addHelpText("after", EXAMPLES + EXIT_HELP)
    .action(async (paths: string[], options: FormatsCommandOptions) => exit(await formats(paths, options, ctx)));
}
