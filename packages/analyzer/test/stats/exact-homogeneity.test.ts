import fc from "fast-check";
import { expect, test } from "vitest";
import { exactHomogeneity } from "../../src/stats/exact-homogeneity.js";
import { rateHomogeneity } from "../../src/stats/rate-homogeneity.js";
import { expectNear, value } from "./near.js";

const parts = (events: readonly number[], exposures: readonly number[]) =>
  events.map((count, i) => ({ events: count, exposure: exposures[i]! }));

test.each([
  { events: [5, 0], exposures: [10, 10], statistic: 6.931471805599453, p: 0.0625 },
  { events: [3, 1, 0], exposures: [10, 20, 30], statistic: 8.449100235754083, p: 0.019290123456790112 },
  { events: [6, 2, 1, 0], exposures: [40, 40, 25, 10], statistic: 4.672615355903609, p: 0.2866826369751368 },
  { events: [0, 4], exposures: [1, 100], statistic: 0.07960264682534474, p: 1 },
  { events: [12, 3, 7], exposures: [100, 150, 80], statistic: 10.690115148466221, p: 0.006556967507872208 },
])("$events in $exposures: exact, as a sum over all tables in Python", ({ events, exposures, statistic, p }) => {
  const got = value(exactHomogeneity(parts(events, exposures)));
  expectNear(got.statistic, statistic);
  expectNear(got.p, p);
  expect(got.method).toBe("exact");
});

test("the order of groups and the unit of exposure make no difference", () => {
  const group = fc.record({ events: fc.nat(6), exposure: fc.integer({ min: 1, max: 500 }) });
  fc.assert(
    fc.property(fc.array(group, { minLength: 2, maxLength: 4 }), fc.integer({ min: 1, max: 1000 }), (groups, unit) => {
      const [one, other] = [groups, [...groups].reverse()].map((list, i) =>
        exactHomogeneity(list.map(({ events, exposure }) => ({ events, exposure: exposure * (i === 0 ? 1 : unit) }))),
      );
      expect(one!.status).toBe(other!.status);
      if (one?.status === "ok" && other?.status === "ok") expectNear(one.value.p, other.value.p, 1e-7);
    }),
  );
});

test("with many events the chi-square distribution takes over, and agrees where both can be had", () => {
  const many = parts([400, 380, 450, 410], [100, 100, 100, 100]);
  expect(value(exactHomogeneity(many))).toMatchObject({ method: "chi-square" });
  const both = parts([60, 40], [100, 100]);
  expect(Math.abs(value(exactHomogeneity(both)).p - value(rateHomogeneity(both)).p)).toBeLessThan(0.02);
});

test("no event, or one group, says so", () => {
  expect(exactHomogeneity(parts([0, 0], [1, 2]))).toMatchObject({ status: "insufficient" });
  expect(exactHomogeneity(parts([3, 0], [1, 0]))).toMatchObject({ status: "insufficient" });
  expect(() => exactHomogeneity(parts([3, 1], [1, 0]))).toThrow(RangeError);
});
