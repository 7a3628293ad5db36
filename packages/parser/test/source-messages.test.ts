import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CATALOGUE } from "../src/drivers/e1000e/catalogue.js";
import { isDebugMessage } from "../src/drivers/e1000e/debug-messages.js";
import { sourceLines } from "../src/drivers/e1000e/source-lines.js";
import { SOURCE_MESSAGES } from "../src/drivers/e1000e/source-messages.js";
import type { KernelEvent } from "../src/index.js";
import { parseText } from "./support/records.js";

const LINES = sourceLines();
const stamped = (text: string): string =>
  text
    .split("\n")
    .map((line) => `[ 9327.470501] ${line}\n`)
    .join("");
const nameOf = (event: KernelEvent): string =>
  event.kind === "e1000e.message" ? `e1000e.message/${event.id}` : event.kind;

test("every message of the driver's source, in every form of its prefix, becomes the event that the table says", () => {
  for (const { file, row, samples } of LINES) {
    for (const sample of samples) {
      const { events, diagnostics } = parseText(stamped(sample));
      expect(nameOf(events[0] as KernelEvent), `${file}, ${row[0]}(): ${sample}`).toBe(row[4]);
      expect(diagnostics, sample).toEqual([]);
    }
  }
});

test("whatever becomes an event has at least one sample, and its samples fit its format", () => {
  for (const { file, row, samples } of LINES) {
    const [printedBy, , , , becomes, format] = row;
    expect(samples.length > 0, `${file}, ${printedBy}(): ${format}`).toBe(!becomes.startsWith("-"));
    const fixed = format.split(/%(?:-?\d*(?:\.\d)?l{0,2}[diuxXc]|-15s|s|pM|p)/);
    for (const sample of samples) for (const part of fixed) expect(sample, format).toContain(part.trim());
  }
});

test("every id of the table is one of the catalogue", () => {
  const ids = new Set([...CATALOGUE.map(({ id }) => id), "pm.lpi"]);
  for (const { row } of LINES) {
    const id = /^e1000e\.message\/(.*)$/.exec(row[4])?.[1];
    if (id !== undefined) expect(ids, row[5]).toContain(id);
  }
});

test("every entry of the catalogue is in the source, but for others' builds and others' lines", () => {
  const printed = new Set(LINES.map(({ row }) => row[4]));
  const absent = CATALOGUE.map(({ id }) => id).filter((id) => !printed.has(`e1000e.message/${id}`));
  expect(absent.sort()).toEqual(["hang.false", "hang.tso_context", "node", "probe.failed"]);
});

const reference = new URL("../../../../shared/reference/e1000e-messages.md", import.meta.url);
const text = existsSync(reference) ? readFileSync(reference, "utf8") : null;

describe.skipIf(text === null)("a listing of the kernel trees (skipped where it is not there)", () => {
  const [, strings = "", debug = ""] = (text ?? "").split(/^# Appendix [AB]/m);
  const unquote = (cell: string): string => cell.replaceAll("\\|", "|").replaceAll("\\n", "\n");

  test("every format string that the driver prints is in the table", () => {
    const known = new Set(SOURCE_MESSAGES.flatMap(({ rows }) => rows.map((row) => row[5])));
    const listed = [...strings.matchAll(/^\| \S+ \| `[^`]+` \| [^|]+ \| `(.*)` \| [^|]+ \|$/gm)].map(([, cell = ""]) =>
      unquote(cell),
    );
    expect(listed.length).toBeGreaterThan(200);
    expect(listed.filter((format) => !known.has(format))).toEqual([]);
  });

  test("every debug string is known as one", () => {
    const listed = [...debug.matchAll(/^\| `(.*)` \| [\w., ]+\.c \| [^|]+ \|$/gm)].map(([, cell = ""]) =>
      unquote(cell),
    );
    expect(listed.length).toBeGreaterThan(150);
    const rendered = (format: string): string =>
      format
        .replace(/^%s: /, "")
        .replace(/\\r$/, "")
        .replace(/%ptSp/g, "1.000000002")
        .replace(/%0?\d*(?:\.\d)?l{0,2}[du]/g, "7")
        .replace(/%0?\d*(?:\.\d)?[xX]/g, "1F")
        .replace(/%s/g, "Full")
        .replace("enable|disable", "enable")
        .trim();
    const isKnown = (line: string): boolean =>
      isDebugMessage(line) || CATALOGUE.some(({ pattern }) => pattern.test(line));
    expect(listed.map(rendered).filter((line) => !isKnown(line))).toEqual([]);
  });
});
