import type { Diagnostic } from "@hangproof/parser";
import { ParserError } from "@hangproof/parser";
import { expect, test } from "vitest";
import type { Library } from "../src/context.js";
import { run } from "../src/program.js";
import { fakeContext, sampleEvent, sampleEvidence } from "./fake-context.js";

const diagnostic = (code: Diagnostic["code"], line = 7): Diagnostic => ({
  code,
  evidence: "journal.txt",
  line,
  byteOffset: 0,
  detail: "cut\x1b[2J short",
});

// biome-ignore lint/correctness/useYield: it fails before its first batch
async function* failing(error: Error): ReturnType<Library["streamEvidence"]> {
  throw error;
}

const withRead = (error: Error) => {
  const ctx = fakeContext();
  return { ...ctx, library: { ...ctx.library, streamEvidence: () => failing(error) } };
};

test("a written report is 0, whatever the verdict", async () => {
  const ctx = fakeContext();
  expect(await run(["report", "a.log"], ctx)).toBe(0);
  expect(ctx.stdout.join("")).toMatch(/^Cannot say\./);
  expect(ctx.stderr.join("")).toBe("");
});

test("no kernel log and no event of the driver is 1, and the report is printed", async () => {
  const bare = sampleEvidence.evidence.map((one) => ({ ...one, kernelRecords: 0, events: { "backup.job_start": 2 } }));
  const ctx = fakeContext({ events: [], evidence: bare, diagnostics: [] });
  expect(await run(["report", "a.log"], ctx)).toBe(1);
  expect(ctx.stdout.join("")).not.toBe("");
});

test("damage is 3, told on stderr with its first place and without control characters", async () => {
  const ctx = fakeContext({
    ...sampleEvidence,
    diagnostics: [diagnostic("input.corrupt"), diagnostic("input.corrupt", 9)],
  });
  expect(await run(["report", "a.log"], ctx)).toBe(3);
  expect(ctx.stderr.join("")).toBe("hangproof: 2 input.corrupt, first at journal.txt:7: cut\\x1b[2J short\n");
});

test("--quiet keeps stderr empty and the status", async () => {
  const ctx = fakeContext({ ...sampleEvidence, diagnostics: [diagnostic("input.corrupt")] });
  expect(await run(["report", "-q", "--since", "yesterday", "a.log"], ctx)).toBe(3);
  expect(ctx.stderr).toEqual([""].slice(1));
});

test.each([
  [["report"]],
  [[]],
  [["nonsense"]],
  [["report", "--format", "pdf", "a.log"]],
  [["report", "--table", "runs", "a.log"]],
  [["report", "--tz", "Mars/Olympus", "a.log"]],
  [["report", "--since", "whenever", "a.log"]],
  [["report", "--since", "2025-11-02", "--until", "2025-11-01", "a.log"]],
  [["report", "--confidence", "2%", "a.log"]],
  [["report", "--lag", "-1", "a.log"]],
  [["report", "--now", "2025-11-02", "a.log"]],
  [["events", "--kind", "e1000e", "a.log"]],
])("a usage error is 2 and reads nothing: %j", async (args) => {
  const ctx = fakeContext();
  expect(await run(args, ctx)).toBe(2);
  expect(ctx.stderr.join("")).not.toBe("");
  expect(ctx.stdout).toEqual([]);
  expect(ctx.calls.read).toEqual([]);
});

test("missing inputs are 66 and named, all of them", async () => {
  const ctx = fakeContext();
  expect(await run(["report", "missing1", "a.log", "missing\x1b2"], ctx)).toBe(66);
  expect(ctx.stderr.join("")).toBe("hangproof: no such file or directory: missing1, missing\\x1b2\n");
});

test("an output that cannot be created is 73", async () => {
  const ctx = fakeContext(sampleEvidence, { createFile: () => Promise.reject(new Error("read-only file system")) });
  expect(await run(["report", "-o", "x", "a.log"], ctx)).toBe(73);
  expect(ctx.stderr.join("")).toBe("hangproof: x: cannot be written: read-only file system\n");
});

test("a read error is 74, an internal error 70 without a stack trace", async () => {
  expect(await run(["report", "a.log"], withRead(new ParserError("READ_FAILED", "disk")))).toBe(74);
  const ctx = withRead(new TypeError("x is not a function"));
  expect(await run(["report", "a.log"], ctx)).toBe(70);
  expect(ctx.stderr.join("")).toBe("hangproof: internal error: x is not a function\n");
});

test("an aborted run gives no partial file and no message of its own", async () => {
  const controller = new AbortController();
  const ctx = fakeContext(sampleEvidence, { signal: controller.signal });
  controller.abort();
  const stopped = { ...ctx, library: { ...ctx.library, streamEvidence: () => failing(new Error("aborted")) } };
  await expect(run(["report", "-o", "x", "a.log"], stopped)).rejects.toThrow();
  expect(ctx.files.size).toBe(0);
  expect(ctx.stderr).toEqual([]);
});

test("--help and --version are 0, on stdout, and document every status", async () => {
  for (const args of [["--help"], ["report", "--help"], ["events", "--help"]]) {
    const ctx = fakeContext();
    expect(await run(args, ctx)).toBe(0);
    for (const code of [0, 1, 2, 3, 66, 70, 73, 74, 130, 143])
      expect(ctx.stdout.join("")).toMatch(new RegExp(`\\b${code}\\s`));
  }
  const ctx = fakeContext();
  expect(await run(["--version"], ctx)).toBe(0);
  expect(ctx.stdout).toEqual(["1.2.3\n"]);
});

test("options reach the analyzer, and what was understood of a time is told", async () => {
  const ctx = fakeContext();
  const args = [
    "--tz",
    "Europe/Berlin",
    "--since",
    "last sunday 2am",
    "--lag",
    "5",
    "--confidence",
    "90",
    "--seed",
    "7",
  ];
  expect(await run(["report", ...args, "a.log"], ctx)).toBe(0);
  expect(ctx.calls.analyze).toEqual([
    {
      now: Date.parse("2025-11-24T12:00:00Z"),
      timeZone: "Europe/Berlin",
      since: Date.parse("2025-11-23T01:00:00Z"),
      until: null,
      lagMs: 300_000,
      confidence: 0.9,
      changes: [],
      windows: [],
      reading: {
        program: "hangproof 1.2.3",
        paths: ["a.log"],
        timeZone: "Europe/Berlin",
        form: null,
        windowUnits: [],
      },
      seed: 7,
    },
  ]);
  expect(ctx.stderr.join("")).toBe("hangproof: --since 2025-11-23 02:00:00 +01:00 (Europe/Berlin)\n");
});

test("the machine's zone is an assumption, --tz is not", async () => {
  const ctx = fakeContext();
  for (const command of ["report", "events"])
    for (const zone of [[], ["--tz", "UTC"]]) await run([command, ...zone, "a.log"], ctx);
  expect(ctx.calls.zones).toEqual([undefined, "UTC", undefined, "UTC"]);
});

test("--output writes the file and nothing to stdout, without colour", async () => {
  const ctx = fakeContext(sampleEvidence, { outIsTerminal: true, env: { TERM: "xterm" } });
  expect(await run(["report", "-o", "r.txt", "a.log"], ctx)).toBe(0);
  expect(ctx.stdout).toEqual([]);
  expect(ctx.files.get("r.txt")).not.toContain("\x1b");
});

test("a terminal gets colour unless NO_COLOR; a pipe gets it with FORCE_COLOR only", async () => {
  const coloured = async (outIsTerminal: boolean, env: Record<string, string>) => {
    const ctx = fakeContext(sampleEvidence, { outIsTerminal, env });
    await run(["report", "a.log"], ctx);
    return ctx.stdout.join("").includes("\x1b[");
  };
  expect(await coloured(true, {})).toBe(true);
  expect(await coloured(true, { NO_COLOR: "1" })).toBe(false);
  expect(await coloured(true, { TERM: "dumb" })).toBe(false);
  expect(await coloured(false, {})).toBe(false);
  expect(await coloured(false, { FORCE_COLOR: "1" })).toBe(true);
  expect(await coloured(true, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
});

test("events are one JSON object a line, kind first, then time in ISO form", async () => {
  const ctx = fakeContext();
  expect(await run(["events", "a.log"], ctx)).toBe(0);
  const [line = ""] = ctx.stdout;
  expect(line).toMatch(
    /^\{"kind":"e1000e\.hang","time":\{"utc":"2025-11-02T01:20:44\.123Z","unixMs":1762046444123\.5,/,
  );
  expect(line.endsWith("}\n")).toBe(true);
});

test("--kind keeps a kind or a family, may be repeated, and loses no diagnostics", async () => {
  const link = { ...sampleEvent, kind: "net.tx_timeout", driver: null, queue: null, stalledMs: null } as const;
  const evidence = { ...sampleEvidence, events: [sampleEvent, link], diagnostics: [diagnostic("utf8.invalid")] };
  const kinds = async (...args: string[]) => {
    const ctx = fakeContext(evidence);
    expect(await run(["events", ...args, "a.log"], ctx)).toBe(0);
    expect(ctx.stderr.join("")).toContain("1 utf8.invalid");
    return ctx.stdout.join("").match(/"kind":"[^"]*"/g) ?? [];
  };
  expect(await kinds("--kind", "e1000e.*")).toEqual(['"kind":"e1000e.hang"']);
  expect(await kinds("--kind", "e1000e.reset", "-k", "net.tx_timeout")).toEqual(['"kind":"net.tx_timeout"']);
  expect(await kinds("--kind", "host.*")).toEqual([]);
});

test("events as CSV have a header even when there are none", async () => {
  const ctx = fakeContext({ ...sampleEvidence, events: [] });
  await run(["events", "--format", "csv", "a.log"], ctx);
  expect(ctx.stdout.join("")).toMatch(/^kind,time_utc,.*,fields\n$/);
});

test("progress is shown on a terminal and erased", async () => {
  let ms = 0;
  const ctx = fakeContext(sampleEvidence, { errIsTerminal: true, now: () => ms });
  const library: Library = {
    ...ctx.library,
    async *streamEvidence(_, { onProgress }) {
      ms = 2000;
      onProgress?.({ bytesRead: 1e9, bytesTotal: 3e9 });
      yield { events: [], diagnostics: [], summary: null };
      return sampleEvidence.evidence;
    },
  };
  await run(["report", "a.log"], { ...ctx, library });
  expect(ctx.stderr.slice(0, 2)).toEqual(["\r\x1b[Kreading 1.0 GB of 3.0 GB, 500 MB/s, 4 s left", "\r\x1b[K"]);
});
