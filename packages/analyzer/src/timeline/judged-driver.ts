import type { HangEvent, KernelEvent, PackHangEvent, PackSignEvent } from "@hangproof/parser";

/** The driver that is judged where the caller names none, and under whose kinds of events the judged one's are kept. */
export const E1000E = "e1000e";

/** Registers by which two tellings of one report are known to be the same; others mean something else to each driver. */
const SHARED_REGISTERS = ["TDH", "TDT", "time_stamp", "jiffies"] as const;

/**
 * An event as the questions want it: what the judged driver says has e1000e's kinds, and hangs of any other driver are
 * `net.other_hang`. Null: no question asks for it.
 */
export function asJudged(event: KernelEvent, driver: string): KernelEvent | null {
  switch (event.kind) {
    case "pack.hang":
      return event.driver === driver ? ownHang(event) : otherHang(event, event.driver, "hang");
    case "pack.sign":
      if (event.driver === driver) return ownSign(event);
      return event.sign === "reset" ? otherHang(event, event.driver, "reset") : null;
    case "pack.event":
      return null;
    default:
      return driver === E1000E ? event : aboutOther(event, driver);
  }
}

/** What the parser tells without a pack, where e1000e is not the driver that is judged. */
function aboutOther(event: KernelEvent, driver: string): KernelEvent | null {
  switch (event.kind) {
    case "e1000e.hang":
      return otherHang(event, E1000E, "hang");
    case "e1000e.reset":
      return otherHang(event, E1000E, "reset");
    case "net.tx_timeout":
      if (event.driver === E1000E) return null;
      return event.driver === driver ? { ...event, driver: E1000E } : event;
    case "setting.file":
      if (event.module === null) return event;
      // Its options have names that may be e1000e's and meanings that are not.
      return event.module === driver.replaceAll("-", "_")
        ? { ...event, module: E1000E, name: `${driver}.${event.name}` }
        : null;
    case "setting.command":
      return event.program === "modprobe" ? null : event;
    case "host.command_line": {
      const words = event.commandLine.split(/\s+/).filter((word) => !word.startsWith(`${E1000E}.`));
      return { ...event, commandLine: words.join(" ") };
    }
    default:
      return event.kind.startsWith(`${E1000E}.`) ? null : event;
  }
}

type Common = Pick<KernelEvent, "time" | "host" | "bootId" | "trust" | "provenance">;

const commonOf = ({ time, host, bootId, trust, provenance }: KernelEvent): Common => ({
  time,
  host,
  bootId,
  trust,
  provenance,
});

function ownHang(event: PackHangEvent): HangEvent {
  const known = SHARED_REGISTERS.flatMap((name) => {
    const value = event.registers[name];
    return value === undefined ? [] : [[name, value]];
  });
  const registers: HangEvent["registers"] = Object.fromEntries(known);
  return { kind: "e1000e.hang", ...commonOf(event), adapter: event.adapter, registers, missing: [] };
}

function ownSign(event: PackSignEvent): KernelEvent {
  const common = { ...commonOf(event), adapter: event.adapter };
  switch (event.sign) {
    case "reset":
      return { kind: "e1000e.reset", ...common };
    case "link_up":
      return { kind: "e1000e.link_up", ...common, speedMbps: event.speedMbps, duplex: null, flowControl: null };
    case "link_down":
      return { kind: "e1000e.link_down", ...common };
    case "load":
      return { kind: "e1000e.driver_load", ...commonOf(event), version: null };
    case "remove":
      return { kind: "e1000e.remove", ...common };
  }
}

function otherHang(
  event: Extract<KernelEvent, { readonly kind: "pack.hang" | "pack.sign" | "e1000e.hang" | "e1000e.reset" }>,
  driver: string,
  sign: "hang" | "reset",
): KernelEvent {
  return { kind: "net.other_hang", ...commonOf(event), adapter: event.adapter, driver, sign };
}
