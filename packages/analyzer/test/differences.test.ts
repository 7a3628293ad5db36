import fc from "fast-check";
import { expect, test } from "vitest";
import { analyze, type Report, readReport, reportDifferences } from "../src/index.js";
import { DAY, recovered, run, summary, T0 } from "./support/make-events.js";

const HOUR = 3_600_000;
const reading = { program: "test 1", paths: ["journal"], timeZone: null, form: null, windowUnits: ["borg.service"] };
const report: Report = analyze(
  {
    events: [...recovered(T0 + 2 * HOUR), ...run(T0 + HOUR, T0 + 3 * HOUR), ...recovered(T0 + 5 * DAY)],
    evidence: [
      { ...summary(T0, T0 + 30 * DAY), evidence: "journal" },
      { ...summary(T0, T0 + 2 * DAY), evidence: "kern.log" },
    ],
  },
  {
    now: T0 + 31 * DAY,
    timeZone: "Europe/Berlin",
    since: T0,
    confidence: 0.9,
    looks: "single",
    seed: 7,
    lagMs: 5,
    changes: [{ timeMs: T0 + DAY, title: "cable" }],
    windows: [{ startMs: T0 + DAY, endMs: T0 + DAY + HOUR }],
    reading,
  },
);
const json = JSON.stringify(report);
const told = (): Record<string, unknown> => JSON.parse(json);

test("a report names every option that it follows from, told changes and windows and the way of reading included", () => {
  const { options } = readReport(json);
  const { now, ...rest } = options;
  expect(now).toBe(report.now);
  expect(rest).toEqual(report.options);
  expect(rest.reading).toEqual(reading);
});

test("a report has no difference to itself", () => {
  expect(reportDifferences(told(), report, 20)).toEqual({ evidence: [], values: [], count: 0 });
});

test("every single changed value is found under its path", () => {
  const paths: (readonly string[])[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === "object" && value !== null)
      for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
    else paths.push(path);
  };
  walk(told(), []);
  fc.assert(
    fc.property(fc.constantFrom(...paths), (path) => {
      const changed = told();
      let at: Record<string, unknown> = changed;
      for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
      at[path.at(-1) ?? ""] = "something else";
      const { evidence, values, count } = reportDifferences(changed, report, 20);
      if (path[0] === "evidence") expect(evidence.length + count).toBeGreaterThan(0);
      else {
        expect(count).toBe(1);
        expect(
          values[0]?.path
            .replaceAll(/\["?|"?\]/g, ".")
            .split(".")
            .filter(Boolean),
        ).toEqual(path);
        expect(values[0]?.told).toBe('"something else"');
      }
    }),
    { numRuns: 300 },
  );
});

test("evidence goes by its label: one that is missing, one that is new, one with other bytes", () => {
  const changed = structuredClone(report) as unknown as { evidence: { evidence: string; sha256: string | null }[] };
  const [first, second] = changed.evidence;
  if (first === undefined || second === undefined) throw new Error("the report has two inputs");
  first.sha256 = "0".repeat(64);
  second.evidence = "other.log";
  expect(reportDifferences(changed, report, 20)).toEqual({
    evidence: [
      { evidence: "journal", what: "bytes" },
      { evidence: "other.log", what: "missing" },
      { evidence: "kern.log", what: "added" },
    ],
    values: [],
    count: 0,
  });
});

test("a list of another length is one difference; as many values are described as asked for, and all are counted", () => {
  const changed = { ...told(), series: [], suspicious: [1, 2], unplaced: 3, extra: { a: 1 } };
  const { values, count } = reportDifferences(changed, report, 3);
  expect(values).toEqual([
    { path: "series", told: "a list of 0", found: `a list of ${report.series.length}` },
    { path: "suspicious", told: "a list of 2", found: "a list of 0" },
    { path: "unplaced", told: "3", found: "0" },
  ]);
  expect(count).toBe(4);
});

test("whatever stands in the file, comparing it ends and describes it shortly", () => {
  const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  for (const text of [
    deep,
    `{"series":${deep}}`,
    '{"__proto__":{"a":1},"constructor":1,"evidence":[{"evidence":"a"},{"evidence":"a"}]}',
  ])
    expect(reportDifferences(JSON.parse(text), report, 5).count).toBeGreaterThan(0);
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(report)), (value, name) => {
      const whole = { ...told(), [name]: value };
      for (const one of [value, whole])
        for (const { told: said, found } of reportDifferences(one, report, 9).values)
          for (const text of [said, found]) expect([...text].length).toBeLessThan(500);
    }),
  );
});

test.each([
  ["no JSON", "{"],
  ["reportVersion", "[]"],
  ["reportVersion", "{}"],
  ["reportVersion", JSON.stringify({ ...report, reportVersion: 2 })],
  ["now", JSON.stringify({ ...report, now: "today" })],
  ["options", JSON.stringify({ ...report, options: null })],
  ["confidence", JSON.stringify({ ...report, options: { ...report.options, confidence: 2 } })],
  ["zone", JSON.stringify({ ...report, options: { ...report.options, timeZone: "Mars/Olympus" } })],
  ["zone", JSON.stringify({ ...report, options: { ...report.options, reading: { ...reading, timeZone: "Mars" } } })],
  ["options.looks", JSON.stringify({ ...report, options: { ...report.options, looks: "often" } })],
  ["options.windows", JSON.stringify({ ...report, options: { ...report.options, windows: [{ startMs: 1 }] } })],
  [
    "options.reading.paths",
    JSON.stringify({ ...report, options: { ...report.options, reading: { ...reading, paths: [1] } } }),
  ],
])("what is no report is refused with a reason: %s", (reason, text) => {
  expect(() => readReport(text)).toThrow(RangeError);
  expect(() => readReport(text)).toThrow(reason === "reportVersion" && text === "[]" ? "the report" : reason);
});

test("whatever stands in a file, reading it as a report gives options that the analyzer takes, or a RangeError", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(report.options)), (value, name) => {
      const text = JSON.stringify({ ...report, options: { ...report.options, [name]: value } });
      let options: ReturnType<typeof readReport>["options"] | null = null;
      try {
        ({ options } = readReport(text));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
      if (options !== null) analyze({ events: [], evidence: [] }, options);
    }),
  );
});
