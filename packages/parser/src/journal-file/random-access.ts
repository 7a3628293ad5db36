/** Bytes that can be read at any offset. Synchronous: a look-up in a journal is a chain of small dependent reads. */
export interface RandomAccess {
  /** Total bytes. */
  readonly size: number;
  /**
   * The bytes from `offset` on: `length` of them, fewer where the data ends (none behind the end). The result may be a view
   * of a cache: it holds until the next read, and the caller must not write into it.
   */
  read(offset: number, length: number): Uint8Array;
  /** Fills `target` with the bytes from `offset` on, past any cache; returns how many there were. Absent: `read` is used. */
  readInto?(offset: number, target: Uint8Array): number;
}

/** Bytes that are in memory. Reads are views and cost nothing. */
export function memoryAccess(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
  };
}

/** How much of a file is kept in memory. */
export interface PagedAccessOptions {
  /** A power of two is kind to disks; small, since look-ups in an index are far apart. Default 4 KiB. */
  readonly pageBytes?: number;
  /** Pages kept, rounded up to an even number. Default 1024 (4 MiB with the default page). */
  readonly pages?: number;
}

/**
 * Random access over positioned reads, through a cache of pages, each of which has two places where it may stand (a
 * two-way set-associative cache): memory is pages × pageBytes and whatever one read asks for.
 * @param size - bytes of the file when it was opened; what is appended later is not seen
 * @param readAt - fills `target` from `offset` on and returns how many bytes it got; fewer only at the end
 * @throws what `readAt` throws
 */
export function pagedAccess(
  size: number,
  readAt: (offset: number, target: Uint8Array) => number,
  options: PagedAccessOptions = {},
): Required<RandomAccess> {
  const pageBytes = options.pageBytes ?? 4096;
  const limit = options.pages ?? 1024;
  const sets = Math.max(1, Math.ceil(limit / 2));
  /** By set: the page used last, and the one before. */
  const indexes = new Float64Array(sets * 2).fill(-1);
  const pages = new Array<Uint8Array>(sets * 2).fill(new Uint8Array(0));

  /** Reads a page to where an older one stood: new memory for each would be garbage by gigabytes. */
  const pageInto = (older: Uint8Array, index: number): Uint8Array => {
    const { buffer } = older.buffer.byteLength === 0 ? new Uint8Array(Math.min(pageBytes, size)) : older;
    const target = new Uint8Array(buffer, 0, Math.min(pageBytes, size - index * pageBytes));
    return target.subarray(0, readAt(index * pageBytes, target));
  };

  const page = (index: number): Uint8Array => {
    const at = (index % sets) * 2;
    if (indexes[at] === index) return pages[at]!;
    let found = pages[at + 1]!;
    if (indexes[at + 1] !== index) {
      // Where reading fails, the older page is gone, too.
      indexes[at + 1] = -1;
      found = pageInto(found, index);
    }
    indexes[at + 1] = indexes[at]!;
    pages[at + 1] = pages[at]!;
    indexes[at] = index;
    pages[at] = found;
    return found;
  };

  return {
    size,
    readInto: (offset, target) => readAt(offset, target.subarray(0, Math.max(0, size - offset))),
    read(offset, length) {
      const end = Math.min(offset + length, size);
      if (end <= offset) return new Uint8Array(0);
      const first = Math.floor(offset / pageBytes);
      const last = Math.floor((end - 1) / pageBytes);
      if (first === last) return page(first).subarray(offset - first * pageBytes, end - first * pageBytes);
      const bytes = new Uint8Array(end - offset);
      // A long payload is read past the cache, which it would only flush.
      if (last - first >= limit / 4) return bytes.subarray(0, readAt(offset, bytes));
      for (let index = first; index <= last; index++) {
        const start = Math.max(offset, index * pageBytes);
        const part = page(index).subarray(start - index * pageBytes, end - index * pageBytes);
        bytes.set(part, start - offset);
        if (start + part.length < Math.min(end, (index + 1) * pageBytes)) {
          return bytes.subarray(0, start + part.length - offset);
        }
      }
      return bytes;
    },
  };
}
