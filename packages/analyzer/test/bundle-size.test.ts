import { createContext, runInContext } from "node:vm";
import { expect, test } from "vitest";
import { browserBundle } from "../../parser/test/support/browser-bundle.js";

const here = new URL(".", import.meta.url);
const ENTRY = "../src/index.js";

/** Minified bytes, not compressed. A line that grows over its budget is a decision: raise it in the same change. */
test.each([
  ["analyze", `export { analyze } from "${ENTRY}"`, 165_000],
  ["everything", `export * from "${ENTRY}"`, 190_000],
  ["the interval of a rate", `export { poissonRate } from "${ENTRY}"`, 4_500],
  ["the ratio of two rates", `export { rateRatio } from "${ENTRY}"`, 7_500],
  ["nothing", `import "${ENTRY}"`, 100],
])("for a browser, %s needs no Node module and stays within its budget", async (_, line, budget) => {
  const { bytes } = await browserBundle(line, here);
  expect(bytes).toBeLessThanOrEqual(budget);
});

test("analyze brings nothing of the parser with it", async () => {
  const { files } = await browserBundle(`export { analyze } from "${ENTRY}"`, here);
  expect(files.filter((file) => file.includes("packages/parser"))).toEqual([]);
  expect(files.filter((file) => file.includes("packages/analyzer/src")).length).toBeGreaterThan(10);
});

test("analyze runs where there is nothing but the language", async () => {
  const { script } = await browserBundle(`export { analyze } from "${ENTRY}"`, here);
  const page = createContext({});
  runInContext(script, page);
  const program = `bundled.analyze({ events: [], evidence: [] }, { now: 1764000000000, timeZone: "UTC" }).series.length`;
  expect(runInContext(program, page)).toBe(0);
});
