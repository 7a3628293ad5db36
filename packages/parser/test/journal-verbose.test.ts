import { expect, test } from "vitest";
import { JournalVerboseReader } from "../src/formats/journal-verbose.js";
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

const HEAD =
  "Sun 2025-10-26 02:30:00.500140 CET [s=d89f5a866bf740d68a6b0e8fe7f3e8c7;i=1;b=aaaaaaaa11114aaa8aaa000000000001;m=30fb10;t=6420450f83490;x=1]\n";
const INPUT = `${HEAD}    _HOSTNAME=pve1
    _TRANSPORT=kernel
    MESSAGE=eno1: Detected Hardware Unit Hang:
              TDH                  <1c>

            SYSLOG_FACILITY=3
    PRIORITY=3
-- Boot bbbbbbbb22224bbb8bbb000000000002 --
${HEAD}    MESSAGE=[33B blob data]
    PRIORITY=6
${HEAD}    MESSAGE=tail  
`;

test("fields, further lines and the cursor's times are read", () => {
  const found = collect(JournalVerboseReader, [bytesOf(INPUT)]);
  expect(found.records).toMatchObject([
    {
      message: "eno1: Detected Hardware Unit Hang:\n  TDH                  <1c>\n\nSYSLOG_FACILITY=3",
      host: "pve1",
      trust: "kernel",
      priority: 3,
      bootId: "aaaaaaaa11114aaa8aaa000000000001",
      time: { unixMs: 1761436166010, bootMs: 3210, source: "utc" },
      provenance: { line: 1, byteOffset: 0, byteLength: INPUT.indexOf("-- Boot") },
    },
    { message: "", priority: 6 },
    { message: "tail  " },
  ]);
  expect(codes(found)).toEqual(["record.value_lost"]);
});

test("chunks do not show, and cutting loses only the last entry", () => {
  expectChunkingIsInvisible(JournalVerboseReader, bytesOf(INPUT));
  expectChunkingIsInvisible(JournalVerboseReader, bytesOf(INPUT), 150);
  expectCuttingLosesOnlyTheLast(JournalVerboseReader, bytesOf(INPUT));
});

test("CR LF copies give the same records", () => {
  const facts = (text: string): object[] => collect(JournalVerboseReader, [bytesOf(text)]).records.map(factsOf);
  expect(facts(INPUT.replaceAll("\n", "\r\n"))).toEqual(facts(INPUT));
});

test("a message without end is bounded and told", () => {
  const text = `${HEAD}    MESSAGE=a\n${`${" ".repeat(12)}\n`.repeat(1000)}`;
  const found = collect(JournalVerboseReader, [bytesOf(text)], 500);
  expect(found.records[0]?.message.length).toBeLessThanOrEqual(500);
  expect(codes(found)).toEqual(["line.too_long"]);
});

test("lines before the first entry are told once", () => {
  const found = collect(JournalVerboseReader, [bytesOf(`what\n    A=1\n\n${INPUT}`)]);
  expect(found.records).toHaveLength(3);
  expect(codes(found)).toEqual(["record.damaged", "record.value_lost"]);
});

test("no input throws", () => {
  expectNoInputThrows(JournalVerboseReader, [
    HEAD,
    "    MESSAGE=x\n",
    `${" ".repeat(12)}y\n`,
    "\n",
    "\r\n",
    "-- Boot",
    " ",
  ]);
});

test.skipIf(!haveSamples)("the sample gives the truth's events but for blobs", () => {
  const events = truth();
  const found = collect(JournalVerboseReader, [sample("journalctl/v252-verbose.txt")]);
  const blobs = new Set([5, 13, 14]);
  expect(found.records.map(factsOf)).toEqual(
    events.map((event) => ({ ...journalFacts(event), ...(blobs.has(event.n) ? { message: "" } : {}) })),
  );
  expect(codes(found)).toEqual(["record.value_lost", "record.value_lost", "record.value_lost"]);
});
