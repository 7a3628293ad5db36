import type { FormName } from "../model/evidence.js";
import { NO_TIME } from "../model/time.js";
import { DEFAULT_MAX_LINE_BYTES } from "./bounded-bytes.js";
import { type CutLine, LineCutter } from "./line-cutter.js";
import type { RecordReader, RecordReaderOptions, RecordSink } from "./record-reader.js";

/** Files that are no logs, each line a record: configuration, task indexes. The identifier says what they are. */
export class PlainRecordsReader implements RecordReader {
  readonly form: FormName;
  readonly #cutter: LineCutter;
  readonly #decoder = new TextDecoder();

  constructor(form: FormName, identifier: string, options: RecordReaderOptions, sink: RecordSink) {
    this.form = form;
    this.#cutter = new LineCutter(options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES, (cut: CutLine) => {
      const message = this.#decoder.decode(cut.bytes).trim();
      if (message === "" || message.startsWith("#")) return;
      const provenance = {
        evidence: options.evidence,
        line: cut.number,
        byteOffset: cut.byteOffset,
        byteLength: cut.byteLength,
      };
      const nobody = { host: null, bootId: null, pid: null, priority: null, device: null } as const;
      sink.record({ message, time: NO_TIME, ...nobody, identifier, trust: "claimed", provenance });
    });
  }

  get lines(): number {
    return this.#cutter.lines;
  }

  push(chunk: Uint8Array): void {
    this.#cutter.push(chunk);
  }

  end(): void {
    this.#cutter.end();
  }
}
