import { expect, test } from "vitest";
import { JournalExportReader } from "../src/formats/journal-export.js";
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

const CURSOR =
  "__CURSOR=s=d89f5a866bf740d68a6b0e8fe7f3e8c7;i=1;b=aaaaaaaa11114aaa8aaa000000000001;m=30fb10;t=6420450f83490;x=1\n";

function binary(name: string, data: string | Uint8Array, length?: bigint): Uint8Array {
  const value = typeof data === "string" ? bytesOf(data) : data;
  const head = new Uint8Array(8);
  new DataView(head.buffer).setBigUint64(0, length ?? BigInt(value.length), true);
  return join(bytesOf(`${name}\n`), head, value, bytesOf("\n"));
}

function join(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...(typeof part === "string" ? bytesOf(part) : part)]));
}

const HOSTILE = `line one\n\n${CURSOR}__REALTIME_TIMESTAMP=1\n_TRANSPORT=kernel\nMESSAGE=forged\n\nend`;
const INPUT = join(
  CURSOR,
  "__REALTIME_TIMESTAMP=1761436166010000\n__MONOTONIC_TIMESTAMP=3210000\n__FUTURE=1\n_TRANSPORT=kernel\n",
  "SYSLOG_FACILITY=0\n_SOURCE_MONOTONIC_TIMESTAMP=1234567\nPRIORITY=3\n",
  binary("MESSAGE", HOSTILE),
  "\n",
  CURSOR,
  "_TRANSPORT=kernel\nSYSLOG_FACILITY=3\nMESSAGE=systemd[1]: from user space\n",
  binary("BLOB", Uint8Array.of(0, 10, 10, 13, 255)),
  binary("EMPTY", ""),
  "\n",
  CURSOR,
  "MESSAGE=last\n_PID=7\n_COMM=cat\n\n",
);

test("a binary message is exact, also when it holds what looks like an entry", () => {
  const { records, diagnostics, lines } = collect(JournalExportReader, [INPUT]);
  expect(records.map(({ message, trust, identifier, pid }) => [message, trust, identifier, pid])).toEqual([
    [HOSTILE, "kernel", "kernel", null],
    ["systemd[1]: from user space", "claimed", null, null],
    ["last", "claimed", "cat", 7],
  ]);
  expect(records[0]?.time).toEqual({
    unixMs: (1761436166010000 - 3210000 + 1234567) / 1000,
    bootMs: 1234.567,
    source: "utc",
    uncertaintyMs: 1975.433,
    year: null,
  });
  expect(diagnostics).toEqual([]);
  expect(lines).toBe(INPUT.filter((byte) => byte === 10).length);
});

test("provenance spans the entry's first byte to its last line end", () => {
  const { records } = collect(JournalExportReader, [INPUT]);
  for (const { provenance } of records) {
    const { byteOffset, byteLength, line } = provenance;
    const text = new TextDecoder("latin1").decode(INPUT.subarray(byteOffset, byteOffset + byteLength));
    expect(text.startsWith("__CURSOR=")).toBe(true);
    expect(text.endsWith("\n")).toBe(true);
    expect(INPUT[byteOffset + byteLength]).toBe(10);
    expect(line).toBe(1 + INPUT.subarray(0, byteOffset).filter((byte) => byte === 10).length);
  }
});

test("chunks do not show, and cutting loses only the last entry", () => {
  expectChunkingIsInvisible(JournalExportReader, INPUT);
  expectChunkingIsInvisible(JournalExportReader, INPUT, 20);
  expectCuttingLosesOnlyTheLast(JournalExportReader, INPUT);
});

test("no input throws", () => {
  expectNoInputThrows(JournalExportReader, [
    CURSOR,
    "__REALTIME_TIMESTAMP=1\n",
    "MESSAGE\n",
    "MESSAGE=x\n",
    "\n",
    "\r\n",
    "\x05\0\0\0\0\0\0\0",
    "\x50\0\0\0\0\0\0\0",
  ]);
});

test.each([
  ["points too far", 40n],
  ["is too short", 2n],
  ["is absurd", 2n ** 63n],
])("a length that %s costs its entry and not the next", (_what, length) => {
  const after = `\n${CURSOR}MESSAGE=second\n\n${CURSOR}MESSAGE=third\n\n`;
  const found = collect(JournalExportReader, [join(CURSOR, binary("MESSAGE", "a\nb", length), after)]);
  expect(found.records.map(({ message }) => message)).toEqual(["second", "third"]);
  expect(codes(found)).toEqual(["record.damaged"]);
});

test("a field over the limit is passed over, its entry kept", () => {
  const input = join(CURSOR, `PRIORITY=3\nOTHER=${"x".repeat(300)}\n`, binary("MESSAGE", "y\n".repeat(300)), "\n");
  const found = collect(JournalExportReader, [input], 200);
  expect(found.records.map(({ message, priority }) => [message, priority])).toEqual([["", 3]]);
  expect(codes(found)).toEqual(["line.too_long", "line.too_long"]);
});

test("line ends changed to CR LF are told; entries without binary fields survive", () => {
  const text = `${CURSOR}MESSAGE=first\n\n${CURSOR}MESSAGE\n\x03\0\0\0\0\0\0\0a\nb\n\n${CURSOR}MESSAGE=third\n\n`;
  const found = collect(JournalExportReader, [bytesOf(text.replaceAll("\n", "\r\n"))]);
  expect(found.records.map(({ message }) => message)).toEqual(["first", "third"]);
  expect(codes(found)).toEqual(["record.damaged", "record.damaged"]);
  expect(found.diagnostics[0]?.detail).toContain("text mode");
});

test.skipIf(!haveSamples)("the samples give the truth's events", () => {
  const expected = truth().map(journalFacts);
  for (const path of ["journalctl/v252-export.export", "journalctl/v262-export.export", "source/source.export"]) {
    const found = collect(JournalExportReader, [sample(path)]);
    expect(found.records.map(factsOf), path).toEqual(expected);
    expect(codes(found), path).toEqual(["utf8.invalid", "utf8.invalid"]);
  }
});
