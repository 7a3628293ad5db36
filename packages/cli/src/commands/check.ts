import { Redactor } from "@hangproof/analyzer";
import {
  type CheckResult,
  CONDITIONS,
  type Condition,
  check as checkLedger,
  conditionsOf,
  DEFAULT_POLICY,
  type Level,
  levelOf,
  type Policy,
  worstLevel,
} from "@hangproof/ledger";
import type { FormName } from "@hangproof/parser";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.js";
import { EXIT, type ExitCode, usageError } from "../exit-codes.js";
import { printableJson } from "../layout/escape.js";
import { count, localTime } from "../layout/format.js";
import type { InputLimits } from "../limits.js";
import { inputFormatOption } from "../options/input-format.js";
import { limitOption } from "../options/limit.js";
import { numberOption, parseNow } from "../options/output-format.js";
import { parseTimeZone } from "../options/time-zone.js";
import { openDestination } from "../output/destination.js";
import { type Judgement, pluginLine } from "../output/plugin.js";
import { renderPrometheus } from "../output/prometheus.js";
import { renderReport, reportFormatOf } from "../output/render.js";
import { renderBlocks } from "../output/text.js";
import { checkBlocks } from "../sections/check.js";
import { requireInputs } from "./inputs.js";
import { type TakenIn, takeIn } from "./take-in.js";
import { type LedgerOption, ledgerOption, ledgerPath, withLedger } from "./with-ledger.js";

export interface CheckCommandOptions extends LedgerOption {
  readonly format: "text" | "json";
  readonly tz?: string;
  readonly inputFormat?: FormName;
  readonly limit?: InputLimits;
  readonly windowUnit?: readonly string[];
  readonly failOn?: readonly Condition[];
  readonly warnOn?: readonly Condition[];
  readonly maxAge?: number;
  readonly recent?: number;
  readonly prometheus?: string;
  readonly report?: string;
  readonly now?: string;
  readonly redact?: boolean;
  readonly quiet?: boolean;
}

/** As monitoring plugins answer. */
const LEVEL_EXIT: Readonly<Record<Level, ExitCode>> = { ok: 0, warning: 1, critical: 2, unknown: 3 };
const DAY_MS = 86_400_000;

/** Takes evidence in, makes the report anew from all that the ledger keeps, and says what changed. */
async function check(paths: readonly string[], options: CheckCommandOptions, ctx: Context): Promise<ExitCode> {
  const quiet = options.quiet === true;
  const now = options.now === undefined ? ctx.now() : parseNow(options.now);
  const timeZone = options.tz === undefined ? ctx.timeZone() : parseTimeZone(options.tz);
  const reportFormat = options.report === undefined ? null : reportFormatOf(options.report);
  const found = paths.length > 0 ? paths : await ownEvidence(ctx);
  await requireInputs(found, ctx);
  const except = [ledgerPath(options), `${ledgerPath(options)}-journal`, options.report, options.prometheus];
  const { taken, result: real } = await withLedger(options, { mayCreate: true }, ctx, async (ledger) => ({
    taken: await takeIn(
      found,
      ledger,
      {
        timeZone: options.tz === undefined ? undefined : timeZone,
        form: options.inputFormat,
        limits: options.limit,
        windowUnits: options.windowUnit,
        except: except.filter((path) => path !== undefined),
        quiet,
      },
      ctx,
    ),
    result: checkLedger(ledger, { now, timeZone }),
  }));
  const policy = policyOf(options);
  const redactor = options.redact === true ? new Redactor() : null;
  const result = redactor === null ? real : redactor.data(real);
  // Judged as they are: a host called "worse" must not change what is found.
  const judgements = judge(real, { ...options, now }, policy).map((one, at) => ({
    ...one,
    state: result.state.series[at]!,
  }));
  const level = worstLevel(judgements.map((one) => one.level));
  if (options.prometheus !== undefined) await writeFile(options.prometheus, renderPrometheus(result.report), ctx);
  if (options.report !== undefined && reportFormat !== null)
    await writeFile(options.report, renderReport(result.report, reportFormat), ctx);
  await ctx.out(
    options.format === "json"
      ? jsonOf(level, judgements, result, taken)
      : textOf(level, judgements, result, taken, { now, timeZone, policy, width: ctx.width ?? 80 }),
  );
  if (!quiet) ctx.err(taken.diagnostics.text(redactor));
  return LEVEL_EXIT[level];
}

async function ownEvidence(ctx: Context): Promise<readonly string[]> {
  const own = await ctx.hostEvidence();
  if (own === null) throw usageError("name the evidence: only a Linux host's own logs are found without");
  if (own.length === 0) throw usageError("this host has no journal and no kernel log to read; name the evidence");
  return own;
}

function policyOf({ failOn, warnOn }: CheckCommandOptions): Policy {
  return {
    ...DEFAULT_POLICY,
    ...(failOn === undefined ? {} : { critical: failOn }),
    ...(warnOn === undefined ? {} : { warning: warnOn }),
  };
}

function judge(
  { state }: CheckResult,
  { now, maxAge, recent }: { readonly now: number; readonly maxAge?: number; readonly recent?: number },
  policy: Policy,
): Judgement[] {
  const limits = {
    now,
    ...(maxAge === undefined ? {} : { maxAgeMs: maxAge * DAY_MS }),
    ...(recent === undefined ? {} : { recentMs: recent * DAY_MS }),
  };
  return state.series.map((series) => {
    const conditions = conditionsOf(series, limits);
    return { state: series, conditions, level: levelOf(conditions, policy) };
  });
}

function textOf(
  level: Level,
  judgements: readonly Judgement[],
  result: CheckResult,
  taken: TakenIn,
  how: { readonly now: number; readonly timeZone: string; readonly policy: Policy; readonly width: number },
): string {
  const { now, timeZone, policy, width } = how;
  const raising = level === "ok" ? [] : policy[level];
  const line = pluginLine(level, judgements, { now, timeZone, raised: (condition) => raising.includes(condition) });
  const read =
    `${count(taken.added, "piece")} of evidence taken in, ${taken.known} known already` +
    `${taken.empty > 0 ? `, ${taken.empty} with nothing to keep` : ""}; ` +
    (result.previous === null
      ? "this is the first check."
      : `the last check was on ${localTime(result.previous.madeMs, timeZone)}.`);
  const blocks = checkBlocks(result, { read, timeZone });
  // A bar begins performance data in the lines below the first, too.
  return line + renderBlocks(blocks, { width, colour: false, plain: true }).replaceAll("|", "/");
}

function jsonOf(level: Level, judgements: readonly Judgement[], result: CheckResult, taken: TakenIn): string {
  const { previous, differences } = result;
  const { added, known, empty } = taken;
  const series = judgements.map(({ state, ...one }) => ({ ...one, ...state }));
  const evidence = { added, known, empty };
  const model = {
    level,
    checkedMs: result.report.now,
    previousMs: previous?.madeMs ?? null,
    evidence,
    series,
    differences,
  };
  return `${printableJson(JSON.stringify(model, null, 2))}\n`;
}

async function writeFile(path: string, text: string, ctx: Context): Promise<void> {
  const destination = await openDestination(path, ctx);
  try {
    await destination.write(text);
    await destination.finish();
  } finally {
    await destination.abandon();
  }
}

function conditionList(text: string): Condition[] {
  const names = text.split(",").map((name) => name.trim());
  const known: readonly string[] = CONDITIONS;
  for (const name of names)
    if (name !== "" && !known.includes(name))
      throw new InvalidArgumentError(`Expected conditions of ${CONDITIONS.join(", ")}, with commas between.`);
  return CONDITIONS.filter((condition) => names.includes(condition));
}

const HELP = `
Without a path it reads this Linux host's own journal (or kernel logs), Proxmox task logs and module options.

Conditions:
  ongoing-hang       the log ends in a hang
  recent-hang        a hang began within --recent
  hang-since-change  a hang since the judged change
  worse, no-effect   the verdict
  not-shown          an improvement is not shown (yet)
  stale              no log covers the last --max-age: a missed week is not observed, never clean

Exit status, as monitoring plugins have it:
  0  OK         none of the conditions below
  1  WARNING    a condition of --warn-on (default: hang-since-change, no-effect)
  2  CRITICAL   a condition of --fail-on (default: ongoing-hang, recent-hang, worse)
  3  UNKNOWN    stale, no adapter in the evidence, or the check itself failed

Examples:
  hangproof check --ledger hangs.db fixtures/cases/pve-backup-hang --tz Europe/Berlin
  hangproof check --ledger /var/lib/hangproof/ledger.db
  hangproof check --ledger hangs.db export.txt --fail-on recent-hang,not-shown --report week.html
`;

export function checkCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];
  return new Command("check")
    .description("take new evidence into a ledger and say what changed since the last check; for cron and monitoring")
    .argument("[path...]", "files and directories; - is standard input")
    .addOption(ledgerOption())
    .addOption(new Option("-f, --format <form>", "form of the answer").choices(["text", "json"]).default("text"))
    .option("--fail-on <conditions>", "what is critical, with commas between", conditionList)
    .option("--warn-on <conditions>", "what is a warning, with commas between", conditionList)
    .option("--max-age <days>", "older evidence is stale (default: 8)", numberOption(0, 3660))
    .option("--recent <days>", "a hang is recent for so long (default: 7)", numberOption(0, 3660))
    .option("--prometheus <file>", "write metrics too, for the textfile collector of node_exporter")
    .option("--report <file>", "write the whole report too; its ending says how: .html .md .json .txt")
    .addOption(inputFormatOption())
    .addOption(limitOption())
    .option("--tz <zone>", "zone of stamps without one, and of the answer (default: this machine's)")
    .option("--window-unit <name>", "a unit or cron command whose runs are backups; may be repeated", collect)
    .option("--now <time>", "make the check as of then, ISO 8601 with offset")
    .option(
      "--redact",
      "host-1, ip-1, mac-1 in place of names, addresses and ids in all that is written but the ledger",
    )
    .option("-q, --quiet", "no notes on stderr")
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: CheckCommandOptions) => exit(await check(paths, options, ctx)));
}

/** What a check answers when it could not be made: a monitoring system must not take it for a warning. */
export const CHECK_FAILED: ExitCode = EXIT.damaged;
