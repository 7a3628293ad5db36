import type { Ledger } from "@hangproof/ledger";
import { Command, InvalidArgumentError } from "commander";
import type { Context } from "../context.js";
import { CliError, EXIT, EXIT_HELP, type ExitCode, usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { localTime } from "../layout/format.js";
import { parseTime } from "../options/time-range.js";
import { parseTimeZone } from "../options/time-zone.js";
import { parseWindowRule } from "../options/window.js";
import { type LedgerOption, ledgerOption, withLedger } from "./with-ledger.js";

/** What only the user knows: changes and windows that no log shows, kept in the ledger. */

export interface ToldCommandOptions extends LedgerOption {
  readonly note?: string;
  readonly tz?: string;
}

async function addChange(
  time: string,
  words: readonly string[],
  options: ToldCommandOptions,
  ctx: Context,
): Promise<ExitCode> {
  const now = ctx.now();
  const timeZone = zoneOf(options, ctx);
  const title = words.join(" ").trim();
  if (title === "") throw usageError('say what changed, as in: change add "last sunday 14:30" InterruptThrottleRate=3');
  const timeMs = parseTime("change add", time, timeZone, now);
  if (timeMs > now) throw usageError(`change add ${JSON.stringify(visible(time))}: lies in the future`);
  const told = { timeMs, title, note: options.note ?? null, toldMs: now };
  const kept = await withLedger(options, { mayCreate: true }, ctx, (ledger) => ledger.told.addChange(told));
  await ctx.out(`change ${kept.id}: ${localTime(kept.timeMs, timeZone)} (${timeZone}): ${visible(kept.title)}\n`);
  return EXIT.written;
}

async function addWindow(text: string, options: ToldCommandOptions, ctx: Context): Promise<ExitCode> {
  const timeZone = zoneOf(options, ctx);
  const now = ctx.now();
  const rule = parseWindowRule(text, { timeZone, now });
  const told = { rule, text: text.trim(), note: options.note ?? null, toldMs: now };
  const kept = await withLedger(options, { mayCreate: true }, ctx, (ledger) => ledger.told.addWindow(told));
  const when =
    kept.rule.kind === "once"
      ? `${localTime(kept.rule.startMs, timeZone)} to ${localTime(kept.rule.endMs, timeZone)}`
      : visible(kept.text);
  await ctx.out(`window ${kept.id}: ${when} (${timeZone})\n`);
  return EXIT.written;
}

async function listChanges(options: ToldCommandOptions, ctx: Context): Promise<ExitCode> {
  const timeZone = zoneOf(options, ctx);
  const kept = await withLedger(options, { readOnly: true }, ctx, (ledger) => ledger.told.changes());
  const lines = kept.map(
    ({ id, timeMs, title, note }) => `${id}  ${localTime(timeMs, timeZone)}  ${visible(title)}${noteText(note)}\n`,
  );
  await ctx.out(lines.length === 0 ? "no change was told\n" : lines.join(""));
  return EXIT.written;
}

async function listWindows(options: ToldCommandOptions, ctx: Context): Promise<ExitCode> {
  const kept = await withLedger(options, { readOnly: true }, ctx, (ledger) => ledger.told.windows());
  const lines = kept.map(({ id, text, rule, note }) => {
    const zone = rule.kind === "weekly" ? ` (${rule.timeZone})` : "";
    return `${id}  ${visible(text)}${zone}${noteText(note)}\n`;
  });
  await ctx.out(lines.length === 0 ? "no window was told\n" : lines.join(""));
  return EXIT.written;
}

async function remove(
  noun: "change" | "window",
  id: number,
  options: ToldCommandOptions,
  ctx: Context,
): Promise<ExitCode> {
  const work = (ledger: Ledger): boolean =>
    noun === "change" ? ledger.told.removeChange(id) : ledger.told.removeWindow(id);
  if (!(await withLedger(options, {}, ctx, work))) throw new CliError(EXIT.noInput, `no ${noun} ${id} was told`);
  await ctx.out(`${noun} ${id} removed\n`);
  return EXIT.written;
}

const noteText = (note: string | null): string => (note === null ? "" : `  (${visible(note)})`);
const zoneOf = ({ tz }: ToldCommandOptions, ctx: Context): string =>
  tz === undefined ? ctx.timeZone() : parseTimeZone(tz);

function idArgument(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("Expected the number that list shows.");
  return Number(text);
}

export function changeCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  const command = new Command("change").description("changes that no log shows: a cable, a BIOS setting, a new switch");
  command
    .command("add")
    .description("tell a change; the time as people type it, in your zone")
    .argument("<time>", 'ISO 8601 or as in "last sunday 14:30"; refused when it may mean two moments')
    .argument("<what...>", "what changed; shown in reports")
    .addOption(ledgerOption())
    .option("--note <text>", "for you; shown by list")
    .option("--tz <zone>", "zone of the time (default: this machine's)")
    .addHelpText("after", EXIT_HELP)
    .action(async (time: string, what: string[], options: ToldCommandOptions) =>
      exit(await addChange(time, what, options, ctx)),
    );
  command
    .command("list")
    .description("what was told, oldest first")
    .addOption(ledgerOption())
    .option("--tz <zone>", "zone of the times (default: this machine's)")
    .action(async (options: ToldCommandOptions) => exit(await listChanges(options, ctx)));
  return command.addCommand(removeCommand("change", ctx, exit));
}

export function windowCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  const command = new Command("window").description("backups that no log shows");
  command
    .command("add")
    .description("tell a backup, or when backups always run")
    .argument("<when>", '"every sunday 02:00 for 90 minutes", "2025-10-05 02:00 to 04:30"')
    .addOption(ledgerOption())
    .option("--note <text>", "for you; shown by list")
    .option("--tz <zone>", "zone of the times (default: this machine's)")
    .addHelpText("after", EXIT_HELP)
    .action(async (when: string, options: ToldCommandOptions) => exit(await addWindow(when, options, ctx)));
  command
    .command("list")
    .description("what was told")
    .addOption(ledgerOption())
    .action(async (options: ToldCommandOptions) => exit(await listWindows(options, ctx)));
  return command.addCommand(removeCommand("window", ctx, exit));
}

function removeCommand(noun: "change" | "window", ctx: Context, exit: (code: ExitCode) => void): Command {
  return new Command("remove")
    .description(`take a told ${noun} back`)
    .argument("<number>", "as list shows it", idArgument)
    .addOption(ledgerOption())
    .action(async (id: number, options: ToldCommandOptions) => exit(await remove(noun, id, options, ctx)));
}
