import { civilToMs, isCivilTime } from "../clock/civil.js";
import type { StampClock } from "../clock/stamp-clock.js";
import { DEFAULT_MAX_LINE_BYTES } from "../formats/bounded-bytes.js";
import { type CutLine, LineCutter } from "../formats/line-cutter.js";
import type { RecordReader, RecordReaderOptions, RecordSink } from "../formats/record-reader.js";
import type { DiagnosticCode } from "../model/diagnostic.js";
import type { FormName } from "../model/evidence.js";
import type { LineForm, LineRecord } from "../model/pack.js";
import { type EventTime, NO_TIME } from "../model/time.js";

/** First bytes of an input, by which a pack tells its form. */
const TOLD_BY_BYTES = 16_384;
const TOLD_BY_LINES = 20;

/** The form of a pack that an input has, by its head; null: none of them. One that throws has not seen its form. */
export function formOf<Form extends LineForm>(forms: readonly Form[], head: Uint8Array): Form | null {
  if (forms.length === 0) return null;
  const lines = new TextDecoder().decode(head.subarray(0, TOLD_BY_BYTES)).split(/\r?\n/);
  const isCut = head.length > TOLD_BY_BYTES || lines.at(-1) === "";
  const first = lines.slice(0, isCut && lines.length > 1 ? -1 : lines.length).slice(0, TOLD_BY_LINES);
  return (
    forms.find((form) => {
      try {
        return form.isOne(first);
      } catch {
        return false;
      }
    }) ?? null
  );
}

/** Reads a form of which every line is a record, as a pack says. Memory: one line. */
export class LineFormReader implements RecordReader {
  readonly form: FormName = "pack";
  readonly #form: LineForm & { readonly pack: string };
  readonly #options: RecordReaderOptions & { readonly clock: StampClock };
  readonly #sink: RecordSink;
  readonly #cutter: LineCutter;
  readonly #decoder = new TextDecoder();

  constructor(
    form: LineForm & { readonly pack: string },
    options: RecordReaderOptions & { readonly clock: StampClock },
    sink: RecordSink,
  ) {
    this.#form = form;
    this.#options = options;
    this.#sink = sink;
    this.#cutter = new LineCutter(options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES, (cut) => this.#line(cut));
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

  #line(cut: CutLine): void {
    if (cut.overflowed)
      this.#fault(cut, "line.too_long", `a line of ${cut.byteLength} bytes; its head was read (limit maxLineBytes)`);
    const text = this.#decoder.decode(cut.bytes).replace(/\r$/, "");
    let read: LineRecord | null;
    try {
      read = this.#form.read(text);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#fault(cut, "pack.failed", `${this.#form.pack}: ${this.#form.name} threw ${why}`);
      return;
    }
    if (read === null) return;
    const { message, host = null, identifier = null, pid = null } = read;
    const { evidence } = this.#options;
    this.#sink.record({
      message,
      time: this.#timeOf(read, cut),
      host,
      bootId: null,
      identifier,
      pid,
      priority: null,
      device: null,
      trust: "claimed",
      provenance: { evidence, line: cut.number, byteOffset: cut.byteOffset, byteLength: cut.byteLength },
    });
  }

  #timeOf({ stamp }: LineRecord, cut: CutLine): EventTime {
    if (stamp === null) return NO_TIME;
    const { resolutionMs } = this.#form;
    if (typeof stamp === "number") {
      if (Number.isFinite(stamp))
        return { unixMs: stamp, bootMs: null, source: "offset", uncertaintyMs: resolutionMs, year: null };
    } else {
      const civil = { ...stamp, millisecond: stamp.millisecond ?? 0 };
      if (isCivilTime(civil) && Number.isFinite(civilToMs(civil)))
        return this.#options.clock.read({ civil, hasYear: true, resolutionMs, computed: false }, null);
    }
    this.#fault(cut, "time.unreadable", `${this.#form.pack}: ${this.#form.name} gave a stamp that names no time`);
    return NO_TIME;
  }

  #fault({ number, byteOffset }: CutLine, code: DiagnosticCode, detail: string): void {
    this.#sink.diagnostic({ code, evidence: this.#options.evidence, line: number, byteOffset, detail });
  }
}
