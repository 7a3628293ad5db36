import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeJournal } from "../../parser/test/support/journal-writer.js";
import { EXIT } from "../src/exit-codes.js";
import { library } from "../src/library.js";
import { LIMIT_NAMES } from "../src/limits.js";
import { parseLimit } from "../src/options/limit.js";
import { run } from "../src/program.js";
import { fakeContext } from "./fake-context.js";

const HANG = "2025-11-02T02:14:07+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:\n";
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-limits-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function hangproof(...args: string[]) {
  const ctx = { ...fakeContext(), library, exists: async () => true };
  const code = await run(args, ctx);
  return { code, out: ctx.stdout.join(""), err: ctx.stderr.join("") };
}

/** The 512 bytes before a file in a tar archive. */
function tarFile(name: string, content: string): Buffer {
  const head = Buffer.alloc(512);
  head.write(name);
  head.write("0000644\0", 100);
  head.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  head.write("ustar\x0000", 257);
  head.write("        ", 148);
  head.write(
    `${[...head]
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
  );
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([head, body]);
}

/** A native journal of a dozen entries, which is larger than 64 KiB with its tables. */
const journal = (): Uint8Array =>
  writeJournal(
    Array.from({ length: 12 }, (_, n) => ({
      realtimeUs: 1_762_046_047_000_000 + n * 1_000_000,
      monotonicUs: 5_000_000 + n * 1_000_000,
      bootId: "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c",
      fields: [
        "_TRANSPORT=kernel",
        "SYSLOG_IDENTIFIER=kernel",
        `MESSAGE=${HANG.slice(HANG.indexOf("e1000e"))}${"x".repeat(9_000)}${n}`,
      ],
    })),
  );

const tar = (...files: Buffer[]): Buffer => Buffer.concat([...files, Buffer.alloc(1024)]);

test.each([
  ["maxLineBytes", "2KiB", "4KiB", () => write("long.log", `${HANG.trimEnd()}${" x".repeat(1_500)}\n`)],
  ["maxDepth", "1", "3", () => write("deep.gz", gzipSync(gzipSync(HANG)))],
  ["maxMembers", "1", "2", () => write("two.tar", tar(tarFile("a.log", HANG), tarFile("b.log", HANG)))],
  ["maxUnpackedBytes", "512", "64KiB", () => write("large.gz", gzipSync(HANG.repeat(50)))],
  ["maxJournalBytes", "64KiB", "64MiB", () => write("system.journal.gz", gzipSync(journal()))],
] as const)("beyond %s=%s the file and the limit are named, and %s reads it", async (name, low, high, make) => {
  const path = make();
  for (const command of ["events", "report", "explain", "formats"]) {
    const met = await hangproof(command, path, "--limit", `${name}=${low}`);
    expect(met.err).toContain(`first at ${path}`);
    expect(met.err).toContain(`(limit ${name})`);
    expect(met.err).toContain(`hangproof: --limit ${name}=VALUE sets another limit\n`);
    const raised = await hangproof(command, path, "--limit", `${name}=${high}`);
    expect(raised.err).not.toContain("limit");
  }
});

test("a decompression bomb is told by its ratio, and may be read all the same", async () => {
  const bomb = write("zeros.gz", gzipSync(Buffer.alloc(4 * 2 ** 20)));
  const limits = ["--limit", "maxRatio=10", "--limit", "freeBytes=1MiB"];
  const met = await hangproof("events", bomb, ...limits);
  expect(met.code).toBe(EXIT.damaged);
  expect(met.err).toContain("(limits maxRatio, freeBytes)");
  expect((await hangproof("events", bomb, ...limits, "--limit", "maxRatio=100000")).err).not.toContain("bomb");
});

test("every command that reads evidence takes --limit, and refuses a name or a value that is none", async () => {
  const commands = [
    ...["report", "events", "explain", "formats", "check", "compare", "verify", "follow"].map((one) => [one]),
    ["fleet", "ingest"],
    ["fleet", "rows"],
  ];
  for (const command of commands)
    for (const wrong of ["lines=1", "maxDepth", "maxDepth=1MiB", "maxLineBytes=1", "__proto__=1", "maxRatio=-1"]) {
      const { code, err } = await hangproof(...command, "x", "--limit", wrong);
      // What a check answers when it could not be made.
      expect(code, command.join(" ")).toBe(command[0] === "check" ? EXIT.damaged : EXIT.usage);
      expect(err).toMatch(/--limit <name=value>.*Expected/);
    }
});

test("values have units, and the last of a name holds", () => {
  expect(parseLimit("maxLineBytes=4MiB", parseLimit("maxDepth=2"))).toEqual({ maxLineBytes: 4 * 2 ** 20, maxDepth: 2 });
  expect(parseLimit("maxDepth=3", parseLimit("maxDepth=2"))).toEqual({ maxDepth: 3 });
});

test("SECURITY.md names every limit that --limit sets, and no other option", () => {
  const document = readFileSync(new URL("../../../SECURITY.md", import.meta.url), "utf8");
  const table = /^## Limits\n(.*?)^## /ms.exec(document)?.[1] ?? "";
  const named = [...table.matchAll(/^\|[^|]*\|[^|]*\| `(\w+)`/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual([...LIMIT_NAMES].sort());
});
