import { Redactor } from "@hangproof/analyzer";
import type { FormName, KernelEvent } from "@hangproof/parser";
import { Command, Option } from "commander";
import type { Context, EventBatch } from "../context.js";
import { EXIT_HELP, type ExitCode, usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { count } from "../layout/format.js";
import type { InputLimits } from "../limits.js";
import { inputFormatOption } from "../options/input-format.js";
import { limitOption } from "../options/limit.js";
import { EVENT_FORMATS, type EventFormat } from "../options/output-format.js";
import { parseTimeZone } from "../options/time-zone.js";
import { openDestination } from "../output/destination.js";
import { DiagnosticSummary } from "../output/diagnostics.js";
import { EVENT_FORMS } from "../output/event-forms.js";
import { progressLine } from "../output/progress.js";
import { HeldEvents } from "./held-events.js";
import { inputExitCode, readAll, requireInputs } from "./inputs.js";

export interface EventsCommandOptions {
  readonly format: EventFormat;
  readonly kind?: readonly string[];
  readonly output?: string;
  readonly tz?: string;
  readonly inputFormat?: FormName;
  readonly limit?: InputLimits;
  readonly redact?: boolean;
  readonly quiet?: boolean;
}

async function events(paths: readonly string[], options: EventsCommandOptions, ctx: Context): Promise<ExitCode> {
  const wanted = kindFilter(options.kind ?? []);
  const timeZone = options.tz === undefined ? undefined : parseTimeZone(options.tz);
  await requireInputs(paths, ctx, options.output);
  const destination = await openDestination(options.output, ctx);
  const quiet = options.quiet === true;
  const summary = new DiagnosticSummary();
  const { header, write } = EVENT_FORMS[options.format];
  const redactor = options.redact === true ? new Redactor() : null;
  // An early event may hold a name that only a later one tells to be a name.
  const held = redactor === null ? null : new HeldEvents();
  let leftOut = 0;
  const writeAll = async (all: readonly KernelEvent[]): Promise<void> => {
    let text = "";
    for (const event of all) {
      const line = write(redactor === null ? event : redactor.data(event));
      if (line === null) leftOut++;
      else text += line;
    }
    if (text !== "") await destination.write(text);
  };
  try {
    if (header !== "") await destination.write(header);
    const onBatch = async (batch: EventBatch): Promise<void> => {
      summary.add(batch.diagnostics);
      redactor?.learn(batch);
      const own = batch.events.filter(wanted);
      if (held === null) await writeAll(own);
      else held.add(own);
    };
    const progress = progressLine(ctx, quiet || destination.isTerminal);
    const evidence = await readAll(
      paths,
      {
        timeZone,
        except: destination.ownFiles,
        form: options.inputFormat,
        limits: options.limit,
        hash: false,
        progress,
        onBatch,
      },
      ctx,
    );
    for (const part of held?.parts() ?? []) {
      ctx.signal.throwIfAborted();
      await writeAll(part);
    }
    await destination.finish();
    if (!quiet) {
      if (leftOut > 0)
        ctx.err(`hangproof: ${count(leftOut, "event")} without a time left out: ${options.format} needs one\n`);
      ctx.err(summary.text(redactor));
    }
    return inputExitCode(evidence, summary.damaged);
  } finally {
    await destination.abandon();
  }
}

/**
 * `e1000e.hang` names one kind, `e1000e.*` a family; none at all means every kind.
 * @throws CliError (usage) for a pattern of another shape
 */
function kindFilter(patterns: readonly string[]): (event: KernelEvent) => boolean {
  if (patterns.length === 0) return () => true;
  const exact = new Set<string>();
  const prefixes: string[] = [];
  for (const pattern of patterns) {
    if (/^[a-z0-9]+\.[a-z_0-9]+$/.test(pattern)) exact.add(pattern);
    else if (/^[a-z0-9]+\.[a-z_0-9]*\*$/.test(pattern)) prefixes.push(pattern.slice(0, -1));
    else throw usageError(`--kind ${visible(pattern)}: expected a kind (e1000e.hang) or a family (e1000e.*)`);
  }
  return ({ kind }) => exact.has(kind) || prefixes.some((prefix) => kind.startsWith(prefix));
}

const EXAMPLES = `
Examples:
  hangproof events fixtures/cases/pve-backup-hang --kind 'e1000e.*'
  hangproof events journal.txt --kind e1000e.hang --format csv -o hangs.csv
  hangproof events sosreport-pve1.tar.xz --format timesketch -o pve1.jsonl
  journalctl -o short-iso-precise | hangproof events - | head
`;

export function eventsCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  return new Command("events")
    .description("print every typed event with its place in the evidence, one JSON object a line")
    .argument("<path...>", "files and directories; - is standard input")
    .addOption(
      new Option(
        "-f, --format <form>",
        "timesketch: JSON lines for its import; ecs: JSON lines of the Elastic Common Schema",
      )
        .choices(EVENT_FORMATS)
        .default("ndjson"),
    )
    .option(
      "-k, --kind <kind>",
      "only this kind, or family as e1000e.*; may be repeated",
      (kind, kinds: string[] = []) => [...kinds, kind],
    )
    .option("-o, --output <file>", "write to a file, which appears only when it is whole")
    .option("--tz <zone>", "zone of stamps without one: Europe/Berlin, +02:00 (default: this machine's)")
    .addOption(inputFormatOption())
    .addOption(limitOption())
    .addOption(
      new Option(
        "--redact",
        "host-1, ip-1, mac-1 in place of names, addresses and ids; events are written once all names are known",
      ),
    )
    .option("-q, --quiet", "no notes on stderr")
    .addHelpText("after", EXAMPLES + EXIT_HELP)
    .action(async (paths: string[], options: EventsCommandOptions) => exit(await events(paths, options, ctx)));
}
