import { monthOf } from "../clock/month-names.js";
import type { FormName } from "../model/evidence.js";
import { afterStamp, BLANK_HEADER, civil, digits, levelOf, NONE, type Reader, type Stamp } from "./head-parts.js";

const DMESG_LEVEL = /^(kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7]) *: *([a-z]+) *: */;
const DMESG = /^\[ *(\d{1,10})\.(\d{6})(?: (?:< *[\d.]+ ?[>*]?>?| {15}))?\](?: ?\[ *[TC]\d{1,10}\])? ?/;
const DMESG_DELTA = /^\[< *\d+\.\d{6}>\] ?/;
/** The month is letters, or what may be some beyond ASCII: see `TRADITIONAL` of line-header.ts. */
const DMESG_CTIME =
  /^\[(\S+) ([a-zA-Z\u0080-\uffff]{3,6}\.?) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})( < *[\d.]+>)?\](?: ?\[ *[TC]\d{1,10}\])? ?/;
const DMESG_RELTIME = /^\[(?:\p{L}{3,6}\.? {0,2}\d{1,2} \d\d:\d\d| +\+\d+\.\d{6})\](?: ?\[ *[TC]\d{1,10}\])? ?/u;
const REDACTED = /^\[[xX*.?]{2,}\] /;

/** Heads of `dmesg` in all its forms, of the console, and of `journalctl -o short-monotonic` (util-linux, dmesg.c). */
export const readDmesg: Reader = (line) => {
  let at = 0;
  let priority: number | null = null;
  // What a process wrote into the buffer has a facility of its own (Linux, printk.c, devkmsg_write).
  let identifier: "kernel" | null = "kernel";
  let form: FormName = "dmesg";
  const level = DMESG_LEVEL.exec(line.slice(0, 32));
  if (level !== null) {
    priority = levelOf(level[2] ?? "");
    if (priority === null) return null;
    if (level[1] !== "kern") identifier = null;
    at = level[0].length;
  }
  const raw = /^<(\d{1,3})>(?=\[)/.exec(line.slice(at, at + 6));
  if (raw !== null) {
    priority = digits(raw[1]) & 7;
    if (digits(raw[1]) > 7) identifier = null;
    form = "dmesg-raw";
    at += raw[0].length;
  }
  if (line.charCodeAt(at) !== 91) return null;
  const head = line.slice(at, at + 96);
  const plain = DMESG.exec(head);
  if (plain !== null) {
    const bootMs = digits(plain[1]) * 1000 + digits(plain[2]) / 1000;
    at += plain[0].length;
    if (form === "dmesg") {
      // journalctl short-monotonic: host and tag follow.
      const rest = /^(\S{1,255}) (kernel|[A-Za-z][\w@./-]{0,63}\[\d{1,9}\]): /.exec(line.slice(at, at + 340));
      if (rest !== null && !(rest[1] ?? "").endsWith(":")) {
        const header = afterStamp(line, at, "journal-short-monotonic", NONE, null);
        if (header !== null) return { ...header, bootMs };
      }
    }
    return { ...BLANK_HEADER, form, stamp: NONE, bootMs, priority, identifier, messageAt: at };
  }
  const ctime = DMESG_CTIME.exec(head);
  if (ctime !== null) {
    const month = monthOf(ctime[2] ?? "");
    const time = month === null ? null : civil(digits(ctime[7]), month, ctime.slice(3, 7));
    if (time === null) return null;
    const stamp: Stamp = { kind: "local", civil: time, hasYear: true, resolutionMs: 1000, computed: true };
    return {
      ...BLANK_HEADER,
      form: "dmesg-ctime",
      stamp,
      priority,
      identifier,
      messageAt: at + ctime[0].length,
    };
  }
  for (const [pattern, name] of [
    [DMESG_DELTA, "dmesg-delta"],
    [DMESG_RELTIME, "dmesg-reltime"],
    [REDACTED, "dmesg"],
  ] as const) {
    const match = pattern.exec(head);
    if (match !== null)
      return {
        ...BLANK_HEADER,
        form: name,
        stamp: NONE,
        priority,
        identifier,
        messageAt: at + match[0].length,
      };
  }
  return null;
};
