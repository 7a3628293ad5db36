import { type CivilTime, isCivilTime } from "../clock/civil.js";
import type { FormName } from "../model/evidence.js";

/** The clock reading of a line, as it stands there. */
export type Stamp =
  | { readonly kind: "utc"; readonly unixMs: number; readonly resolutionMs: number }
  /** A local date and time with the offset that the line names. */
  | { readonly kind: "offset"; readonly civil: CivilTime; readonly offsetMs: number; readonly resolutionMs: number }
  /** A local date and time; `hasYear` false: `civil.year` is 0 and to be inferred. */
  | {
      readonly kind: "local";
      readonly civil: CivilTime;
      readonly hasYear: boolean;
      readonly resolutionMs: number;
      /** Computed by dmesg -T from the clock of the machine that printed it. */
      readonly computed: boolean;
    }
  | { readonly kind: "none" };

/** What stands before the message on a line that begins a record. */
export interface LineHeader {
  readonly form: FormName;
  readonly stamp: Stamp;
  /** Milliseconds since boot, where a kernel stamp stands in the line. */
  readonly bootMs: number | null;
  readonly host: string | null;
  readonly identifier: string | null;
  readonly pid: number | null;
  readonly priority: number | null;
  /** Where the message begins, in UTF-16 units from the start of the line. */
  readonly messageAt: number;
}

export const NONE: Stamp = { kind: "none" };
export const BLANK_HEADER = { bootMs: null, host: null, identifier: null, pid: null, priority: null } as const;

export type Reader = (line: string) => LineHeader | null;

export const digits = (text: string | undefined): number => Number(text ?? 0);
/** Digits after the point as milliseconds. */
export const fraction = (text: string | undefined): number => (text === undefined ? 0 : Number(`0.${text}`) * 1000);
export const resolution = (text: string | undefined): number => (text === undefined ? 1000 : 1000 / 10 ** text.length);

export function civil(
  year: number,
  month: number,
  [day, hour, minute, second, fractionDigits]: readonly (string | undefined)[],
): CivilTime | null {
  const time = {
    year,
    month,
    day: digits(day),
    hour: digits(hour),
    minute: digits(minute),
    second: digits(second),
    millisecond: fraction(fractionDigits),
  };
  return isCivilTime({ ...time, year: year === 0 ? 2000 : year }) ? time : null;
}

/** RFC 3164 tags and what journalctl prints: `kernel:`, `sshd[812]:`, `CRON[1]:`, `systemd-logind[7]:`. */
const TAG = /^([^\s:[\]()<>]{1,64})(?:\[(\d{1,9})\])?:(?: |$)/;
/** The driver's own line right behind the stamp: neither host nor tag. */
const UNTAGGED = /^e1000e [0-9a-f]{4,5}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7][ :]/;
/** busybox: facility and level between host and tag. */
const FACILITY_LEVEL = /^(kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7])\.([a-z]{3,7}) /;
const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"] as const;
/** A kernel stamp that a syslog daemon or netconsole kept; the caller id; the thread id of dynamic debug. */
export const KERNEL_STAMP: RegExp = /^\[ *(\d{1,10})\.(\d{6})\](?: ?\[ *[TC]\d{1,10}\])? ?/;

/** Milliseconds of a kernel stamp. */
export function stampMs(match: RegExpExecArray): number {
  return digits(match[1]) * 1000 + digits(match[2]) / 1000;
}

export function levelOf(word: string): number | null {
  const index = LEVELS.indexOf(
    (word === "warning" ? "warn" : word === "error" ? "err" : word) as (typeof LEVELS)[number],
  );
  return index === -1 ? null : index;
}

/** Host, tag and kernel stamp behind a stamp that ends at `at`. */
export function afterStamp(
  line: string,
  at: number,
  form: FormName,
  stamp: Stamp,
  priority: number | null,
): LineHeader | null {
  let from = at;
  let host: string | null = null;
  let level = priority;
  let isLogread = false;
  const readLevel = (): void => {
    const match = FACILITY_LEVEL.exec(line.slice(from, from + 32));
    if (match === null) return;
    level = levelOf(match[2] ?? "") ?? level;
    from += match[0].length;
    isLogread = true;
  };
  readLevel();
  let tag = TAG.exec(line.slice(from, from + 96));
  const isUntagged = UNTAGGED.test(line.slice(from, from + 32));
  if (tag === null && !isUntagged) {
    const space = line.indexOf(" ", from);
    if (space <= from || space - from > 255) return null;
    host = line.slice(from, space).replace(/^[^@]*@/, "");
    from = space + 1;
    while (line.charCodeAt(from) === 32) from += 1;
    readLevel();
    tag = TAG.exec(line.slice(from, from + 96));
  }
  let identifier: string | null = null;
  let pid: number | null = null;
  if (isUntagged || (tag?.[1] === "e1000e" && tag[2] === undefined)) {
    // Somebody left the tag out: the driver's name is part of the message. With a process number it is a process.
  } else if (tag !== null) {
    identifier = tag[1] ?? null;
    pid = tag[2] === undefined ? null : Number(tag[2]);
    from += tag[0].length;
  } else {
    // Relays of RFC 5424 write tags without a colon: `kernel e1000e …`.
    const relayed = /^(kernel|[a-z][\w.-]{1,40}\[\d{1,9}\]) /.exec(line.slice(from, from + 64));
    if (relayed !== null) {
      const parts = /^([^[]+)(?:\[(\d+)\])?$/.exec(relayed[1] ?? "");
      identifier = parts?.[1] ?? null;
      pid = parts?.[2] === undefined ? null : Number(parts[2]);
      from += relayed[0].length;
    }
  }
  let bootMs: number | null = null;
  if (identifier === "kernel" || identifier === null) {
    const kept = KERNEL_STAMP.exec(line.slice(from, from + 48));
    if (kept !== null) {
      bootMs = stampMs(kept);
      from += kept[0].length;
    }
  }
  const named = isLogread ? "logread" : form;
  return { form: named, stamp, bootMs, host, identifier, pid, priority: level, messageAt: from };
}
