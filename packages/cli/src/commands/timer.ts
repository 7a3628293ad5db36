import { dirname, resolve } from "node:path";
import { Command } from "commander";
import type { Context } from "../context.js";
import { EXIT, EXIT_HELP, type ExitCode } from "../exit-codes.js";
import { cronLine, systemdUnits } from "../output/schedule.js";
import { type LedgerOption, ledgerOption } from "./with-ledger.js";

export interface TimerCommandOptions extends LedgerOption {
  readonly cron?: boolean;
  readonly on?: string;
  readonly prometheus?: string;
  readonly report?: string;
}

const LEDGER = "/var/lib/hangproof/ledger.db";

/** Prints a schedule for the weekly check; installs nothing. */
async function printTimer(options: TimerCommandOptions, ctx: Context): Promise<ExitCode> {
  const ledger = resolve(options.ledger ?? LEDGER);
  const written = (["prometheus", "report"] as const).flatMap((name) => {
    const path = options[name];
    return path === undefined ? [] : [[`--${name}`, resolve(path)] as const];
  });
  const command = [...ctx.command, "check", "--quiet", "--ledger", ledger, ...written.flat()];
  const folders = [...new Set([ledger, ...written.map(([, path]) => path)].map((path) => dirname(path)))];
  const schedule = { command, folders, when: options.on ?? "Sun 06:00" };
  if (options.cron === true) await ctx.out(cronLine(schedule, options.on ?? "0 6 * * 0"));
  else await ctx.out(systemdUnits(schedule));
  return EXIT.written;
}

const HELP = `
It prints and installs nothing. To install the timer:
  mkdir -p /var/lib/hangproof
  hangproof timer print | csplit -sz -f hangproof- - '/^# .*timer$/'
  install -m 644 hangproof-00 /etc/systemd/system/hangproof-check.service
  install -m 644 hangproof-01 /etc/systemd/system/hangproof-check.timer
  systemctl daemon-reload && systemctl enable --now hangproof-check.timer
${EXIT_HELP}`;

export function timerCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  const command = new Command("timer").description("a schedule for the weekly check, printed and not installed");
  command
    .command("print")
    .description("a hardened service and timer of systemd, or a line for cron")
    .addOption(ledgerOption())
    .option("--cron", "a line for crontab instead")
    .option("--on <when>", 'when, as OnCalendar of systemd has it ("Sun 06:00"), or as cron has it ("0 6 * * 0")')
    .option("--prometheus <file>", "as of check")
    .option("--report <file>", "as of check")
    .addHelpText("after", HELP)
    .action(async (options: TimerCommandOptions) => exit(await printTimer(options, ctx)));
  return command;
}
