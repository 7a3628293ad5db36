import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withOutput } from "../../../scripts/docs/guide.mjs";

test("docs/guide.md shows what its commands print (npm run docs)", () => {
  const guide = readFileSync(new URL("../../../docs/guide.md", import.meta.url), "utf8");
  expect(guide.match(/^\$ hangproof /gm)?.length).toBeGreaterThan(5);
  expect(withOutput(guide)).toBe(guide);
});

test("a command of the guide that is not hangproof's own is refused", () => {
  expect(() => withOutput("```console\n$ rm x\n```")).toThrow("runs hangproof only");
});
