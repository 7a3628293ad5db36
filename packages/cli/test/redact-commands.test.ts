import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { dayOf } from "../../fleet/test/support/hosts.js";
import { library } from "../src/library.js";
import { EVENT_FORMATS } from "../src/options/output-format.js";
import { run } from "../src/program.js";
import { fakeContext } from "./fake-context.js";

const base = mkdtempSync(join(tmpdir(), "hangproof-redact-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function output(args: readonly string[]): Promise<string> {
  const ctx = fakeContext(undefined, { library, now: () => Date.UTC(2026, 1, 1) });
  await run([...args], ctx);
  expect(ctx.stderr.join("")).not.toContain("internal error");
  return ctx.stdout.join("") + ctx.stderr.join("");
}

let folders = 0;

interface Names {
  readonly first: string;
  readonly second: string;
  readonly folder: string;
}

/** Two hosts' logs in which each name stands in a message before any field tells that it is a name. */
function logs({ first, second, folder }: Names): string[] {
  const root = join(base, String(folders++), folder);
  mkdirSync(root, { recursive: true });
  const early = (host: string, other: string): string =>
    `2026-01-01T00:00:00.000Z ${host} kernel: e1000e 0000:00:19.0 eno1: asked by ${other} and ${host}, nobody knows why\n`;
  return [first, second].map((host, at) => {
    const path = join(root, `kern-${at}.log`);
    const other = at === 0 ? second : first;
    const hours = at === 0 ? [2, 9] : [4];
    writeFileSync(path, early(host, other) + dayOf(host, 2, hours, false) + dayOf(host, 4, hours, true));
    return path;
  });
}

const name = fc.stringMatching(/^q[a-z]{6,9}x[0-9]{2}$/);
const names = fc
  .record({ first: name, second: name, folder: name })
  .filter(({ first, second, folder }) => new Set([first, second, folder]).size === 3);

const COMMANDS: readonly (readonly string[])[] = [
  ...EVENT_FORMATS.map((format) => ["events", "--format", format]),
  ...["text", "json"].map((format) => ["explain", "--format", format]),
  ...["text", "markdown", "json"].map((format) => ["compare", "--format", format]),
];

describe("--redact", () => {
  test.each(COMMANDS)(
    "%s %s %s: no name of the input comes out, however late it is told to be one",
    async (...args) => {
      await fc.assert(
        fc.asyncProperty(names, async (all) => {
          const paths = logs(all);
          const shown = await output([...args, "--redact", "--tz", "UTC", ...paths]);
          for (const one of Object.values(all)) expect(shown).not.toContain(one);
          // In words, explain names adapters and no hosts.
          if (args.join(" ") !== "explain --format text") expect(shown).toMatch(/host-\d/);
        }),
        { numRuns: 5 },
      );
    },
  );

  test.each(["text", "markdown", "html", "json"])(
    "fleet report --format %s: no name, no folder, no machine",
    async (format) => {
      await fc.assert(
        fc.asyncProperty(names, async (all) => {
          const lake = join(base, `lake-${folders++}`);
          await output(["fleet", "ingest", "-q", "--tz", "UTC", "--out", lake, ...logs(all)]);
          const shown = await output(["fleet", "report", lake, "--format", format, "--redact"]);
          for (const one of Object.values(all)) expect(shown).not.toContain(one);
          expect(shown).toMatch(/host-\d/);
        }),
        { numRuns: 2 },
      );
    },
    60_000,
  );

  test("fleet report: machines of one name, told apart by their ids, are so without either", async () => {
    const root = join(base, "clash");
    for (const id of ["a", "b"]) {
      mkdirSync(join(root, "qcustomer", id, "etc"), { recursive: true });
      writeFileSync(join(root, "qcustomer", id, "etc", "machine-id"), `${id.repeat(32)}\n`);
      writeFileSync(join(root, "qcustomer", id, "kern.log"), dayOf("qtwin", 3, id === "a" ? [2] : [], false));
    }
    const lake = join(base, "clash-lake");
    await output(["fleet", "ingest", "-q", "--out", lake, root]);
    const shown = await output(["fleet", "report", lake, "--format", "json", "--redact"]);
    expect(shown).not.toMatch(/qtwin|qcustomer|a{12}|b{12}/);
    const hosts = (JSON.parse(shown) as { units: { host: string }[] }).units.map(({ host }) => host);
    expect(new Set(hosts).size).toBe(2);
  });

  test("one name has one substitute in all files of a command", async () => {
    const paths = logs({ first: "qfirst", second: "qsecond", folder: "qfolder" });
    const lines = (await output(["events", "--redact", "--tz", "UTC", ...paths]))
      .split("\n")
      .filter((line) => line.startsWith("{"));
    const events = lines.map(
      (line) => JSON.parse(line) as { host: string; text?: string; provenance: { evidence: string } },
    );
    const hostOf = (file: string): string[] => [
      ...new Set(events.filter(({ provenance }) => provenance.evidence.endsWith(file)).map(({ host }) => host)),
    ];
    const [[first], [second]] = [hostOf("kern-0.log"), hostOf("kern-1.log")] as [string[], string[]];
    expect(first).not.toBe(second);
    const texts = events.flatMap(({ text }) => text ?? []);
    expect(texts[0]).toContain(`asked by ${second} and ${first},`);
    expect(texts[1]).toContain(`asked by ${first} and ${second},`);
    const { first: left, second: right } = JSON.parse(
      await output(["compare", "--redact", "-q", "--format", "json", "--tz", "UTC", ...paths]),
    ) as Record<"first" | "second", { label: string; series: { host: string } }>;
    expect(left.series.host).not.toBe(right.series.host);
    expect(left.label.replace(/\/kern-0\.log$/, "")).toBe(right.label.replace(/\/kern-1\.log$/, ""));
  });

  test("redacting changes no event but its texts, nor their order", async () => {
    const paths = logs({ first: "qfirst", second: "qsecond", folder: "qfolder" });
    const of = async (...more: readonly string[]): Promise<string[]> =>
      (await output(["events", "-q", "--tz", "UTC", ...more, ...paths])).split("\n").filter((line) => line !== "");
    const bare = (line: string): unknown => {
      const { time, kind, provenance } = JSON.parse(line);
      return { time, kind, line: provenance.line };
    };
    expect((await of("--redact")).map(bare)).toEqual((await of()).map(bare));
  });
});
