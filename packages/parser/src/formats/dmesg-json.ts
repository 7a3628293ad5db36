import type { DiagnosticCode } from "../model/diagnostic.js";
import type { FormName } from "../model/evidence.js";
import { isUtf8 } from "../scan/utf8.js";
import { DEFAULT_MAX_LINE_BYTES } from "./bounded-bytes.js";
import { decodeUtf8 } from "./journal-fields.js";
import { parseObject } from "./journal-json.js";
import { type CutObject, JsonObjectCutter } from "./json-object-cutter.js";
import { bootTime, readSyslogTag } from "./kernel-record.js";
import type { RecordReader, RecordReaderOptions, RecordSink } from "./record-reader.js";

/** util-linux, sys-utils/dmesg.c, level_names. */
const LEVELS: readonly string[] = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];
/** Where the next record starts in the text of dmesg 2.38 and 2.39 with -F or -S, see below. */
const NEXT_RECORD = /\n<\d{1,4}>/;

/**
 * `dmesg -J` (util-linux 2.38 on): one object with an array `dmesg` of records. Times are boot-relative. Message bytes
 * that are not UTF-8 stand in the file raw. dmesg 2.38 and 2.39 with -F or -S write into every `msg` the rest of the
 * whole buffer: only its first record is taken, and of an object longer than `maxLineBytes` its head when that is enough.
 * Memory: one object up to `maxLineBytes`.
 */
export class DmesgJsonReader implements RecordReader {
  readonly form: FormName = "dmesg-json";
  private readonly evidence: string;
  private readonly sink: RecordSink;
  private readonly cutter: JsonObjectCutter;
  /** Written by dmesg 2.38 or 2.39 from syslog(2) text. */
  private hasWholeBuffer = false;

  constructor(options: RecordReaderOptions, sink: RecordSink) {
    this.evidence = options.evidence;
    this.sink = sink;
    this.cutter = new JsonObjectCutter(options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES, true, {
      object: (object) => this.read(object),
      damage: (line, offset, detail) => this.diagnose("record.damaged", line, offset, detail),
      truncated: (line, offset) => this.diagnose("input.truncated", line, offset, "the last object is not complete"),
    });
  }

  get lines(): number {
    return this.cutter.lines;
  }

  push(chunk: Uint8Array): void {
    this.cutter.push(chunk);
  }

  end(): void {
    this.cutter.end();
  }

  private read(object: CutObject): void {
    const { line, byteOffset, byteLength } = object;
    const bytes = object.overflowed ? closeAtNextRecord(object.bytes) : object.bytes;
    if (bytes === null) {
      this.diagnose(
        "line.too_long",
        line,
        byteOffset,
        `an object of ${byteLength} bytes was passed over (limit maxLineBytes)`,
      );
      return;
    }
    const entry = parseObject(decodeUtf8(bytes));
    const text = entry?.msg;
    if (entry === null || typeof text !== "string") {
      this.diagnose("record.damaged", line, byteOffset, "no dmesg record");
      return;
    }
    const next = text.search(NEXT_RECORD);
    this.hasWholeBuffer ||= next !== -1 || object.overflowed;
    // The last record of such a buffer still has the line feed that ends it.
    const end = next === -1 && this.hasWholeBuffer && text.endsWith("\n") ? text.length - 1 : next;
    const message = end === -1 ? text : text.slice(0, end);
    if (message.includes("\ufffd") && !isUtf8(bytes)) {
      this.diagnose("utf8.invalid", line, byteOffset, "msg has bytes that are not UTF-8");
    }
    const { isKernel, priority } = readPriority(entry.fac, entry.pri);
    const time = entry.time;
    this.sink.record({
      ...(isKernel ? { message, identifier: "kernel", pid: null } : readSyslogTag(message)),
      time: bootTime(typeof time === "number" && time >= 0 ? Math.round(time * 1e6) : null),
      host: null,
      bootId: null,
      priority,
      device: null,
      trust: isKernel ? "kernel" : "claimed",
      provenance: { evidence: this.evidence, line, byteOffset, byteLength },
    });
  }

  private diagnose(code: DiagnosticCode, line: number, byteOffset: number, detail: string): void {
    this.sink.diagnostic({ code, evidence: this.evidence, line, byteOffset, detail });
  }
}

/** `pri` is facility × 8 + level, or with -x the level's name beside `fac`. A record that names no facility is nobody's. */
function readPriority(facility: unknown, level: unknown): { isKernel: boolean; priority: number | null } {
  if (typeof level === "number" && Number.isSafeInteger(level) && level >= 0) {
    return { isKernel: level < 8, priority: level % 8 };
  }
  const priority = typeof level === "string" ? LEVELS.indexOf(level) : -1;
  return { isKernel: facility === "kern", priority: priority === -1 ? null : priority };
}

/** The head of a long object as an object of its own, when the text goes on with another record; else null. */
function closeAtNextRecord(bytes: Uint8Array): Uint8Array | null {
  const text = decodeUtf8(bytes);
  const start = text.indexOf('"msg":');
  const next = start === -1 ? null : /[^\\](?:\\\\)*(\\n<\d{1,4}>)/.exec(text.slice(start));
  if (next === null) return null;
  const end = start + next.index + next[0].length - (next[1]?.length ?? 0);
  return new TextEncoder().encode(`${text.slice(0, end)}"}`);
}
