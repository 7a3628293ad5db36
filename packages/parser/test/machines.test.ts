import { expect, test } from "vitest";
import { EvidenceParser, type EvidenceSummary } from "../src/index.js";
import { memoryAccess } from "../src/journal-file/random-access.js";
import { parseJournal } from "../src/read/parse-journal.js";
import { writeJournal } from "./support/journal-writer.js";

const [A, B] = ["a".repeat(32), "b".repeat(32)];

function summaryOf(text: string, evidence = "log"): EvidenceSummary {
  const parser = new EvidenceParser({ evidence });
  parser.push(new TextEncoder().encode(text));
  parser.end();
  return parser.summary();
}

/** In the head of a native journal (journal-def.h). */
const MACHINE_ID_OFFSET = 40;

const entry = (machine: string | null, host: string): Record<string, string> => ({
  __REALTIME_TIMESTAMP: "1761436166010000",
  __MONOTONIC_TIMESTAMP: "3210000",
  _BOOT_ID: "c".repeat(32),
  ...(machine === null ? {} : { _MACHINE_ID: machine }),
  _HOSTNAME: host,
  _TRANSPORT: "kernel",
  MESSAGE: "e1000e 0000:00:19.0 eno1: NIC Link is Down",
});

const json = (...entries: readonly object[]): string => entries.map((one) => `${JSON.stringify(one)}\n`).join("");

test("journal entries tell machine ids, each with the names under which it wrote", () => {
  const text = json(
    entry(A, "pve"),
    entry(A.toUpperCase(), "pve"),
    entry(B, "pve"),
    entry(A, "new"),
    entry("x", "odd"),
  );
  expect(summaryOf(text).machines).toEqual([
    { id: A, host: "pve" },
    { id: B, host: "pve" },
    { id: A, host: "new" },
  ]);
});

test("export entries tell machine ids as JSON entries do, and evidence without any has no such field", () => {
  const asExport = Object.entries(entry(A, "pve"))
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
  expect(summaryOf(`${asExport}\n`).machines).toEqual([{ id: A, host: "pve" }]);
  expect(summaryOf(json(entry(null, "pve")))).not.toHaveProperty("machines");
});

test("the head of a native journal tells the machine where no entry does, and an entry outranks it", () => {
  const machinesOf = (id: string | null): unknown => {
    const fields = Object.entries(entry(id, "pve"))
      .filter(([name]) => !name.startsWith("__") && name !== "_BOOT_ID")
      .map(([name, value]) => `${name}=${value}`);
    const bytes = writeJournal([
      { realtimeUs: 1761436166010000, monotonicUs: 3210000, bootId: "c".repeat(32), fields },
    ]);
    bytes.set(Buffer.from(B, "hex"), MACHINE_ID_OFFSET);
    const steps = parseJournal(memoryAccess(bytes));
    for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value.machines;
  };
  expect(machinesOf(null)).toEqual([{ id: B, host: "pve" }]);
  expect(machinesOf(A)).toEqual([{ id: A, host: "pve" }]);
});

test("only a file of that name with one id and nothing else is a machine id", () => {
  expect(summaryOf(`${A}\n`, "sos/etc/machine-id")).toMatchObject({
    form: "machine-id",
    records: 1,
    machines: [{ id: A, host: null }],
  });
  for (const [text, name] of [
    [`${A}\n`, "id.txt"],
    [`${A}\n${A}\n`, "machine-id"],
    [`${A}0\n`, "machine-id"],
  ] as const)
    expect(summaryOf(text, name)).not.toHaveProperty("machines");
});
