// As a page does it: a `File` (of an input element or a drop) is read as a Web Stream by the pure parser, and the
// analyzer judges the events. No module of Node takes part but the one that makes the File for this example.
// node examples/web-stream.mjs LOG
import { openAsBlob } from "node:fs";
import { analyze } from "@hangproof/analyzer";
import { EvidenceParser } from "@hangproof/parser";

const [path] = process.argv.slice(2);
const file = new File([await openAsBlob(path)], "kern.log");

const parser = new EvidenceParser({ evidence: file.name, timeZone: "Europe/Berlin", firstYear: 2025 });
const events = [];
const reader = file.stream().getReader();
for (;;) {
  const { value, done } = await reader.read();
  events.push(...(done ? parser.end() : parser.push(value)).events);
  if (done) break;
}

const report = analyze({ events, evidence: [parser.summary()] }, { now: Date.now() });
for (const { host, verdict } of report.series) console.log(`${host}: ${verdict.headline}`);
