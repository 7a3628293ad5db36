import { expect, test } from "vitest";
import { drawForest, type Forest, forestScale } from "../src/layout/forest.js";
import { blocksPage } from "../src/output/html/frame.js";
import { markdownOf } from "../src/output/markdown.js";
import { renderBlocks } from "../src/output/text.js";

const row = (label: string, value: number, lower: number, upper: number | null, counted: number | null = null) => ({
  label,
  value,
  lower,
  upper,
  counted,
});
const FOREST: Forest = {
  rows: [row("web1", 10, 3, 30, 100), row("web2", 1, 0, null)],
  reference: 5,
  unit: "Hangs per 1,000 hours",
};
const label = (text: string, most: number): string => text.slice(0, most);

test("a forest plot has points, intervals, counts and the mean where the scale has them", () => {
  expect(drawForest(FOREST, 60, label)).toEqual([
    expect.stringMatching(/^web1 .*─+●─+ +○$/),
    expect.stringMatching(/^web2 {24,}─*●─+$/),
    expect.stringMatching(/^ +1 +10 +/),
  ]);
  const [first = ""] = drawForest(FOREST, 60, label)!;
  const scale = forestScale(FOREST);
  const at = (value: number): number => 29 + Math.round(scale.place(value) * 30);
  expect([first[at(10)], first[at(3)], first[at(30)]]).toEqual(["●", "─", "─"]);
  expect([scale.place(0), scale.place(1e9)]).toEqual([0, 1]);
});

test("without room, and where drawings are not wanted, there is none", () => {
  expect(drawForest(FOREST, 40, label)).toBeNull();
  expect(renderBlocks([{ kind: "forest", forest: FOREST }], { width: 100, colour: false, plain: true })).toBe("\n");
});

test("names from a log stay text in every form", () => {
  const name = '\u001b[31m<img src=x onerror="a">```\n';
  const forest = { ...FOREST, rows: [row(name, 1, 0.5, 2)] };
  const block = { kind: "forest", forest } as const;
  const text = renderBlocks([block], { width: 100, colour: false, plain: false });
  expect(text).not.toContain("\u001b");
  const markdown = markdownOf([block]);
  expect(markdown.split("\n").filter((line) => line.startsWith("```"))).toHaveLength(2);
  const page = blocksPage("fleet", [block]);
  expect(page).not.toContain("<img");
  expect(page).toContain('role="img"');
  expect(page).toMatch(/aria-label="Hangs per 1,000 hours\. .*: 1, 0\.5 to 2"/);
});
