import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import { boot, DAY, event, recovered, summary, T0 } from "./support/make-events.js";

const END = T0 + 100 * DAY;
const command = (timeMs: number, name: string, value: string) =>
  event("setting.command", timeMs, {
    command: `ethtool -K eno1 ${name} ${value}`,
    program: "ethtool",
    interface: "eno1",
  });

function contrastsOf(hangDays: readonly number[], commands: readonly (readonly [number, string, string])[]) {
  const events = [
    boot(T0),
    ...hangDays.flatMap((day) => recovered(T0 + day * DAY)),
    ...commands.map(([day, name, value]) => command(T0 + day * DAY, name, value)),
  ];
  return analyze({ events, evidence: [summary(T0, END)] }, { now: END }).series[0]!.contrasts;
}

test("a setting switched back and forth is judged from all of its turns", () => {
  const hangs = [2, 6, 11, 17, 52, 58, 61, 70];
  const [tso] = contrastsOf(hangs, [
    [20, "tso", "off"],
    [50, "tso", "on"],
    [75, "tso", "off"],
  ]);
  expect(tso).toMatchObject({ setting: "offload.tso", from: "on", to: "off", switches: 3 });
  if (tso?.result.status !== "ok") throw new Error("it can be judged");
  // Before the first switch nothing says what it was: those 20 days are not "on".
  expect(tso.result.value).toMatchObject({ strata: 1, hangsFrom: 4, hangsTo: 0, ratio: 0 });
  expect(tso.result.value.pLess).toBeLessThan(0.02);
});

test("two settings that never stood alone cannot be told apart", () => {
  const found = contrastsOf(
    [2, 6, 11, 17],
    [
      [20, "tso", "off"],
      [20, "gso", "off"],
    ],
  );
  expect(found.map(({ setting }) => setting).sort()).toEqual(["offload.gso", "offload.tso"]);
  for (const { result } of found)
    expect(result).toMatchObject({ status: "insufficient", because: expect.stringContaining("cannot be told apart") });
});

test("two settings switched at different times are one model", () => {
  const found = contrastsOf(
    [1, 4, 8, 13, 17, 22, 27, 33, 38, 60],
    [
      [20, "gso", "off"],
      [40, "tso", "off"],
    ],
  );
  const of = (name: string) => found.find(({ setting }) => setting === `offload.${name}`)!.result;
  const [gso, tso] = [of("gso"), of("tso")];
  if (gso.status !== "ok" || tso.status !== "ok") throw new Error("both can be judged");
  // Each where the other was alike: gso while tso was as before, tso while gso was off.
  expect(gso.value).toMatchObject({ hangsFrom: 5, hangsTo: 4 });
  expect(tso.value).toMatchObject({ hangsFrom: 4, hangsTo: 1 });
  expect(gso.value.pLess).toBeGreaterThan(0.3);
  expect(tso.value.pLess).toBeLessThan(0.05);
});
