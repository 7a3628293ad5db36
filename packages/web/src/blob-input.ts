import { pagedAccess } from "@hangproof/parser";
import { type FileAccess, type FileAccessOptions, fromReadable, type Input } from "@hangproof/parser/open";
import { reasonOf } from "./platform.js";
import type { PickedFile, StoredFile } from "./selection.js";

/** What only a worker has: look-ups in a journal are chains of small reads, and cannot wait for a promise each. */
interface WorkerScope {
  readonly FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
}

/** A picked file as the parser wants it. Nothing is read before it is asked for, and never the whole at once. */
export function blobInput({ label, folder, file }: PickedFile): Input {
  return {
    label,
    folder,
    size: file.size,
    modifiedMs: file.lastModified,
    open: ({ bytes = file.size } = {}) => fromReadable(file.slice(0, bytes).stream()),
    openAccess: (options) => blobAccess(file, options),
    hashBeside: null,
  };
}

function blobAccess(file: StoredFile, options: FileAccessOptions = {}): FileAccess {
  const { onReadError } = options;
  const reader = new (globalThis as unknown as WorkerScope).FileReaderSync();
  const readAt = (offset: number, target: Uint8Array): number => {
    try {
      const bytes = new Uint8Array(reader.readAsArrayBuffer(file.slice(offset, offset + target.length)));
      target.set(bytes);
      return bytes.length;
    } catch (error) {
      if (onReadError === undefined) throw error;
      onReadError(reasonOf(error));
      return 0;
    }
  };
  const access = pagedAccess(file.size, readAt, options);
  return { size: file.size, read: (offset, length) => access.read(offset, length), close: () => {} };
}
