import { JOURNAL_FIELDS, recordFromJournalFields } from "../formats/journal-fields.js";
import type { PassedRecords } from "../formats/record-reader.js";
import type { Diagnostic } from "../model/diagnostic.js";
import type { LogRecord } from "../model/record.js";
import { lendMemory } from "../scan/lent-memory.js";
import type { Scanner } from "../scan/scanner.js";
import { isUtf8 } from "../scan/utf8.js";
import type { FieldValue } from "./entry-fields.js";
import type { JournalFile } from "./journal-file.js";
import type { JournalEntry } from "./objects.js";
import { PassedEntries } from "./passed-entries.js";

type DiagnosticListener = (diagnostic: Diagnostic) => void;

/** Which entries become records. */
export interface JournalRecordsOptions {
  /** Exact `FIELD=value` strings, one of which an entry has. Default RECORD_NEEDLES. */
  readonly needles?: readonly string[];
  /** Tells messages that can be wanted; null, the default: every entry becomes a record. */
  readonly scanner?: Scanner | null;
}

/** Whose messages the recognisers read, besides the kernel's own. */
const IDENTIFIERS: readonly string[] = [
  "kernel",
  // Backups.
  "vzdump",
  "pvescheduler",
  "pvedaemon",
  "pveproxy",
  "pvesh",
  "proxmox-backup-client",
  "proxmox-backup-proxy",
  // Units that start and end, shutdown, sleep, clock, and loss of messages.
  "systemd",
  "systemd-shutdown",
  "systemd-sleep",
  "systemd-logind",
  "systemd-timesyncd",
  "systemd-resolved",
  "systemd-journald",
  "chronyd",
  "rsyslogd",
  // Guests that are locked, clusters that fall apart.
  "pvestatd",
  "pve-ha-lrm",
  "qm",
  "pct",
  "qmeventd",
  "corosync",
  "pmxcfs",
  // Commands that change a setting.
  "sudo",
  "ifup",
  "ifreload",
  "networking",
];

/** Message ids of systemd (src/systemd/sd-messages.h). */
const MESSAGE_IDS: readonly string[] = [
  // SD_MESSAGE_JOURNAL_MISSED, SD_MESSAGE_JOURNAL_DROPPED
  "e9bf28e6e834481bb6f48f548ad13606",
  "a596d6fe7bfa4994828e72309e95d61e",
  // SD_MESSAGE_TIME_CHANGE
  "c7a787079b354eaaa9e77b371893cd27",
  // SD_MESSAGE_SLEEP_START, SD_MESSAGE_SLEEP_STOP, SD_MESSAGE_SHUTDOWN
  "6bbd95ee977941e497c48be27c254128",
  "8811e6df2a8e40f58a94cea26f8ebf14",
  "98268866d1d54a499c4e98921d93bc40",
];

/** The values whose entries a report on hangs needs: the kernel's, backups', and what explains silence. */
export const RECORD_NEEDLES: readonly string[] = [
  "_TRANSPORT=kernel",
  ...IDENTIFIERS.map((name) => `SYSLOG_IDENTIFIER=${name}`),
  ...MESSAGE_IDS.map((id) => `MESSAGE_ID=${id}`),
];

/** In addition where the user names commands of cron. */
export const CRON_NEEDLES: readonly string[] = ["CRON", "cron", "crond"].map((name) => `SYSLOG_IDENTIFIER=${name}`);

/**
 * One entry as a record, by the same rules as the text forms of the journal. Provenance: `line` is the 1-based place
 * among all entries of the file, the bytes are those of the ENTRY object.
 * @param onDiagnostic - hears `utf8.invalid` if the message is not UTF-8
 */
export function recordOfEntry(
  file: JournalFile,
  entry: JournalEntry,
  onDiagnostic: (diagnostic: Diagnostic) => void,
): LogRecord {
  return recordOfFields(file, entry, { fields: file.fields(entry, JOURNAL_FIELDS), onDiagnostic });
}

function recordOfFields(
  file: JournalFile,
  entry: JournalEntry,
  { fields, onDiagnostic }: { readonly fields: readonly FieldValue[]; readonly onDiagnostic: DiagnosticListener },
): LogRecord {
  const line = file.lineOf(entry);
  const message = fields.find(({ name }) => name === "MESSAGE");
  if (message !== undefined && !isUtf8(message.value)) {
    const detail = "message with bytes that are not UTF-8";
    onDiagnostic({ code: "utf8.invalid", evidence: file.evidence, line, byteOffset: entry.offset, detail });
  }
  const get = (wanted: string): string | null => {
    // What the head of the entry says outranks fields of the same name.
    if (wanted === "_BOOT_ID") return entry.bootId;
    if (wanted === "__REALTIME_TIMESTAMP") return String(entry.realtimeUs);
    if (wanted === "__MONOTONIC_TIMESTAMP") return String(entry.monotonicUs);
    return fields.find(({ name }) => name === wanted)?.text ?? null;
  };
  return recordFromJournalFields(get, {
    evidence: file.evidence,
    line,
    byteOffset: entry.offset,
    byteLength: entry.size,
  });
}

/**
 * Records of the entries with one of the needles, in the order of the file; with a scanner, many that hold none of its
 * literals are counted instead.
 */
export function* journalRecords(
  file: JournalFile,
  onDiagnostic: DiagnosticListener,
  { needles = RECORD_NEEDLES, scanner = null }: JournalRecordsOptions = {},
): Generator<LogRecord | PassedRecords> {
  if (scanner === null) {
    for (const entry of file.matching(needles).entries()) yield recordOfEntry(file, entry, onDiagnostic);
    return;
  }
  const memory = lendMemory(scanner);
  try {
    const passing = new PassedEntries(scanner, memory.pieces, file.objects);
    for (const entry of passing.remaining(file.matching(needles).parts())) {
      const fields = file.fields(entry, JOURNAL_FIELDS);
      if (passing.takes(entry, fields)) continue;
      const passed = passing.taken();
      if (passed !== null) yield passed;
      const record = recordOfFields(file, entry, { fields, onDiagnostic });
      passing.learn(record);
      yield record;
    }
    const passed = passing.taken();
    if (passed !== null) yield passed;
  } finally {
    memory.release();
  }
}
