import fc from "fast-check";
import { HANG_FIELDS } from "../../src/model/event.js";

/** One record of a made-up host, and the events that it must give. */
export interface SourceRecord {
  /** After the record before. */
  readonly afterUs: number;
  readonly writer: "kernel" | "process";
  readonly identifier: string;
  readonly pid: number | null;
  readonly message: string;
  /** What the event must say, less its time; null: none. */
  readonly event: Readonly<Record<string, unknown>> | null;
  /** Written to look as if the kernel had. */
  readonly imitates: boolean;
}

const ADAPTER = { pci: "0000:00:1f.6", interface: "eno1" };
const PREFIX = "e1000e 0000:00:1f.6 eno1";

type Body = Pick<SourceRecord, "message" | "event">;

const HEX = fc.integer({ min: 0, max: 0xffff });

/** `e1000_print_hw_hang` prints one record of many lines (drivers/net/ethernet/intel/e1000e/netdev.c). */
const hang = fc.array(HEX, { minLength: 13, maxLength: 13 }).map((values): Body => {
  const registers = Object.fromEntries(HANG_FIELDS.map((name, at) => [name, values[at] ?? 0]));
  const lines = HANG_FIELDS.map((name) => {
    const indent = name === name.toLowerCase() || name.startsWith("TD") ? "  " : "";
    return `${indent}${name.padEnd(name === name.toUpperCase() ? 20 : 21)}<${(registers[name] ?? 0).toString(16)}>`;
  });
  const message = [
    `${PREFIX}: Detected Hardware Unit Hang:`,
    ...lines.slice(0, 4),
    "buffer_info[next_to_clean]:",
    ...lines.slice(4),
  ];
  return { message: message.join("\n"), event: { kind: "e1000e.hang", adapter: ADAPTER, registers, missing: [] } };
});

const kernelBody: fc.Arbitrary<Body> = fc.oneof(
  { weight: 3, arbitrary: hang },
  fc.constantFrom("10", "100", "1000").map((speed) => ({
    message: `${PREFIX}: NIC Link is Up ${speed} Mbps Full Duplex, Flow Control: Rx/Tx`,
    event: { kind: "e1000e.link_up", adapter: ADAPTER, speedMbps: Number(speed) },
  })),
  fc.constant({ message: `${PREFIX}: NIC Link is Down`, event: { kind: "e1000e.link_down", adapter: ADAPTER } }),
  fc.constant({ message: `${PREFIX}: Reset adapter unexpectedly`, event: { kind: "e1000e.reset", adapter: ADAPTER } }),
  fc.integer({ min: 0, max: 7 }).map((queue) => ({
    message: `NETDEV WATCHDOG: eno1 (e1000e): transmit queue ${queue} timed out`,
    event: { kind: "net.tx_timeout", queue },
  })),
  fc.constant({
    message: "vmbr0: port 1(eno1) entered disabled state",
    event: { kind: "net.port_state", state: "disabled" },
  }),
  fc
    .constantFrom(
      "usb 1-1: new high-speed USB device number 2 using xhci_hcd",
      'audit: type=1400 audit(1759665600.1:2): apparmor="STATUS"',
      "igb 0000:06:00.0 enp6s0: igb: enp6s0 NIC Link is Down",
      "a: b: c",
      "[drm] Initialized simpledrm 1.0.0",
      "  indented",
    )
    .map((message) => ({ message, event: null })),
);

const processBody: fc.Arbitrary<Body> = fc.oneof(
  fc.integer({ min: 100, max: 999 }).map((guest) => ({
    message: `INFO: Starting Backup of VM ${guest} (qemu)`,
    event: { kind: "backup.guest_start", guest },
  })),
  fc.integer({ min: 100, max: 999 }).map((guest) => ({
    message: `INFO: Finished Backup of VM ${guest} (00:01:02)`,
    event: { kind: "backup.guest_end", guest, outcome: "ok" },
  })),
);

const plain = fc
  .string({ unit: fc.constantFrom(..."abcdefghij 0123456789äß漢🚀-_=/"), minLength: 1, maxLength: 60 })
  .filter((text) => text.trim() === text && !/^-- |^#/.test(text))
  .map((message): Body => ({ message, event: null }));

const record: fc.Arbitrary<SourceRecord> = fc
  .record({ afterUs: fc.integer({ min: 1_500_000, max: 4_000_000 }), pid: fc.integer({ min: 2, max: 99_999 }) })
  .chain(({ afterUs, pid }) =>
    fc.oneof(
      {
        weight: 5,
        arbitrary: kernelBody.map(
          (body): SourceRecord => ({
            ...body,
            afterUs,
            writer: "kernel",
            identifier: "kernel",
            pid: null,
            imitates: false,
          }),
        ),
      },
      {
        weight: 2,
        arbitrary: processBody.map(
          (body): SourceRecord => ({ ...body, afterUs, writer: "process", identifier: "vzdump", pid, imitates: false }),
        ),
      },
      plain.map(
        (body): SourceRecord => ({ ...body, afterUs, writer: "process", identifier: "app", pid, imitates: false }),
      ),
      fc.tuple(hang, fc.constantFrom("kernel", "evil")).map(
        ([body, identifier]): SourceRecord => ({
          message: body.message,
          event: null,
          afterUs,
          writer: "process",
          identifier,
          pid,
          imitates: true,
        }),
      ),
    ),
  );

/** A log of some records, seconds apart, in the order of time. */
export const randomLog: fc.Arbitrary<SourceRecord[]> = fc.array(record, { minLength: 3, maxLength: 25 });
