import fc from "fast-check";

/** One journal entry: fields in their order, several values for a name allowed. */
export interface RandomEntry {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly oddity: Oddity;
}

/** What makes an entry other than it should be. */
export type Oddity = "none" | "spaces" | "array" | "null" | "carriage-return" | "no-end" | "junk-line" | "pretty";

const BOOT = "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c";
/** 2025-10-05T02:30:00Z. */
const START_US = 1_759_631_400_000_000;

const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));

const message = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom("usb 1-5: USB disconnect", "EXT4-fs (dm-4): mounted", "x", "") },
  { weight: 4, arbitrary: fc.constantFrom('audit: apparmor="DENIED"', "tab\there", "a\\b", "two\nlines", "a/b") },
  { weight: 2, arbitrary: fc.constantFrom("Grüße 漢", "\u001b[31mred", "\u0000", "\b", "\f", "del\u007f") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:\n  TDH                  <a>",
      "e1000e 0000:00:1f.6 eno1: NIC Link is Down",
      "Linux version 6.8.12-15-pve (build@proxmox) #1 SMP",
      "INFO: Starting Backup of VM 100 (qemu)",
      "e1000",
      "TDX TDH",
    ),
  },
);

const extra = fc.constantFrom<readonly [string, string]>(
  ["PRIORITY", "6"],
  ["_PID", "812"],
  ["_CMDLINE", "/usr/sbin/sshd -D"],
  ["_CMDLINE", "e1000e in another field"],
  ["COREDUMP", "binary\n=\n\nvalue"],
  ["_KERNEL_DEVICE", "+pci:0000:00:1f.6"],
  ["UNIT_RESULT", "Ärger"],
  ["_UID", 'quote " and \\'],
  ["MESSAGE", "a second one"],
  ["_HOSTNAME", "pve1"],
  ["lower case", "no field"],
  ["", "nameless"],
  ["A".repeat(64), "long"],
  ["B".repeat(70), "longer"],
  ["SYSLOG_IDENTIFIER", "kernel"],
  ["_SOURCE_BOOTTIME_TIMESTAMP", "12000000"],
  ["__SEQNUM", "99999999999999999999"],
);

const entry = fc
  .record({
    step: fc.oneof(
      { weight: 40, arbitrary: fc.integer({ min: -2_000_000, max: 9_000_000 }) },
      fc.constantFrom(1_700_000_000, -3_600_000_000, -START_US),
    ),
    host: mostly("pve1", "pve2", "pve2", "pve2", "pve3", "", "Ä", "pve1 "),
    machine: mostly<string | null>(
      "c0ffee00c0ffee00c0ffee00c0ffee00",
      "d0ffee00c0ffee00c0ffee00c0ffee00",
      null,
      "short",
    ),
    boot: mostly(BOOT, BOOT.replace("0f", "1f"), BOOT.toUpperCase(), "short"),
    transport: fc.constantFrom("kernel", "kernel", "syslog", "journal", null),
    facility: mostly<string | null>("0", "3", "10", null, ""),
    sender: mostly<string | null>("kernel", "systemd", "CRON", null),
    lag: mostly<number | null>(5_000, 0, -7, 90_000_000_000, null),
    sent: fc.option(fc.integer({ min: -9_000_000, max: 9_000_000 }), { freq: 4 }),
    message,
    extras: fc.array(extra, { maxLength: 2 }),
    order: fc.nat({ max: 9 }),
    lacks: mostly("", "_HOSTNAME", "_BOOT_ID", "__MONOTONIC_TIMESTAMP", "__REALTIME_TIMESTAMP", "MESSAGE"),
    number: mostly<(us: number) => string>(
      String,
      (us) => `0${us}`,
      () => "",
      () => "12a",
      () => "9007199254740993",
    ),
    oddity: mostly<Oddity>("none", "spaces", "array", "null", "carriage-return", "no-end", "junk-line", "pretty"),
  })
  .map((one) => {
    const fields = (us: number, monotonicUs: number): RandomEntry["fields"] => {
      const said: (readonly [string, string | null])[] = [
        ["__CURSOR", `s=6b1c;i=0;b=${BOOT};m=0;t=0;x=0`],
        ["__REALTIME_TIMESTAMP", one.number(us)],
        ["__MONOTONIC_TIMESTAMP", String(monotonicUs)],
        ["_BOOT_ID", one.boot],
        ["_MACHINE_ID", one.machine],
        ["_HOSTNAME", one.host],
        ["_TRANSPORT", one.transport],
        ["SYSLOG_FACILITY", one.facility],
        [one.order % 3 === 0 ? "_COMM" : "SYSLOG_IDENTIFIER", one.sender],
        ["_SOURCE_MONOTONIC_TIMESTAMP", one.lag === null ? null : String(monotonicUs - one.lag)],
        ["_SOURCE_REALTIME_TIMESTAMP", one.sent === null ? null : String(us + one.sent)],
        ["MESSAGE", one.message],
        ...one.extras,
      ];
      const present = said.filter(
        (field): field is readonly [string, string] => field[1] !== null && field[0] !== one.lacks,
      );
      // Journald's order is none: the message may stand first.
      return one.order > 6 ? present.reverse() : present;
    };
    return { step: one.step, oddity: one.oddity, fields };
  });

/** Entries as a journal has them, most of them alike, some of them odd. */
export const randomEntries: fc.Arbitrary<readonly RandomEntry[]> = fc
  .array(entry, { minLength: 1, maxLength: 60 })
  .map((steps) => {
    let us = START_US;
    let monotonicUs = 100_000_000;
    return steps.map(({ step, oddity, fields }) => {
      us = Math.max(0, us + step);
      monotonicUs = Math.max(0, monotonicUs + Math.min(step, 10_000_000));
      const said = fields(us, monotonicUs);
      if (Math.abs(step) > 1e12) us = START_US;
      return { fields: said, oddity };
    });
  });

/** As `journalctl -o json` and its kin write it. */
export function asJson(entries: readonly RandomEntry[]): Buffer {
  const lines = entries.map(({ fields, oddity }) => {
    const [colon, comma] = oddity === "spaces" ? [" : ", " , "] : [":", ","];
    const members = fields.map(([name, value], at) => {
      if (oddity === "array" && at === 2)
        return `${JSON.stringify(name)}${colon}[${[...Buffer.from(value)].join(",")}]`;
      if (oddity === "null" && at === fields.length - 1) return `${JSON.stringify(name)}${colon}null`;
      return `${JSON.stringify(name)}${colon}${JSON.stringify(value)}`;
    });
    const gap = oddity === "spaces" ? " " : oddity === "pretty" ? "\n\t" : "";
    const body = `{${gap}${members.join(comma + gap)}${gap}`;
    if (oddity === "no-end") return `${body}\n`;
    return `${oddity === "junk-line" ? "junk\n" : ""}${body}}${oddity === "carriage-return" ? "\r" : ""}\n`;
  });
  return Buffer.from(lines.join(""));
}

/** As `journalctl -o export` writes it. */
export function asExport(entries: readonly RandomEntry[]): Buffer {
  const parts: Buffer[] = [];
  for (const { fields, oddity } of entries) {
    fields.forEach(([name, value], at) => {
      const bytes = Buffer.from(value);
      if (/[\n\0]/.test(value) || (oddity === "array" && at === 2)) {
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(bytes.length + (oddity === "null" ? 3 : 0)));
        parts.push(Buffer.from(`${name}\n`), length, bytes, Buffer.from("\n"));
      } else parts.push(Buffer.from(`${name}=`), bytes, Buffer.from(oddity === "carriage-return" ? "\r\n" : "\n"));
      if (oddity === "junk-line" && at === 3) parts.push(Buffer.from("junk without an equals sign\n"));
    });
    if (oddity !== "no-end") parts.push(Buffer.from(oddity === "pretty" ? "\n\n" : "\n"));
  }
  return Buffer.concat(parts);
}
