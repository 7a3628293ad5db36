import { type PrintCall, SOURCE_MESSAGES, type SourceRow } from "./source-messages.js";

/** One message of the driver's source as it looks in a log. */
export interface SourceLine {
  readonly file: string;
  readonly row: SourceRow;
  /** One message for each form that its prefix had while the source had it, and each sample. */
  readonly samples: readonly string[];
}

/** What the driver's printing helpers put before a message, era by era (e1000.h; net/core/dev.c, __netdev_printk()). */
const PREFIXES: readonly {
  readonly call: RegExp;
  readonly since: string;
  readonly until: string;
  readonly prefix: string;
}[] = [
  { call: /^(?:e|netdev)_/, since: "2.6.24", until: "2.6.34", prefix: "0000:00:19.0: eth0: " },
  { call: /^(?:e|netdev)_/, since: "2.6.35", until: "3.6", prefix: "e1000e 0000:00:19.0: eth0: " },
  { call: /^(?:e|netdev)_/, since: "3.8", until: "9999", prefix: "e1000e 0000:00:1f.6 eno1: " },
  { call: /^dev_/, since: "2.6.24", until: "9999", prefix: "e1000e 0000:00:1f.6: " },
  { call: /^pr_/, since: "2.6.35", until: "9999", prefix: "e1000e: " },
  { call: /^printk$/, since: "2.6.24", until: "9999", prefix: "" },
];

/** The whole table of the driver's messages with sample lines; rows that become nothing have none. */
export function sourceLines(): readonly SourceLine[] {
  return SOURCE_MESSAGES.flatMap(({ file, rows }) =>
    rows.map((row): SourceLine => ({ file, row, samples: row[4].startsWith("-") ? [] : samplesOf(row) })),
  );
}

function samplesOf([, call, since, until, , format, ...samples]: SourceRow): string[] {
  const texts = samples.length === 0 ? [format] : samples;
  return prefixesOf(call, since, until).flatMap((prefix) => texts.map((text) => prefix + text));
}

function prefixesOf(call: PrintCall, since: string, until: string | null): string[] {
  const [first, last] = [ordinal(since), ordinal(until ?? "9999")];
  return PREFIXES.filter((one) => one.call.test(call) && ordinal(one.since) <= last && ordinal(one.until) >= first).map(
    ({ prefix }) => prefix,
  );
}

/** Releases in their order: 2.6.32 before 2.6.35 before 3.0. */
function ordinal(release: string): number {
  const [major = 0, minor = 0, patch = 0] = release.split(".").map(Number);
  return (major * 1000 + minor) * 1000 + patch;
}
