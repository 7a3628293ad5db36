import type { EventTime } from "../model/time.js";

/** A kernel stamp in microseconds since boot as a time without wall clock; null: no stamp. */
export function bootTime(bootUs: number | null): EventTime {
  return {
    unixMs: null,
    bootMs: bootUs === null ? null : bootUs / 1000,
    source: bootUs === null ? "none" : "boot",
    uncertaintyMs: Number.POSITIVE_INFINITY,
    year: null,
  };
}

/** What a process that writes to /dev/kmsg puts before its text, `systemd[1]: `. */
const TAG = /^([^\s:[\]]{1,64})(?:\[(\d{1,9})\])?: /;

/** Splits `identifier[pid]: ` off a line that user space wrote, as journald does (syslog_parse_identifier). */
export function readSyslogTag(text: string): { message: string; identifier: string | null; pid: number | null } {
  const match = TAG.exec(text);
  if (match === null) return { message: text, identifier: null, pid: null };
  const [tag, identifier = "", pid] = match;
  return { message: text.slice(tag.length), identifier, pid: pid === undefined ? null : Number(pid) };
}
