import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Runs `work` in a small file system of its own, mounted in the folder under the name `small`.
 * @param options of tmpfs, as mount(8) takes them
 * @returns false where this machine does not allow one
 */
export async function inSmallFileSystem(
  folder: string,
  options: string,
  work: (mounted: string) => Promise<void>,
): Promise<boolean> {
  const mounted = join(folder, "small");
  mkdirSync(mounted);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", options, "none", mounted]).status !== 0) return false;
  try {
    await work(mounted);
  } finally {
    execFileSync("umount", [mounted]);
  }
  return true;
}
