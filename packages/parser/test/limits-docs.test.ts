import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DEFAULT_MAX_LINE_BYTES } from "../src/formats/bounded-bytes.js";
import { MAX_PAYLOAD_BYTES } from "../src/journal-file/journal-file.js";
import { MAX_ENTRY_ITEMS, MAX_FIELD_NAME } from "../src/journal-file/layout.js";
import type { DiagnosticCode } from "../src/model/diagnostic.js";
import { UNPACK_LIMITS } from "../src/open/containers/limits.js";

const document = readFileSync(new URL("../../../SECURITY.md", import.meta.url), "utf8");
const rows = (/^## Limits\n(.*?)^## /ms.exec(document)?.[1] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (?:what|-)/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

const UNITS: readonly (readonly [string, number])[] = [
  ["TiB", 2 ** 40],
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
];

function bytes(count: number): string {
  const [unit, size] = UNITS.find(([, least]) => count >= least) ?? ["B", 1];
  return `${count / size} ${unit}`;
}

const limitOf = (text: string): string | undefined => rows.find(([, what]) => what?.startsWith(text))?.[2];
const optionRow = (name: string): string | undefined => rows.find(([, , , option]) => option === `\`${name}\``)?.[2];

test("SECURITY.md names the limits of containers, each as the code has it", () => {
  for (const [name, value] of Object.entries(UNPACK_LIMITS)) {
    const isBytes = name.endsWith("Bytes");
    expect(optionRow(name), name).toBe(isBytes ? bytes(value) : value.toLocaleString("en"));
  }
});

test("SECURITY.md names the limits of lines and native journals, each as the code has it", () => {
  expect(optionRow("maxLineBytes")).toBe(bytes(DEFAULT_MAX_LINE_BYTES));
  expect(limitOf("one value of a native journal")).toBe(bytes(MAX_PAYLOAD_BYTES));
  expect(limitOf("fields of one entry")).toBe(MAX_ENTRY_ITEMS.toLocaleString("en"));
  expect(limitOf("characters in a field's name")).toBe(String(MAX_FIELD_NAME));
});

test("the diagnostics that SECURITY.md names are the parser's", () => {
  const known: readonly DiagnosticCode[] = ["line.too_long", "input.unsupported", "record.damaged", "input.skipped"];
  const named = new Set(document.match(/`(?:line|input|record)\.[a-z_]+`/g));
  expect([...named].map((name) => name.slice(1, -1)).sort()).toEqual([...known].sort());
});
