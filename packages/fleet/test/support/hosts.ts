import { parseText } from "../../../ledger/test/support/parse-text.js";
import type { Read } from "./lakes.js";

const HANG = ["TDH <5>", "TDT <7>", "next_to_use <7>", "next_to_clean <5>"];

const DEFAULT = "set to dynamic conservative mode";
const CHANGED = "turned off";

/** A kernel log of one day of one host, a line an hour; hangs in the hours that are given, and the throttle as it is set on that day. */
export function dayOf(host: string, day: number, hangHours: readonly number[], changed: boolean): string {
  const lines: string[] = [];
  for (let hour = 0; hour < 24; hour++) {
    const stamp = (second: number): string => new Date(Date.UTC(2026, 0, day, hour, 0, second)).toISOString();
    const line = (second: number, text: string): string =>
      `${stamp(second)} ${host} kernel: [${1000 + second}.000000] ${text}`;
    lines.push(line(0, "EXT4-fs (sda1): mounted filesystem"));
    if (hour === 0)
      lines.push(line(1, `e1000e 0000:00:19.0: Interrupt Throttling Rate (ints/sec) ${changed ? CHANGED : DEFAULT}`));
    if (hangHours.includes(hour)) {
      lines.push(line(2, "e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:"));
      for (const field of HANG) lines.push(line(2, `  ${field}`));
      lines.push(line(9, "e1000e 0000:00:19.0 eno1: Reset adapter unexpectedly"));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The same as `journalctl -o json` writes it; a machine has one boot. */
export function journalOf(host: string, machine: string, day: number, hangHours: readonly number[]): string {
  return dayOf(host, day, hangHours, false)
    .trimEnd()
    .split("\n")
    .map((line, i) => {
      const [, stamp = "", message] = /^(\S+) \S+ kernel: \[[^\]]*\] (.*)$/.exec(line) ?? [];
      return `${JSON.stringify({
        __REALTIME_TIMESTAMP: String(Date.parse(stamp) * 1000 + i),
        __MONOTONIC_TIMESTAMP: String((day * 86_400 + i) * 1e6),
        _BOOT_ID: machine.replaceAll(/[a-f]/g, "c"),
        _MACHINE_ID: machine,
        _HOSTNAME: host,
        _TRANSPORT: "kernel",
        MESSAGE: message,
      })}\n`;
    })
    .join("");
}

/** One file as it would be read. */
export function file(path: string, text: string): Read {
  return parseText(text, path);
}
