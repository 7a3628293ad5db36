import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeFailureMode } from "../src/episodes/failure-mode.js";
import { MODES, modeText } from "../src/episodes/failure-wording.js";
import { type HangSigns, NO_DUMPS, NO_LOG } from "../src/episodes/hang-signs.js";
import { keepsPostponing } from "../src/episodes/kernel-change.js";
import { FAILURE_MODES } from "../src/report.js";

/** Ten whole reports of a head that stands still at 1000 Mb/s. */
const still: HangSigns = {
  ...NO_DUMPS,
  ...NO_LOG,
  reports: 10,
  dumped: 10,
  headPairs: 9,
  packets: 1,
  oldestTicks: 5_000,
  speedMbps: 1000,
  spanMs: 18_000,
};
const modeOf = (signs: Partial<HangSigns>): string => judgeFailureMode({ ...still, ...signs }).mode;

test.each<[string, string, Partial<HangSigns>]>([
  ["a head that stands still until the reboot is a wedge", "wedge", { end: "reboot", kernelRelease: "5.4.0" }],
  ["a head that stands still until the link is bounced is a wedge", "wedge", { end: "link-cycle" }],
  [
    "on a kernel with the change, it is the wedge that nothing resets",
    "endless-reports",
    { spanMs: 6e8, end: "link-cycle", kernelRelease: "6.17.2-1-pve" },
  ],
  ["on a kernel without the change it is not", "wedge", { spanMs: 6e8, end: "log-ends", kernelRelease: "6.5.11" }],
  [
    "resets that do not hold at 100 Mb/s are flapping",
    "flapping",
    { resets: 5, linkUps: 5, speedMbps: 100, packets: 6, headMoved: 5, end: "log-ends" },
  ],
  [
    "resets that do not hold are flapping at 1000 Mb/s too",
    "flapping",
    { resets: 4, packets: 5, headMoved: 4, end: "log-ends" },
  ],
  [
    "one reset that held",
    "recovered-by-reset",
    { reports: 3, dumped: 3, headPairs: 2, resets: 1, timeouts: 1, end: "driver-reset" },
  ],
  ["no report at all", "timeout-without-report", { ...NO_DUMPS, timeouts: 2, resets: 2, flowControl: "rx/tx" }],
  [
    "head 0, tail 1, right after link-up",
    "link-up-false-positive",
    { reports: 1, dumped: 1, headPairs: 0, ringStart: 1, sinceLinkUpMs: 3_000 },
  ],
  [
    "right after resume",
    "after-resume",
    { reports: 3, dumped: 3, headPairs: 2, sinceResumeMs: 8_000, end: "log-ends", spanMs: 4_000 },
  ],
  ["all ones", "device-vanished", { allOnes: 10, end: "log-ends" }],
  ["only reports of other drivers", "other-driver", { ...NO_DUMPS, otherDrivers: ["igb"] }],
  ["a head that moves and no reset", "passing-stall", { headMoved: 9, packets: 9, end: "stall-dissolved" }],
  ["one report on its own", "unclear", { reports: 1, dumped: 1, headPairs: 0 }],
  ["nothing at all", "unclear", { ...NO_DUMPS }],
])("%s: %s", (_, mode, signs) => {
  expect(modeOf(signs)).toBe(mode);
});

test("one report of a packet that waited longer than any reset takes is a wedge", () => {
  expect(modeOf({ reports: 1, dumped: 1, headPairs: 0, oldestTicks: 160_971, spanMs: null })).toBe("wedge");
});

test("dumps with head 0 and tail 1 that go on for an hour are no false alarm", () => {
  expect(
    modeOf({ reports: 1800, dumped: 1800, headPairs: 1799, ringStart: 1800, sinceLinkUpMs: 3_000, spanMs: 3.6e6 }),
  ).toBe("wedge");
});

test("every mode that something speaks for is weighed and told, with what speaks against it", () => {
  const { mode, others } = judgeFailureMode({
    ...still,
    spanMs: 6e8,
    end: "link-cycle",
    kernelRelease: "6.17.2-1-pve",
  });
  expect(mode).toBe("endless-reports");
  const wedge = others.find((one) => one.mode === "wedge");
  expect(wedge?.for.length).toBeGreaterThan(0);
  expect(wedge?.against.join()).toMatch(/6\.17\.2/);
});

test("whatever the signs: a mode with its reasons, each mode once, nothing undefined in a sentence", () => {
  const few = fc.nat({ max: 5 });
  const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value);
  const any: fc.Arbitrary<HangSigns> = fc
    .record({
      reports: few,
      allOnes: few,
      linkDown: few,
      phyDrop: few,
      txOff: few,
      done: few,
      pciError: few,
      ringStart: few,
      headMoved: few,
      packets: few,
      resets: few,
      timeouts: few,
      linkDowns: few,
      nearEpisodes: few,
      oldestTicks: maybe(fc.nat({ max: 200_000 })),
      spanMs: maybe(fc.nat({ max: 1e9 })),
      sinceLinkUpMs: maybe(fc.nat({ max: 1e9 })),
      sinceResumeMs: maybe(fc.nat({ max: 1e9 })),
      speedMbps: maybe(fc.constantFrom(10 as const, 100 as const, 1000 as const)),
      flowControl: maybe(fc.constantFrom("rx/tx" as const, "rx" as const, "tx" as const, "none" as const)),
      kernelRelease: maybe(fc.constantFrom("6.17.2-1-pve", "5.4.0", "6.8.12-15-pve", "odd")),
      end: maybe(
        fc.constantFrom("driver-reset" as const, "reboot" as const, "log-ends" as const, "stall-dissolved" as const),
      ),
      otherDrivers: fc.constantFrom<readonly string[]>([], ["igb"]),
    })
    .map((signs) => ({ ...NO_DUMPS, ...NO_LOG, ...signs, dumped: signs.reports, headPairs: signs.headMoved }));
  fc.assert(
    fc.property(any, (signs) => {
      const { others, ...best } = judgeFailureMode(signs);
      const all = [best, ...others];
      expect(best.for.length).toBeGreaterThan(0);
      expect(new Set(all.map(({ mode }) => mode)).size).toBe(all.length);
      for (const one of all)
        for (const sentence of [...one.for, ...one.against])
          expect(sentence).not.toMatch(/undefined|NaN|null|Infinity/);
    }),
  );
});

test("an own report outweighs another driver's", () => {
  expect(modeOf({ otherDrivers: ["igb"], end: "reboot" })).toBe("wedge");
});

test("every mode has a title, a next step and something not to bother with", () => {
  for (const mode of FAILURE_MODES) {
    const { title, doNext, doNotBother } = MODES[mode];
    expect([title.length > 5, doNext.length > 0, doNotBother.length > 0], mode).toEqual([true, true, true]);
  }
});

test("a name that a shell would read is never put into a command", () => {
  for (const name of ["$(reboot)", "a;b", "-K", "eno1`id`", "a b", ""]) {
    expect(modeText("wedge", name).doNext.join("\n")).toContain("ip link set IFACE down");
  }
  expect(modeText("wedge", "enp0s31f6").doNext.join("\n")).toContain("ip link set enp0s31f6 down");
});

test.each([
  ["6.12.0", true],
  ["6.12.0-rc4", false],
  ["6.17.2-1-pve", true],
  ["7.0.2-1-pve", true],
  ["6.11.6", true],
  ["6.11.5", false],
  ["6.6.59-0-lts", true],
  ["6.6.58", false],
  ["6.1.115", true],
  ["6.1.0-31-amd64", null],
  ["6.8.12-15-pve", null],
  ["6.8.1", false],
  ["5.15.0-100-generic", false],
  ["5.14.0-503.el9.x86_64", null],
  ["4.19.0-27-amd64", false],
  ["2.6.32", false],
  ["unknown", null],
  [null, null],
] as const)("kernel %s carries commit 95ecba62e2fd: %s", (release, carries) => {
  expect(keepsPostponing(release)).toBe(carries);
});
