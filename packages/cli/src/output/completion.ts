import type { Command, Option } from "commander";

/** Shells for which completion can be printed. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

interface Entry {
  /** `ledger show`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  readonly commands: readonly string[];
  readonly options: readonly {
    readonly flag: string;
    readonly choices: readonly string[];
    readonly takes: boolean;
    readonly description: string;
  }[];
}

/** The commands and options of a program as a completion script. Every word in it is the program's own. */
export function completionScript(program: Command, shell: Shell): string {
  const entries = [...entriesOf(program, [])];
  switch (shell) {
    case "bash":
      return bash(program.name(), entries);
    case "zsh":
      return `#compdef ${program.name()}\nautoload -U +X bashcompinit && bashcompinit\n${bash(program.name(), entries)}`;
    case "fish":
      return fish(program.name(), entries);
  }
}

function* entriesOf(command: Command, path: readonly string[]): Generator<Entry> {
  yield {
    path: path.join(" "),
    description: command.description(),
    commands: command.commands.map((one) => one.name()),
    options: command.options.map((option) => ({
      flag: option.long ?? option.short ?? "",
      choices: choicesOf(option),
      takes: option.required || option.optional,
      description: option.description,
    })),
  };
  for (const one of command.commands) yield* entriesOf(one, [...path, one.name()]);
}

function choicesOf(option: Option): readonly string[] {
  return option.argChoices ?? [];
}

function bash(name: string, entries: readonly Entry[]): string {
  const cases = entries.map(({ path, commands, options }) => {
    const words = [...commands, ...options.map(({ flag }) => flag), "--help"];
    return `    ${JSON.stringify(path)}) words=${quoted(words.join(" "))} ;;`;
  });
  const values = entries.flatMap(({ path, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ flag, choices }) =>
          `    ${JSON.stringify(`${path} ${flag}`)}) COMPREPLY=($(compgen -W ${quoted(choices.join(" "))} -- "$current")); return ;;`,
      ),
  );
  const paths = entries.map(({ path }) => path).filter((path) => path !== "");
  return `_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.map((path) => quoted(path)).join("|")}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path $previous" in
${values.join("\n")}
  esac
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _${name} ${name}
`;
}

function fish(name: string, entries: readonly Entry[]): string {
  const lines = entries.flatMap(({ path, commands, options }) => {
    const words = path === "" ? [] : path.split(" ");
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
    const when = words.length === 0 ? "__fish_use_subcommand" : seen.join("; and ");
    const own = entries.filter(
      (entry) => commands.includes(entry.path.split(" ").at(-1) ?? "") && entry.path.startsWith(path),
    );
    return [
      ...own.map(
        (entry) =>
          `complete -c ${name} -n ${quoted(when)} -a ${entry.path.split(" ").at(-1)} -d ${quoted(entry.description)}`,
      ),
      ...options.map(({ flag, choices, takes, description }) => {
        const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(" "))}` : takes ? " -r" : "";
        return `complete -c ${name} -n ${quoted(when)} -l ${flag.replace(/^--/, "")}${value} -d ${quoted(description)}`;
      }),
    ];
  });
  return `${lines.join("\n")}\n`;
}

/** In single quotes, in which a shell changes nothing. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
