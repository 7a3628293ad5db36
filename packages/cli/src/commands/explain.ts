import { type Explained, Redactor } from "@hangproof/analyzer";
import { DEFAULT_RING_SIZE, decodeHang, type FormName } from "@hangproof/parser";
import { Command, Option } from "commander";
import type { Context } from "../context.js";
import { EXIT_HELP, type ExitCode } from "../exit-codes.js";
import { printableJson } from "../layout/escape.js";
import { wantsColour } from "../layout/style.js";
import type { InputLimits } from "../limits.js";
import { inputFormatOption } from "../options/input-format.js";
import { limitOption } from "../options/limit.js";
import { numberOption } from "../options/output-format.js";
import { redactOption } from "../options/redact.js";
import { parseTimeZone } from "../options/time-zone.js";
import { openDestination } from "../output/destination.js";
import { DiagnosticSummary } from "../output/diagnostics.js";
import { progressLine } from "../output/progress.js";
import { renderBlocks } from "../output/text.js";
import { explainBlocks } from "../sections/explain.js";
import { inputExitCode, readAll, requireInputs } from "./inputs.js";

export interface ExplainCommandOptions {
  readonly format: "text" | "json";
  readonly ring?: number;
  readonly output?: string;
  readonly tz?: string;
  readonly inputFormat?: FormName;
  readonly limit?: InputLimits;
  readonly plain?: boolean;
  readonly redact?: boolean;
  readonly quiet?: boolean;
}

async function explain(paths: readonly string[], options: ExplainCommandOptions, ctx: Context): Promise<ExitCode> {
  const timeZone = options.tz === undefined ? undefined : parseTimeZone(options.tz);
  await requireInputs(paths, ctx, options.output);
  const destination = await openDestination(options.output, ctx);
  const quiet = options.quiet === true;
  const ring = options.ring ?? null;
  try {
    const summary = new DiagnosticSummary();
    let headless = 0;
    const redactor = options.redact === true ? new Redactor() : null;
    const explainer = ctx.library.startExplanation();
    const evidence = await readAll(
      paths,
      {
        timeZone,
        except: destination.ownFiles,
        form: options.inputFormat,
        limits: options.limit,
        hash: false,
        progress: progressLine(ctx, quiet),
        onBatch: (batch) => {
          const { events, diagnostics } = batch;
          redactor?.learn(batch);
          for (const event of events) explainer.add(event);
          headless += diagnostics.filter(({ code }) => code === "hang.headless").length;
          summary.add(diagnostics);
        },
      },
      ctx,
    );
    const found = explainer.finish();
    const explained = redactor === null ? found : redactor.data(found);
    const style = {
      width: ctx.width ?? 80,
      colour: options.plain !== true && wantsColour(ctx.env, destination.isTerminal),
      plain: options.plain === true,
    };
    await destination.write(
      options.format === "json"
        ? jsonOf(explained, ring)
        : renderBlocks(explainBlocks(explained, { ring, headless }), style),
    );
    await destination.finish();
    if (!quiet) ctx.err(summary.text(redactor));
    return inputExitCode(evidence, summary.damaged);
  } finally {
    await destination.abandon();
  }
}

function jsonOf({ adapters, others }: Explained, ring: number | null): string {
  const decoded = adapters.map((one) => ({
    ...one,
    decoded: one.fullest === null ? null : decodeHang(one.fullest, ring),
  }));
  return `${printableJson(JSON.stringify({ adapters: decoded, others }, null, 2))}\n`;
}

const EXAMPLES = `
Examples:
  hangproof explain dump.txt
  xclip -o | hangproof explain
  journalctl -k -b -1 -o short-precise | hangproof explain --ring 4096
`;

export function explainCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  return new Command("explain")
    .description("tell in plain words what a hang report says, which failure it looks like, and what to do")
    .argument("[path...]", "files with a pasted dump or a log; standard input without any, or for -")
    .addOption(new Option("-f, --format <form>", "form of the output").choices(["text", "json"]).default("text"))
    .option(
      "--ring <descriptors>",
      `size of the transmit ring, as ethtool -g shows it (default: ${DEFAULT_RING_SIZE}, the driver's)`,
      numberOption(1, 65_536, true),
    )
    .option("-o, --output <file>", "write to a file, which appears only when it is whole")
    .option("--tz <zone>", "zone of stamps without one: Europe/Berlin, +02:00 (default: this machine's)")
    .addOption(inputFormatOption())
    .addOption(limitOption())
    .option("--plain", "ASCII only, no colour; for screen readers")
    .addOption(redactOption())
    .option("-q, --quiet", "no notes on stderr")
    .addHelpText("after", EXAMPLES + EXIT_HELP)
    .action(async (paths: string[], options: ExplainCommandOptions) =>
      exit(await explain(paths.length === 0 ? ["-"] : paths, options, ctx)),
    );
}
