import { LiveEpisodes, type LiveNews } from "@hangproof/analyzer";
import type { FormName } from "@hangproof/parser";
import { Command } from "commander";
import type { Context } from "../context.js";
import { CliError, EXIT, EXIT_HELP, type ExitCode, usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import type { InputLimits } from "../limits.js";
import { inputFormatOption } from "../options/input-format.js";
import { limitOption } from "../options/limit.js";
import { parseTimeZone } from "../options/time-zone.js";
import { filledArgument, newsLine, PLACEHOLDERS } from "../output/live.js";

export interface FollowCommandOptions {
  readonly exec?: readonly string[];
  readonly fromStart?: boolean;
  readonly tz?: string;
  readonly inputFormat?: FormName;
  readonly limit?: InputLimits;
  readonly windowUnit?: readonly string[];
}

/** Programs that wait to be run; beyond it news is printed only. */
const MOST_WAITING = 100;

/** One line when a hang begins and one when it ends, as it happens. */
async function follow(path: string, options: FollowCommandOptions, ctx: Context): Promise<ExitCode> {
  const timeZone = options.tz === undefined ? ctx.timeZone() : parseTimeZone(options.tz);
  if (path !== "-" && !(await ctx.exists(path))) throw new CliError(EXIT.noInput, `no such file: ${visible(path)}`);
  const other = Object.keys(options.limit ?? {}).find((name) => name !== "maxLineBytes");
  if (other !== undefined)
    throw usageError(`--limit ${other}: a log that is followed is not unpacked; maxLineBytes is its only limit`);
  const episodes = new LiveEpisodes();
  const programs = new Programs(options.exec ?? [], ctx);
  const tell = async (all: readonly LiveNews[]): Promise<void> => {
    for (const news of all) {
      await ctx.out(newsLine(news, ctx.now(), timeZone));
      programs.run(news);
    }
  };
  const followed = ctx.library.followEvents(path, {
    signal: ctx.signal,
    ...(options.tz === undefined ? {} : { timeZone }),
    ...(options.fromStart === true ? { fromStart: true } : {}),
    ...(options.limit?.maxLineBytes === undefined ? {} : { maxLineBytes: options.limit.maxLineBytes }),
    ...(options.inputFormat === undefined ? {} : { form: options.inputFormat }),
    ...(options.windowUnit === undefined ? {} : { windowUnits: options.windowUnit }),
  });
  for await (const { events } of followed) {
    ctx.signal.throwIfAborted();
    for (const event of events) await tell(episodes.add(event, ctx.now()));
    await tell(episodes.tick(ctx.now()));
  }
  ctx.signal.throwIfAborted();
  await tell(episodes.end());
  await programs.end();
  return EXIT.written;
}

/** Runs the user's program for each piece of news, one after the other: a flood starts no flood of processes. */
class Programs {
  readonly #templates: readonly string[];
  readonly #ctx: Context;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(templates: readonly string[], ctx: Context) {
    this.#templates = templates;
    this.#ctx = ctx;
  }

  run(news: LiveNews): void {
    if (this.#templates.length === 0) return;
    if (this.#waiting >= MOST_WAITING) {
      this.#ctx.err(`hangproof: --exec: ${MOST_WAITING} runs wait already; not run\n`);
      return;
    }
    const command = this.#templates.map((template) => filledArgument(template, news, this.#ctx.now()));
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      const failure = await this.#ctx.runProgram(command);
      this.#waiting -= 1;
      if (failure !== null) this.#ctx.err(`hangproof: --exec ${visible(command[0] ?? "")}: ${visible(failure)}\n`);
    });
  }

  end(): Promise<void> {
    return this.#last;
  }
}

const HELP = `
A file is followed from its end, through rotation and truncation; /dev/kmsg from the start of the ring buffer. One line
when a hang begins and one when it ends, however many reports the driver prints.

Placeholders of --exec: ${PLACEHOLDERS.map((name) => `{${name}}`).join(" ")}. Arguments are passed as they are, never
through a shell; what is not known is empty.

Examples:
  journalctl -f -o export | hangproof follow -
  hangproof follow /var/log/kern.log
  hangproof follow /dev/kmsg --exec logger -t hangproof "{event} on {host} {interface}"
${EXIT_HELP}`;

export function followCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];
  return new Command("follow")
    .description("watch a live log: one line when a hang begins, one when it ends")
    .argument("<path>", "a growing file, a named pipe, /dev/kmsg, or - for standard input")
    .option("--exec <program...>", "run a program at each line; its arguments may hold placeholders")
    .option("--from-start", "read what the file holds already, too")
    .addOption(inputFormatOption())
    .addOption(limitOption())
    .option("--tz <zone>", "zone of stamps without one, and of the lines (default: this machine's)")
    .option("--window-unit <name>", "a unit or cron command whose runs are backups; may be repeated", collect)
    .addHelpText("after", HELP)
    .action(async (path: string, options: FollowCommandOptions) => exit(await follow(path, options, ctx)));
}
