let count = 0;

/**
 * Counts work that may wait for another process for ever: opening a named pipe, writing to a reader that does not read.
 * Where a thread of Node's waits, `process.exit` would wait, too; only a signal ends it.
 */
export async function waiting<Value>(work: Promise<Value>): Promise<Value> {
  count += 1;
  try {
    return await work;
  } finally {
    count -= 1;
  }
}

/** Whether some of that work is under way. */
export function isWaiting(): boolean {
  return count > 0;
}
