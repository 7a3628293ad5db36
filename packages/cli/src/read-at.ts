import { open, stat } from "node:fs/promises";

/** Bytes of a regular file from an offset on, at most so many; null for anything else, and for what cannot be read. */
export async function readAt(path: string, offset: number, length: number): Promise<Uint8Array | null> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true) return null;
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } catch {
    return null;
  } finally {
    await file.close();
  }
}
