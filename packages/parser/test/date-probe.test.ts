import fc from "fast-check";
import { expect, test } from "vitest";
import { DateProbe } from "../src/formats/probe.js";

const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, "0"));
/** Clocks that exist, and some that do not. */
const clock = fc.tuple(two(24), two(60), two(61)).map((parts) => parts.join(":"));
const decimals = fc.constantFrom("", "", ".5", ".123456", ".1234567", ".123456789", ",123456");
const date = fc.constantFrom("12-30", "12-31", "01-01", "02-29");
const names: Readonly<Record<string, string>> = { "12": "Dec", "01": "Jan", "02": "Feb" };
const named = (day: string) => `${names[day.slice(0, 2)]} ${Number(day.slice(3)).toString().padStart(2)}`;
const host = fc.constantFrom("pve", "pve1", "e", "+0100", "CET", "local@pve", "kernel:");
const message = fc.constantFrom(
  "kernel: x",
  "kernel: [   12.345678] x",
  "sshd[1]: Oct  5 02:00:01 pve kernel: y",
  "kern.err kernel: x",
  "kernel: rtc_cmos 00:04: setting system clock to 2024-12-31T23:49:23 UTC (1735688963)",
  "without a tag",
);

const line = fc
  .tuple(fc.constantFrom("traditional", "iso", "full", "ctime", "bare"), date, clock, decimals, host, message)
  .chain(([form, day, time, point, name, rest]) =>
    fc.constantFrom("Z", "+01:00", "+0100", "").map((zone) => {
      if (form === "traditional") return `${named(day)} ${time}${point} ${name} ${rest}`;
      if (form === "iso") return `2024-${day}T${time}${point}${zone} ${name} ${rest}`;
      if (form === "full") return `Mon 2024-${day} ${time}${point} CET ${name} ${rest}`;
      if (form === "ctime") return `[Mon ${named(day)} ${time} 2024] ${rest}`;
      return rest;
    }),
  );

function seen(lines: readonly string[]) {
  const probe = new DateProbe();
  probe.look(lines.join("\n"));
  return { yearless: probe.yearless, dated: probe.dated, hosts: [...probe.hosts] };
}

test("a line whose head is like the one before tells what it tells when its head is read", () => {
  // A head of another form between two lines leaves nothing to compare with.
  const apart = (lines: readonly string[]) => lines.flatMap((one) => ["[    1.000000] x", one]);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (lines, times) => {
      const log = lines.flatMap((one) => new Array<string>(times).fill(one));
      expect(seen(log)).toEqual(seen(apart(log)));
    }),
    { numRuns: 500 },
  );
});

test("lines of one day that differ in clock and host alone are told apart", () => {
  const lines = ["pve", "pve", "e", "pve1"].map((name, i) => `2024-12-31T02:00:0${i}+0100 ${name} kernel: x`);
  expect(seen(lines)).toEqual({
    yearless: null,
    dated: { startMs: Date.UTC(2024, 11, 31, 2), endMs: Date.UTC(2024, 11, 31, 2, 0, 3) },
    hosts: ["pve", "e", "pve1"],
  });
});
