import { fileURLToPath } from "node:url";
import { EvidenceParser, type KernelEvent } from "@hangproof/parser";
import { readEvidence } from "@hangproof/parser/node";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { otherEvents } from "../../../scripts/docs/events.mjs";
import { ECS_VERSION, ecsLine } from "../src/output/ecs.js";
import { flatFields } from "../src/output/flat-event.js";
import { TIMESKETCH_CSV_HEADER, timesketchCsv, timesketchLine } from "../src/output/timesketch.js";
import { run } from "../src/program.js";
import { fakeContext, sampleEvent, sampleEvidence } from "./fake-context.js";
import { mapStrings } from "./sample-report.js";

/** One event of every kind at least, with a time. */
const pool: KernelEvent[] = [];
beforeAll(async () => {
  const bundled = fileURLToPath(new URL("../../../fixtures/cases/pve-backup-hang", import.meta.url));
  const { events } = await readEvidence([bundled], { timeZone: "Europe/Berlin" });
  const perKind = new Map<string, KernelEvent[]>();
  for (const event of [...otherEvents(EvidenceParser), ...events]) {
    const same = perKind.get(event.kind) ?? [];
    perKind.set(event.kind, same);
    if (same.length < 5) same.push({ ...event, time: { ...event.time, unixMs: 1_760_000_000_123.456 } });
  }
  pool.push(...[...perKind.values()].flat());
});

const object = (text: string | null): Record<string, unknown> => JSON.parse(text ?? "null");

/** Names and values of a nested object, as `a.b.c`. */
function leaves(value: object, path = ""): [string, unknown][] {
  return Object.entries(value).flatMap(([name, inner]): [string, unknown][] =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? leaves(inner, `${path}${name}.`)
      : [[path + name, inner]],
  );
}

const DANGEROUS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const hostile = fc.oneof(
  fc.constantFrom("\x1b[2J", "\u202egnp", "\ud800", "a\u200bb", "\r\n{}", '=cmd|"', "\0", "__proto__"),
  fc.string({ unit: "binary" }),
);
/** Words of the model itself are of a closed set; what may be hostile is what a log wrote. */
const infected = fc
  .tuple(
    fc.nat().map((n) => pool[n % pool.length] ?? sampleEvent),
    hostile,
    fc.oneof(
      { weight: 9, arbitrary: fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true }) },
      // Where microseconds cease to be exact, and at the bounds.
      fc.constantFrom(-(2 ** 53) / 1000, 2 ** 53 / 1000, Date.UTC(1685, 0, 1), Date.UTC(2255, 0, 1) - 0.001),
    ),
  )
  .map(([event, text, unixMs]): KernelEvent => {
    const { kind, trust, time } = event;
    const outcome = "outcome" in event ? { outcome: event.outcome } : {};
    const changed = mapStrings(event, (one) => one + text);
    return { ...changed, ...outcome, kind, trust, time: { ...time, unixMs } } as KernelEvent;
  });

test("every event with a time of the last centuries is one line of Timesketch's JSON with all that its import asks for", () => {
  fc.assert(
    fc.property(infected, (event) => {
      const line = timesketchLine(event);
      const ms = event.time.unixMs ?? Number.NaN;
      const year = new Date(ms).getUTCFullYear();
      expect(line === null).toBe(!(year >= 1685 && year < 2255));
      if (line === null) return;
      expect(line.indexOf("\n")).toBe(line.length - 1);
      const fields = object(line);
      expect(fields.message).toEqual(expect.stringMatching(/^\S/));
      expect(fields.timestamp_desc).toEqual(expect.stringMatching(/^\S/));
      expect(fields.data_type).toBe(`hangproof:${event.kind.replace(".", ":")}`);
      expect(fields.datetime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
      expect(Number.isSafeInteger(fields.timestamp)).toBe(true);
      expect(Math.abs(Number(fields.timestamp) - ms * 1000)).toBeLessThanOrEqual(1);
      const micros = String(fields.datetime).slice(20, 26);
      expect(Date.parse(String(fields.datetime)) * 1000 + Number(micros.slice(3))).toBe(fields.timestamp);
      for (const [name, value] of Object.entries(fields)) {
        expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
        expect(["string", "number", "boolean"], name).toContain(typeof value);
        if (typeof value === "string") expect(value).not.toMatch(DANGEROUS);
      }
    }),
    { numRuns: 300 },
  );
});

test("the CSV for Timesketch says the same as its JSON lines", () => {
  fc.assert(
    fc.property(infected, (event) => {
      const line = timesketchLine(event);
      const csv = timesketchCsv(event);
      expect(csv === null).toBe(line === null);
      if (csv === null) return;
      const rows: string[][] = parse(csv);
      expect(rows).toHaveLength(1);
      const [row = []] = rows;
      const fields = object(line);
      expect(row.slice(1, 4)).toEqual([String(fields.timestamp), fields.datetime, fields.timestamp_desc]);
      expect(row[4]).toBe(fields.data_type);
      const own = object(row.at(-1) ?? "");
      const shared = Object.keys(fields).filter((name) => !Object.hasOwn(own, name));
      const [header = []]: string[][] = parse(TIMESKETCH_CSV_HEADER);
      expect(row.length).toBe(header.length);
      for (const name of shared)
        expect(row[header.indexOf(name)]?.replace(/^'/, "")).toBe(String(fields[name]).replace(/^'/, ""));
      expect(fields).toMatchObject(own);
      expect(row.join("")).not.toMatch(DANGEROUS);
    }),
    { numRuns: 300 },
  );
});

/** Of ECS 9.0's schema: the types that each category expects, for the categories that are used. */
const ECS_TYPES: Readonly<Record<string, readonly string[]>> = {
  configuration: ["access", "change", "creation", "deletion", "info"],
  driver: ["change", "end", "info", "start"],
  host: ["access", "change", "end", "info", "start"],
  network: ["access", "allowed", "connection", "denied", "end", "info", "protocol", "start"],
  process: ["access", "change", "end", "info", "start"],
};
/** Names and types of ECS 9.0's schema; `log.offset` is Filebeat's. */
const ECS_FIELDS: Readonly<Record<string, "string" | "number" | "array">> = {
  "@timestamp": "string",
  "ecs.version": "string",
  message: "string",
  "event.kind": "string",
  "event.category": "array",
  "event.type": "array",
  "event.action": "string",
  "event.provider": "string",
  "event.module": "string",
  "event.dataset": "string",
  "event.outcome": "string",
  "event.duration": "number",
  "host.hostname": "string",
  "host.boot.id": "string",
  "observer.ingress.interface.name": "string",
  "log.file.path": "string",
  "log.offset": "number",
  "labels.trust": "string",
  "labels.pci": "string",
};

test("every ECS document has the schema's fields with the schema's types and categories, and its own under hangproof", () => {
  fc.assert(
    fc.property(infected, (event) => {
      const line = ecsLine(event);
      expect(line === null).toBe(timesketchLine(event) === null);
      if (line === null) return;
      expect(line.indexOf("\n")).toBe(line.length - 1);
      const document = object(line);
      const fields = new Map(leaves(document));
      for (const [name, value] of fields) {
        if (name.startsWith("hangproof.")) expect(name).toMatch(/^hangproof\.[a-z][a-z0-9_]*$/);
        else expect(Array.isArray(value) ? "array" : typeof value, name).toBe(ECS_FIELDS[name]);
        if (typeof value === "string") expect(value).not.toMatch(DANGEROUS);
      }
      for (const required of ["@timestamp", "ecs.version", "message", "event.kind", "event.action", "log.file.path"])
        expect(fields.has(required), required).toBe(true);
      expect(fields.get("ecs.version")).toBe(ECS_VERSION);
      const [category = ""] = fields.get("event.category") as string[];
      expect(ECS_TYPES[category]).toEqual(expect.arrayContaining(fields.get("event.type") as string[]));
    }),
    { numRuns: 300 },
  );
});

test("a field's name has one type over all kinds, so that no index turns an event away", () => {
  const types = new Map<string, Set<string>>();
  for (const event of pool) {
    for (const [name, value] of [
      ...leaves(object(timesketchLine(event))),
      ...leaves(object(ecsLine(event))).map(([inner, of]) => [`ecs ${inner}`, of] as const),
    ])
      types.set(name, (types.get(name) ?? new Set()).add(typeof value));
  }
  expect([...types].filter(([, of]) => of.size > 1)).toEqual([]);
  expect(types.get("value")).toEqual(new Set(["string"]));
});

test("no field of a kind takes the place of a field that all have, and none is one that Timesketch keeps to itself", () => {
  const taken = new Set([
    ...(parse(TIMESKETCH_CSV_HEADER)[0] as string[]),
    ...["_id", "_type", "_index", "_source", "__ts_timeline_id", "tag", "label", "comment"],
  ]);
  for (const event of pool)
    expect(
      Object.keys(flatFields(event)).filter((name) => taken.has(name)),
      event.kind,
    ).toEqual([]);
});

test("what came by standard input names no file in ECS", () => {
  const piped = { ...sampleEvent, provenance: { ...sampleEvent.provenance, evidence: "-" } };
  expect(object(ecsLine(piped)).log).toEqual({ offset: 200 });
});

test("a boot's id is a UUID in ECS, a guest's backup has an outcome and its nanoseconds", () => {
  const bootId = "88a1f0ed5ae541eeaf6b41921c311872";
  expect(object(ecsLine({ ...sampleEvent, bootId }))).toMatchObject({
    host: { hostname: "pve1", boot: { id: "88a1f0ed-5ae5-41ee-af6b-41921c311872" } },
  });
  const { kind: _, adapter: _a, registers: _r, missing: _m, ...common } = sampleEvent;
  const end: KernelEvent = {
    ...common,
    kind: "backup.guest_end",
    guest: 103,
    outcome: "failed",
    durationMs: 61_500,
    detail: null,
    upid: null,
  };
  expect(object(ecsLine(end))).toMatchObject({
    event: { category: ["process"], type: ["end"], outcome: "failure", duration: 61_500_000_000 },
  });
});

test("the message names the kind and the fields, texts with blanks in quotes, the log's own text last", () => {
  const { kind: _, adapter: _a, registers: _r, missing: _m, ...common } = sampleEvent;
  const command: KernelEvent = {
    ...common,
    kind: "setting.command",
    command: 'ethtool -K "eno1" tso off',
    program: "ethtool",
    interface: "eno1",
  };
  expect(object(timesketchLine(command)).message).toBe(
    'setting.command command="ethtool -K \\"eno1\\" tso off" program=ethtool interface=eno1',
  );
  const said: KernelEvent = { ...common, kind: "e1000e.unrecognised", text: "new\u202e words" };
  expect(object(timesketchLine(said)).message).toBe("e1000e.unrecognised new\\u202e words");
});

test.each(["timesketch", "timesketch-csv", "ecs"])(
  "--format %s leaves out events without a time and counts them on stderr",
  async (form) => {
    const untimed: KernelEvent = { ...sampleEvent, time: { ...sampleEvent.time, unixMs: null } };
    const ctx = fakeContext({ ...sampleEvidence, events: [untimed, sampleEvent, untimed] });
    expect(await run(["events", "--format", form, "a.log"], ctx)).toBe(0);
    expect(ctx.stdout.join("").match(/[^\n]*e1000e.hang[^\n]*\n/g)).toHaveLength(1);
    expect(ctx.stderr.join("")).toBe(`hangproof: 2 events without a time left out: ${form} needs one\n`);
    const quiet = fakeContext({ ...sampleEvidence, events: [untimed] });
    await run(["events", "--quiet", "--format", form, "a.log"], quiet);
    expect(quiet.stderr.join("")).toBe("");
  },
);
