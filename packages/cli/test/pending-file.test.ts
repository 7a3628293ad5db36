import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFile } from "../src/pending-file.js";
import { BrokenPipe, streamWriter } from "../src/stdio.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the old content stands until the new one is whole", async () => {
  const path = join(folder, "report.txt");
  writeFileSync(path, "old");
  chmodSync(path, 0o600);
  const file = await createFile(path);
  await file.write("ne");
  await file.write("w");
  expect(readFileSync(path, "utf8")).toBe("old");
  await file.commit();
  await file.discard();
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["report.txt"]);
});

test("what is discarded leaves nothing behind", async () => {
  const file = await createFile(join(folder, "report.txt"));
  await file.write("half");
  await file.discard();
  expect(readdirSync(folder)).toEqual([]);
});

test("a symbolic link stays one", async () => {
  writeFileSync(join(folder, "target"), "old");
  symlinkSync("target", join(folder, "link"));
  const file = await createFile(join(folder, "link"));
  await file.write("new");
  await file.commit();
  expect(readlinkSync(join(folder, "link"))).toBe("target");
  expect(readFileSync(join(folder, "target"), "utf8")).toBe("new");
});

test("a folder, and a folder that is not there, are refused", async () => {
  await expect(createFile(folder)).rejects.toThrow("directory");
  await expect(createFile(join(folder, "no", "report.txt"))).rejects.toThrow("ENOENT");
});

test("a device is written, not replaced", async () => {
  const file = await createFile("/dev/null");
  await file.write("x");
  await file.commit();
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
});

test("a reader that goes away is told once, and every write after it rejects", async () => {
  let broken = 0;
  const stream = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })),
  });
  const write = streamWriter(stream, () => broken++);
  await expect(write("a")).rejects.toThrow();
  await new Promise(setImmediate);
  await expect(write("b")).rejects.toThrow(BrokenPipe);
  expect(broken).toBe(1);
});

test("a write resolves only when the reader has taken it", async () => {
  const taken: (() => void)[] = [];
  const write = streamWriter(new Writable({ write: (_chunk, _encoding, done) => void taken.push(done) }), () => {});
  let resolved = false;
  const pending = write("abcd").then(() => {
    resolved = true;
  });
  await new Promise(setImmediate);
  expect(resolved).toBe(false);
  taken[0]?.();
  await pending;
});
