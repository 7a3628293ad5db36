import { civilToMs } from "../clock/civil.js";
import type { StampClock } from "../clock/stamp-clock.js";
import type { FormName } from "../model/evidence.js";
import { type EventTime, NO_TIME } from "../model/time.js";
import { DEFAULT_MAX_LINE_BYTES } from "./bounded-bytes.js";
import { type CutLine, LineCutter } from "./line-cutter.js";
import { plainLine } from "./plain-line.js";
import type { RecordReader, RecordReaderOptions, RecordSink } from "./record-reader.js";

export interface TaskLogReaderOptions extends RecordReaderOptions {
  readonly clock: StampClock;
  /** Start and node of the task, where the file's name is its UPID. */
  readonly task: { readonly startMs: number; readonly node: string } | null;
}

/** The only absolute times of a task log (pve-manager, PVE/VZDump.pm, since 5.4-5), local. */
const TIMED = /^INFO: (?:Backup (?:started|finished)|Failed) at (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;
/** Lines whose time is in the line below them. */
const TIMED_BELOW = /^(?:INFO: (?:Starting|Finished) Backup of VM \d|ERROR: Backup of VM \d)/;

/** Reads the log of one vzdump task: lines without stamps, which take the time of the nearest line that has one. */
export class TaskLogReader implements RecordReader {
  readonly form: FormName = "pve-task-log";
  readonly #options: TaskLogReaderOptions;
  readonly #sink: RecordSink;
  readonly #cutter: LineCutter;
  readonly #decoder = new TextDecoder();
  #time: EventTime;
  #held: { readonly cut: Omit<CutLine, "bytes">; readonly text: string } | null = null;

  constructor(options: TaskLogReaderOptions, sink: RecordSink) {
    this.#options = options;
    this.#sink = sink;
    this.#time = options.task === null ? NO_TIME : neighbour(options.task.startMs);
    this.#cutter = new LineCutter(options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES, (line) => this.#line(line));
  }

  get lines(): number {
    return this.#cutter.lines;
  }

  push(chunk: Uint8Array): void {
    this.#cutter.push(chunk);
  }

  end(): void {
    this.#cutter.end();
    this.#release();
  }

  #line(cut: CutLine): void {
    const text = plainLine(this.#decoder.decode(cut.bytes)).trim();
    const at = text.search(/\b(?:INFO|ERROR): (?:Backup (?:started|finished) at|Failed at)/);
    const timed = TIMED.exec(at > 0 ? text.slice(at) : text);
    if (timed !== null) {
      const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = timed.slice(1).map(Number);
      const civil = { year, month, day, hour, minute, second, millisecond: 0 };
      if (!Number.isNaN(civilToMs(civil))) {
        const read = this.#options.clock.read({ civil, hasYear: true, resolutionMs: 1000, computed: false }, null);
        this.#time = read;
      }
    }
    this.#release();
    if (TIMED_BELOW.test(at > 0 ? text.slice(at) : text)) this.#held = { cut, text };
    else this.#hand(cut, text);
  }

  #release(): void {
    if (this.#held === null) return;
    const { cut, text } = this.#held;
    this.#held = null;
    this.#hand(cut, text);
  }

  #hand(cut: Omit<CutLine, "bytes">, text: string): void {
    if (text === "") return;
    const { evidence, task } = this.#options;
    const provenance = { evidence, line: cut.number, byteOffset: cut.byteOffset, byteLength: cut.byteLength };
    this.#sink.record({
      message: text,
      time: this.#time,
      host: task?.node ?? null,
      bootId: null,
      identifier: "vzdump",
      pid: null,
      priority: null,
      device: null,
      trust: "claimed",
      provenance,
    });
  }
}

function neighbour(unixMs: number): EventTime {
  return { unixMs, bootMs: null, source: "neighbour", uncertaintyMs: 60_000, year: null };
}
