import fc from "fast-check";
import { expect, test } from "vitest";
import { KmsgReader } from "../src/formats/kmsg.js";
import { unescapeKmsg } from "../src/formats/kmsg-head.js";
import { EvidenceParser } from "../src/index.js";
import {
  bytesOf,
  codes,
  collect,
  expectChunkingIsInvisible,
  expectCuttingLosesOnlyTheLast,
  expectNoInputThrows,
  haveSamples,
  messageOf,
  sample,
  truth,
} from "./support/structured-forms.js";

const INPUT = `6,3,1502113,-,caller=T132;e1000e 0000:00:1f.6 eth0: Gr\\xc3\\xbc\\xc3\\x9fe \\x5cxff
 SUBSYSTEM=pci
 DEVICE=+pci:0000:00:1f.6
30,4,5690716,-;udevd[80]: starting
\u00003,7,2400500000,-,new=1;Hang:\\x0a  TDH
4,8,2400500001,-;last
`;

const messages = (text: string): string[] => collect(KmsgReader, [bytesOf(text)]).records.map(({ message }) => message);

test("records, dictionaries and escapes are read; a gap is told before the record after it", () => {
  const found = collect(KmsgReader, [bytesOf(INPUT)]);
  const third = INPUT.indexOf("3,7,");
  expect(found.records).toMatchObject([
    {
      message: "e1000e 0000:00:1f.6 eth0: Grüße \\xff",
      device: "+pci:0000:00:1f.6",
      trust: "kernel",
      identifier: "kernel",
      priority: 6,
      time: { unixMs: null, bootMs: 1502.113, source: "boot" },
      provenance: { line: 1, byteOffset: 0, byteLength: INPUT.indexOf("30,4") },
    },
    { message: "starting", identifier: "udevd", pid: 80, trust: "claimed", priority: 6 },
    { message: "Hang:\n  TDH", device: null, provenance: { line: 5, byteOffset: third } },
    { message: "last" },
  ]);
  expect(found.losses).toMatchObject([{ count: 2, what: "sequence-gap", provenance: { byteOffset: third } }]);
  expect(found.diagnostics).toEqual([]);
});

test("chunks do not show, and cutting loses only the last record", () => {
  expectChunkingIsInvisible(KmsgReader, bytesOf(INPUT));
  expectChunkingIsInvisible(KmsgReader, bytesOf(INPUT), 30);
  expectCuttingLosesOnlyTheLast(KmsgReader, bytesOf(INPUT));
});

test("NUL alone separates records too", () => {
  expect(messages("6,1,0,-;a\x006,2,0,-;b\x00")).toEqual(["a", "b"]);
});

test("continued lines are joined, others are not", () => {
  expect(messages("6,1,5,c;one \n6,2,6,c;two\n6,3,7,-;three\n6,4,8,c;x\n6,6,9,c;y\n6,7,9,+;z\n")).toEqual([
    "one two",
    "three",
    "x",
    "yz",
  ]);
});

test("a sequence that starts again is no loss", () => {
  expect(collect(KmsgReader, [bytesOf("6,100,5,-;a\n6,0,1,-;b\n6,1,2,-;c\n")]).losses).toEqual([]);
});

test("packets of extended netconsole are put together, in one line or each in its own, in any order", () => {
  const [first, second] = [
    "6.4.0,6,416,1758426,-,ncfrag=0/31;the first chunk,",
    "6.4.0,6,416,1758426,-,ncfrag=16/31; the 2nd chunk.",
  ];
  const whole = "the first chunk, the 2nd chunk.";
  expect(messages(`6.4.0,6,415,1,-;before\n${first}${second}\n6.4.0,6,417,2,-;after\n`)).toEqual([
    "before",
    whole,
    "after",
  ]);
  expect(messages(`${first}\n${second}\n`)).toEqual([whole]);
  expect(messages(`${second}\n${first}\n`)).toEqual([whole]);
  expect(messages(`${first.slice(6)}${second.slice(6)}\n`)).toEqual([whole]);
});

test("the dictionary may stand in the last packet", () => {
  const body = "0123456789rest\n DEVICE=n8\n";
  const text = `6,1,5,-,ncfrag=0/${body.length};0123456789\n6,1,5,-,ncfrag=10/${body.length};${body.slice(10)}6,2,5,-;next\n`;
  expect(collect(KmsgReader, [bytesOf(text)]).records).toMatchObject([
    { message: "0123456789rest", device: "n8" },
    { message: "next", device: null },
  ]);
});

test("packets whose others never come are told, and bounded", () => {
  const text = Array.from({ length: 100 }, (_, index) => `6,${index},5,-,ncfrag=0/60000;x\n`).join("");
  const found = collect(KmsgReader, [bytesOf(text)]);
  expect(found.records).toEqual([]);
  expect(codes(found)).toEqual(Array.from({ length: 100 }, () => "record.damaged"));
});

test("a line full of packets costs linear work and little stack", () => {
  const text = "6,1,5,-,ncfrag=0/60000;x".repeat(40_000);
  expect(collect(KmsgReader, [bytesOf(text)]).records).toEqual([]);
});

test("undoing escapes is the inverse of the kernel's escaping", () => {
  const asKernel = (bytes: Uint8Array): string =>
    Array.from(bytes, (byte) =>
      byte < 32 || byte >= 127 || byte === 92 ? `\\x${byte.toString(16).padStart(2, "0")}` : String.fromCharCode(byte),
    ).join("");
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect([...unescapeKmsg(bytesOf(asKernel(bytes)))]).toEqual([...bytes]);
    }),
  );
});

test("no input throws", () => {
  expectNoInputThrows(KmsgReader, [
    "6,1,5,-;x\n",
    "6,2,5,c;x\n",
    " DEVICE=n8\n",
    "6,3,5,-,ncfrag=0/9;abc",
    "6,3,5,-,ncfrag=3/9;def",
    "\n",
    "\0",
    "\\x0",
  ]);
});

test.skipIf(!haveSamples)("the samples give the truth's kernel events", () => {
  for (const boot of ["A", "B"] as const) {
    const expected = truth()
      .filter((event) => event.boot === boot && event.transport === "kernel")
      .map((event) => ({
        message: messageOf(event),
        bootMs: (event.source_monotonic_usec ?? 0) / 1000,
        priority: event.priority,
        identifier: "kernel",
        trust: "kernel",
      }));
    for (const suffix of ["kmsg", "kmsg-cid"]) {
      const found = collect(KmsgReader, [sample(`source/boot${boot}.${suffix}`)]);
      expect(
        found.records.map(({ message, time, priority, identifier, trust }) => ({
          message,
          bootMs: time.bootMs,
          priority,
          identifier,
          trust,
        })),
      ).toEqual(expected);
      expect(codes(found)).toEqual(boot === "A" ? ["utf8.invalid"] : []);
      expect(found.losses).toEqual([]);
    }
  }
});

test("extended netconsole with the kernel's release in front is told by its content", () => {
  const parser = new EvidenceParser({ evidence: "netconsole" });
  const text = "6.8.0-45-generic,6,416,1758426,-;e1000e 0000:00:1f.6 eno1: NIC Link is Down\n";
  const events = [...parser.push(new TextEncoder().encode(text)).events, ...parser.end().events];
  expect(events).toMatchObject([{ kind: "e1000e.link_down", trust: "kernel", time: { bootMs: 1758.426 } }]);
});
