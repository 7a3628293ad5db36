import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeStatus } from "../src/drivers/e1000e/decode/status-word.js";
import { decodeHang, HANG_FIELDS, tickRate } from "../src/index.js";
import { DUMP } from "./support/records.js";

const registers = (...changes: readonly (readonly [string, number])[]) => Object.fromEntries([...DUMP, ...changes]);
const names = (field: Parameters<typeof decodeStatus>[0], value: number): string[] =>
  decodeStatus(field, value).map(({ name }) => name);

test("every field comes with the driver's name, its number and what it is, in the driver's order", () => {
  const { fields, missing } = decodeHang({ registers: registers(), missing: [] });
  expect(fields.map(({ name }) => name)).toEqual(HANG_FIELDS);
  expect(fields.map(({ value }) => value)).toEqual(DUMP.map(([, value]) => value));
  expect(fields[0]).toMatchObject({ hex: "2c", value: 44 });
  expect(fields.every(({ meaning }) => meaning.length > 10)).toBe(true);
  expect(missing).toEqual([]);
});

test("fields that are not there are named and make nothing up", () => {
  const decoded = decodeHang({ registers: { TDH: 3 }, missing: ["TDT"] });
  expect(decoded.fields.map(({ name }) => name)).toEqual(["TDH"]);
  expect(decoded.missing).toEqual(["TDT"]);
  expect(decoded.ring).toMatchObject({ used: null, waiting: null, stoppedAt: null });
  expect(decoded.age).toBeNull();
});

test.each([
  [0x80083, ["FD", "LU", "SPEED_1000", "GIO_MASTER_ENABLE"]],
  [0x40080043, ["FD", "LU", "SPEED_100", "GIO_MASTER_ENABLE", "PCIM_STATE"]],
  [0x800c3, ["FD", "LU", "SPEED_1000", "GIO_MASTER_ENABLE", "0x40"]],
  [0x80090, ["not FD", "not LU", "TXOFF", "SPEED_1000", "GIO_MASTER_ENABLE"]],
  [0xffffffff, ["0xffffffff"]],
] as const)("MAC Status %s is read by the names of defines.h", (value, expected) => {
  expect(names("MAC Status", value)).toEqual(expected);
});

test("a bit that no table names is told by its number, bit 31 too", () => {
  expect(names("MAC Status", 0x80080083)).toContain("0x80000000");
});

test("PHY status words follow clause 22 and 40 of IEEE 802.3", () => {
  expect(names("PHY Status", 0x796d)).toContain("LSTATUS");
  expect(names("PHY Status", 0x7949)).toEqual(expect.arrayContaining(["not LSTATUS", "not ANEGCOMPLETE"]));
  expect(decodeStatus("PHY Status", 0)).toMatchObject([{ meaning: "the PHY did not answer", alarming: true }]);
  expect(names("PHY 1000BASE-T Status", 0x7800)).toEqual(["MSRES", "LOCALRXOK", "REMRXOK", "1000FULL"]);
  expect(decodeStatus("PHY 1000BASE-T Status", 0x38ff).at(-1)?.meaning).toBe("at least 255 since the last look");
  expect(decodeStatus("PHY 1000BASE-T Status", 0).map(({ alarming }) => alarming)).toEqual([false]);
  expect(names("PHY Extended Status", 0x3000)).toEqual(["1000_TFULL", "1000_THALF"]);
});

test("PCI status: 10 is normal, aborts and parity errors are alarming, ffff is no device", () => {
  expect(decodeStatus("PCI Status", 0x10).some(({ alarming }) => alarming)).toBe(false);
  expect(decodeStatus("PCI Status", 0x2010).filter(({ alarming }) => alarming)).toHaveLength(1);
  expect(decodeStatus("PCI Status", 0xffff)[0]?.meaning).toMatch(/does not answer/);
});

test("the descriptor is done or not", () => {
  expect(names("next_to_watch.status", 0)).toEqual(["not DD"]);
  expect(names("next_to_watch.status", 1)).toEqual(["DD"]);
});

test("no bit of any status word is lost: each is named or told by its number", () => {
  fc.assert(
    fc.property(fc.constantFrom(...HANG_FIELDS.slice(8)), fc.integer({ min: 1, max: 0xfffe }), (field, value) => {
      expect(decodeStatus(field, value).length).toBeGreaterThan(0);
    }),
  );
});

test("occupancy goes round the ring's end only with a known size, and says so", () => {
  const around = registers(["TDH", 0xf6], ["TDT", 0x4], ["next_to_use", 0x4], ["next_to_clean", 0xf6]);
  expect(decodeHang({ registers: around, missing: [] }).ring).toMatchObject({
    size: 256,
    assumed: true,
    used: 14,
    waiting: 14,
    dependsOnSize: true,
    stoppedAt: "first-descriptor",
  });
  expect(decodeHang({ registers: around, missing: [] }, 4096).ring).toMatchObject({ assumed: false, used: 4110 - 256 });
});

test("an index beyond the ring makes its size unknown, not the counts wrong", () => {
  const big = registers(["TDT", 0x1ff], ["next_to_use", 0x10], ["next_to_clean", 0x20]);
  expect(decodeHang({ registers: big, missing: [] }).ring).toMatchObject({
    size: null,
    used: null,
    waiting: 0x1ff - 0x2c,
  });
});

test("occupancy is between 0 and the ring, whatever the indices", () => {
  const index = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(index, index, index, index, (TDH, TDT, use, clean) => {
      const { ring } = decodeHang({ registers: { TDH, TDT, next_to_use: use, next_to_clean: clean }, missing: [] });
      for (const n of [ring.used, ring.waiting]) expect(n !== null && n >= 0 && n < 256).toBe(true);
    }),
  );
});

test("age: jiffies less time_stamp, in seconds for every tick rate; 32-bit counters wrap", () => {
  const age = decodeHang({ registers: { jiffies: 0x100227517, time_stamp: 0x100227358 }, missing: [] }).age;
  expect(age?.ticks).toBe(447);
  expect(age?.secondsAt[250]).toBeCloseTo(1.788);
  expect(decodeHang({ registers: { jiffies: 5, time_stamp: 0xfffffffb }, missing: [] }).age?.ticks).toBe(10);
});

test("no age from an empty slot or from a stamp later than the clock", () => {
  expect(decodeHang({ registers: { jiffies: 5, time_stamp: 0 }, missing: [] }).age).toBeNull();
  expect(decodeHang({ registers: { jiffies: 0x100000005, time_stamp: 0x100000009 }, missing: [] }).age).toBeNull();
  expect(decodeHang({ registers: { jiffies: 5, time_stamp: 9 }, missing: [] }).age).toBeNull();
});

test("the tick rate comes from two dumps, or from one and its uptime, or is not known", () => {
  const pair = [
    { jiffies: 0x100227517, bootMs: 9_327_470 },
    { jiffies: 0x10022770b, bootMs: 9_329_469 },
  ];
  expect(tickRate(pair)).toBe(250);
  expect(tickRate(pair.slice(0, 1))).toBe(250);
  expect(tickRate([{ jiffies: 0x1003cd0c8, bootMs: 40_155_080 }])).toBe(100);
  expect(tickRate([{ jiffies: 12_000_000, bootMs: 300_000 + 48_000_000 }])).toBe(250);
  expect(tickRate([{ jiffies: 0x100000005, bootMs: 300_010 }])).toBeNull();
  expect(tickRate([])).toBeNull();
});
