import type { AdapterReport, Interval, Place, RateComparison, Report } from "@hangproof/analyzer";

const at = (text: string): number => Date.parse(text);
const place = (line: number): Place => ({ evidence: "journal.txt", line, byteOffset: line * 100 });
const interval = (lower: number, upper: number | null): Interval => ({ level: 0.95, lower, upper });
const HOUR = 3_600_000;

export const NOW: number = at("2025-11-24T12:00:00Z");

const comparison: RateComparison = {
  unit: "backup-hour",
  reference: { label: "before", events: 3, exposureHours: 90, per1000Hours: 33.333, interval: interval(6.87, 97.4) },
  compared: { label: "after", events: 0, exposureHours: 12, per1000Hours: 0, interval: interval(0, 307) },
  ratio: 0,
  interval: interval(0, 18.2),
  intervalMidP: interval(0, 13.1),
  upperOneSided: 12.8,
  lowerOneSided: 0,
  pLess: 0.687,
  pGreater: 1,
  pCentral: 1,
  pMid: 0.687,
  method: "exact conditional (Clopper-Pearson)",
  assumptions: ["hangs come at a constant rate within each side"],
};

const inOut: RateComparison = {
  ...comparison,
  reference: { label: "outside backups", events: 0, exposureHours: 900, per1000Hours: 0, interval: interval(0, 4.1) },
  compared: { label: "in backups", events: 3, exposureHours: 102, per1000Hours: 29.4, interval: interval(6.07, 85.9) },
  ratio: "infinite",
  interval: interval(3.75, null),
  pLess: 1,
  pGreater: 0.00105,
  pCentral: 0.0021,
  pMid: 0.0011,
};

const onsets = ["2025-10-12T01:14:07Z", "2025-10-26T00:31:00Z", "2025-11-02T01:20:44Z"].map(at);

export const sampleSeries: AdapterReport = {
  host: "pve1",
  relativeTime: false,
  adapter: { pci: "0000:00:19.0", interfaces: ["eth0", "eno1"], mac: "aa:bb:cc:00:11:22", driverVersions: ["3.2.6-k"] },
  verdict: {
    change: 1,
    rung: "insufficient-evidence",
    headline:
      "Cannot say. Since the change: 0 hangs in 12 backup-hours. Had nothing changed, a silence this long would happen with probability 0.69.",
    wouldMove: "173 more hang-free backup-hours would be enough (about 8 March at the present pace).",
    reasons: ["The effective throttle mode was dynamic conservative before and after."],
    flags: ["cluster_sensitive"],
    noOp: true,
    notSeparable: ["driver reload"],
  },
  coverage: {
    span: { startMs: at("2025-10-01T00:00:00Z"), endMs: at("2025-11-24T00:00:00Z") },
    covered: [
      { startMs: at("2025-10-01T00:00:00Z"), endMs: at("2025-11-05T00:00:00Z") },
      { startMs: at("2025-11-15T00:00:00Z"), endMs: at("2025-11-24T00:00:00Z") },
    ],
    gaps: [{ startMs: at("2025-11-05T00:00:00Z"), endMs: at("2025-11-15T00:00:00Z"), reason: "no-log" }],
    coveredHours: 1056,
    atRiskHours: 1055.2,
    hangHours: 0.8,
  },
  episodes: onsets.map((onsetMs, i) => ({
    id: i + 1,
    onsetMs,
    endMs: onsetMs + (i + 1) * 480_000,
    end: i === 2 ? "driver-reload" : "link-cycle",
    censored: false,
    reports: 240 * (i + 1),
    resets: 0,
    timeouts: 1,
    downHours: ((i + 1) * 480_000) / HOUR,
    cadenceS: 2,
    failureMode: {
      mode: "wedge",
      for: ["TDH is the same in 240 reports: the hardware stands still"],
      against: [],
      others: [],
    },
    collateral: [{ what: "cluster-link-lost", before: 0, during: 2 }],
    run: i + 1,
    epoch: 0,
    boot: 0,
    uncertaintyMs: 500,
    trust: "kernel",
    outsideCoverage: false,
    place: place(100 * (i + 1)),
  })),
  windows: onsets.map((ms, i) => ({ startMs: ms - HOUR / 4, endMs: ms + HOUR, runs: [i + 1] })),
  runs: [...onsets, at("2025-11-16T01:00:00Z")].map((ms, i) => ({
    id: i + 1,
    startMs: ms - HOUR / 4,
    endMs: ms + HOUR,
    guests: i === 0 ? [103] : [103, 104],
    outcome: i === 3 ? "ok" : "failed",
    endObserved: i !== 1,
    endBasis: i === 1 ? "recovery" : "observed",
    storage: "nas",
    mode: "snapshot",
    bandwidthLimitKiBps: null,
    hit: i < 3,
    troubleMs: i < 3 ? ms + HOUR / 2 : null,
    cameFirst: i < 3 ? "hang" : null,
    epoch: i < 3 ? 0 : 1,
    covered: true,
    place: place(90 * (i + 1)),
  })),
  changes: [
    {
      id: 1,
      timeMs: at("2025-11-02T02:00:00Z"),
      kind: "driver-reload",
      title: "driver reload with InterruptThrottleRate=3",
      requested: "3",
      effectiveBefore: "dynamic conservative",
      effectiveAfter: "dynamic conservative",
      noOp: true,
      together: ["driver reload"],
      place: place(800),
    },
  ],
  epochs: [
    {
      id: 0,
      startMs: at("2025-10-01T00:00:00Z"),
      endMs: at("2025-11-02T02:00:00Z"),
      change: null,
      coveredHours: 770,
      atRiskHours: 769.2,
      windowHours: 90,
      runs: 3,
      runsHit: 3,
      episodes: 3,
      episodesInWindows: 3,
    },
    {
      id: 1,
      startMs: at("2025-11-02T02:00:00Z"),
      endMs: at("2025-11-24T00:00:00Z"),
      change: 1,
      coveredHours: 286,
      atRiskHours: 286,
      windowHours: 12,
      runs: 1,
      runsHit: 0,
      episodes: 0,
      episodesInWindows: 0,
    },
  ],
  boots: [],
  settings: [
    {
      name: "InterruptThrottleRate",
      requested: [{ value: "3", from: "modprobe.d/e1000e.conf", timeMs: null, place: place(1) }],
      effective: [{ mode: "dynamic conservative", timeMs: at("2025-11-02T02:00:00Z"), place: place(801) }],
      ignored: [],
      shown: [],
      tookEffect: true,
      finding: "3 is what the driver does without any option; nothing changed.",
    },
  ],
  association: {
    rung: "association-shown",
    crude: { status: "ok", value: inOut },
    stratified: {
      status: "ok",
      value: { ratio: "infinite", interval: interval(3.7, null), pCentral: 0.0021, strata: 2 },
    },
    circularShift: { status: "ok", value: { p: 0.01, smallestPossible: 0.001, expected: 0.3, observed: 3 } },
    checks: [
      {
        check: "same-boot",
        isControl: false,
        result: {
          status: "ok",
          value: {
            ratio: "infinite",
            interval: interval(3.7, null),
            p: 0.0021,
            inside: { hangs: 3, of: 34, unit: "hours" },
            outside: { hangs: 0, of: 400, unit: "hours" },
          },
        },
        method: "exact",
      },
      {
        check: "nights-without",
        isControl: false,
        result: {
          status: "ok",
          value: {
            ratio: null,
            interval: null,
            p: 1,
            inside: { hangs: 3, of: 43, unit: "windows" },
            outside: { hangs: 0, of: 2, unit: "windows" },
          },
        },
        method: "Boschloo",
      },
      {
        check: "self-controlled",
        isControl: false,
        result: { status: "insufficient", because: "all events lie in windows", need: null },
        method: "case series",
      },
    ],
    controlsFail: false,
    sentence: "Hangs are tied to backups: 3 of 3 began in one.",
  },
  dose: [
    {
      factor: "storage",
      levels: [
        { level: "nfs", runs: 40, runsHit: 3, hours: 31, hangs: 3, per1000Hours: 96.8, interval: interval(20, 283) },
        { level: "local", runs: 3, runsHit: 0, hours: 3, hangs: 0, per1000Hours: 0, interval: interval(0, 1230) },
      ],
      test: { status: "ok", value: { p: 0.9, pAdjusted: 0.9, method: "likelihood ratio, exact" } },
    },
  ],
  contrasts: [
    {
      setting: "offload.tso",
      from: "on",
      to: "off",
      switches: 3,
      unit: "backup-hour",
      result: {
        status: "ok",
        value: {
          ratio: 0,
          interval: interval(0, 4),
          pLess: 0.4,
          pCentral: 0.8,
          strata: 2,
          hangsFrom: 3,
          hoursFrom: 28,
          hangsTo: 0,
          hoursTo: 6,
        },
      },
      method: "exact",
    },
  ],
  efficacy: [
    {
      change: 1,
      verdict: {
        change: 1,
        rung: "insufficient-evidence",
        headline: "",
        wouldMove: "",
        reasons: [],
        flags: [],
        noOp: true,
        notSeparable: [],
      },
      perBackupHour: { status: "ok", value: comparison },
      perHour: { status: "insufficient", because: "hangs come in backups only", need: null },
      perRun: {
        status: "ok",
        value: {
          before: { runs: 40, hit: 3 },
          after: { runs: 3, hit: 0 },
          pLess: 0.79,
          pLessUnconditional: 0.7,
          cleanRunsNeeded: 68,
          method: "Fisher",
        },
      },
      burstiness: { status: "insufficient", because: "only 3 events were counted", need: "5 events" },
      bayes: {
        status: "ok",
        value: { prior: "Jeffreys", pImproved: 0.8, pHalved: 0.7, median: 0.2, interval: interval(0, 4) },
      },
      sequential: {
        status: "ok",
        value: {
          improved: 1.2,
          worse: 0.3,
          boundary: 20,
          upperAnytime: null,
          intervalAnytime: interval(0, null),
          firstShownMs: null,
          looks: [
            { timeMs: at("2026-02-22T00:00:00Z"), improved: 0.9, worse: 0.5 },
            { timeMs: at("2026-03-01T00:00:00Z"), improved: 1.2, worse: 0.3 },
          ],
          method: "e-value",
        },
      },
      checks: {
        trigger: { hangsLeftOut: 2, pLess: 0.9, rung: "insufficient-evidence" },
        placebo: { dates: 200, asLarge: 41 },
        coveredBefore: 0.97,
        coveredSince: 1,
        crashes: { count: 1, rung: "insufficient-evidence" },
        trendBefore: null,
      },
    },
  ],
  recurrence: { status: "insufficient", because: "no hang was seen in time at risk", need: "one hang" },
  lags: [],
  changeDate: { status: "insufficient", because: "there are only 3 events", need: "4 events" },
  waiting: {
    status: "ok",
    value: {
      unit: "backup-hour",
      neededHours: 154,
      soFarHours: 12,
      remainingHours: 142,
      neededHoursAnytime: 185,
      remainingHoursAnytime: 173,
      remainingRuns: 46,
      dateMs: at("2026-03-08T00:00:00Z"),
      chanceOfSilence: 0.687,
      rateUpperPer1000Hours: 250,
    },
  },
  ifHang: { status: "ok", value: { unit: "backup-hour", rung: "insufficient-evidence", remainingHours: 300 } },
  sensitivity: [10_000, 60_000, 3_600_000].map((gapThresholdMs) => ({
    gapThresholdMs,
    episodes: 3,
    rung: "insufficient-evidence",
  })),
  resetsWithoutReport: [],
  timeoutsWithoutReport: [],
  unplacedReports: 0,
  failureModes: [
    {
      mode: "wedge",
      title: "permanent transmit wedge",
      episodes: 3,
      doNext: ["get traffic back: ip link set eno1 down; ip link set eno1 up"],
      doNotBother: ["InterruptThrottleRate=3: it is the driver's default already"],
    },
  ],
  withoutReport: null,
};

/** A report made by hand: what the writers are tested on, whatever the analyzer does. */
export const sampleReport: Report = {
  reportVersion: 1,
  now: NOW,
  options: {
    timeZone: "Europe/Berlin",
    since: null,
    until: null,
    confidence: 0.95,
    lagMs: 600_000,
    inductionMs: 0,
    gapThresholdMs: 60_000,
    seed: 1,
    looks: "repeated",
    changes: [],
    windows: [],
    reading: {
      program: "hangproof 1.2.3",
      paths: ["journal.txt"],
      timeZone: "Europe/Berlin",
      form: null,
      windowUnits: [],
    },
  },
  series: [sampleSeries],
  evidence: [
    {
      evidence: "journal.txt",
      form: "journal-short-iso",
      formReason: "1000 of 1000 lines",
      sha256: "ab".repeat(32),
      bytes: 1_234_567,
      lines: 9000,
      records: 8990,
      hosts: ["pve1"],
      span: { startMs: at("2025-10-01T00:00:00Z"), endMs: at("2025-11-24T00:00:00Z") },
      zone: null,
      zoneAssumed: false,
      year: null,
      events: { "e1000e.hang": 1440 },
      diagnostics: { "line.too_long": 2 },
    },
  ],
  notUnderstood: {
    count: 1,
    samples: [{ evidence: "journal.txt", line: 77, byteOffset: 7700, text: "e1000e: something new" }],
  },
  otherDrivers: [{ host: "pve1", driver: "igc", interface: "enp2s0", lines: 4, place: place(99) }],
  suspicious: [],
  unplaced: 0,
};

/** The same value with `change` applied to every string in it. */
export function mapStrings<Value>(value: Value, change: (text: string) => string): Value {
  const walk = (one: unknown): unknown => {
    if (typeof one === "string") return change(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one === "object" && one !== null)
      return Object.fromEntries(Object.entries(one).map(([key, part]) => [key, walk(part)]));
    return one;
  };
  return walk(value) as Value;
}
