import { expect, test } from "vitest";
import { EvidenceParser, type FormName } from "../src/index.js";

/*
 * Lines made so that an expression which may look at a place again looks at all of them again: with a square of a million
 * in them, these tests would not end. `npm run regexes` proves the expressions; this is what they are proved for.
 */
const MANY = 900_000;
const LINES: Readonly<Record<string, readonly [form: FormName, line: string]>> = {
  "brackets behind a suspend": ["bare", `Oct  5 02:00:01 pve kernel: PM: suspend entry ${"(".repeat(MANY)}`],
  "quotes behind a sleep": ["bare", `Oct  5 02:00:01 pve systemd-sleep: Entering sleep state ${"'".repeat(MANY)}`],
  "commands of sudo": ["bare", `Oct  5 02:00:01 pve sudo: ${"COMMAND=".repeat(MANY / 8)} \u2028x`],
  "failed tests of the driver": [
    "bare",
    `Oct  5 02:00:01 pve kernel: e1000e 0000:00:1f.6 eno1: pattern test ${"failed".repeat(MANY / 6)}\u2028x`,
  ],
  "comments of modprobe.d": ["modprobe-config", `options e1000e EEE=0 ${"#".repeat(MANY)}\u2028x`],
  "blanks of modprobe.d": ["modprobe-config", `blacklist e1000e${" ".repeat(MANY)}x${" ".repeat(MANY / 10)}`],
  "prefixes of a unit's command": ["systemd-unit", `ExecStart=${"-".repeat(MANY)}`],
  "blanks of ethtool": ["ethtool-output", `tso: ${" ".repeat(MANY)}on${" ".repeat(1000)}`],
  "dots behind a unit": ["bare", `Oct  5 02:00:01 pve systemd[1]: Started offload${".".repeat(MANY)}x`],
};

test.each(Object.entries(LINES))("%s, a million of them, are read in time in proportion", (_, [form, line]) => {
  const parser = new EvidenceParser({ form, timeZone: "UTC", firstYear: 2025 });
  parser.push(new TextEncoder().encode(`${line}\n`));
  parser.end();
  expect(parser.summary().lines).toBe(1);
});

test("a file of empty lines is known for what it is in time in proportion to its length", () => {
  const parser = new EvidenceParser({ timeZone: "UTC" });
  parser.push(new Uint8Array(MANY).fill(10));
  parser.end();
  expect(parser.summary().lines).toBe(MANY);
});
