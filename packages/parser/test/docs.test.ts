import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formsTable } from "../../../scripts/docs/formats.mjs";
import { withPart } from "../../../scripts/docs/generated.mjs";
import { eventSchema } from "../../../scripts/docs/schemas.mjs";
import { FORM_ABILITIES } from "../src/index.js";

const document = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

test("docs/formats.md shows the parser's own table of forms (npm run docs)", () => {
  const text = document("docs/formats.md");
  expect(text).toBe(withPart(text, "forms", formsTable(FORM_ABILITIES)));
});

test("event.schema.json is what the types of the events say (npm run docs)", () => {
  expect(readFileSync(new URL("../event.schema.json", import.meta.url), "utf8")).toBe(eventSchema());
});
