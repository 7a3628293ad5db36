import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CATALOGUE, EvidenceParser, sourceLines } from "@hangproof/parser";
import { readEvidence } from "@hangproof/parser/node";
import { expect, test } from "vitest";
import { eventsTable, examplesOf, messagesTable, otherEvents } from "../../../scripts/docs/events.mjs";
import { withPart } from "../../../scripts/docs/generated.mjs";
import { eventLine } from "../src/output/ndjson.js";

const root = (path: string): URL => new URL(`../../../${path}`, import.meta.url);
const source = readFileSync(root("packages/parser/src/model/event.ts"), "utf8");
const document = readFileSync(root("docs/events.md"), "utf8");

test("docs/events.md shows every event kind with the bundled case's own lines (npm run docs)", async () => {
  const { events } = await readEvidence([fileURLToPath(root("fixtures/cases/pve-backup-hang"))], {
    timeZone: "Europe/Berlin",
  });
  const examples = examplesOf([...events, ...otherEvents(EvidenceParser)].map(eventLine));
  expect(document).toBe(withPart(document, "events", eventsTable(source, examples)));
  const kinds = [...source.matchAll(/extends EventOf<"([^"]+)">/g)].map(([, kind = ""]) => kind);
  expect(kinds.filter((kind) => !examples.has(kind))).toEqual([]);
});

test("docs/events.md shows every message of the driver's table (npm run docs)", () => {
  const messages = messagesTable({ catalogue: CATALOGUE, lines: sourceLines() });
  expect(document).toBe(withPart(document, "messages", messages));
});
