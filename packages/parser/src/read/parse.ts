import { readUpid } from "../backups/upid.js";
import { believable } from "../clock/believable.js";
import { BootAnchor } from "../clock/boot-anchor.js";
import { StampClock } from "../clock/stamp-clock.js";
import { TimeZone } from "../clock/time-zone.js";
import { SPLIT_DUMP } from "../drivers/e1000e/whole-dump.js";
import { type Container, containerOf, DETECTION_BYTES, type Detected, detectForm } from "../formats/detect.js";
import { DmesgJsonReader } from "../formats/dmesg-json.js";
import { JournalExportReader } from "../formats/journal-export.js";
import { JournalJsonReader } from "../formats/journal-json.js";
import { JournalVerboseReader } from "../formats/journal-verbose.js";
import { KmsgReader } from "../formats/kmsg.js";
import { isOctetCounted } from "../formats/octet-cutter.js";
import { PlainRecordsReader } from "../formats/plain-records-reader.js";
import type { PassedRecords, RecordReader, RecordReaderOptions, RecordSink } from "../formats/record-reader.js";
import { TaskLogReader } from "../formats/task-log-reader.js";
import { TextReader } from "../formats/text-reader.js";
import { Utf16Transcoder, utf16Of } from "../formats/utf16.js";
import { type Diagnostic, ParserError } from "../model/diagnostic.js";
import type { KernelEvent, LogLossEvent } from "../model/event.js";
import type { EvidenceSummary, FormName } from "../model/evidence.js";
import type { Pack } from "../model/pack.js";
import { type LogRecord, mayBeKernels } from "../model/record.js";
import { type EventTime, NO_TIME, type YearSource } from "../model/time.js";
import { type ReadyPacks, readyPacks } from "../packs/compile.js";
import { formOf, LineFormReader } from "../packs/line-form-reader.js";
import { EventReader } from "./event-reader.js";
import { type Wanted, wantedWith } from "./needles.js";
import { Tally } from "./tally.js";

/** How one evidence is parsed. */
export interface ParseOptions {
  /** Label that events, diagnostics and the summary carry; default `input`. */
  readonly evidence?: string;
  /** Zone of stamps that name none: IANA name or offset; default `UTC`. */
  readonly timeZone?: string;
  /** Whether the zone is a guess; default: true without `timeZone`, else false. */
  readonly timeZoneAssumed?: boolean;
  /** Year of the first stamp of a yearless log; null or absent: not known, and said so. */
  readonly firstYear?: number | null;
  readonly yearSource?: YearSource;
  /** Overrides detection; `bare` reads lines of text in any form. */
  readonly form?: FormName;
  /**
   * Units of systemd (name or description) and commands of cron (a part of the line) whose runs are backups, beside those
   * of Proxmox.
   */
  readonly windowUnits?: readonly string[];
  /** What others add: drivers, recognisers, backup programs. Give the same array each time: it is made ready once. */
  readonly packs?: readonly Pack[];
  /** Reads every line of text instead of those that hold a literal worth it: the same result, slower. Default false. */
  readonly everyLine?: boolean;
  /** Bytes of one line that are kept; default 1 MiB. */
  readonly maxLineBytes?: number;
}

/** What one push found, in the order of the input. */
export interface Batch {
  readonly events: readonly KernelEvent[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Bytes of one evidence in, events out, synchronously. Chunks may be cut anywhere. Text is UTF-8, or UTF-16 with a byte
 * order mark: then offsets are those of the same text in UTF-8. Memory: the first 64 KiB until the
 * form is known, then one chunk and one open record.
 * @throws ParserError BAD_OPTION when the zone is unknown, or a pack is not in order
 */
export class EvidenceParser {
  readonly #options: ParseOptions;
  readonly #evidence: string;
  readonly #zone: TimeZone;
  readonly #zoneAssumed: boolean;
  readonly #clock: StampClock;
  readonly #anchor = new BootAnchor();
  readonly #packs: ReadyPacks | null;
  readonly #wanted: Wanted;
  readonly #events: EventReader;
  readonly #tally = new Tally();
  #batch: { events: KernelEvent[]; diagnostics: Diagnostic[] } = { events: [], diagnostics: [] };
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #reader: RecordReader | null = null;
  #utf16: Utf16Transcoder | null = null;
  #detected: Detected = { form: "unknown", reason: "empty" };
  #bytes = 0;
  #records = 0;
  #unset = 0;

  constructor(options: ParseOptions = {}) {
    this.#options = options;
    this.#evidence = options.evidence ?? "input";
    this.#zoneAssumed = options.timeZoneAssumed ?? options.timeZone === undefined;
    try {
      this.#zone = new TimeZone(options.timeZone ?? "UTC");
    } catch (error) {
      throw new ParserError("BAD_OPTION", `unknown time zone ${options.timeZone}`, { cause: error });
    }
    this.#clock = new StampClock({
      zone: this.#zone,
      zoneAssumed: this.#zoneAssumed,
      firstYear: options.firstYear ?? null,
      yearSource: options.yearSource ?? "caller",
    });
    const windowUnits = (options.windowUnits ?? []).filter((name) => name !== "");
    this.#packs = readyPacks(options.packs ?? []);
    this.#wanted = wantedWith(windowUnits, this.#packs?.needles);
    this.#events = new EventReader({
      evidence: this.#evidence,
      windowUnits,
      packs: this.#packs,
      isOwn: (message) => this.#reader instanceof PlainRecordsReader || this.#wanted.isOwn(message),
      onEvent: (event) => this.#event(event),
      onDiagnostic: (diagnostic) => this.#fault(diagnostic),
    });
  }

  push(chunk: Uint8Array): Batch {
    this.#bytes += chunk.length;
    if (this.#reader !== null) this.#reader.push(this.#utf16?.push(chunk) ?? chunk);
    else {
      this.#head.push(chunk.slice());
      this.#headBytes += chunk.length;
      if (this.#headBytes >= DETECTION_BYTES) this.#begin();
    }
    return this.#take();
  }

  /**
   * The input is live and was silent for a while: what came last is whole. Hands over what waited for a line that may have
   * followed; pushing may go on. A message that does go on is told in two.
   */
  settle(): Batch {
    if (this.#reader === null && this.#headBytes > 0) this.#begin();
    this.#reader?.settle?.();
    this.#events.end();
    return this.#take();
  }

  /**
   * Records of a container that is read by its index, instead of bytes, or how many there were that nobody wants; and what
   * its reader found wrong or missing.
   */
  pushRecords(
    records: Iterable<LogRecord | PassedRecords>,
    faults: Iterable<Diagnostic>,
    losses: Iterable<LogLossEvent> = [],
  ): Batch {
    this.#detected = { form: this.#options.form ?? "unknown", reason: "begins with LPKSHHRH" };
    for (const loss of losses) this.#event(loss);
    for (const record of records) {
      if ("records" in record) this.#passed(record);
      else this.#record(record);
    }
    for (const fault of faults) this.#fault(fault);
    return this.#take();
  }

  end(): Batch {
    if (this.#reader === null && this.#headBytes > 0) this.#begin();
    if (this.#utf16 !== null) this.#reader?.push(this.#utf16.end());
    this.#reader?.end();
    this.#events.end();
    if (this.#clock.ambiguous > 0) {
      this.#fault({
        code: "time.ambiguous",
        evidence: this.#evidence,
        line: null,
        byteOffset: null,
        detail: `${this.#clock.ambiguous} stamps fall into an hour that ${this.#zone.name} has twice or not at all`,
      });
    }
    const unset = this.#unset + (this.#reader instanceof TextReader ? this.#reader.unset : 0);
    if (unset > 0) {
      const detail = `${unset} records of a clock that was not set; their wall time is passed over`;
      this.#fault({ code: "time.unset", evidence: this.#evidence, line: null, byteOffset: null, detail });
    }
    if (this.#tally.year === "unknown") {
      const detail = "stamps without a year, and nothing tells it";
      this.#fault({ code: "time.year_unknown", evidence: this.#evidence, line: null, byteOffset: null, detail });
    }
    return this.#take();
  }

  /** What the input was and what was in it, so far. Hash and stored size are the caller's to add. */
  summary(): EvidenceSummary {
    const reader = this.#reader;
    const isText = reader instanceof TextReader;
    const records = isText ? reader.records : this.#records;
    return {
      evidence: this.#evidence,
      form: reader?.form ?? this.#detected.form,
      formReason: isText && reader.form !== "bare" ? "heads of its lines" : this.#detected.reason,
      formConfidence: isText && records > 0 ? (reader.forms[reader.form] ?? 0) / records : 1,
      forms: isText ? reader.forms : {},
      sha256: null,
      storedBytes: null,
      bytes: this.#bytes,
      lines: reader?.lines ?? 0,
      records,
      ...this.#tally.summary(this.#evidence),
      zone: this.#tally.isLocal ? this.#zone.name : null,
      zoneAssumed: this.#tally.isLocal && this.#zoneAssumed,
    };
  }

  #begin(): void {
    let head = joined(this.#head, this.#headBytes);
    this.#head = [];
    const encoding = utf16Of(head);
    if (encoding !== null) {
      this.#utf16 = new Utf16Transcoder(encoding);
      head = this.#utf16.push(head);
    }
    const container = containerOf(head);
    const form = this.#options.form;
    const ofPack = form === undefined && container === null ? formOf(this.#packs?.forms ?? [], head) : null;
    if (ofPack !== null) {
      this.#detected = { form: "pack", reason: `form ${ofPack.name} of the pack ${ofPack.pack}` };
      this.#reader = new LineFormReader(ofPack, { ...this.#readerOptions(), clock: this.#clock }, this.#sink());
    } else {
      this.#detected = form === undefined ? detectForm(head, this.#evidence) : { form, reason: "as the caller says" };
      this.#reader =
        container === null ? this.#readerFor(this.#detected.form, isOctetCounted(head)) : this.#refuse(container);
    }
    this.#reader.push(head);
  }

  #refuse(container: Container): RecordReader {
    this.#detected = { form: "unknown", reason: `${container.name} data` };
    const way = container.command === null ? "" : `; read it with: ${container.command} FILE | hangproof report -`;
    const detail = `${container.name} data, which is not read here${way}`;
    this.#fault({ code: "input.unsupported", evidence: this.#evidence, line: null, byteOffset: null, detail });
    return new PlainRecordsReader(
      "unknown",
      "",
      { evidence: this.#evidence },
      { record: () => {}, diagnostic: () => {} },
    );
  }

  #readerOptions(): RecordReaderOptions {
    const { maxLineBytes } = this.#options;
    return {
      evidence: this.#evidence,
      ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
      scanner: this.#options.everyLine === true ? null : this.#wanted.scanner,
    };
  }

  #sink(): RecordSink {
    return {
      record: (record) => this.#record(record),
      diagnostic: (diagnostic) => this.#fault(diagnostic),
      passed: (records) => this.#passed(records),
      loss: ({ count, what, provenance }) => {
        const nobody = { host: null, bootId: null, trust: "kernel" } as const;
        this.#event({ kind: "log.loss", time: NO_TIME, ...nobody, provenance, what, count, sinceMs: null });
      },
    };
  }

  #readerFor(form: FormName, octetCounted: boolean): RecordReader {
    const base = this.#readerOptions();
    const sink = this.#sink();
    switch (form) {
      case "journal-export":
        return new JournalExportReader(base, sink);
      case "journal-json":
        return new JournalJsonReader({ ...base, ...(this.#wanted.isJsonSafe ? {} : { scanner: null }) }, sink);
      case "journal-verbose":
        return new JournalVerboseReader(base, sink);
      case "dmesg-json":
        return new DmesgJsonReader(base, sink);
      case "kmsg":
        return new KmsgReader(base, sink);
      case "pve-task-log": {
        const upid = readUpid(this.#evidence);
        return new TaskLogReader({ ...base, clock: this.#clock, task: upid }, sink);
      }
      case "pve-task-index":
        return new PlainRecordsReader(form, "pve-task-index", base, sink);
      case "modprobe-config":
        return new PlainRecordsReader(form, "modprobe.d", base, sink);
      case "kernel-command-line":
        return new PlainRecordsReader(form, "cmdline", base, sink);
      case "interfaces-config":
        return new PlainRecordsReader(form, "interfaces", base, sink);
      case "systemd-unit":
        return new PlainRecordsReader(form, "systemd-unit", base, sink);
      case "systemd-link":
        return new PlainRecordsReader(form, "systemd-link", base, sink);
      case "machine-id": {
        const record = ({ message }: LogRecord): void => {
          this.#records += 1;
          this.#tally.machine(message.toLowerCase(), null);
        };
        return new PlainRecordsReader(form, form, base, { ...sink, record });
      }
      case "ethtool-output":
        return new PlainRecordsReader(form, "ethtool-output", base, sink);
      default:
        return new TextReader(
          {
            ...base,
            clock: this.#clock,
            anchor: this.#anchor,
            octetCounted,
            ...(this.#options.everyLine === true ? {} : { split: SPLIT_DUMP }),
            isWanted: this.#wanted.holds,
            onHeader: ({ form, host, identifier, pid }, time, records) => {
              this.#tally.starts(form, time);
              this.#tally.heard(host, pid === null ? identifier : null, time, records);
            },
          },
          {
            ...sink,
            record: (record) => {
              this.#tally.boot(record.bootId);
              this.#events.push(record);
            },
          },
        );
    }
  }

  #record(record: LogRecord): void {
    this.#records += 1;
    this.#tally.boot(record.bootId);
    if (record.machineId !== undefined) this.#tally.machine(record.machineId, record.host);
    this.#tally.starts(this.#detected.form, record.time);
    const isKernelForm = record.trust === "kernel" || (record.identifier === "kernel" && mayBeKernels(record));
    const time = this.#timeOf(record, isKernelForm);
    this.#tally.heard(record.host, isKernelForm ? "kernel" : record.identifier, time);
    if (this.#reader instanceof PlainRecordsReader || this.#wanted.holds(record.message))
      this.#events.push(time === record.time ? record : { ...record, time });
  }

  /** Ring buffers are tied to wall time by what they hold; a wall clock that was not set is none. */
  #timeOf(record: LogRecord, isKernel: boolean): EventTime {
    const { time, message } = record;
    const { unixMs, bootMs } = time;
    if (unixMs === null && bootMs !== null && record.bootId === null) {
      const tied = this.#anchor.time(bootMs);
      if (isKernel) this.#anchor.look(message, bootMs);
      return tied;
    }
    const believed = believable(time);
    if (believed !== time) this.#unset += 1;
    return believed;
  }

  #event(event: KernelEvent): void {
    this.#tally.event(event);
    this.#batch.events.push(event);
  }

  #passed(records: PassedRecords): void {
    this.#records += records.records;
    this.#tally.passed(records);
  }

  #fault(diagnostic: Diagnostic): void {
    this.#tally.fault(diagnostic);
    this.#batch.diagnostics.push(diagnostic);
  }

  #take(): Batch {
    const batch = this.#batch;
    this.#batch = { events: [], diagnostics: [] };
    return batch;
  }
}

/**
 * Reads one evidence from a stream of chunks: one batch for each chunk that found anything, and the summary as the
 * generator's return value. Leaving the loop early closes the source.
 */
export async function* parse(
  source: AsyncIterable<Uint8Array>,
  options: ParseOptions = {},
): AsyncGenerator<Batch, EvidenceSummary, void> {
  const parser = new EvidenceParser(options);
  for await (const chunk of source) {
    const batch = parser.push(chunk);
    if (batch.events.length > 0 || batch.diagnostics.length > 0) yield batch;
  }
  yield parser.end();
  return parser.summary();
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
