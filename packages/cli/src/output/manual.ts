import type { Command } from "commander";

/**
 * The manual page, made of what `--help` says. Text is roff-escaped; lines that begin with a dot or a quote are kept from
 * being requests.
 * @param date of the page, ISO 8601
 */
export function manualPage(
  program: Command,
  { version, date }: { readonly version: string; readonly date: string },
): string {
  const name = program.name();
  const parts = [
    `.TH ${name.toUpperCase()} 1 "${date}" "${name} ${version}" "User Commands"`,
    ".SH NAME",
    `${name} \\- ${roff(program.description())}`,
    ".SH SYNOPSIS",
    `.B ${name}`,
    "\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIPATH\\fR]...",
  ];
  for (const command of leaves(program)) {
    const path = pathOf(command, program);
    parts.push(`.SH ${roff(path.toUpperCase())}`, roff(sentence(command.description())), ".PP");
    parts.push(`.B ${roff(`${name} ${path}`)} ${roff(command.usage())}`);
    for (const argument of command.registeredArguments)
      parts.push(".TP", `\\fI${roff(argument.name())}\\fR`, roff(sentence(argument.description)));
    for (const option of command.options) {
      const choices = option.argChoices === undefined ? "" : ` One of ${option.argChoices.join(", ")}.`;
      parts.push(".TP", `\\fB${roff(option.flags)}\\fR`, `${roff(sentence(option.description))}${roff(choices)}`);
    }
  }
  return `${parts.join("\n")}\n`;
}

function* leaves(command: Command): Generator<Command> {
  for (const one of command.commands) {
    if (one.commands.length === 0) yield one;
    else yield* leaves(one);
  }
}

function pathOf(command: Command, program: Command): string {
  const words: string[] = [];
  for (let at: Command | null = command; at !== null && at !== program; at = at.parent) words.unshift(at.name());
  return words.join(" ");
}

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);

function roff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/gm, "\\&$1");
}
