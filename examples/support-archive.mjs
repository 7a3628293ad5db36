// What a support archive (sosreport and its like, .tar, .tar.gz, .tar.xz) holds, file by file, and the verdict of all.
// Archives are opened as folders are; nothing is unpacked to disk.
// node examples/support-archive.mjs ARCHIVE
import { analyze } from "@hangproof/analyzer";
import { readEvidence } from "@hangproof/parser/node";

const { events, evidence } = await readEvidence(process.argv.slice(2), { timeZone: "Europe/Berlin" });
for (const { evidence: label, form, records, events: counts } of evidence) {
  console.log(`${label} ${form} ${records} records ${counts["e1000e.hang"] ?? 0} hang reports`);
}

const report = analyze({ events, evidence }, { now: Date.now() });
for (const { host, adapter, verdict, episodes } of report.series) {
  console.log(`${host} ${adapter.pci}: ${episodes.length} episodes, ${verdict.rung}`);
}
