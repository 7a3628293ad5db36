import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { renderPrometheus } from "../src/output/prometheus.js";
import { sampleReport, sampleSeries } from "./sample-report.js";

/** The text format 0.0.4, line by line: comments, and samples with escaped label values. */
const HELP = /^# HELP ([a-z_:][a-z0-9_:]*) (?:[^\\\n]|\\\\|\\n)+$/;
const TYPE = /^# TYPE ([a-z_:][a-z0-9_:]*) gauge$/;
const SAMPLE =
  /^([a-z_:][a-z0-9_:]*)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

function parsed(text: string): Map<string, string[]> {
  expect(text.endsWith("\n")).toBe(true);
  const metrics = new Map<string, string[]>();
  let open = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const help = HELP.exec(line);
    if (help !== null) {
      open = help[1]!;
      expect(metrics.has(open), `${open} stands once`).toBe(false);
      metrics.set(open, []);
      continue;
    }
    if (line.startsWith("#")) {
      expect(TYPE.exec(line)?.[1]).toBe(open);
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (sample === null) throw new Error(`no sample: ${line}`);
    expect(sample[1]).toBe(open);
    metrics.get(open)!.push(sample[2] ?? "");
  }
  return metrics;
}

test("every line is of the text format, and each sample stands under its own help and type", () => {
  const metrics = parsed(renderPrometheus(sampleReport));
  for (const name of metrics.keys()) expect(name).toMatch(/^hangproof_/);
  expect(metrics.get("hangproof_verdict")?.length).toBe(5);
});

test("whatever host and interface are called, lines stay lines, and two adapters stay apart", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (host, name) => {
      const series = { ...sampleSeries, host, adapter: { ...sampleSeries.adapter, interfaces: [name] } };
      const metrics = parsed(renderPrometheus({ ...sampleReport, series: [series, { ...series, host: `${host}2` }] }));
      expect(new Set(metrics.get("hangproof_hang_episodes")).size).toBe(2);
    }),
  );
});

const hasPromtool = spawnSync("promtool", ["--version"]).error === undefined;
test.skipIf(!hasPromtool)("promtool finds nothing to say (skipped where promtool is not installed)", () => {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
    input: renderPrometheus(sampleReport),
    encoding: "utf8",
  });
  expect(stdout + stderr).toBe("");
  expect(status).toBe(0);
});

test("the dashboard asks for metrics that there are", () => {
  const dashboard = readFileSync(new URL("../../../docs/grafana.json", import.meta.url), "utf8");
  const asked = new Set(dashboard.match(/hangproof_[a-z_]+/g));
  const there = new Set(parsed(renderPrometheus(sampleReport)).keys());
  expect(asked.size).toBeGreaterThan(5);
  for (const name of asked) expect(there, name).toContain(name);
});
