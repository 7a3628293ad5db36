import type { LogRecord } from "../model/record.js";

/** Physical lines that one message may be wrapped over. */
const MOST_LINES = 3;

/**
 * Rejoins messages that a mail program wrapped, in input without log form, where each physical line is a record of its
 * own. A line that reads better with the next one is joined to it. Memory: three records.
 */
export class WrappedLines {
  readonly #score: (record: LogRecord) => 0 | 1 | 2;
  readonly #read: (record: LogRecord) => void;
  #held: LogRecord[] = [];

  /**
   * @param score 0: names the driver and is not understood; 1: understood, and seems cut; 2: whole, or of no interest
   */
  constructor(score: (record: LogRecord) => 0 | 1 | 2, read: (record: LogRecord) => void) {
    this.#score = score;
    this.#read = read;
  }

  push(record: LogRecord, isBare: boolean): void {
    const last = this.#held.at(-1);
    const own = isBare ? this.#score(record) : 2;
    if (last !== undefined) {
      const isNext = isBare && record.provenance.line - last.provenance.line <= 2;
      if (isNext && own === 2) {
        const whole = joined([...this.#held, record]);
        const score = this.#score(whole);
        if (score === 2) {
          this.#held = [];
          this.#read(whole);
          return;
        }
        if (score === 0 && this.#held.length + 1 < MOST_LINES) {
          this.#held.push(record);
          return;
        }
      }
      this.flush();
    }
    if (own < 2) this.#held = [record];
    else this.#read(record);
  }

  /** No line follows: what is held is read as it is. */
  flush(): void {
    const held = this.#held;
    this.#held = [];
    for (const record of held) this.#read(record);
  }
}

function joined(records: readonly LogRecord[]): LogRecord {
  const first = records[0] as LogRecord;
  const last = records.at(-1) as LogRecord;
  return {
    ...first,
    message: records.map((record) => record.message.trim()).join(" "),
    provenance: {
      ...first.provenance,
      byteLength: last.provenance.byteOffset + last.provenance.byteLength - first.provenance.byteOffset,
    },
  };
}
