import { expect, test } from "vitest";
import { SCANNED } from "../../src/read/needles.js";
import { planScan } from "../../src/scan/plan.js";

test("the parser's needles stand where planning places them (vitest -u writes them anew)", async () => {
  const places = planScan(SCANNED).needles.map(({ at, bucket }) => `  [${at}, ${bucket}],`);
  const text = `/** Made by test/scan/needle-places.test.ts: what planning takes at every start else; see \`planScan\`. */
export const NEEDLE_PLACES: readonly (readonly [at: number, bucket: number])[] = [
${places.join("\n")}
];
`;
  await expect(text).toMatchFileSnapshot("../../src/read/needle-places.ts");
});
