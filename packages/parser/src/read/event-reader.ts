import { readUpid, type Upid } from "../backups/upid.js";
import { type BackupFinding, readBackupLine } from "../backups/vzdump.js";
import { type DumpPart, OpenHang, readDumpPart } from "../drivers/e1000e/hang-assembler.js";
import { isE1000e, readDriverLine } from "../drivers/e1000e/prefix.js";
import { readDriverMessage } from "../drivers/e1000e/read-message.js";
import { readHostLine } from "../host/host-lines.js";
import { readTxTimeout } from "../host/tx-timeout.js";
import type { Diagnostic } from "../model/diagnostic.js";
import type { AdapterRef, Finding, KernelEvent } from "../model/event.js";
import type { LogRecord } from "../model/record.js";
import type { EventTime } from "../model/time.js";
import { readSettingCommand } from "../settings/commands.js";
import { readCommandLine, readModprobeLine } from "../settings/files.js";

export interface EventReaderOptions {
  readonly evidence: string;
  onEvent(event: KernelEvent): void;
  onDiagnostic(diagnostic: Diagnostic): void;
}

const NOBODY: AdapterRef = { pci: null, interface: null };
const HEAD = /^Detected (Hardware|Tx) Unit Hang(:?)/;
/** Events that wait behind an unfinished dump; more, and the dump is closed as it is. */
const MOST_WAITING = 64;

/**
 * Turns the records of one evidence, in its order, into events. A dump that its container split into several records
 * becomes one event; what other CPUs print between its lines waits, so that events come in the order of their first
 * lines. Memory: one open dump and what waits behind it.
 */
export class EventReader {
  readonly #options: EventReaderOptions;
  readonly #task: Upid | null;
  #open: OpenHang | null = null;
  #waiting: KernelEvent[] = [];
  #headless = false;
  /** A bare line that may be the first half of a wrapped one. */
  #held: LogRecord | null = null;

  constructor(options: EventReaderOptions) {
    this.#options = options;
    this.#task = readUpid(options.evidence.split(/[\\/]/).at(-1) ?? "");
  }

  push(record: LogRecord): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) {
      const joined: LogRecord = {
        ...held,
        message: `${held.message} ${record.message}`,
        provenance: {
          ...held.provenance,
          byteLength: record.provenance.byteOffset + record.provenance.byteLength - held.provenance.byteOffset,
        },
      };
      if (isBare(record) && this.#driverFindings(joined) !== null && readDumpPart(record.message) === null) {
        this.#read(joined);
        return;
      }
      this.#read(held);
    }
    if (isBare(record) && this.#looksCut(record)) this.#held = record;
    else this.#read(record);
  }

  end(): void {
    if (this.#held !== null) this.#read(this.#held);
    this.#held = null;
    this.#close();
  }

  #read(record: LogRecord): void {
    const { identifier } = record;
    if (identifier === "modprobe.d") return this.#emitAll(record, readModprobeLine(record.message));
    if (identifier === "cmdline") return this.#emitAll(record, readCommandLine(record.message));
    const isKernel = identifier === null || identifier === "kernel";
    if (!isKernel) {
      this.#readUser(record);
      return;
    }
    const part = readDumpPart(record.message);
    const line = readDriverLine(record.message);
    const text = line?.text ?? record.message.trimStart();
    const head = HEAD.exec(text);
    if (head !== null && isOwnHang(line?.driver ?? null, line?.adapter.pci ?? null, head, part)) {
      this.#close();
      this.#headless = false;
      this.#open = new OpenHang(record, line?.adapter ?? NOBODY, head[1] === "Tx");
      if (this.#open.complete) this.#close();
      return;
    }
    if (part !== null && line === null) {
      this.#dumpPart(record, part);
      return;
    }
    this.#headless = false;
    if (this.#open?.isOver(record) === true) this.#close();
    const timeout = readTxTimeout(record.message, line);
    if (timeout !== null) return this.#emit(record, timeout);
    const findings = this.#driverFindings(record);
    if (findings !== null) {
      this.#emitAll(record, findings);
      if (record.message.includes("EEE TX LPI TIMER")) this.#emitAll(record, [readHostLine(record)]);
      return;
    }
    const host = readHostLine(record);
    if (host !== null) {
      this.#emit(record, host);
      if (host.kind === "host.command_line") this.#emitAll(record, readCommandLine(host.commandLine));
      return;
    }
    // Pasted task logs have no tag.
    if (isBare(record)) {
      const backups = readBackupLine(record, this.#task);
      if (backups.length > 0) return this.#emitBackups(record, backups);
    }
    if (line !== null && isE1000e(line.driver) && !/^\w+:\d+: /.test(line.text)) {
      this.#emit(record, { kind: "e1000e.unrecognised", text: record.message });
    }
  }

  /** What the driver says in a record; null when it is not the driver's, or nothing knows it. */
  #driverFindings(record: LogRecord): readonly Finding[] | null {
    const folded = record.message.replace(/\s*\n\s*/g, " ");
    const line = readDriverLine(folded);
    if (line === null) return null;
    const known = readDriverMessage(line.adapter, line.text);
    if (isE1000e(line.driver)) return known;
    // Renames are the network core's word, whatever the driver.
    const own = known?.filter((finding) => finding.kind === "net.rename") ?? [];
    if (own.length > 0) return own;
    if (line.driver !== null || known === null) return null;
    // 2.6.24 to 2.6.34 print the PCI address and no driver; VMware prints neither.
    const isLink = known.some((finding) => finding.kind === "e1000e.link_up" || finding.kind === "e1000e.link_down");
    return isLink || line.adapter.pci !== null ? known : null;
  }

  #dumpPart(record: LogRecord, part: DumpPart): void {
    if (this.#open?.offer(record, part) === true) {
      if (this.#open.complete) this.#close();
      return;
    }
    // A second value for a field: another dump, whose head is missing.
    if (this.#open !== null && part.fields.length > 0 && !part.foreign) this.#close();
    if (part.fields.length === 0 || this.#headless) return;
    this.#headless = true;
    const { evidence, line, byteOffset } = record.provenance;
    const detail = "register lines of a hang report without their head";
    this.#options.onDiagnostic({ code: "hang.headless", evidence, line, byteOffset, detail });
  }

  #readUser(record: LogRecord): void {
    const backups = readBackupLine(record, this.#task);
    if (backups.length > 0) return this.#emitBackups(record, backups);
    const command = readSettingCommand(record);
    if (command !== null) return this.#emit(record, command);
    const host = readHostLine(record);
    if (host !== null) return this.#emit(record, host);
    const line = readDriverLine(record.message);
    const claims = line !== null && isE1000e(line.driver) && (HEAD.test(line.text) || /^Reset adapter/.test(line.text));
    if (!claims) return;
    const { evidence, line: number, byteOffset } = record.provenance;
    const detail = `${record.identifier ?? "a process"} wrote a line that only the kernel writes`;
    this.#options.onDiagnostic({ code: "trust.suspicious", evidence, line: number, byteOffset, detail });
  }

  #looksCut(record: LogRecord): boolean {
    if (!/(?:^|\s)e1000e[ :]/.test(record.message) || HEAD.test(record.message)) return false;
    if (record.message.includes("Detected ")) return false;
    return record.message.length >= 40 && this.#driverFindings(record) === null;
  }

  #emitBackups(record: LogRecord, found: readonly BackupFinding[]): void {
    for (const { finding, time } of found) this.#emit(record, finding, time ?? record.time);
  }

  #emitAll(record: LogRecord, findings: readonly (Finding | null)[]): void {
    for (const finding of findings) if (finding !== null) this.#emit(record, finding);
  }

  #emit(record: LogRecord, finding: Finding, time: EventTime = record.time): void {
    const { host, bootId, trust, provenance } = record;
    const { kind, ...fields } = finding;
    const named = host ?? this.#task?.node ?? null;
    const event = { kind, time, host: named, bootId, trust, provenance, ...fields } as KernelEvent;
    if (this.#open === null) {
      this.#options.onEvent(event);
      return;
    }
    this.#waiting.push(event);
    if (this.#waiting.length > MOST_WAITING) this.#close();
  }

  #close(): void {
    if (this.#open !== null) this.#options.onEvent(this.#open.close());
    this.#open = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) this.#options.onEvent(event);
  }
}

/**
 * `Hardware Unit Hang` is printed by e1000e alone in the mainline kernel; `Tx Unit Hang` by its sisters, too, and by
 * e1000e only in 2.6.24 to 2.6.33, with a colon and without their `Tx Queue` line.
 */
function isOwnHang(driver: string | null, pci: string | null, head: RegExpExecArray, part: DumpPart | null): boolean {
  if (driver !== null && !isE1000e(driver)) return false;
  if (head[1] === "Hardware") return true;
  return head[2] === ":" && (driver !== null || pci !== null) && part?.foreign !== true;
}

/** A line without any head: nothing says whose it is or when. */
function isBare(record: LogRecord): boolean {
  return record.identifier === null && record.time.source === "none" && record.host === null;
}
