import { expect, test } from "vitest";
import { DmesgJsonReader } from "../src/formats/dmesg-json.js";
import {
  bytesOf,
  codes,
  collect,
  expectChunkingIsInvisible,
  expectCuttingLosesOnlyTheLast,
  expectNoInputThrows,
  haveSamples,
  messageOf,
  sample,
  truth,
} from "./support/structured-forms.js";

const INPUT = `{
   "dmesg": [
      {
         "pri": 3,
         "time":  2400.500001,
         "caller": "T1",
         "msg": "eno1: Detected Hardware Unit Hang:\\n  TDH <1c>"
      },{
         "fac": "kern",
         "pri": "warn",
         "time":     1.234567,
         "msg": "a } { \\" [ b"
      },{
         "pri": 30,
         "msg": "udevd[80]: starting"
      }
   ]
}
`;

test("records, their boot times and levels are read", () => {
  const found = collect(DmesgJsonReader, [bytesOf(INPUT)]);
  expect(found.diagnostics).toEqual([]);
  expect(found.records).toMatchObject([
    {
      message: "eno1: Detected Hardware Unit Hang:\n  TDH <1c>",
      time: { unixMs: null, bootMs: 2400500.001, source: "boot", uncertaintyMs: Number.POSITIVE_INFINITY },
      priority: 3,
      trust: "kernel",
      identifier: "kernel",
      provenance: { line: 3, byteOffset: INPUT.indexOf("{", 2) },
    },
    { message: 'a } { " [ b', time: { bootMs: 1234.567 }, priority: 4, trust: "kernel" },
    { message: "starting", identifier: "udevd", pid: 80, priority: 6, trust: "claimed", time: { source: "none" } },
  ]);
});

test("chunks do not show, and cutting loses only the last record", () => {
  expectChunkingIsInvisible(DmesgJsonReader, bytesOf(INPUT));
  expectCuttingLosesOnlyTheLast(DmesgJsonReader, bytesOf(INPUT));
});

test("of a msg that holds the rest of the buffer only the first record is taken, also over the limit", () => {
  const rest = `\\n<6>[    1.0] next${"x".repeat(500)}`;
  const text = `{"dmesg":[{"pri":5,"time":0.5,"msg":"first \\\\n<1> \\"q\\"${rest}"}]}`;
  for (const limit of [100, 10_000]) {
    const found = collect(DmesgJsonReader, [bytesOf(text)], limit);
    expect(found.records.map(({ message }) => message)).toEqual(['first \\n<1> "q"']);
    expect(found.diagnostics).toEqual([]);
  }
});

test("no input throws", () => {
  expectNoInputThrows(DmesgJsonReader, ['{"dmesg":[', '{"pri":1,"msg":"x"}', "{", "}", '"', "\\", "[", "]", ",", "\n"]);
});

const escapedLf = (text: string): string[] => text.split("\n");

test.skipIf(!haveSamples)("the samples give the truth's kernel events of boot A", () => {
  const events = truth().filter(({ boot, transport }) => boot === "A" && transport === "kernel");
  const facts = (message: string, event: (typeof events)[number]): object => ({
    message,
    bootMs: (event.source_monotonic_usec ?? 0) / 1000,
    priority: event.priority,
    trust: "kernel",
  });
  const whole = events.map((event) => facts(messageOf(event), event));
  // From syslog(2) text every line is a record of its own.
  const byLine = events.flatMap((event) => escapedLf(messageOf(event)).map((line) => facts(line, event)));
  const cases = [
    ["bootA-2.42-K-json", whole],
    ["bootA-2.42-K-caller-json", whole],
    ["bootA-2.42-K-json-decode", whole],
    ["bootA-2.42-F-json", byLine],
    ["bootA-2.38-F-json", byLine],
  ] as const;
  for (const [name, expected] of cases) {
    const found = collect(DmesgJsonReader, [sample(`dmesg/${name}.json`)]);
    expect(
      found.records.map(({ message, time, priority, trust }) => ({ message, bootMs: time.bootMs, priority, trust })),
      name,
    ).toEqual(expected);
    expect(codes(found), name).toEqual(["utf8.invalid"]);
  }
});
