import { monthOf } from "../clock/month-names.js";
import { parseOffset } from "../clock/time-zone.js";
import { readDmesg } from "./dmesg-head.js";
import {
  afterStamp,
  BLANK_HEADER,
  civil,
  digits,
  KERNEL_STAMP,
  type LineHeader,
  levelOf,
  NONE,
  type Reader,
  resolution,
  type Stamp,
  stampMs,
} from "./head-parts.js";

const ISO = /^(\d{4})-(\d\d)-(\d\d)([T ])(\d\d):(\d\d):(\d\d)(?:([.,])(\d{1,9}))?(Z|[+-]\d\d:?\d\d)? /;

const readIso: Reader = (line) => {
  const match = ISO.exec(line.slice(0, 64));
  if (match === null) return null;
  const [whole, year, month, day, separator, hour, minute, second, point, decimals, zone] = match;
  const time = civil(digits(year), digits(month), [day, hour, minute, second, decimals]);
  if (time === null) return null;
  const resolutionMs = resolution(decimals);
  const stamp: Stamp =
    zone === undefined
      ? { kind: "local", civil: time, hasYear: true, resolutionMs, computed: false }
      : { kind: "offset", civil: time, offsetMs: parseOffset(zone) ?? 0, resolutionMs };
  const at = whole.length;
  if (point === ",") return { ...BLANK_HEADER, form: "dmesg-iso", stamp, identifier: "kernel", messageAt: at };
  const esxi = /^cpu\d+:\d+\)(?:<(\d)>)?/.exec(line.slice(at, at + 40));
  if (esxi !== null) {
    const priority = esxi[1] === undefined ? null : Number(esxi[1]);
    return {
      ...BLANK_HEADER,
      form: "syslog-iso",
      stamp,
      identifier: "kernel",
      priority,
      messageAt: at + esxi[0].length,
    };
  }
  if (separator === " " && /^(INFO|WARN|ERROR): /.test(line.slice(at, at + 8))) {
    return { ...BLANK_HEADER, form: "vzdump-log", stamp, identifier: "vzdump", messageAt: at };
  }
  const colonless = zone !== undefined && !zone.includes(":") && zone !== "Z";
  return afterStamp(line, at, colonless ? "journal-short-iso" : "syslog-iso", stamp, null);
};

/** Proxmox Backup Server's task logs: `2024-06-05T02:00:01+02:00: TASK OK` (proxmox-backup, proxmox-rest-server). */
const SERVER_TASK = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)): /;

const readServerTask: Reader = (line) => {
  const match = SERVER_TASK.exec(line.slice(0, 32));
  const stamped = match === null ? null : readIso(`${match[1]} x x: `);
  if (match === null || stamped === null) return null;
  const { stamp } = stamped;
  return { ...BLANK_HEADER, form: "pbs-task-log", stamp, identifier: "proxmox-backup", messageAt: match[0].length };
};

/** What may be a month: `monthOf` tells, and a class of all letters takes longer to compile than a small log to read. */
const TRADITIONAL = /^([a-zA-Z\u0080-\uffff]{3,6}\.?) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))? /;

const readTraditional: Reader = (line) => {
  const match = TRADITIONAL.exec(line.slice(0, 48));
  if (match === null) return null;
  const month = monthOf(match[1] ?? "");
  const time = month === null ? null : civil(0, month, match.slice(2));
  if (time === null) return null;
  const day = match[2] ?? "";
  const isJournal = match[6] !== undefined || day.startsWith("0");
  const stamp: Stamp = {
    kind: "local",
    civil: time,
    hasYear: false,
    resolutionMs: resolution(match[6]),
    computed: false,
  };
  return afterStamp(line, match[0].length, isJournal ? "journal-short" : "syslog-traditional", stamp, null);
};

/** OpenWrt logread: `Tue Dec  1 17:08:17 2020 kern.err kernel: …`. */
const LOGREAD = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4}) /;

const readLogread: Reader = (line) => {
  const match = LOGREAD.exec(line.slice(0, 40));
  const month = match === null ? null : monthOf(match[1] ?? "");
  if (match === null || month === null) return null;
  const time = civil(digits(match[6]), month, match.slice(2, 6));
  if (time === null) return null;
  const stamp: Stamp = { kind: "local", civil: time, hasYear: true, resolutionMs: 1000, computed: false };
  return afterStamp(line, match[0].length, "logread", stamp, null);
};

const SHORT_FULL =
  /^[A-Z][a-z]{2} (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{6}))? ([A-Z]{2,5}|[+-]\d{2}(?:\d{2})?) /;
/** Zone abbreviations that mean one offset wherever Linux prints them. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  UTC: "+00:00",
  GMT: "+00:00",
  WET: "+00:00",
  WEST: "+01:00",
  CET: "+01:00",
  CEST: "+02:00",
  EET: "+02:00",
  EEST: "+03:00",
  MSK: "+03:00",
  EDT: "-04:00",
  EST: "-05:00",
  CDT: "-05:00",
  MDT: "-06:00",
  MST: "-07:00",
  PDT: "-07:00",
  PST: "-08:00",
  JST: "+09:00",
  AEST: "+10:00",
  AEDT: "+11:00",
};

const readShortFull: Reader = (line) => {
  const match = SHORT_FULL.exec(line.slice(0, 56));
  if (match === null) return null;
  const time = civil(digits(match[1]), digits(match[2]), match.slice(3, 8));
  if (time === null) return null;
  const zone = match[8] ?? "";
  const offsetMs = parseOffset(ABBREVIATIONS[zone] ?? (zone.length === 3 ? `${zone}00` : zone));
  const resolutionMs = resolution(match[7]);
  const stamp: Stamp =
    offsetMs === null
      ? { kind: "local", civil: time, hasYear: true, resolutionMs, computed: false }
      : { kind: "offset", civil: time, offsetMs, resolutionMs };
  return afterStamp(line, match[0].length, "journal-short-full", stamp, null);
};

const SHORT_UNIX = /^(\d{9,10})\.(\d{6}) /;

const readShortUnix: Reader = (line) => {
  const match = SHORT_UNIX.exec(line.slice(0, 24));
  if (match === null) return null;
  const unixMs = digits(match[1]) * 1000 + digits(match[2]) / 1000;
  return afterStamp(line, match[0].length, "journal-short-unix", { kind: "utc", unixMs, resolutionMs: 0.001 }, null);
};

const RFC5424 = /^<(\d{1,3})> ?1 (\S+) (\S+) (\S+) (\S+) (\S+) (-|\[)/;

const readRfc5424: Reader = (line) => {
  const match = RFC5424.exec(line.slice(0, 512));
  if (match === null) return null;
  const [whole, priority, time = "", host = "-", app = "-", process = "-", , data] = match;
  let at = whole.length;
  if (data === "[") {
    const end = endOfStructuredData(line, at - 1);
    if (end === -1) return null;
    at = end;
  }
  const stamped = time === "-" ? null : readIso(`${time} x x: `);
  while (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 0xfeff) at += 1;
  const kept = app === "kernel" ? KERNEL_STAMP.exec(line.slice(at, at + 48)) : null;
  return {
    form: "syslog-rfc5424",
    stamp: stamped?.stamp ?? NONE,
    bootMs: kept === null ? null : stampMs(kept),
    host: host === "-" ? null : host,
    identifier: app === "-" ? null : app,
    pid: /^\d{1,9}$/.test(process) ? Number(process) : null,
    priority: digits(priority) & 7,
    messageAt: at + (kept?.[0].length ?? 0),
  };
};

/** After the last `]` of the structured data, RFC 5424 section 6.3; -1 when it does not end. */
function endOfStructuredData(line: string, from: number): number {
  let quoted = false;
  for (let at = from; at < line.length; at += 1) {
    const character = line[at];
    if (quoted && character === "\\") at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === "]" && line[at + 1] !== "[") return at + 1;
  }
  return -1;
}

/** Talos: `kern:     err: [2024-06-29T10:52:39.030745602Z]: …`. */
const TALOS = /^(kern|user|daemon): +([a-z]+): \[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)\]: /;

const readTalos: Reader = (line) => {
  const match = TALOS.exec(line.slice(0, 80));
  if (match === null) return null;
  const stamped = readIso(`${match[3]} x x: `);
  const priority = levelOf(match[2] ?? "");
  const stamp = stamped?.stamp ?? NONE;
  return { ...BLANK_HEADER, form: "dmesg-iso", stamp, priority, identifier: "kernel", messageAt: match[0].length };
};

/** Time of day and host, the date cut off: `10:55:20 host1 kernel: …`. */
const TIME_ONLY = /^\d\d:\d\d:\d\d(?:\.\d{1,6})? (?=\S+ (?:kernel|[a-z][\w.-]{0,40}\[\d+\]): |kernel: )/;
/** No time at all: `kernel: …`, `host kernel: …`. */
const UNTIMED = /^(?=(?:[A-Za-z][\w.-]{0,63} )?kernel: )/;

const readUntimed: Reader = (line) => {
  const match = TIME_ONLY.exec(line.slice(0, 160)) ?? UNTIMED.exec(line.slice(0, 96));
  return match === null ? null : afterStamp(line, match[0].length, "syslog-traditional", NONE, null);
};

/** Syslog archives that put label, epoch and date before the line: `- 1131567043 2005.11.09 node Nov 9 12:10:43 local@node …`. */
const ARCHIVE = /^\S{1,32} \d{9,10} \d{4}\.\d\d\.\d\d \S+ (?=[A-Z][a-z]{2} \d{1,2} \d\d:\d\d:\d\d )/;

const readArchive: Reader = (line) => {
  const match = ARCHIVE.exec(line.slice(0, 128));
  if (match === null) return null;
  const inner = readTraditional(line.slice(match[0].length));
  return inner === null ? null : { ...inner, messageAt: inner.messageAt + match[0].length };
};

/** `<3>` or `<30>` before another form, as syslog sockets and netconsole captures keep it. */
const readPrioritised: Reader = (line) => {
  const match = /^<(\d{1,3})>/.exec(line.slice(0, 6));
  if (match === null) return null;
  const inner = readTraditional(line.slice(match[0].length)) ?? readIso(line.slice(match[0].length));
  if (inner === null) return null;
  return { ...inner, priority: digits(match[1]) & 7, messageAt: inner.messageAt + match[0].length };
};

/** Where two forms could both read a line, the more particular one stands first. */
const READERS: readonly Reader[] = [
  readRfc5424,
  readPrioritised,
  readDmesg,
  readShortFull,
  readLogread,
  readTraditional,
  readIso,
  readServerTask,
  readShortUnix,
  readTalos,
  readArchive,
  readUntimed,
];

/**
 * Reads what stands before a message, in whatever form: a file may change its form in the middle. The form of the line
 * before is tried first. O(1) in the line's length: only its head is looked at.
 */
export class LineHeaderReader {
  #last: Reader = readTraditional;

  read(line: string): LineHeader | null {
    const first = line.charCodeAt(0);
    // Nothing that begins a record begins with a blank or is empty.
    if (line.length < 6 || first === 32 || first === 9) return null;
    const header = this.#last(line);
    if (header !== null && this.#last !== readUntimed) return header;
    for (const reader of READERS) {
      const found = reader(line);
      if (found === null) continue;
      this.#last = reader;
      return found;
    }
    return null;
  }
}
