import { Argument, Command } from "commander";
import type { Context } from "../context.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { completionScript, SHELLS, type Shell } from "../output/completion.js";
import { manualPage } from "../output/manual.js";

const HELP = `
Examples:
  hangproof completion bash > /etc/bash_completion.d/hangproof
  hangproof completion fish > ~/.config/fish/completions/hangproof.fish
  hangproof manual > /usr/local/share/man/man1/hangproof.1
`;

/** Prints completion of the program that it is part of. */
export function completionCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  return new Command("completion")
    .description("print completion for a shell")
    .addArgument(new Argument("<shell>", "which").choices(SHELLS))
    .addHelpText("after", HELP)
    .action(async (shell: Shell, _options: unknown, command: Command) => {
      await ctx.out(completionScript(rootOf(command), shell));
      exit(EXIT.written);
    });
}

/** Prints the manual page of the program that it is part of. */
export function manualCommand(ctx: Context, exit: (code: ExitCode) => void): Command {
  return new Command("manual")
    .description("print the manual page, for man(1)")
    .action(async (_options: unknown, command: Command) => {
      const date = new Date(ctx.now()).toISOString().slice(0, 10);
      await ctx.out(manualPage(rootOf(command), { version: ctx.version, date }));
      exit(EXIT.written);
    });
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
