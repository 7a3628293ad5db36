/**
 * Made-up hosts whose truth is known, as events: a year and more of nightly backups, hangs by a Poisson process in them
 * (or everywhere), a change on some day. The generator shares nothing with the analyzer: its own random numbers, its own
 * process.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const T0 = Date.UTC(2024, 0, 1);
const ADAPTER = { pci: "0000:00:1f.6", interface: "eno1" };

const WORD = 0xffff_ffff_ffff_ffffn;

/** PCG-XSH-RR 32 (O'Neill 2014), by BigInt: slow, and another generator than the analyzer's. */
function randomOf(seed) {
  // Seeds that follow each other would give related streams: SplitMix64's finaliser parts them (Steele et al. 2014).
  let mixed = (BigInt(seed) * 0x9e37_79b9_7f4a_7c15n) & WORD;
  mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & WORD;
  mixed = ((mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn) & WORD;
  let state = mixed ^ (mixed >> 31n);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & WORD;
    const shifted = Number(((state >> 18n) ^ state) >> 27n) >>> 0;
    const turn = Number(state >> 59n);
    return (((shifted >>> turn) | (shifted << (-turn & 31))) >>> 0) / 2 ** 32;
  };
}

const exponential = (random, mean) => -mean * Math.log(1 - random());

/**
 * @param scenario effect: rate after the change / before; perBackupHour: rate before; daysBefore, daysAfter; clustered:
 * hangs come in bursts of 1 to 4 in one night; gaps: share of days without any log; outside: share of the rate that
 * backups do not explain; noOp: the driver prints the same mode at both of its loads
 */
export function makeHost(scenario, seed) {
  const { effect, perBackupHour, daysBefore, daysAfter, clustered, gaps, outside } = scenario;
  const random = randomOf(seed);
  const days = daysBefore + daysAfter;
  const changeMs = T0 + daysBefore * DAY + 12 * HOUR;
  const endMs = T0 + days * DAY;
  const events = [];
  let line = 0;
  const add = (kind, timeMs, fields, evidence = "journal") => {
    line += 1;
    events.push({
      kind,
      time: { unixMs: timeMs, bootMs: null, source: "utc", uncertaintyMs: 0.001, year: null },
      host: "pve",
      bootId: null,
      trust: "kernel",
      provenance: { evidence, line, byteOffset: line * 100, byteLength: 100 },
      ...fields,
    });
  };
  add("host.boot", T0, { kernelRelease: "6.8.12-9-pve" });
  add("e1000e.driver_load", T0 + 4_000, { version: null });
  add("e1000e.link_up", T0 + 8_000, { adapter: ADAPTER, speedMbps: 1000, duplex: "full", flowControl: "none" });

  const dark = Array.from({ length: days }, () => random() < gaps);
  const hangs = [];
  const isDark = (timeMs) => dark[Math.floor((timeMs - T0) / DAY)] ?? true;
  for (let day = 0; day < days; day += 1) {
    const startMs = T0 + day * DAY + 2 * HOUR;
    const stopMs = startMs + (1 + random()) * HOUR;
    if (!dark[day]) {
      add("backup.job_start", startMs, {
        command: "vzdump 103",
        upid: null,
        storage: "nas",
        mode: "snapshot",
        bandwidthLimitKiBps: null,
      });
      add("backup.job_end", stopMs, { outcome: "ok", upid: null, detail: null });
    }
    // Bursts have two and a half hangs on average, so their rate is that much lower.
    const rate = ((startMs < changeMs ? 1 : effect) * perBackupHour) / (clustered ? 2.5 : 1) / HOUR;
    const spans = [[startMs, stopMs, rate]];
    if (outside > 0) spans.push([stopMs, T0 + (day + 1) * DAY, rate * outside]);
    for (const [fromMs, toMs, hazard] of spans) {
      for (let ms = fromMs + exponential(random, 1 / hazard); ms < toMs; ms += exponential(random, 1 / hazard)) {
        const size = clustered ? 1 + Math.floor(random() * 4) : 1;
        for (let i = 0; i < size; i += 1) hangs.push(ms + i * 4 * 60_000);
      }
    }
  }
  add("e1000e.driver_load", changeMs, { version: null });
  if (scenario.noOp === true) {
    const said = { adapter: ADAPTER, name: "InterruptThrottleRate", value: null, mode: "dynamic-conservative" };
    add("e1000e.parameter", T0 + 4_500, { ...said, accepted: true });
    const command = "modprobe e1000e InterruptThrottleRate=3";
    add("setting.command", changeMs, { command, program: "modprobe", interface: null });
    add("e1000e.parameter", changeMs + 500, { ...said, accepted: true });
  }
  add("e1000e.link_up", changeMs + 4_000, { adapter: ADAPTER, speedMbps: 1000, duplex: "full", flowControl: "none" });
  const seen = hangs.filter((ms) => !isDark(ms) && ms < endMs).sort((a, b) => a - b);
  const kept = seen.filter((ms, i) => i === 0 || ms - seen[i - 1] > 120_000);
  for (const onsetMs of kept) {
    for (let report = 0; report < 3; report += 1) {
      const jiffies = Math.round(((onsetMs + report * 2_000) % 1e10) / 4);
      add("e1000e.hang", onsetMs + report * 2_000, {
        adapter: ADAPTER,
        registers: {
          TDH: 5,
          TDT: 9,
          next_to_use: 9,
          next_to_clean: 5,
          time_stamp: jiffies - 500,
          next_to_watch: 6,
          jiffies,
          "next_to_watch.status": 0,
        },
        missing: [],
      });
    }
    add("e1000e.reset", onsetMs + 8_000, { adapter: ADAPTER });
    add("e1000e.link_up", onsetMs + 12_000, { adapter: ADAPTER, speedMbps: 1000, duplex: "full", flowControl: "none" });
  }
  events.sort((a, b) => a.time.unixMs - b.time.unixMs);
  return { events, evidence: [summaryOf(dark, days)], changeMs, endMs, hangs: kept };
}

/** A kernel log that speaks in every hour of the days that are not dark. */
function summaryOf(dark, days) {
  const hours = [];
  for (let day = 0; day < days; day += 1) {
    if (dark[day]) continue;
    const first = (T0 + day * DAY) / HOUR;
    const last = hours.at(-1);
    if (last !== undefined && last[1] === first - 1) last[1] = first + 23;
    else hours.push([first, first + 23]);
  }
  return {
    evidence: "journal",
    form: "journal-export",
    formReason: "simulated",
    formConfidence: 1,
    forms: {},
    sha256: null,
    storedBytes: null,
    bytes: 0,
    lines: 0,
    records: 1000,
    kernelRecords: 1000,
    events: {},
    hosts: ["pve"],
    boots: 1,
    clocks: {},
    lost: { records: 0, atLeast: false, beforeMs: null, isTail: false },
    suspicious: [],
    span: { startMs: (hours[0]?.[0] ?? T0 / HOUR) * HOUR, endMs: ((hours.at(-1)?.[1] ?? T0 / HOUR) + 1) * HOUR - 1 },
    activeHours: hours,
    zone: null,
    zoneAssumed: false,
    year: null,
    diagnostics: {},
  };
}
