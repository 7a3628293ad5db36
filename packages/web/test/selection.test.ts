import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { findInputs } from "../../parser/src/node/find-inputs.js";
import { pickedOf } from "../src/dropped.js";
import { Selection, type StoredFile } from "../src/selection.js";

const file = (lastModified = 0): StoredFile => Object.assign(new Blob(["x"]), { lastModified });
const labels = (selection: Selection): string[] => selection.files.map(({ label }) => label);

test("a folder's files have the names and the order that the command gives them, whatever order they come in", () => {
  const paths = ["b/2", "b/10", "b.log", "a", "Z", "b-c/x", "b/ä", "b/UPID:pve1:0:", "shot.png", "b/page.HTML", "é"];
  const above = mkdtempSync(join(tmpdir(), "hangproof-selection-"));
  for (const path of paths) {
    mkdirSync(dirname(join(above, path)), { recursive: true });
    writeFileSync(join(above, path), "");
  }
  const told = findInputs([above], () => {}).map(({ label }) => label.slice(above.length + 1));
  rmSync(above, { recursive: true });
  const selection = new Selection();
  selection.add({ name: "logs", files: [...paths].reverse().map((path) => ({ path, file: file() })) });
  expect(labels(selection)).toEqual(told.map((path) => `logs/${path}`));
  expect(new Set(selection.files.map(({ folder }) => folder))).toEqual(new Set(["logs"]));
});

test("a file that is named is read whatever it is called, and stays apart from another of its name", () => {
  const selection = new Selection();
  const [first, second] = [file(1), file(2)];
  selection.add({ name: "kern.png", files: [{ path: null, file: first }] });
  selection.add({ name: "kern.png", files: [{ path: null, file: second }] });
  expect(labels(selection)).toEqual(["kern.png", "kern.png (2)"]);
  expect(selection.labels).toEqual(["kern.png", "kern.png (2)"]);
});

test("no two files ever get one label", () => {
  const selection = new Selection();
  for (const name of ["a", "a (2)", "a", "a (2)", "a"])
    selection.add({ name, files: [{ path: null, file: file(selection.files.length) }] });
  expect(new Set(labels(selection)).size).toBe(5);
});

test("the same file picked again is there once; a fresh start forgets", () => {
  const selection = new Selection();
  const again = { name: "logs", files: [{ path: "kern.log", file: file() }] };
  selection.add(again);
  selection.add(again);
  expect(labels(selection)).toEqual(["logs/kern.log"]);
  selection.clear();
  expect([selection.files.length, selection.bytes]).toEqual([0, 0]);
  selection.add(again);
  expect(labels(selection)).toEqual(["logs/kern.log"]);
});

test("files of a picked folder stand together, and named files each alone", () => {
  const from = (name: string, webkitRelativePath: string) => ({ name, webkitRelativePath }) as File;
  const { roots } = pickedOf([from("x", "logs/x"), from("y", "logs/sub/y"), from("z", "")]);
  expect(roots.map(({ name, files }) => [name, files.map(({ path }) => path)])).toEqual([
    ["logs", ["x", "sub/y"]],
    ["z", [null]],
  ]);
});
