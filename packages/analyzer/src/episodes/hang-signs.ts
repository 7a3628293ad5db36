import type { EpisodeEnd } from "../report.js";
import type { HangTable } from "../timeline/hang-table.js";
import { SIGN } from "../timeline/register-signs.js";

/** What the dumps of one episode show. Counts are reports. */
export interface DumpSigns {
  readonly reports: number;
  /** With at least one register. */
  readonly dumped: number;
  readonly allOnes: number;
  readonly linkDown: number;
  readonly phyDrop: number;
  readonly txOff: number;
  readonly done: number;
  readonly pciError: number;
  readonly ringStart: number;
  readonly headIsTail: number;
  /** Consecutive reports whose TDH is known on both sides, and those of them between which it moved. */
  readonly headPairs: number;
  readonly headMoved: number;
  /** Different stuck packets, by time stamp; 0 when no stamp is known. */
  readonly packets: number;
  /** Age of the oldest stuck packet when it was reported, kernel ticks; null when no report tells. */
  readonly oldestTicks: number | null;
  /** As MAC Status last told it; null when no report has it. */
  readonly speedMbps: 10 | 100 | 1000 | null;
}

/** What stands around the dumps in the log. */
export interface LogSigns {
  /** First to last report, milliseconds; null without times. */
  readonly spanMs: number | null;
  readonly resets: number;
  readonly timeouts: number;
  readonly linkDowns: number;
  readonly linkUps: number;
  /** From the last link-up, the last resume to the first report, milliseconds; null when none is known of this boot. */
  readonly sinceLinkUpMs: number | null;
  readonly sinceResumeMs: number | null;
  /** Of the last link-up. */
  readonly linkSpeedMbps: number | null;
  readonly flowControl: "rx/tx" | "rx" | "tx" | "none" | null;
  readonly kernelRelease: string | null;
  /** How it ended; null when that cannot be said, as of a pasted piece. */
  readonly end: EpisodeEnd | null;
  /** Other episodes of the adapter that began within a day. */
  readonly nearEpisodes: number;
  /** Hang reports of other drivers' adapters beside it. */
  readonly otherDrivers: readonly string[];
}

/** All that the judgement on one episode may look at. */
export interface HangSigns extends DumpSigns, LogSigns {}

/** No log around: what a single dump on its own has. */
export const NO_LOG: LogSigns = {
  spanMs: null,
  resets: 0,
  timeouts: 0,
  linkDowns: 0,
  linkUps: 0,
  sinceLinkUpMs: null,
  sinceResumeMs: null,
  linkSpeedMbps: null,
  flowControl: null,
  kernelRelease: null,
  end: null,
  nearEpisodes: 0,
  otherDrivers: [],
};

/** No dump at all. */
export const NO_DUMPS: DumpSigns = {
  reports: 0,
  dumped: 0,
  allOnes: 0,
  linkDown: 0,
  phyDrop: 0,
  txOff: 0,
  done: 0,
  pciError: 0,
  ringStart: 0,
  headIsTail: 0,
  headPairs: 0,
  headMoved: 0,
  packets: 0,
  oldestTicks: null,
  speedMbps: null,
};

/** Reads the dumps of one episode from the columns; linear in them. */
export function dumpSigns(table: HangTable, rows: ArrayLike<number>): DumpSigns {
  const counts = { dumped: 0, allOnes: 0, linkDown: 0, phyDrop: 0, txOff: 0, done: 0, pciError: 0 };
  let ringStart = 0;
  let headIsTail = 0;
  let headPairs = 0;
  let headMoved = 0;
  let packets = 0;
  let stamp = Number.NaN;
  let oldestTicks: number | null = null;
  let speedMbps: DumpSigns["speedMbps"] = null;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const signs = table.signs[row]!;
    if (signs & SIGN.registers) counts.dumped++;
    if (signs & SIGN.allOnes) counts.allOnes++;
    if (signs & SIGN.linkDown) counts.linkDown++;
    if (signs & SIGN.phyDrop) counts.phyDrop++;
    if (signs & SIGN.txOff) counts.txOff++;
    if (signs & SIGN.done) counts.done++;
    if (signs & SIGN.pciError) counts.pciError++;
    if (signs & SIGN.ringStart) ringStart++;
    if (signs & SIGN.headIsTail) headIsTail++;
    if (signs & SIGN.speed1000) speedMbps = 1000;
    else if (signs & SIGN.speed100) speedMbps = 100;
    else if (signs & SIGN.speed10) speedMbps = 10;
    const head = table.head[row]!;
    const before = i === 0 ? Number.NaN : table.head[rows[i - 1]!]!;
    if (!Number.isNaN(head) && !Number.isNaN(before)) {
      headPairs++;
      if (head !== before) headMoved++;
    }
    const next = table.timeStamp[row]!;
    const ticks = table.jiffies[row]! - next;
    // Not for a slot that was empty or in use again by then.
    if (next > 0 && ticks >= 0 && ticks > (oldestTicks ?? -1)) oldestTicks = ticks;
    if (!Number.isNaN(next) && next !== stamp) {
      packets++;
      stamp = next;
    }
  }
  return {
    reports: rows.length,
    ...counts,
    ringStart,
    headIsTail,
    headPairs,
    headMoved,
    packets,
    oldestTicks,
    speedMbps,
  };
}
