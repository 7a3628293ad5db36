import { foldLines } from "../drivers/fold-lines.js";
import type { Finding, PortStateEvent } from "../model/event.js";
import { type LogRecord, mayBeKernels } from "../model/record.js";

const BOOT = /^Linux version (\S+)/;
const COMMAND_LINE = /^(?:Kernel command line|Command line): (.*)$/s;
const FIRMWARE = /^DMI: (.{1,160}?), BIOS (.{1,80})$/;
const PORT =
  /^(\S{1,15}): port \d{1,4}\((\S{1,15})\) enter(?:ed|ing) (disabled|listening|learning|forwarding|blocking) state$/;
const LOSSES = [
  [/^Missed (\d+) kernel messages$/, "kernel-missed"],
  [/^Suppressed (\d+) messages from /, "rate-limited"],
  [/^\/dev\/kmsg buffer overrun, some messages lost\.$/, "overrun"],
  [/^\*\* (\d+) printk messages dropped \*\*/, "printk-dropped"],
  [/: (\d+) callbacks suppressed$/, "rate-limited"],
  [/: (\d+) output lines suppressed due to ratelimiting$/, "rate-limited"],
  [/^printk: (\d+) messages suppressed\b/, "rate-limited"],
  [/^Forwarding to syslog missed (\d+) messages\.?$/, "overrun"],
  // rsyslog, runtime/ratelimit.c and plugins/imuxsock, imjournal; the sender stands before the colon in some versions.
  [/^im(?:uxsock|journal|klog)\b[^:]{0,80}: (\d+) messages lost due to rate-limiting/, "rate-limited"],
  [/^imuxsock lost (\d+) messages from pid \d+ due to rate-limiting/, "rate-limited"],
  [/^im(?:uxsock|journal|klog)\b[^:]{0,80}: begin to drop messages due to rate-limiting/, "rate-limited"],
] as const;
/** udev did the renaming itself until the kernel reported it (3.18). */
const RENAMED = /^(?:udevd?(?:\[\d{1,9}\])?: )?renamed network interface (\S{1,15}) to (\S{1,15})$/;
const STEPS = [
  /^System clock was stepped by (-?\d+(?:\.\d+)?) seconds/,
  /^(?:.*: )?Realtime clock jumped backwards relative to last journal entry/,
  /^Time jumped backwards, rotating\.$/,
  /^Time has been changed$/,
  /^Clock change detected\. Flushing caches\.$/,
] as const;

/** net/bridge/br_stp.c, br_set_state; older kernels "entering". */
export function readPortState(message: string): Finding<PortStateEvent> | null {
  if (!message.endsWith(" state")) return null;
  const port = PORT.exec(message);
  if (port === null) return null;
  const [, bridge = "", name = "", state = "disabled"] = port;
  return { kind: "net.port_state", bridge, interface: name, state: state as PortStateEvent["state"] };
}

/** What a record says of the host itself: boots, orderly ends, sleep, clock, bridge ports, lost records. */
export function readHostLine(record: LogRecord): Finding | null {
  const message = foldLines(record.message);
  const isKernel = mayBeKernels(record);
  if (isKernel) {
    const boot = BOOT.exec(message);
    if (boot !== null) return { kind: "host.boot", kernelRelease: boot[1] ?? null };
    const firmware = FIRMWARE.exec(message);
    if (firmware !== null) return { kind: "host.firmware", machine: firmware[1] ?? "", bios: firmware[2] ?? "" };
    const commandLine = COMMAND_LINE.exec(message);
    if (commandLine !== null) return { kind: "host.command_line", commandLine: commandLine[1] ?? "" };
    const port = readPortState(message);
    if (port !== null) return port;
    if (/^(?:PM: )?suspend entry \(/.test(message))
      return { kind: "host.suspend", how: /\(([^\s()]{1,40})\)/.exec(message)?.[1] ?? null };
    if (/^(?:PM: )?suspend exit$/.test(message)) return { kind: "host.resume", how: null };
    if (/^reboot: Restarting system/.test(message)) return { kind: "host.shutdown", how: "reboot" };
    if (/^reboot: Power down/.test(message)) return { kind: "host.shutdown", how: "power-off" };
    if (/^reboot: System halted/.test(message)) return { kind: "host.shutdown", how: "halt" };
    if (/^e1000e: EEE TX LPI TIMER: /.test(message)) return { kind: "host.shutdown", how: "unknown" };
  }
  if (record.identifier?.startsWith("systemd") === true) {
    const target =
      /^Reached target .*?(?:reboot\.target|poweroff\.target|halt\.target|System (?:Reboot|Power Off|Halt)|Reboot|Power-Off|Shutdown|Halt)\b/.exec(
        message,
      )?.[0];
    if (target !== undefined) {
      const how = /reboot/i.test(target)
        ? "reboot"
        : /power/i.test(target)
          ? "power-off"
          : /halt/i.test(target)
            ? "halt"
            : "unknown";
      return { kind: "host.shutdown", how };
    }
    if (/^System is rebooting\b|^Rebooting\.$/.test(message)) return { kind: "host.shutdown", how: "reboot" };
    if (/^System is powering down\b|^Powering [Oo]ff\.$/.test(message))
      return { kind: "host.shutdown", how: "power-off" };
    if (/^Entering sleep state/.test(message))
      return { kind: "host.suspend", how: /'([^\s']{1,40})'/.exec(message)?.[1] ?? null };
    if (/^System returned from sleep/.test(message)) return { kind: "host.resume", how: null };
  }
  const renamed = RENAMED.exec(message);
  if (renamed !== null && (isKernel || /^(?:systemd-)?udevd?$/.test(record.identifier ?? ""))) {
    const [, before = "", after = ""] = renamed;
    return { kind: "net.rename", adapter: { pci: null, interface: after }, before, after };
  }
  for (const [pattern, what] of LOSSES) {
    const loss = pattern.exec(message);
    if (loss !== null) {
      return { kind: "log.loss", what, count: loss[1] === undefined ? null : Number(loss[1]), sinceMs: null };
    }
  }
  for (const pattern of STEPS) {
    const step = pattern.exec(message);
    if (step !== null) return { kind: "host.clock_step", stepS: step[1] === undefined ? null : Number(step[1]) };
  }
  return null;
}
