import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AnalyzeOptions, analyze, type Report } from "@hangproof/analyzer";
import { EvidenceParser, type KernelEvent } from "@hangproof/parser";
import { readEvidence } from "@hangproof/parser/node";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { CASE, makeWorld, renderHost } from "../../../fixtures/make/index.js";
import { examplesOf, otherEvents } from "../../../scripts/docs/events.mjs";
import { mutated, randomOf } from "../../../scripts/fuzz/mutate.mjs";
import { renderJson } from "../src/output/json.js";
import { eventLine } from "../src/output/ndjson.js";

const fileOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const cases = fileOf("fixtures/cases");
const base = mkdtempSync(join(tmpdir(), "hangproof-schemas-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const { resolve } = createRequire(import.meta.url);
const validatorOf = (name: string) => ajv.compile(JSON.parse(readFileSync(resolve(name), "utf8")));
const isReport = validatorOf("@hangproof/analyzer/report.schema.json");
const isEvent = validatorOf("@hangproof/parser/event.schema.json");

/** What is wrong with the report as it is in memory, and as it is printed; null: nothing. */
function faultsOfReport(report: Report): unknown {
  if (!isReport(report)) return isReport.errors;
  return isReport(JSON.parse(renderJson(report))) ? null : isReport.errors;
}

function faultsOfEvents(events: Iterable<KernelEvent>): unknown[] {
  return [...events].flatMap((event) =>
    isEvent(JSON.parse(eventLine(event))) ? [] : [{ event, why: isEvent.errors }],
  );
}

const NOW = Date.UTC(2025, 11, 1);

for (const name of readdirSync(cases)) {
  test(`every event and the report of ${name} keep to their schemas`, async () => {
    const { events, evidence } = await readEvidence([join(cases, name)], { timeZone: "Europe/Berlin" });
    expect(faultsOfEvents(events)).toEqual([]);
    for (const options of [{}, { looks: "single", since: Date.UTC(2025, 9, 1), confidence: 0.9 }] as const)
      expect(faultsOfReport(analyze({ events, evidence }, { now: NOW, ...options }))).toBeNull();
  });
}

test.each([
  [1, 0],
  [3, 1],
  [14, 0.5],
  [33, 1],
])(
  "every event and the report of the generated host of seed %d, effect %d, keep to their schemas",
  async (seed, effect) => {
    const folder = join(base, `seed-${seed}`);
    for (const [path, bytes] of renderHost(makeWorld({ ...CASE, seed, effect }))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    const { events, evidence } = await readEvidence([folder], { timeZone: CASE.zone });
    expect(faultsOfEvents(events)).toEqual([]);
    expect(faultsOfReport(analyze({ events, evidence }, { now: NOW }))).toBeNull();
  },
);

test("one event of every kind keeps to the schema, and the schema takes no other kind and no other field", () => {
  const events = otherEvents(EvidenceParser);
  expect(faultsOfEvents(events)).toEqual([]);
  const examples = examplesOf(events.map(eventLine));
  expect(examples.size).toBeGreaterThan(5);
  for (const line of examples.values()) {
    const event: Record<string, unknown> = JSON.parse(line);
    expect(isEvent({ ...event, kind: "e1000e.other" })).toBe(false);
    expect(isEvent({ ...event, more: 1 })).toBe(false);
    for (const field of Object.keys(event)) {
      const { [field]: _, ...less } = event;
      expect(isEvent(less), field).toBe(false);
    }
  }
});

const files = readdirSync(cases, { recursive: true, encoding: "utf8" })
  .map((name) => join(cases, name))
  .filter((path) => statSync(path).isFile() && !path.endsWith(".gz"))
  .map((path) => new Uint8Array(readFileSync(path)));

/** A changed part of the bundled evidence, read. */
const read = fc.integer({ min: 1, max: 0x7fff_ffff }).map((seed) => {
  const parser = new EvidenceParser({ evidence: "changed", timeZone: "Europe/Berlin", firstYear: 2025 });
  const events = [...parser.push(mutated(randomOf(seed), files)).events, ...parser.end().events];
  return { seed, events, evidence: [parser.summary()] };
});

const moment = fc.option(fc.integer({ min: Date.UTC(2025, 7, 1), max: Date.UTC(2026, 0, 1) }));
const options: fc.Arbitrary<AnalyzeOptions> = fc.record(
  {
    now: fc.constant(NOW),
    timeZone: fc.constantFrom("UTC", "Europe/Berlin"),
    since: moment,
    until: moment,
    confidence: fc.constantFrom(0.5, 0.95, 0.999),
    lagMs: fc.integer({ min: 0, max: 86_400_000 }),
    looks: fc.constantFrom("single" as const, "repeated" as const),
    changes: fc.array(fc.record({ timeMs: fc.integer({ min: 0, max: NOW }), title: fc.string() }), { maxLength: 2 }),
  },
  { requiredKeys: ["now"] },
);

test("whatever is done to the evidence, events and reports keep to their schemas", () => {
  fc.assert(
    fc.property(read, options, ({ events, evidence }, given) => {
      expect(faultsOfEvents(events)).toEqual([]);
      expect(faultsOfReport(analyze({ events, evidence }, given))).toBeNull();
    }),
    { numRuns: 60 },
  );
});
