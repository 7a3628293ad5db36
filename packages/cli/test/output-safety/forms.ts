import { rmSync } from "node:fs";
import { join } from "node:path";
import { LiveEpisodes, type LiveNews } from "@hangproof/analyzer";
import { openLedger } from "@hangproof/ledger";
import { expect } from "vitest";
import { dayOf, file } from "../../../fleet/test/support/hosts.js";
import { EVENT_FORMATS, REPORT_FORMATS } from "../../src/options/output-format.js";
import { TABLE_NAMES } from "../../src/output/csv.js";
import { filledArgument, newsLine, PLACEHOLDERS } from "../../src/output/live.js";
import { renderPrometheus } from "../../src/output/prometheus.js";
import { run } from "../../src/program.js";
import { type FakeContext, fakeContext } from "../fake-context.js";
import type { Form, Syntax } from "./form.js";
import { infected, type Poison } from "./hostile.js";
import { type Call, LABEL, labelOf, poisoned } from "./poisoned-context.js";
import { BLOCKS, PLUGIN } from "./small-forms.js";
import type { World } from "./world.js";

/** No text is a reason to give up. */
const expectNoFault = ({ stderr }: FakeContext): void => expect(stderr.join("")).not.toContain("internal error");

/** A command on poisoned input, and what it writes to standard output or to a file. */
function command(name: string, syntax: Syntax, args: readonly string[], call: Call = {}, from?: string): Form {
  return {
    name,
    syntax,
    render: async (poison, world) => {
      const ctx = poisoned(poison, world, call);
      await run([...args, "--", labelOf(poison)], ctx);
      expectNoFault(ctx);
      return from === undefined ? ctx.stdout.join("") : (ctx.files.get(from) ?? "");
    },
  };
}

const SYNTAX: Readonly<Record<string, Syntax>> = {
  text: "terminal",
  markdown: "markdown",
  html: "html",
  json: "json",
  csv: "csv",
  ics: "calendar",
  ndjson: "json",
  timesketch: "json",
  "timesketch-csv": "csv",
  ecs: "json",
};

const REPORTS = (["sample", "case"] as const).flatMap((report): Form[] => [
  ...REPORT_FORMATS.filter((format) => format !== "csv").map((format) =>
    command(`report --format ${format} (${report})`, SYNTAX[format]!, ["report", "--format", format], { report }),
  ),
  ...TABLE_NAMES.map((table) =>
    command(`report --table ${table} (${report})`, "csv", ["report", "--format", "csv", "--table", table], { report }),
  ),
  ...(["markdown", "text"] as const).map((format) =>
    command(
      `report --for ticket, ${format} (${report})`,
      SYNTAX[format]!,
      ["report", "--for", "ticket", "-f", format],
      {
        report,
      },
    ),
  ),
  command(`report --plain (${report})`, "terminal", ["report", "--plain"], { report }),
  command(`report on a narrow terminal (${report})`, "terminal", ["report"], { report, overrides: { width: 40 } }),
  command(`report in colour (${report})`, "terminal", ["report"], { report, overrides: { env: { FORCE_COLOR: "1" } } }),
  command(`report --redact (${report})`, "markdown", ["report", "--redact", "-f", "markdown"], { report }),
  command(`report -o (${report})`, "html", ["report", "-f", "html", "-o", "out.html"], { report }, "out.html"),
  {
    name: `check --prometheus (${report})`,
    syntax: "prometheus",
    render: async (poison, { reports }) => renderPrometheus(infected(reports[report], poison)),
  },
]);

const EVENTS = EVENT_FORMATS.flatMap((format) => [
  command(`events --format ${format}`, SYNTAX[format]!, ["events", "--format", format]),
  command(`events --format ${format} --redact`, SYNTAX[format]!, ["events", "--format", format, "--redact"]),
]);

const FLEET = (["text", "markdown", "html", "json"] as const).map((format) =>
  command(`fleet report --format ${format}`, SYNTAX[format]!, ["fleet", "report", "--format", format]),
);

const COMPARE = (["text", "markdown", "json"] as const).map(
  (format): Form => ({
    name: `compare --format ${format}`,
    syntax: SYNTAX[format]!,
    render: async (poison, world) => {
      const ctx = poisoned(poison, world, { report: "case" });
      await run(["compare", "--format", format, "--", labelOf(poison), `b${labelOf(poison)}`], ctx);
      return ctx.stdout.join("");
    },
  }),
);

/** What runs print on standard error, all commands in a row. */
const STDERR: Form = {
  name: "standard error of every command",
  syntax: "terminal",
  isNarrow: true,
  render: async (poison, world) => {
    const ctx = poisoned(poison, world, {});
    const missing = { ...ctx, exists: async () => false, err: ctx.err };
    const failing = { ...ctx, createFile: async () => Promise.reject(new Error(poison.text)) };
    const name = labelOf(poison);
    const ledger = join(world.folder, "stderr.db");
    const options = ["--since", "--until", "--tz", "--change", "--window", "--windows", "--now", "--seed", "--lag"];
    for (const args of [
      ["report"],
      ["events"],
      ["explain"],
      ["formats"],
      ["verify", "r"],
      ["fleet", "ingest", "-o", "lake"],
    ]) {
      await run([...args, "--", name], ctx);
      await run([...args, "--", name], missing);
    }
    for (const option of [...options, "--format", "--table", "--input-format", "--limit", "--for", "--looks"])
      await run(["report", option, name, "--", "a"], ctx);
    await run(["events", "-k", name, "--", "a"], ctx);
    await run(["events", "-o", name, "--", "a"], failing);
    await run(["report", "-o", name, "--", "a"], failing);
    await run(["report", "-o", name, "--", name], ctx);
    await run(["compare", "--", name], ctx);
    await run(["follow", "--", name], missing);
    await run(["check", "--ledger", ledger, "--report", name, "--", name], ctx);
    await run(["check", "--ledger", ledger, "--fail-on", name, "--", name], ctx);
    for (const args of [["show"], ["export"], ["verify"], ["forget", "a"]])
      await run(["ledger", ...args, "--ledger", name], missing);
    await run(["change", "remove", "--ledger", ledger, "--", name], ctx);
    await run(["completion", "--", name], ctx);
    for (const args of [
      [name],
      ["help", name],
      [`--${name}`],
      ["report", `--${name}`, "a"],
      ["fleet", name],
      ["", name],
    ])
      await run(args, ctx);
    return ctx.stderr.join("");
  },
};

let ledgers = 0;

/** Works on a ledger that holds poisoned evidence and told changes. */
function onLedger(
  name: string,
  syntax: Syntax,
  work: (call: (...args: readonly string[]) => Promise<void>, ctx: FakeContext, text: string) => Promise<void>,
): Form {
  return {
    name,
    syntax,
    isFree: true,
    isNarrow: name.endsWith(" list"),
    render: async (poison, { folder }) => {
      const { text } = poison;
      const path = join(folder, `${ledgers++}.db`);
      const day = (host: string, n: number, hours: readonly number[], isChanged: boolean) => {
        const { events, summary } = file(LABEL, dayOf(host, n, hours, isChanged));
        const evidence = labelOf(poison);
        return {
          events: infected(events, poison).map((one) => ({ ...one, provenance: { ...one.provenance, evidence } })),
          summary: { ...infected(summary, poison), evidence },
        };
      };
      let next = day("pve1", 1, [2, 9], false);
      const ctx = fakeContext(undefined, {
        library: {
          ...fakeContext().library,
          openLedger,
          async *streamEvidence() {
            yield { events: next.events, diagnostics: [], summary: next.summary };
            return [next.summary];
          },
        },
        now: () => Date.UTC(2026, 0, 9),
      });
      const call = async (...args: readonly string[]): Promise<void> => {
        await run([...args, "--ledger", path], ctx);
      };
      try {
        await call("check", "a", "--tz", "UTC", "-q");
        await call("change", "add", "2026-01-02", `title ${text}`, "--note", text);
        await call("window", "add", "every sunday 02:00 for 90 minutes", "--note", text);
        next = day("pve1", 3, [4, 11, 20], true);
        ctx.stdout.length = 0;
        await work(call, ctx, text);
        expectNoFault(ctx);
        return ctx.stdout.join("");
      } finally {
        for (const suffix of ["", "-journal", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
      }
    },
  };
}

const LEDGER: readonly Form[] = [
  onLedger("check", "plugin", (call) => call("check", "a", "--tz", "UTC")),
  onLedger("check --redact", "plugin", (call) => call("check", "a", "--tz", "UTC", "--redact")),
  onLedger("check --format json", "json", (call) => call("check", "a", "--tz", "UTC", "--format", "json")),
  onLedger("plan", "terminal", (call) => call("plan", "--tz", "UTC")),
  onLedger("ledger show", "terminal", (call) => call("ledger", "show", "--tz", "UTC")),
  onLedger("ledger verify", "terminal", (call) => call("ledger", "verify")),
  onLedger("ledger export", "json", (call) => call("ledger", "export")),
  onLedger("ledger forget", "terminal", (call) => call("ledger", "forget", "0")),
  onLedger("change list", "terminal", (call) => call("change", "list")),
  onLedger("change add", "terminal", (call, _ctx, text) => call("change", "add", "2026-01-02", `t ${text}`)),
  onLedger("window list", "terminal", (call) => call("window", "list")),
];

/** Begin and end of a hang that is poisoned through and through. */
function news(poison: Poison, { events }: World): LiveNews[] {
  const live = new LiveEpisodes();
  return infected(events, poison)
    .flatMap((event, n) => live.add(event, n * 1000))
    .concat(live.end());
}

const FOLLOW: readonly Form[] = [
  {
    name: "follow",
    syntax: "terminal",
    render: async (poison, world) =>
      news(poison, world)
        .map((one) => newsLine(one, 0, "UTC"))
        .join(""),
  },
  {
    name: "follow --exec",
    syntax: "arguments",
    render: async (poison, world) =>
      JSON.stringify(
        news(poison, world).flatMap((one) =>
          PLACEHOLDERS.flatMap((name) => [`{${name}}`, `--at={${name}}`].map((each) => filledArgument(each, one, 0))),
        ),
      ),
  },
];

/** Paths are the caller's own; a line of a unit or of a crontab must stay one whatever is in them. */
const SCHEDULES = [[], ["--cron"]].map(
  (more): Form => ({
    name: `timer print ${more.join(" ")}`.trim(),
    syntax: more.length === 0 ? "systemd" : "crontab",
    isFree: true,
    isNarrow: true,
    render: async ({ text }) => {
      const ctx = fakeContext();
      await run(["timer", "print", ...more, "--ledger", `/srv/${text}/l.db`, "--report", `/srv/${text}.html`], ctx);
      return ctx.stdout.join("");
    },
  }),
);

const VERIFY: Form = {
  name: "verify",
  syntax: "terminal",
  render: async (poison, world) => {
    const told = { ...infected(world.reports.sample, { ...poison, texts: [`${poison.text}2`] }), [poison.text]: 1 };
    const file = JSON.stringify({ ...told, options: world.reports.sample.options });
    const ctx = poisoned(poison, world, { overrides: { readBytes: async () => Buffer.from(file) } });
    await run(["verify", "--", "report.json", labelOf(poison)], ctx);
    return ctx.stdout.join("");
  },
};

const PROGRAM: readonly Form[] = [
  ...(["bash", "zsh", "fish"] as const).map(
    (shell): Form => ({
      name: `completion ${shell}`,
      syntax: "shell",
      render: async () => {
        const ctx = fakeContext();
        await run(["completion", shell], ctx);
        return ctx.stdout.join("");
      },
    }),
  ),
  {
    name: "manual",
    syntax: "manual",
    render: async () => {
      const ctx = fakeContext();
      await run(["manual"], ctx);
      return ctx.stdout.join("");
    },
  },
];

/** Every way in which output leaves the program. */
export const FORMS: readonly Form[] = [
  ...BLOCKS,
  ...REPORTS,
  ...EVENTS,
  ...(["text", "json"] as const).flatMap((format) => [
    { ...command(`explain --format ${format}`, SYNTAX[format]!, ["explain", "--format", format]), isFree: true },
    command(`formats --format ${format}`, SYNTAX[format]!, ["formats", "--format", format]),
  ]),
  { ...command("explain --redact", "terminal", ["explain", "--redact"]), isFree: true },
  ...COMPARE,
  ...FLEET,
  { ...command("fleet rows", "json", ["fleet", "rows"]), isFree: true },
  VERIFY,
  ...LEDGER,
  PLUGIN,
  ...FOLLOW,
  ...SCHEDULES,
  ...PROGRAM,
  STDERR,
];
