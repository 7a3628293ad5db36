#!/usr/bin/env node
/** Writes the generated parts of the documents, and the JSON Schemas. A test fails when one of them is stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { eventLine } from "../../packages/cli/dist/output/ndjson.js";
import { CATALOGUE, EvidenceParser, FORM_ABILITIES, sourceLines } from "../../packages/parser/dist/index.js";
import { readEvidence } from "../../packages/parser/dist/node.js";
import { REASONS } from "../supply/reasons.mjs";
import { runtimePackages } from "../supply/runtime-packages.mjs";
import { broughtTable, namedTable } from "./dependencies.mjs";
import { eventsTable, examplesOf, messagesTable, otherEvents } from "./events.mjs";
import { formsTable } from "./formats.mjs";
import { withPart } from "./generated.mjs";
import { withOutput } from "./guide.mjs";
import { eventSchema, reportSchema } from "./schemas.mjs";

const fileOf = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

function update(path, name, part) {
  const file = fileOf(path);
  writeFileSync(file, withPart(readFileSync(file, "utf8"), name, part));
}

update("docs/formats.md", "forms", formsTable(FORM_ABILITIES));

const folder = fileOf("fixtures/cases/pve-backup-hang");
const { events } = await readEvidence([folder], { timeZone: "Europe/Berlin" });
const examples = examplesOf([...events, ...otherEvents(EvidenceParser)].map(eventLine));
const source = readFileSync(fileOf("packages/parser/src/model/event.ts"), "utf8");
update("docs/events.md", "events", eventsTable(source, examples));
update("docs/events.md", "messages", messagesTable({ catalogue: CATALOGUE, lines: sourceLines() }));

writeFileSync(fileOf("packages/analyzer/report.schema.json"), reportSchema());
writeFileSync(fileOf("packages/parser/event.schema.json"), eventSchema());

const packages = runtimePackages(fileOf("."));
update("docs/dependencies.md", "named", namedTable(packages, REASONS));
update("docs/dependencies.md", "brought", broughtTable(packages));

const guide = fileOf("docs/guide.md");
writeFileSync(guide, withOutput(readFileSync(guide, "utf8")));
