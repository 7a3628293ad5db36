import { Command, CommanderError } from "commander";
import { CHECK_FAILED, checkCommand } from "./commands/check.js";
import { compareCommand } from "./commands/compare.js";
import { completionCommand, manualCommand } from "./commands/completion.js";
import { eventsCommand } from "./commands/events.js";
import { explainCommand } from "./commands/explain.js";
import { fleetCommand } from "./commands/fleet.js";
import { followCommand } from "./commands/follow.js";
import { formatsCommand } from "./commands/formats.js";
import { ledgerCommand } from "./commands/ledger.js";
import { planCommand } from "./commands/plan.js";
import { reportCommand } from "./commands/report.js";
import { timerCommand } from "./commands/timer.js";
import { changeCommand, windowCommand } from "./commands/told.js";
import { verifyCommand } from "./commands/verify.js";
import type { Context } from "./context.js";
import { CliError, EXIT, EXIT_HELP, type ExitCode } from "./exit-codes.js";
import { visible } from "./layout/escape.js";
import { openDestination, written } from "./output/destination.js";
import { BrokenPipe } from "./stdio.js";

/**
 * Runs one command line. Never throws for what the user or the input did: those are messages and exit codes.
 * @param args - without the program's own name
 */
export async function run(args: readonly string[], given: Context): Promise<ExitCode> {
  const ctx: Context = { ...given, out: (text) => written("standard output", given.out(text)) };
  let code: ExitCode = EXIT.written;
  let printed = "";
  let isFailed = false;
  const program = buildProgram(
    ctx,
    (result) => {
      code = result;
    },
    (text) => {
      printed += text;
    },
  );
  try {
    await program.parseAsync([...args], { from: "user" }).catch((error: unknown) => {
      if (!(error instanceof CommanderError)) throw error;
      isFailed = error.exitCode !== 0;
      code = isFailed ? EXIT.usage : EXIT.written;
    });
    if (printed !== "") await (await openDestination(undefined, ctx)).write(printed);
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (error instanceof BrokenPipe) throw error;
    const [exitCode, message] = explain(error);
    ctx.err(`hangproof: ${message}\n`);
    isFailed = true;
    code = exitCode;
  }
  if (isFailed && args[0] === "check") {
    // A monitoring system reads standard output and knows four answers; where that is full, the status still tells.
    await ctx.out("HANGPROOF UNKNOWN - the check could not be made; standard error says why\n").catch(() => {});
    return CHECK_FAILED;
  }
  return code;
}

function buildProgram(ctx: Context, exit: (code: ExitCode) => void, print: (text: string) => void): Command {
  const program = new Command("hangproof")
    .description("Did the workaround stop the e1000e hangs, and how sure may we be?")
    .version(ctx.version, "-V, --version")
    .addHelpText(
      "after",
      `\nRun it on the bundled case:\n  hangproof report fixtures/cases/pve-backup-hang --tz Europe/Berlin\n${EXIT_HELP}`,
    );
  program
    .addCommand(reportCommand(ctx, exit))
    .addCommand(eventsCommand(ctx, exit))
    .addCommand(formatsCommand(ctx, exit))
    .addCommand(explainCommand(ctx, exit))
    .addCommand(compareCommand(ctx, exit))
    .addCommand(checkCommand(ctx, exit))
    .addCommand(planCommand(ctx, exit))
    .addCommand(changeCommand(ctx, exit))
    .addCommand(windowCommand(ctx, exit))
    .addCommand(ledgerCommand(ctx, exit))
    .addCommand(fleetCommand(ctx, exit))
    .addCommand(timerCommand(ctx, exit))
    .addCommand(followCommand(ctx, exit))
    .addCommand(completionCommand(ctx, exit))
    .addCommand(manualCommand(ctx, exit))
    .addCommand(verifyCommand(ctx, exit));
  for (const command of allOf(program)) {
    command.exitOverride().configureOutput({
      writeOut: print,
      writeErr: (text) => ctx.err(text),
      outputError: (text, write) =>
        write(`hangproof: ${visible(text.trimEnd().replaceAll("\n", " ")).replace(/^error: /, "")}\n`),
      getOutHelpWidth: () => ctx.width ?? 80,
      getErrHelpWidth: () => ctx.width ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  return program;
}

function* allOf(command: Command): Generator<Command> {
  yield command;
  for (const part of command.commands) yield* allOf(part);
}

/** The status and the one line that an error is worth. Libraries throw with a `code`, which is their API; the system with a call. */
function explain(error: unknown): [ExitCode, string] {
  if (error instanceof CliError) return [error.exitCode, error.message];
  const message = visible(error instanceof Error ? error.message : String(error));
  switch (error instanceof Error && "code" in error ? error.code : null) {
    case "BUSY":
      return [EXIT.busy, message];
    case "NOT_A_LEDGER":
    case "NOT_A_LAKE":
    case "SQLITE_CORRUPT":
    case "SQLITE_NOTADB":
    case "NEWER_SCHEMA":
    case "OLDER_SCHEMA":
    case "OTHER_WRITER":
      return [EXIT.badData, message];
    case "READ_ONLY":
    case "SQLITE_READONLY":
    case "SQLITE_FULL":
    case "FAILED":
    case "ENOSPC":
    case "EROFS":
      return [EXIT.cannotCreate, message];
    case "NO_ENGINE":
      return [EXIT.noEngine, message];
    case "NOTHING_TO_READ":
    case "ENOENT":
      return [EXIT.noInput, message];
    case "READ_FAILED":
    case "EIO":
    case "EACCES":
    case "EISDIR":
      return [EXIT.readFailed, message];
    case "BAD_OPTION":
      return [EXIT.usage, message];
    default:
      // A link in a circle, a file in the place of a folder: what the system refused is no fault of the program.
      if (error instanceof Error && "syscall" in error) return [EXIT.readFailed, message];
      return [EXIT.internal, `internal error: ${message}`];
  }
}
