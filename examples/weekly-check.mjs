// The weekly check: takes new logs into a ledger, judges all that it ever kept and says what is new since last time.
// The logs may be rotated away between two runs, and the same log may be taken in twice.
// node examples/weekly-check.mjs LEDGER LOG...
import { check, openLedger } from "@hangproof/ledger";
import { readEvidence } from "@hangproof/parser/node";

const [path, ...logs] = process.argv.slice(2);
const { events, evidence } = await readEvidence(logs, { timeZone: "Europe/Berlin" });
const ledger = openLedger(path);
try {
  for (const summary of evidence) {
    ledger.ingest(
      summary,
      events.filter(({ provenance }) => provenance.evidence === summary.evidence),
    );
  }
  const { report, previous, differences } = check(ledger, { now: Date.now() });
  for (const { host, adapter, verdict } of report.series) console.log(`${host} ${adapter.pci}: ${verdict.rung}`);
  console.log(previous === null ? "first check" : `${differences.length} differences since the last check`);
} finally {
  ledger.close();
}
