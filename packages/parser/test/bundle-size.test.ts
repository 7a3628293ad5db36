import { createContext, runInContext } from "node:vm";
import { expect, test } from "vitest";
import { browserBundle } from "./support/browser-bundle.js";

const here = new URL(".", import.meta.url);
const ENTRY = "../src/index.js";

/** Minified bytes, not compressed. A line that grows over its budget is a decision: raise it in the same change. */
test.each([
  ["parse", `export { parse } from "${ENTRY}"`, 184_000],
  ["everything", `export * from "${ENTRY}"`, 282_000],
  ["the journal file reader", `export { JournalFile } from "${ENTRY}"`, 41_000],
  ["the catalogue of messages", `export { CATALOGUE } from "${ENTRY}"`, 12_000],
  ["the decoder of a dump", `export { decodeHang } from "${ENTRY}"`, 10_000],
  ["the tick rate", `export { tickRate } from "${ENTRY}"`, 1_000],
  ["nothing", `import "${ENTRY}"`, 100],
])("for a browser, %s needs no Node module and stays within its budget", async (_, line, budget) => {
  const { bytes } = await browserBundle(line, here);
  expect(bytes).toBeLessThanOrEqual(budget);
});

test("the budgets see Node's modules: the Node entry cannot be bundled for a browser", async () => {
  await expect(browserBundle('export * from "../src/node.js"', here)).rejects.toThrow(/node:/);
});

test("parse runs where there is nothing but what a web page has", async () => {
  const { script } = await browserBundle(`export { parse } from "${ENTRY}"`, here);
  const page = createContext({ ReadableStream, TextDecoder, TextEncoder, Uint8Array, crypto, performance });
  runInContext(script, page);
  const program = `(async () => {
    const line = "2025-11-02T02:14:07+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:\\n";
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(line));
        controller.close();
      },
    });
    const kinds = [];
    for await (const { events } of bundled.parse(stream, { evidence: "dropped" }))
      kinds.push(...events.map(({ kind }) => kind));
    return kinds.join();
  })()`;
  expect(await runInContext(program, page)).toBe("e1000e.hang");
});
