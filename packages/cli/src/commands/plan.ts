import { reportOn } from "@hangproof/ledger";
import { Command } from "commander";
import type { Context } from "../context.js";
import { EXIT, EXIT_HELP, type ExitCode } from "../exit-codes.js";
import { parseNow } from "../options/output-format.js";
import { parseTimeZone } from "../options/time-zone.js";
import { renderBlocks } from "../output/text.js";
import { planBlocks } from "../sections/plan.js";
import { type LedgerOption, ledgerOption, withLedger } from "./with-ledger.js";

export interface PlanCommandOptions extends LedgerOption {
  readonly tz?: string;
  readonly now?: string;
}

/** How many more clean backup runs, by which date, and what a hang tomorrow would do. */
async function plan(options: PlanCommandOptions, ctx: Context): Promise<ExitCode> {
  const now = options.now === undefined ? ctx.now() : parseNow(options.now);
  const timeZone = options.tz === undefined ? ctx.timeZone() : parseTimeZone(options.tz);
  const report = await withLedger(options, { readOnly: true }, ctx, (ledger) => reportOn(ledger, { now, timeZone }));
  await ctx.out(renderBlocks(planBlocks(report), { width: ctx.width ?? 80, colour: false, plain: true }));
  return report.series.length === 0 ? EXIT.nothing : EXIT.written;
}

export function planCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  return new Command("plan")
    .description("how many more clean backups, by which date, and what a hang tomorrow would do")
    .addOption(ledgerOption())
    .option("--tz <zone>", "zone of the answer (default: this machine's)")
    .option("--now <time>", "plan as of then, ISO 8601 with offset")
    .addHelpText("after", `\nExample:\n  hangproof plan --ledger hangs.db\n${EXIT_HELP}`)
    .action(async (options: PlanCommandOptions) => exit(await plan(options, ctx)));
}
