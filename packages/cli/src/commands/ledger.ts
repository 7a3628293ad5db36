import type { KeptEvidence } from "@hangproof/ledger";
import { Command } from "commander";
import type { Context } from "../context.js";
import { CliError, EXIT, EXIT_HELP, type ExitCode } from "../exit-codes.js";
import { type Block, left, leftWhole, right } from "../layout/document.js";
import { printableJson, visible } from "../layout/escape.js";
import { bytes, count, localMinute, localTime } from "../layout/format.js";
import { parseTimeZone } from "../options/time-zone.js";
import { openDestination } from "../output/destination.js";
import { renderBlocks } from "../output/text.js";
import { type LedgerOption, ledgerOption, withLedger } from "./with-ledger.js";

export interface LedgerCommandOptions extends LedgerOption {
  readonly tz?: string;
  readonly output?: string;
}

/** What the ledger keeps: evidence, what was told, when it was checked. */
async function show(options: LedgerCommandOptions, ctx: Context): Promise<ExitCode> {
  const timeZone = options.tz === undefined ? ctx.timeZone() : parseTimeZone(options.tz);
  const blocks = await withLedger(options, { readOnly: true }, ctx, (ledger): Block[] => {
    const evidence = ledger.evidence();
    const last = ledger.checks.last();
    const told = [
      count(ledger.told.changes().length, "told change"),
      count(ledger.told.windows().length, "told window"),
      last === null ? "never checked" : `last checked on ${localTime(last.madeMs, timeZone)}`,
    ];
    return [
      { kind: "paragraph", text: `${count(evidence.length, "piece")} of evidence; ${told.join("; ")}.` },
      {
        kind: "table",
        columns: [leftWhole("key"), left("evidence"), left("from"), left("to"), right("size"), right("events")],
        rows: evidence.map((one) => evidenceRow(one, timeZone)),
      },
    ];
  });
  await ctx.out(renderBlocks(blocks, { width: ctx.width ?? 120, colour: false, plain: true }));
  return EXIT.written;
}

const KEY_SHOWN = 12;

function evidenceRow({ key, name, summary }: KeptEvidence, timeZone: string): string[] {
  const at = (ms: number | undefined): string => (ms === undefined ? "unknown" : localMinute(ms, timeZone));
  const events = Object.values(summary.events).reduce((sum, n) => sum + n, 0);
  return [
    key.slice(0, KEY_SHOWN),
    name,
    at(summary.span?.startMs),
    at(summary.span?.endMs),
    bytes(summary.bytes),
    String(events),
  ];
}

async function exportAll(options: LedgerCommandOptions, ctx: Context): Promise<ExitCode> {
  const destination = await openDestination(options.output, ctx);
  try {
    await withLedger(options, { readOnly: true }, ctx, async (ledger) => {
      for (const line of ledger.export()) await destination.write(printableJson(line));
    });
    await destination.finish();
    return EXIT.written;
  } finally {
    await destination.abandon();
  }
}

async function verify(options: LedgerCommandOptions, ctx: Context): Promise<ExitCode> {
  const problems = await withLedger(options, { readOnly: true }, ctx, (ledger) => ledger.verify());
  await ctx.out(
    problems.length === 0
      ? "the ledger is whole\n"
      : `the ledger is damaged:\n${problems.map((problem) => `  - ${visible(problem)}\n`).join("")}`,
  );
  return problems.length === 0 ? EXIT.written : EXIT.damaged;
}

async function forget(start: string, options: LedgerCommandOptions, ctx: Context): Promise<ExitCode> {
  const name = await withLedger(options, {}, ctx, (ledger) => {
    const matches = ledger.evidence().filter(({ key }) => key.startsWith(start));
    const [match] = matches;
    if (match === undefined)
      throw new CliError(EXIT.noInput, `no evidence with a key that begins with ${visible(start)}`);
    if (matches.length > 1)
      throw new CliError(EXIT.usage, `${matches.length} keys begin with ${visible(start)}: write more of it`);
    ledger.forget(match.key);
    return match.name;
  });
  await ctx.out(`forgotten: ${visible(name)}, and the events that no other evidence shows\n`);
  return EXIT.written;
}

export function ledgerCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  const command = new Command("ledger").description("what past exports showed: show, export, verify, forget");
  command
    .command("show")
    .description("the evidence it keeps, and when it was checked")
    .addOption(ledgerOption())
    .option("--tz <zone>", "zone of the times (default: this machine's)")
    .action(async (options: LedgerCommandOptions) => exit(await show(options, ctx)));
  command
    .command("export")
    .description("all of it as lines of JSON: evidence with its events, what was told, the checks")
    .addOption(ledgerOption())
    .option("-o, --output <file>", "write to a file, which appears only when it is whole")
    .action(async (options: LedgerCommandOptions) => exit(await exportAll(options, ctx)));
  command
    .command("verify")
    .description("whether every fact still has its digest; exit status 3 when not")
    .addOption(ledgerOption())
    .action(async (options: LedgerCommandOptions) => exit(await verify(options, ctx)));
  command
    .command("forget")
    .description("take one evidence out, and the events that no other evidence shows")
    .argument("<key>", "as show prints it, or the first part of it")
    .addOption(ledgerOption())
    .action(async (key: string, options: LedgerCommandOptions) => exit(await forget(key, options, ctx)));
  return command.addHelpText("after", EXIT_HELP);
}
