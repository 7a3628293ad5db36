import { UnitWindows } from "../backups/units.js";
import { readUpid, type Upid } from "../backups/upid.js";
import { type BackupFinding, readBackupLine } from "../backups/vzdump.js";
import {
  type DumpPart,
  E1000E_DUMP,
  OLD_E1000E_DUMP,
  readDumpPart,
  readRegisterLine,
  wholeDumpEvent,
} from "../drivers/e1000e/hang-assembler.js";
import { readHangHead } from "../drivers/e1000e/hang-head.js";
import { behindMargin, isE1000e, readDriverLine } from "../drivers/e1000e/prefix.js";
import { readDriverMessage } from "../drivers/e1000e/read-message.js";
import { SPLIT_DUMP, WholeDump } from "../drivers/e1000e/whole-dump.js";
import { foldLines } from "../drivers/fold-lines.js";
import { readCollateral } from "../host/collateral.js";
import { readHostLine, readPortState } from "../host/host-lines.js";
import { readTxTimeout } from "../host/tx-timeout.js";
import type { Diagnostic, DiagnosticCode } from "../model/diagnostic.js";
import type { AdapterRef, Finding, KernelEvent } from "../model/event.js";
import { type LogRecord, mayBeKernels } from "../model/record.js";
import type { EventTime } from "../model/time.js";
import type { ReadyPacks } from "../packs/compile.js";
import { PackReader } from "../packs/read-pack.js";
import { readSettingCommand } from "../settings/commands.js";
import { ignoredByModprobe, readCommandLine, readModprobeLine } from "../settings/files.js";
import { NetworkFile, type NetworkFileKind } from "../settings/network-files.js";
import { OpenHangs } from "./open-hangs.js";
import { WrappedLines } from "./wrapped-lines.js";

export interface EventReaderOptions {
  readonly evidence: string;
  /** Units and commands whose runs are backups, beside those of Proxmox. */
  readonly windowUnits?: readonly string[];
  readonly packs?: ReadyPacks | null;
  /** Whether a message is read without packs, too; asked only where there are some. */
  readonly isOwn?: (message: string) => boolean;
  onEvent(event: KernelEvent): void;
  onDiagnostic(diagnostic: Diagnostic): void;
}

/** Characters of a suspicious line that its diagnostic quotes. */
const SUSPICIOUS_CHARACTERS = 200;

/** Files without stamps whose lines are read together, by the identifier that their reader gives them. */
const NETWORK_FILES: ReadonlyMap<string, NetworkFileKind> = new Map([
  ["interfaces", "interfaces"],
  ["systemd-unit", "systemd-unit"],
  ["systemd-link", "systemd-link"],
  ["ethtool-output", "ethtool"],
]);

/**
 * Turns the records of one evidence, in its order, into events. A dump that its container split into several records
 * becomes one event; what other CPUs print between its lines waits, so that events come in the order of their first
 * lines. Memory: a few open dumps and what waits behind them.
 */
export class EventReader {
  readonly #options: EventReaderOptions;
  readonly #task: Upid | null;
  readonly #hangs: OpenHangs;
  readonly #lines: WrappedLines;
  readonly #units: UnitWindows | null;
  readonly #packs: PackReader | null;
  #file: NetworkFile | null = null;
  /** The block of register lines at hand: diagnosed as headless, or a sister driver's and passed over. */
  #stray: "headless" | "foreign" | null = null;
  /** The first line of the last whole dump, and the adapter that it names; null where it is not the driver's own. */
  #lastHead: { readonly first: string; readonly adapter: AdapterRef | null } | null = null;
  /** Between suspend and resume the driver prints at suspend what it else prints at shutdown. */
  #asleep = false;
  /** The last line without form that said nothing: a file full of it says no more. */
  #dull: string | null = null;

  constructor(options: EventReaderOptions) {
    this.#options = options;
    this.#task = readUpid(options.evidence);
    const units = options.windowUnits ?? [];
    this.#units = units.length === 0 ? null : new UnitWindows(units);
    this.#packs = options.packs === undefined || options.packs === null ? null : new PackReader(options.packs);
    this.#hangs = new OpenHangs((event) => options.onEvent(event));
    this.#lines = new WrappedLines(
      (record) => scoreOf(record),
      (record) => this.#read(record),
    );
  }

  push(record: LogRecord): void {
    if (this.#packs !== null && this.#options.isOwn?.(record.message) === false) {
      // Only packs wait for it: the others must not even count it, or their events would depend on packs.
      this.#readForPacks(this.#packs, record, false);
      return;
    }
    if (!isBare(record)) {
      this.#lines.push(record, false);
      return;
    }
    const message = behindMargin(record.message);
    this.#lines.push(message === record.message ? record : { ...record, message }, true);
  }

  end(): void {
    this.#lines.flush();
    this.#hangs.closeAll();
  }

  #read(record: LogRecord): void {
    const { identifier } = record;
    const file = NETWORK_FILES.get(identifier ?? "");
    if (this.#packs !== null && this.#readForPacks(this.#packs, record, true)) return;
    const isFile = record.time.source === "none" && record.host === null;
    if (file !== undefined && isFile) {
      this.#file ??= new NetworkFile(file);
      this.#emitAll(record, this.#file.read(record.message));
    } else if (identifier === "modprobe.d" && isFile)
      this.#emitAll(record, readModprobeLine(record.message, ignoredByModprobe(this.#options.evidence)));
    else if (identifier === "cmdline" && isFile) this.#emitAll(record, readCommandLine(record.message));
    else if (mayBeKernels(record)) this.#readKernel(record);
    else this.#readUser(record);
  }

  /**
   * @param isOwn whether it is read without packs, too
   * @returns true when the line is of a driver that a pack describes, or imitates one: then nobody else reads it
   */
  #readForPacks(packs: PackReader, record: LogRecord, isOwn: boolean): boolean {
    const { findings, failures } = packs.read(record);
    for (const failure of failures) this.#diagnose(record, "pack.failed", failure);
    const word = packs.driverWord(record);
    if (!mayBeKernels(record)) {
      const isImitation = word?.word === "hang";
      if (isImitation) this.#diagnoseImitation(record);
      this.#emitAll(record, findings);
      return isImitation;
    }
    const isDumpLine = word === null && this.#hangs.awaitsPack && readDriverLine(record.message) === null;
    if (isDumpLine && this.#hangs.offer(record, readDumpPart(record.message))) {
      this.#emitAll(record, findings);
      return true;
    }
    if (word !== null && isOwn) {
      this.#stray = null;
      this.#hangs.pass(record);
    }
    if (word?.word === "hang") this.#hangs.begin(record, word.adapter, word.shape);
    this.#emitAll(record, findings);
    if (word?.word === "sign") this.#emit(record, word.finding);
    return word !== null;
  }

  #readKernel(record: LogRecord): void {
    if (record instanceof WholeDump && this.#wholeDump(record)) return;
    if (record.message === this.#dull && isBare(record)) {
      this.#stray = null;
      this.#hangs.pass(record);
      return;
    }
    const register = readRegisterLine(record.message);
    if (register !== null) {
      this.#dumpPart(record, register);
      return;
    }
    // A hypervisor's log is full of these, and nothing else reads like them.
    const port = readPortState(record.message);
    if (port !== null) {
      this.#stray = null;
      this.#hangs.pass(record);
      this.#emit(record, port);
      return;
    }
    const head = readHangHead(record, isBare(record));
    if (head !== null) {
      this.#stray = head.own ? null : "foreign";
      if (head.own) this.#hangs.begin(record, head.adapter, head.isOld ? OLD_E1000E_DUMP : E1000E_DUMP);
      else this.#emit(record, { kind: "net.other_hang", adapter: head.adapter, driver: head.driver, sign: "hang" });
      return;
    }
    const folded = foldLines(record.message);
    const line = readDriverLine(folded);
    const part = line === null ? readDumpPart(record.message) : null;
    if (part !== null) {
      this.#dumpPart(record, part);
      return;
    }
    this.#stray = null;
    this.#hangs.pass(record);
    const timeout = readTxTimeout(folded, line);
    if (timeout !== null) {
      this.#emit(record, this.#packs?.ofTimeout(timeout) ?? timeout);
      return;
    }
    const findings = driverFindings(record.message);
    if (findings !== null) {
      this.#emitAll(record, findings);
      if (!this.#asleep && folded.includes("EEE TX LPI TIMER")) this.#emitAll(record, [readHostLine(record)]);
      return;
    }
    const host = readHostLine(record);
    if (host !== null) {
      this.#host(record, host);
      return;
    }
    const collateral = readCollateral(record);
    if (collateral !== null) {
      this.#emit(record, collateral);
      return;
    }
    // Pasted task logs have no tag.
    const backups = isBare(record) ? readBackupLine(record, this.#task) : [];
    if (backups.length > 0) this.#emitBackups(record, backups);
    else if (line !== null && isE1000e(line.driver)) {
      this.#emit(record, { kind: "e1000e.unrecognised", text: record.message });
    } else if (isBare(record)) this.#dull = record.message;
  }

  /** False where its first line is not the driver's own, and all of its text must be read. */
  #wholeDump(record: WholeDump): boolean {
    const { first } = record;
    if (this.#lastHead?.first !== first) {
      const line = readDriverLine(first);
      const isOwn = line !== null && isE1000e(line.driver) && line.text === SPLIT_DUMP.first;
      this.#lastHead = { first, adapter: isOwn ? line.adapter : null };
    }
    const { adapter } = this.#lastHead;
    if (adapter === null) return false;
    this.#stray = null;
    this.#hangs.addWhole(record, adapter, wholeDumpEvent(record, adapter));
    return true;
  }

  #host(record: LogRecord, finding: Finding): void {
    // A dump never goes on in another boot.
    if (finding.kind === "host.boot") this.#hangs.closeAll();
    if (finding.kind === "host.suspend") this.#asleep = true;
    if (finding.kind === "host.resume" || finding.kind === "host.boot") this.#asleep = false;
    this.#emit(record, finding);
    if (finding.kind === "host.command_line") this.#emitAll(record, readCommandLine(finding.commandLine));
  }

  #dumpPart(record: LogRecord, part: DumpPart): void {
    if (this.#stray === "foreign") return;
    if (this.#hangs.offer(record, part)) return;
    if (part.foreign) {
      // Its head is missing, or could have been e1000e's own of 2.6.32.
      this.#emit(record, { kind: "net.other_hang", adapter: UNNAMED, driver: null, sign: "hang" });
      if (this.#hangs.disown() || part.fields.length === 0) this.#stray ??= "foreign";
      return;
    }
    if (part.fields.length === 0) return;
    // A second value for a field: another dump, whose head is missing.
    this.#hangs.closeAll();
    if (this.#stray !== null) return;
    this.#stray = "headless";
    this.#diagnose(record, "hang.headless", "register lines of a hang report without their head");
  }

  #readUser(record: LogRecord): void {
    const unit = this.#units?.read(record) ?? null;
    if (unit !== null) this.#emit(record, unit);
    const backups = readBackupLine(record, this.#task);
    if (backups.length > 0) {
      this.#emitBackups(record, backups);
      return;
    }
    const command = readSettingCommand(record);
    if (command !== null) {
      this.#emit(record, command);
      return;
    }
    const host = readHostLine(record);
    if (host !== null) {
      this.#host(record, host);
      return;
    }
    const collateral = readCollateral(record);
    if (collateral !== null) {
      this.#emit(record, collateral);
      return;
    }
    if (claimsDriver(record) || claimsHost(record)) this.#diagnoseImitation(record);
  }

  #diagnoseImitation(record: LogRecord): void {
    const who = `${record.identifier ?? "a process"}${record.pid === null ? "" : `[${record.pid}]`}`;
    const text = record.message.slice(0, SUSPICIOUS_CHARACTERS);
    this.#diagnose(record, "trust.suspicious", `${who} wrote a line that only the kernel writes: ${text}`);
  }

  #diagnose(record: LogRecord, code: DiagnosticCode, detail: string): void {
    const { evidence, line, byteOffset } = record.provenance;
    this.#options.onDiagnostic({ code, evidence, line, byteOffset, detail });
  }

  #emitBackups(record: LogRecord, found: readonly BackupFinding[]): void {
    for (const { finding, time } of found) this.#emit(record, finding, time ?? record.time);
  }

  #emitAll(record: LogRecord, findings: readonly (Finding | null)[]): void {
    for (const finding of findings) if (finding !== null) this.#emit(record, finding);
  }

  #emit(record: LogRecord, finding: Finding, time: EventTime = record.time): void {
    const { host, bootId, trust, provenance } = record;
    const named = host ?? this.#task?.node ?? null;
    const fields: object = finding;
    this.#hangs.add({ kind: finding.kind, time, host: named, bootId, trust, provenance, ...fields } as KernelEvent);
  }
}

const UNNAMED = { pci: null, interface: null } as const;
/** Intel's other drivers that reset in the same words. */
const SISTERS = /^(?:e1000|igb|igbvf|igc|ixgb|ixgbe|ixgbevf)$/;

/** What the driver says in a message; null when it is not the driver's, or nothing knows it. */
function driverFindings(message: string): readonly Finding[] | null {
  const line = readDriverLine(foldLines(message));
  if (line === null) return null;
  const known = readDriverMessage(line.adapter, line.text);
  if (isE1000e(line.driver)) return known;
  // Renames are the network core's word, whatever the driver.
  const renames = known?.filter((finding) => finding.kind === "net.rename") ?? [];
  if (renames.length > 0) return renames;
  if (line.driver !== null && SISTERS.test(line.driver) && known?.some(({ kind }) => kind === "e1000e.reset") === true)
    return [{ kind: "net.other_hang", adapter: line.adapter, driver: line.driver, sign: "reset" }];
  if (line.driver !== null || known === null) return null;
  // 2.6.24 to 2.6.34 print the PCI address and no driver; VMware prints neither.
  const isLink = known.some((finding) => finding.kind === "e1000e.link_up" || finding.kind === "e1000e.link_down");
  return isLink || line.adapter.pci !== null ? known : null;
}

/**
 * Whether a process wrote what e1000e prints, or a sister's hang, at the begin of its message or behind a head of the
 * kernel in it.
 */
function claimsDriver(record: LogRecord): boolean {
  const message = record.message.slice(record.message.lastIndexOf(KERNELS_TAG) + 1).replace(/^kernel: /, "");
  const driver = readDriverLine(message)?.driver ?? null;
  if (driver === null) return false;
  if (!isE1000e(driver) && !SISTERS.test(driver)) return false;
  return readHangHead({ ...record, message }, false) !== null || (driverFindings(message) ?? []).length > 0;
}

const KERNELS_TAG = " kernel: ";

/** Whether a process under the kernel's name, or none, wrote what the kernel prints of the host; others may quote it. */
function claimsHost({ byProcess: _, ...record }: LogRecord): boolean {
  const isNamed = record.identifier !== null && record.identifier !== "kernel";
  return !isNamed && readHostLine({ ...record, pid: null }) !== null;
}

/** How whole a line is that has no log form, for `WrappedLines`. */
function scoreOf(record: LogRecord): 0 | 1 | 2 {
  const { message } = record;
  if (/\bNETDEV WATCHDOG: /.test(message)) return readTxTimeout(message, readDriverLine(message)) === null ? 0 : 2;
  if (!/(?:^|[\s:])e1000e(?:[ :]|$)/.test(message)) return 2;
  if (readHangHead(record, true) !== null) return 2;
  const findings = driverFindings(message);
  if (findings === null) return 0;
  return findings.some((finding) => finding.kind === "e1000e.link_up" && finding.flowControl === null) ? 1 : 2;
}

/** A line without any head: nothing says whose it is or when. */
function isBare(record: LogRecord): boolean {
  return record.identifier === null && record.time.source === "none" && record.host === null;
}
