import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readDumpPart } from "../src/drivers/e1000e/hang-assembler.js";
import { EvidenceParser, type HangEvent, type KernelEvent } from "../src/index.js";
import { readEvidence } from "../src/node.js";

const folder = resolve(dirname(fileURLToPath(import.meta.url)), "../../../../shared/samples/formats");
const isThere = existsSync(folder);

/** Forms that cut or replace messages, and lists that hold none. */
const WITHOUT_DUMPS = new Set([
  "v252-header.txt",
  "v252-list-boots.txt",
  "v252-short-no-full.txt",
  "v262-short-truncate-newline.txt",
]);

interface Truth {
  readonly boot: "A" | "B";
  readonly message: string;
  readonly realtime_usec: number;
}

const truth: readonly Truth[] = isThere
  ? readFileSync(join(folder, "source/events.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Truth)
      .filter(({ message }) => message?.includes("Detected Hardware Unit Hang"))
  : [];

const registersOf = ({ message }: Truth): Record<string, number> =>
  Object.fromEntries(readDumpPart(message)?.fields ?? []);
const hangsOf = (events: readonly KernelEvent[]): HangEvent[] =>
  events.filter((event): event is HangEvent => event.kind === "e1000e.hang");
/** A sample may hold its boots in either order. */
const sorted = (dumps: readonly Readonly<Record<string, number>>[]): string[] =>
  dumps.map((dump) => JSON.stringify(Object.entries(dump).sort())).sort();

function parsed(path: string): KernelEvent[] {
  const parser = new EvidenceParser({
    evidence: path,
    timeZone: "Europe/Berlin",
    firstYear: path.includes("reverse") ? 2026 : 2025,
    yearSource: "caller",
  });
  return [...parser.push(readFileSync(path)).events, ...parser.end().events];
}

describe.skipIf(!isThere)(
  "logs that the real tools made of one source (skipped where the samples are not there)",
  () => {
    const names = isThere
      ? ["dmesg", "journalctl", "syslog"].flatMap((one) =>
          readdirSync(join(folder, one)).map((name) => `${one}/${name}`),
        )
      : [];
    for (const name of names) {
      const base = name.split("/")[1] ?? "";
      if (WITHOUT_DUMPS.has(base)) continue;
      const boot = /boot([AB])/.exec(base)?.[1];
      const expected = truth.filter((one) => boot === undefined || one.boot === boot);

      test(`${name}: every hang report, to the register`, () => {
        const hangs = hangsOf(parsed(join(folder, name)));
        expect(sorted(hangs.map(({ registers }) => registers))).toEqual(sorted(expected.map(registersOf)));
        expect(hangs.flatMap(({ missing }) => missing)).toEqual([]);
        expect(new Set(hangs.map(({ adapter }) => `${adapter.pci} ${adapter.interface}`)).size).toBe(1);
      });
    }

    for (const name of [
      "v252-short.txt",
      "v252-short-iso.txt",
      "v252-short-precise.txt",
      "v252-short-full.txt",
      "v252-short-unix.txt",
      "v252-json.json",
      "v252-export.export",
      "v252-verbose.txt",
    ]) {
      test(`journalctl/${name}: the moment of every hang report, the hour that stands twice included`, () => {
        const times = hangsOf(parsed(join(folder, "journalctl", name))).map(({ time }) => time);
        expect(times.length).toBe(truth.length);
        for (const [index, time] of times.entries()) {
          const trueMs = (truth[index]?.realtime_usec ?? 0) / 1000;
          expect(Math.abs((time.unixMs ?? 0) - trueMs)).toBeLessThanOrEqual(Math.max(1000, time.uncertaintyMs));
        }
      });
    }

    test("native journals give the same hang reports as their exports", async () => {
      const journals = readdirSync(join(folder, "journal")).filter((name) => name.endsWith(".journal"));
      for (const name of journals) {
        const { events } = await readEvidence([join(folder, "journal", name)]);
        const hangs = hangsOf(events);
        expect(sorted(hangs.map(({ registers }) => registers))).toEqual(sorted(truth.map(registersOf)));
        expect(hangs.every(({ trust, bootId }) => trust === "kernel" && bootId !== null)).toBe(true);
      }
    });
  },
);
