import { foldLines } from "../drivers/fold-lines.js";
import type { Finding } from "../model/event.js";
import type { LogRecord } from "../model/record.js";

const SUDO = /\bCOMMAND=/;
/** A program and what it was given, bounded as a whole. */
const PROGRAM = /^(\S{1,256})( .{0,2000})?$/;
const MOST_COMMAND = 2_257;
const PROGRAMS = ["ethtool", "modprobe", "rmmod", "insmod", "ip", "ifdown", "ifup", "ifreload"] as const;
/** Options of ethtool(8) that change something; the others only show. */
const CHANGES =
  / (?:-[ACEGKLNUWXfmprst]|--(?:set-\S+|change\S*|pause|coalesce|features|offload|negotiate|reset|test|identify|flash|config-\S+)) /;
const UNIT = /^(?:Starting|Started|Finished) (?:\S+ - )?(Disable (?:NIC )?[Oo]ffload.{0,200}|.{0,80}\bEEE\b.{0,120})$/;
const IFUP = /^Disabl(?:ing|ed) offload for (\S{1,15})$/;

/** Commands that change an adapter or the driver, as sudo, systemd and ifup recipes log them. */
export function readSettingCommand(record: LogRecord): Finding | null {
  const message = foldLines(record.message);
  if (record.identifier === "sudo") {
    const at = SUDO.exec(message);
    const said = at === null ? "" : message.slice(at.index + at[0].length);
    const match = said.length > MOST_COMMAND ? null : PROGRAM.exec(said);
    const name = match?.[1]?.split("/").at(-1) ?? "";
    const program = PROGRAMS.find((one) => one === name);
    if (match === null || program === undefined) return null;
    const command = `${match[1]}${match[2] ?? ""}`;
    if (program === "ethtool" && !CHANGES.test(`${command} `)) return null;
    if (/^(?:modprobe|rmmod|insmod)$/.test(program) && !/\be1000e\b/.test(command)) return null;
    if (program === "ip" && !/ link set /.test(command)) return null;
    const named =
      program === "ethtool"
        ? / (?:-\S+ |--set-\S+ )?([a-z][\w.-]{0,14})(?: |$)/
        : / (?:dev )?([a-z][\w.-]{0,14}) (?:down|up)\b/;
    return {
      kind: "setting.command",
      command,
      program: program === "ethtool" || program === "ip" || program === "modprobe" ? program : "other",
      interface: named.exec(command.slice(match[1]?.length ?? 0))?.[1] ?? null,
    };
  }
  if (record.identifier === "systemd") {
    const unit = UNIT.exec(withoutDots(message));
    if (unit !== null) return { kind: "setting.command", command: unit[1] ?? "", program: "other", interface: null };
  }
  const ifup = IFUP.exec(message);
  if (ifup === null || record.identifier === "kernel") return null;
  return { kind: "setting.command", command: message, program: "ethtool", interface: ifup[1] ?? null };
}

function withoutDots(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 46) end -= 1;
  return text.slice(0, end);
}
