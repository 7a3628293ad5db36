import type { FormName } from "../model/evidence.js";

export interface Detected {
  /** `bare` stands for line-based text, whose form each line tells. */
  readonly form: FormName;
  readonly reason: string;
}

/** How many bytes from the start are looked at. */
export const DETECTION_BYTES: number = 65_536;

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  bytes.length >= magic.length && magic.every((byte, at) => bytes[at] === byte);

/** Something that holds a log and is none. */
export interface Container {
  readonly name: string;
  /** Prints what is in it; null when nothing in it is a log. */
  readonly command: string | null;
  readonly magic: readonly number[];
}

/** Containers that are recognised by their first bytes and never read as text. */
const CONTAINERS: readonly Container[] = [
  { name: "gzip", command: "gzip -dc", magic: [0x1f, 0x8b] },
  { name: "zstd", command: "zstd -dc", magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: "xz", command: "xz -dc", magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: "bzip2", command: "bzip2 -dc", magic: [0x42, 0x5a, 0x68] },
  { name: "lz4", command: "lz4 -dc", magic: [0x04, 0x22, 0x4d, 0x18] },
  { name: "lz4 legacy", command: "lz4 -dc", magic: [0x02, 0x21, 0x4c, 0x18] },
  { name: "zip", command: "unzip -p", magic: [0x50, 0x4b, 0x03, 0x04] },
  { name: "7z", command: "7z e -so", magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  // A sealing key of journald (FSPRG): secret, and no log.
  { name: "journal sealing key", command: null, magic: [0x4b, 0x53, 0x48, 0x48, 0x52, 0x48, 0x4c, 0x50] },
];

const JOURNAL_MAGIC = [0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48, 0x52, 0x48];

/** The container that the first bytes announce; null: none that is known. */
export function containerOf(head: Uint8Array): Container | null {
  return CONTAINERS.find(({ magic }) => startsWith(head, magic)) ?? null;
}

/** Tells the form from the first bytes (up to 64 KiB) and the last part of the label. O(head). */
export function detectForm(head: Uint8Array, label: string): Detected {
  if (startsWith(head, JOURNAL_MAGIC)) return { form: "journal-file", reason: "begins with LPKSHHRH" };
  const text = new TextDecoder("latin1").decode(head.subarray(0, DETECTION_BYTES));
  const name = label.split(/[\\/]/).at(-1) ?? "";
  const start = text.trimStart();
  if (/^\{\s*"dmesg"\s*:/.test(start)) return { form: "dmesg-json", reason: "an object with the key dmesg" };
  if (/^(?:\x1e|data: |\[\s*)?\{/.test(start) && /"(?:__REALTIME_TIMESTAMP|__CURSOR|MESSAGE|_BOOT_ID)"/.test(text)) {
    return { form: "journal-json", reason: "JSON objects with journal fields" };
  }
  if (/^(?:__CURSOR=|__REALTIME_TIMESTAMP=)/m.test(text) && /^(?:MESSAGE(?:=|$)|_BOOT_ID=)/m.test(text)) {
    if (/^[A-Z][a-z]{2} \d{4}-\d\d-\d\d .*\[s=[0-9a-f]{32};/m.test(text) === false) {
      return { form: "journal-export", reason: "NAME=value lines with journal fields" };
    }
  }
  if (/^[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} \S+ \[s=[0-9a-f]{32};i=/m.test(text)) {
    return { form: "journal-verbose", reason: "entry heads with a cursor" };
  }
  if (/^(?:\d{1,4}\.[\w.+~-]{1,128},)?\d{1,5},\d{1,20},\d{1,20},[-c+][^;\n]{0,400};/.test(start)) {
    return { form: "kmsg", reason: "records of /dev/kmsg" };
  }
  if (/^UPID:\S+ [0-9A-Fa-f]{1,16} \S/m.test(start.split("\n", 3).join("\n"))) {
    return { form: "pve-task-index", reason: "task ids with their end times" };
  }
  if (
    (/^UPID:.*:$/.test(name) || isTaskLog(text)) &&
    /^INFO: (?:starting new backup job: |Starting Backup of VM )/m.test(text)
  ) {
    return { form: "pve-task-log", reason: "vzdump lines without stamps" };
  }
  if (/^[ \t]*(?:options|alias|blacklist|install|remove|softdep)\s/m.test(text) && isModprobe(name, label, text)) {
    return { form: "modprobe-config", reason: "modprobe.d(5) directives" };
  }
  if (
    /^(?:(?:Features|Coalesce parameters|EEE [sS]ettings|Ring parameters|Pause parameters) for \S+:|driver: \S+)$/.test(
      text.slice(0, text.indexOf("\n")).trimEnd(),
    )
  ) {
    return { form: "ethtool-output", reason: "begins as ethtool's output" };
  }
  if (/^\[Link\]\s*$/m.test(text) && /^\[Match\]\s*$/m.test(text)) {
    return { form: "systemd-link", reason: "sections of systemd.link(5)" };
  }
  if (/^\[Service\]\s*$/m.test(text) && /^Exec\w{4,12}=.{0,200}\bethtool\b/m.test(text)) {
    return { form: "systemd-unit", reason: "a service that runs ethtool" };
  }
  if (
    /^[ \t]*iface[ \t]+\S+[ \t]+inet6?\s/m.test(text) &&
    /^\s*(?:auto|allow-\S+|iface|source)\s/.test(withoutComments(text))
  ) {
    return { form: "interfaces-config", reason: "stanzas of interfaces(5)" };
  }
  if (/^(?:BOOT_IMAGE=|root=)\S+ .*$/.test(text.trimEnd()) && !text.trimEnd().includes("\n")) {
    return { form: "kernel-command-line", reason: "one line that begins as a kernel command line" };
  }
  if (name === "machine-id" && /^[0-9a-f]{32}$/i.test(text.trim())) {
    return { form: "machine-id", reason: "a file of machine-id(5)" };
  }
  return { form: "bare", reason: "lines of text" };
}

/** Lines of a task log begin so, but for what the commands that a task runs print themselves. */
const TASK_LINE = /^(?:INFO|TASK|ERROR|WARN)\b/;

/** Whether nearly all lines are those of a task: `journalctl -o cat` mixes them with everybody's. */
function isTaskLog(text: string): boolean {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.filter((line) => TASK_LINE.test(line)).length >= lines.length * 0.8;
}

/** By the name or the folder; else a text that holds directives only. */
function isModprobe(name: string, label: string, text: string): boolean {
  if (/\.conf$/.test(name) || /(?:^|[\\/])modprobe\.d[\\/]/.test(label)) return true;
  const lines = withoutComments(text).split("\n");
  return lines.every((line) => /^\s*(?:(?:options|alias|blacklist|install|remove|softdep)\s|$)/.test(line));
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*\n?/gm, "").trimStart();
}
