import { expect, test } from "vitest";
import { JournalJsonReader } from "../src/formats/journal-json.js";
import {
  bytesOf,
  codes,
  collect,
  expectChunkingIsInvisible,
  expectCuttingLosesOnlyTheLast,
  expectNoInputThrows,
  factsOf,
  haveSamples,
  journalFacts,
  sample,
  truth,
} from "./support/structured-forms.js";

const ONE = '{"MESSAGE":"a \\"}{\\" \\\\","PRIORITY":"3","__REALTIME_TIMESTAMP":"1761436166010000"}';
const TWO = '{"MESSAGE":[72,228,10],"_TRANSPORT":"kernel","_HOSTNAME":["h1","h2"],"BLOB":[1,2],"__proto__":{}}'.replace(
  "{}",
  '"x"',
);
const THREE = '{"_BOOT_ID":"aaaaaaaa11114aaa8aaa000000000001","MESSAGE":"Grüße"}';

const FRAMES: readonly (readonly [string, string])[] = [
  ["lines", `${ONE}\n${TWO}\n${THREE}\n`],
  ["CR LF lines", `${ONE}\r\n${TWO}\r\n${THREE}\r\n`],
  ["pretty", [ONE, TWO, THREE].map((text) => `${JSON.stringify(JSON.parse(text), null, "\t")}\n`).join("")],
  ["seq", `\u001e${ONE}\n\u001e${TWO}\n\u001e${THREE}\n`],
  ["sse", `data: ${ONE}\n\ndata: ${TWO}\n\ndata: ${THREE}\n\n`],
  ["an array", `[\n  ${ONE},\n  ${TWO},\n  ${THREE}\n]\n`],
  ["nothing between", `\ufeff${ONE}${TWO}${THREE}`],
];

test.each(FRAMES)("%s: the same records", (_name, text) => {
  const found = collect(JournalJsonReader, [bytesOf(text)]);
  expect(found.records.map(({ message, priority, trust, host }) => [message, priority, trust, host])).toEqual([
    ['a "}{" \\', 3, "claimed", null],
    ["H\ufffd\n", null, "kernel", "h1"],
    ["Grüße", null, "claimed", null],
  ]);
  expect(codes(found)).toEqual(["utf8.invalid"]);
  expectChunkingIsInvisible(JournalJsonReader, bytesOf(text));
  expectCuttingLosesOnlyTheLast(JournalJsonReader, bytesOf(text));
});

test("provenance names the object and its line end", () => {
  const { records } = collect(JournalJsonReader, [bytesOf(`${ONE}\r\n\n${THREE}\n`)]);
  expect(records.map(({ provenance }) => provenance)).toEqual([
    { evidence: "e", line: 1, byteOffset: 0, byteLength: ONE.length + 2 },
    { evidence: "e", line: 3, byteOffset: ONE.length + 3, byteLength: bytesOf(THREE).length + 1 },
  ]);
});

test("a null message is kept as lost and told with the command that keeps it", () => {
  const found = collect(JournalJsonReader, [bytesOf('{"MESSAGE":null,"PRIORITY":"6"}\n')]);
  expect(found.records).toMatchObject([{ message: "", priority: 6 }]);
  expect(found.diagnostics).toMatchObject([{ code: "record.value_lost", line: 1, byteOffset: 0 }]);
  expect(found.diagnostics[0]?.detail).toContain("journalctl -o json --all");
});

test("an entry without MESSAGE is a record, an object without journal fields is none", () => {
  const found = collect(JournalJsonReader, [bytesOf('{"PRIORITY":"6"}\n{"a":1}\n{}\n')]);
  expect(found.records).toMatchObject([{ message: "" }]);
  expect(codes(found)).toEqual(["record.damaged", "record.damaged"]);
});

test("keys of Object.prototype neither pollute nor are read", () => {
  const text = '{"__proto__":{"MESSAGE":"x"}}\n{"__proto__":"y","constructor":"z","PRIORITY":"1"}\n';
  const found = collect(JournalJsonReader, [bytesOf(text)]);
  expect(found.records).toMatchObject([{ message: "", priority: 1 }]);
  expect(codes(found)).toEqual(["record.damaged"]);
  expect(Object.hasOwn(Object.prototype, "MESSAGE")).toBe(false);
});

test.each([
  ["a string without end", `{"MESSAGE":"cut\n${THREE}\n`],
  ["an object cut by another", `{"MESSAGE":"x",{"PRIORITY":"1"}\n${THREE}\n`],
  ["an object of a sequence cut by another", `\u001e{"MESSAGE":"x\u001e${THREE}\n`],
  ["an event stream cut in an object", `data: {"MESSAGE":"x",\ndata: ${THREE}\n\n`],
  ["deep nesting", `{"MESSAGE":${"[".repeat(50_000)}}\n${THREE}\n`],
  ["many opening braces", `${"{".repeat(50_000)}\n${THREE}\n`],
  ["text", `-- No entries --\n${THREE}\n`],
])("after %s it goes on with the next object", (_name, text) => {
  const found = collect(JournalJsonReader, [bytesOf(text)]);
  expect(found.records.at(-1)?.message).toBe("Grüße");
  expect(codes(found)).toEqual(["record.damaged"]);
});

test("numbers that are no possible times give no time", () => {
  const text = '{"MESSAGE":"m","__REALTIME_TIMESTAMP":"1e999","__MONOTONIC_TIMESTAMP":1e999,"PRIORITY":"-1","_PID":{}}';
  const found = collect(JournalJsonReader, [bytesOf(text.replace("{}", "99999999999999999999"))]);
  expect(found.records).toMatchObject([{ time: { unixMs: null, source: "none" }, priority: null, pid: null }]);
});

test("an object over the limit is passed over", () => {
  const text = `{"MESSAGE":"${"x".repeat(500)}"}\n${THREE}\n`;
  const found = collect(JournalJsonReader, [bytesOf(text)], 100);
  expect(found.records.map(({ message }) => message)).toEqual(["Grüße"]);
  expect(codes(found)).toEqual(["line.too_long"]);
});

test("no input throws", () => {
  expectNoInputThrows(JournalJsonReader, [
    '{"MESSAGE":',
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    "\n",
    "\r\n",
    '"a"',
    ",",
    "data: ",
  ]);
});

test.skipIf(!haveSamples)("the samples give the truth's events", () => {
  const expected = truth().map(journalFacts);
  for (const name of [
    "v252-json",
    "v252-json-all",
    "v252-json-pretty",
    "v252-json-seq",
    "v252-json-sse",
    "v262-json",
  ]) {
    const found = collect(JournalJsonReader, [sample(`journalctl/${name}.json`)]);
    expect(found.records.map(factsOf), name).toEqual(expected);
    expect(codes(found), name).toEqual(["utf8.invalid", "utf8.invalid"]);
  }
});
