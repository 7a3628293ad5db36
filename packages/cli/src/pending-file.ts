import { randomBytes } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { PendingFile } from "./context.js";
import { waiting } from "./waiting.js";

/**
 * Writes beside the target and renames: whoever opens the name sees the old content or the new, never a part.
 * Follows a symbolic link to its target, keeps the mode of a file that is there, and writes devices and pipes directly.
 * @throws the file system's error
 */
export async function createFile(path: string): Promise<PendingFile> {
  const target = await realpath(path).catch(() => path);
  const existing = await stat(target).catch(() => null);
  if (existing?.isDirectory() === true) throw new Error("it is a directory");
  if (existing !== null && !existing.isFile()) return directFile(target);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  const handle = await open(temporary, "wx", existing === null ? 0o666 : existing.mode & 0o777);
  let done = false;
  return {
    path: temporary,
    write: async (text) => void (await handle.writeFile(text)),
    commit: async () => {
      await handle.sync();
      await handle.close();
      await rename(temporary, target);
      done = true;
    },
    discard: async () => {
      if (done) return;
      done = true;
      await handle.close().catch(() => {});
      await rm(temporary, { force: true });
    },
  };
}

async function directFile(path: string): Promise<PendingFile> {
  const handle = await waiting(open(path, "w"));
  const close = () => handle.close().catch(() => {});
  return { path, write: async (text) => void (await waiting(handle.writeFile(text))), commit: close, discard: close };
}
