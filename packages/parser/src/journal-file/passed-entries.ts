import { FIRST_BELIEVABLE_MS } from "../clock/believable.js";
import { EntryOrigin } from "../formats/entry-origin.js";
import { JOURNAL_FIELDS, readDecimal, timeOfStamps } from "../formats/journal-fields.js";
import type { PassedRecords } from "../formats/record-reader.js";
import type { LogRecord } from "../model/record.js";
import { type FileEntries, type FileOrigin, MOST_LISTED, type WalkedFile } from "../scan/file-entries.js";
import { COPIED_BYTES, type LentMemory } from "../scan/lent-memory.js";
import type { Scanner } from "../scan/scanner.js";
import { isUtf8 } from "../scan/utf8.js";
import type { FieldValue } from "./entry-fields.js";
import { COMPACT } from "./layout.js";
import type { JournalEntry, ObjectReader } from "./objects.js";

/** What tells an entry's sender and time: the first field of each name. */
interface SendersFields {
  readonly message: FieldValue | undefined;
  readonly host: FieldValue | undefined;
  readonly machine: FieldValue | undefined;
  readonly transport: FieldValue | undefined;
  readonly facility: FieldValue | undefined;
  readonly identifier: FieldValue | undefined;
  readonly command: FieldValue | undefined;
  readonly sent: FieldValue | undefined;
  readonly printed: FieldValue | undefined;
  readonly printedSinceBoot: FieldValue | undefined;
}

/**
 * Counts and times entries that no recogniser wants, without making records of them: those from where one is from that
 * was read, whose message holds none of the scanner's literals. What is not sure is read; the result is that of reading
 * each (tested as a property).
 */
export class PassedEntries {
  readonly #scanner: Scanner;
  readonly #objects: ObjectReader;
  #walk: FileEntries | null;
  #origin: EntryOrigin | null = null;
  #like: FileOrigin | null = null;
  #records = 0;
  #kernelRecords = 0;
  #firstKernelMs = Number.POSITIVE_INFINITY;
  #lastKernelMs = Number.NEGATIVE_INFINITY;

  /** @param pieces - of the scanner's memory, or of other: then entries are read one by one */
  constructor(scanner: Scanner, pieces: LentMemory["pieces"], objects: ObjectReader) {
    this.#scanner = scanner;
    this.#objects = objects;
    this.#walk = scanner.fileEntries(pieces, walkedFile(objects));
  }

  /** A record that was read: others from there may be passed from now on. */
  learn(record: LogRecord): void {
    if (this.#origin?.isOf(record) === true && this.#origin.holdsTime(record.time.unixMs)) return;
    this.#origin = EntryOrigin.of(record);
    this.#like = this.#origin === null ? null : walkedOrigin(this.#origin);
  }

  /** Those of the entries at these offsets, ascending, that were not counted where they stand: they have to be looked at. */
  *remaining(parts: Iterable<readonly number[]>): Generator<JournalEntry> {
    for (const part of parts) {
      for (let from = 0; from < part.length; from += MOST_LISTED) {
        const offsets = part.slice(from, from + MOST_LISTED);
        this.#walk?.list(offsets);
        for (let at = this.#skip(0, offsets.length); at < offsets.length; at = this.#skip(at + 1, offsets.length)) {
          const entry = this.#objects.entry(offsets[at]!);
          if (entry !== null) yield entry;
        }
      }
    }
  }

  /** Counts what the walk lists, from one entry on; returns the first that was not counted. */
  #skip(from: number, to: number): number {
    if (this.#walk === null || this.#like === null) return from;
    const { end, work, kernelEntries, firstKernelUs, lastKernelUs } = this.#walk.walk(this.#like, from, to);
    this.#records += end - from;
    if (kernelEntries > 0) this.#countKernel(kernelEntries, firstKernelUs / 1000, lastKernelUs / 1000);
    if (!this.#objects.spend(work)) this.#walk = null;
    return end;
  }

  /** Whether an entry was counted; if not, it has to be read. */
  takes(entry: JournalEntry, fields: readonly FieldValue[]): boolean {
    const origin = this.#origin;
    if (origin === null || entry.bootId !== origin.bootId) return false;
    const first = sendersFields(fields);
    if (first.host?.text !== origin.host || (first.machine?.text ?? null) !== origin.machineId) return false;
    const isTransport = first.transport?.text === "kernel";
    const isKernel = isTransport && (first.facility?.text ?? "0") === "0";
    if (!isKernel && (first.identifier ?? first.command)?.text === "kernel") return false;
    const unixMs = unixMsOf(entry, first, isTransport);
    if (unixMs === null || unixMs < FIRST_BELIEVABLE_MS) return false;
    if (isKernel && !origin.holdsTime(unixMs)) return false;
    if (first.message === undefined || !this.#isUnwanted(first.message.value)) return false;
    this.#records += 1;
    if (isKernel) this.#countKernel(1, unixMs, unixMs);
    return true;
  }

  #countKernel(records: number, firstMs: number, lastMs: number): void {
    this.#kernelRecords += records;
    this.#firstKernelMs = Math.min(this.#firstKernelMs, firstMs);
    this.#lastKernelMs = Math.max(this.#lastKernelMs, lastMs);
  }

  /** What was counted since this was asked last; null: nothing. To be asked before the next record is learnt. */
  taken(): PassedRecords | null {
    const origin = this.#origin;
    if (this.#records === 0 || origin === null) return null;
    const passed: PassedRecords = {
      host: origin.host,
      time: origin.time,
      records: this.#records,
      kernelRecords: this.#kernelRecords,
      firstKernelMs: this.#firstKernelMs,
      lastKernelMs: this.#lastKernelMs,
    };
    this.#records = 0;
    this.#kernelRecords = 0;
    this.#firstKernelMs = Number.POSITIVE_INFINITY;
    this.#lastKernelMs = Number.NEGATIVE_INFINITY;
    return passed;
  }

  /** UTF-8, no longer than what is scanned at once, and none of the scanner's literals in it. */
  #isUnwanted(message: Uint8Array): boolean {
    const { buffer } = this.#scanner;
    if (message.length === 0 || message.length > COPIED_BYTES) return false;
    buffer.set(message);
    return !this.#scanner.holdsNeedle(0, message.length) && (message.every((byte) => byte < 128) || isUtf8(message));
  }
}

function walkedOrigin({ bootId, machineId, host, hourFromMs, hourToMs }: EntryOrigin): FileOrigin {
  return {
    bootId,
    machineId,
    host,
    hourFromUs: hourFromMs * 1000,
    hourToUs: hourToMs * 1000,
    earliestUs: FIRST_BELIEVABLE_MS * 1000,
  };
}

function walkedFile({ access, header }: ObjectReader): WalkedFile {
  return {
    size: access.size,
    isCompact: header.layout === COMPACT,
    key: header.keyedHash ? header.fileIdBytes : null,
    fields: JOURNAL_FIELDS,
    readInto: (offset, target) => {
      if (access.readInto !== undefined) return access.readInto(offset, target);
      const bytes = access.read(offset, target.length);
      target.set(bytes);
      return bytes.length;
    },
  };
}

function sendersFields(fields: readonly FieldValue[]): SendersFields {
  // Variables, not a map: this is done for every entry.
  let message: FieldValue | undefined;
  let host: FieldValue | undefined;
  let machine: FieldValue | undefined;
  let transport: FieldValue | undefined;
  let facility: FieldValue | undefined;
  let identifier: FieldValue | undefined;
  let command: FieldValue | undefined;
  let sent: FieldValue | undefined;
  let printed: FieldValue | undefined;
  let printedSinceBoot: FieldValue | undefined;
  for (const field of fields) {
    switch (field.name) {
      case "MESSAGE":
        message ??= field;
        break;
      case "_HOSTNAME":
        host ??= field;
        break;
      case "_MACHINE_ID":
        machine ??= field;
        break;
      case "_TRANSPORT":
        transport ??= field;
        break;
      case "SYSLOG_FACILITY":
        facility ??= field;
        break;
      case "SYSLOG_IDENTIFIER":
        identifier ??= field;
        break;
      case "_COMM":
        command ??= field;
        break;
      case "_SOURCE_REALTIME_TIMESTAMP":
        sent ??= field;
        break;
      case "_SOURCE_MONOTONIC_TIMESTAMP":
        printed ??= field;
        break;
      case "_SOURCE_BOOTTIME_TIMESTAMP":
        printedSinceBoot ??= field;
        break;
    }
  }
  return { message, host, machine, transport, facility, identifier, command, sent, printed, printedSinceBoot };
}

/** As `recordFromJournalFields` tells it; null where a stamp is no number. */
function unixMsOf(
  { realtimeUs, monotonicUs }: JournalEntry,
  first: SendersFields,
  isTransport: boolean,
): number | null {
  const { sent } = first;
  const printed = first.printed ?? first.printedSinceBoot;
  const sentUs = sent === undefined ? null : readDecimal(sent.text);
  const printedUs = printed === undefined ? null : readDecimal(printed.text);
  if ((sent !== undefined && sentUs === null) || (printed !== undefined && printedUs === null)) return null;
  if (!Number.isSafeInteger(realtimeUs) || !Number.isSafeInteger(monotonicUs)) return null;
  return timeOfStamps({ receivedUs: realtimeUs, monotonicUs, sentUs, printedUs }, isTransport).unixMs;
}
