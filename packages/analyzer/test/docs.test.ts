import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { reportSchema } from "../../../scripts/docs/schemas.mjs";

test("report.schema.json is what the types of the report say (npm run docs)", () => {
  expect(readFileSync(new URL("../report.schema.json", import.meta.url), "utf8")).toBe(reportSchema());
});
