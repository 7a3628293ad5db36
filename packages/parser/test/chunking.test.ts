import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Batch, EvidenceParser } from "../src/index.js";

const folder = resolve(dirname(fileURLToPath(import.meta.url)), "../../../fixtures/cases/pve-backup-hang");
const read = (name: string): Buffer => {
  const bytes = readFileSync(join(folder, name));
  return name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
};

/** The part of a log around its first hang report, with all that a log may hold besides ASCII in front of it. */
function around(bytes: Buffer, before: number, after: number): Buffer {
  const at = Math.max(0, bytes.indexOf("Detected Hardware Unit Hang"));
  const from = bytes.lastIndexOf(10, Math.max(0, at - before)) + 1;
  const foreign = Buffer.from(
    "Oct  5 02:14:07 pve1 app[1]: Grüße — 测试\r\nOct  5 02:14:07 pve1 bad[2]: \xff\xe4 end\n",
    "latin1",
  );
  return Buffer.concat([foreign, bytes.subarray(from, at + after), Buffer.from("no line end")]);
}

const INPUTS: Readonly<Record<string, Buffer>> = {
  "rsyslog, one line for each register": around(read("logs/kern.log.9.gz"), 3000, 6000),
  "journalctl short-iso, indented registers": around(read("journal/journal-short-iso.txt"), 2000, 4000),
  "dmesg -T": read("dmesg/dmesg-T.txt").subarray(0, 8000),
  "a paste in one line": Buffer.from(
    "kernel: e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang: TDH <32> TDT <61> next_to_use <61> next_to_clean <31> buffer_info[next_to_clean]: time_stamp <100154835> next_to_watch <32> jiffies <10017bd00> next_to_watch.status <0> MAC Status <80083> PHY Status <796d> PHY 1000BASE-T Status <7800> PHY Extended Status <3000> PCI Status <10>\n",
  ),
};

const options = { evidence: "input", timeZone: "Europe/Berlin", firstYear: 2025, yearSource: "caller" } as const;

/** What the parser says of the chunks. The bytes of each are overwritten after the call: it must not keep them. */
function parsed(chunks: readonly Uint8Array[]): unknown {
  const parser = new EvidenceParser(options);
  const batches: Batch[] = chunks.map((chunk) => {
    const copy = chunk.slice();
    const batch = parser.push(copy);
    copy.fill(0x7b);
    return batch;
  });
  batches.push(parser.end());
  return {
    events: batches.flatMap(({ events }) => events),
    diagnostics: batches.flatMap(({ diagnostics }) => diagnostics),
    summary: parser.summary(),
  };
}

for (const [name, input] of Object.entries(INPUTS)) {
  test(`${name}: where the chunks are cut changes nothing`, () => {
    const whole = parsed([input]);
    fc.assert(
      fc.property(fc.array(fc.nat(input.length), { maxLength: 30 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), input.length];
        expect(parsed(at.slice(1).map((to, i) => input.subarray(at[i], to)))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
    expect(parsed([...input].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  test(`${name}: cut off anywhere it never throws, and earlier events stand`, () => {
    const { events } = parsed([input]) as { events: { provenance: { byteOffset: number; byteLength: number } }[] };
    for (let end = 0; end <= input.length; end += 7) {
      const cut = parsed([input.subarray(0, end)]) as { events: unknown[] };
      const whole = events.filter(({ provenance }) => provenance.byteOffset + provenance.byteLength < end);
      // The last of them may have lines to come: all but it stand as they are.
      expect(cut.events.slice(0, Math.max(0, whole.length - 1))).toEqual(whole.slice(0, -1));
    }
  });
}

test("every line is counted, whether it matters or not", () => {
  for (const input of Object.values(INPUTS)) {
    const { summary } = parsed([input]) as { summary: { lines: number; bytes: number } };
    const text = input.toString("latin1");
    expect(summary.lines).toBe(text.split("\n").length - (text.endsWith("\n") ? 1 : 0));
    expect(summary.bytes).toBe(input.length);
  }
});

test("a line over the limit costs its tail, and says so", () => {
  const long = Buffer.from(
    `Oct  5 02:14:07 pve1 kernel: ${"x".repeat(5000)}\nOct  5 02:14:08 pve1 kernel: e1000e 0000:00:1f.6 eno1: NIC Link is Down\n`,
  );
  const parser = new EvidenceParser({ ...options, maxLineBytes: 200 });
  const batch = parser.push(long);
  const last = parser.end();
  const events = [...batch.events, ...last.events];
  const diagnostics = [...batch.diagnostics, ...last.diagnostics];
  expect(events.map(({ kind }) => kind)).toEqual(["e1000e.link_down"]);
  expect(diagnostics.map(({ code, line }) => [code, line])).toEqual([["line.too_long", 1]]);
});
