import type { AdapterRef, Finding } from "../../model/event.js";
import { foldLines } from "../fold-lines.js";
import { CATALOGUE, NOT_THE_DRIVERS } from "./catalogue.js";
import { isDebugMessage } from "./debug-messages.js";
import { readParameter } from "./parameters.js";

/** What stands behind the speed may be cut off at a line's end. */
const LINK_UP = /^(?:NIC )?Link is Up(?:[ ,.].{0,200})?$/i;
const SPEED = /^(?:NIC )?Link is Up (\d{1,6}) Mbps/i;
const DUPLEX = / (Full|Half) Dup/i;
const FLOW = / Flow Control: (RX\/TX|RX|TX|None)\.?$/i;
const LINK_DOWN = /^(?:NIC )?Link is Down[.\u2026]{0,3}$/;
const RESET = /^Reset adapter(?: unexpectedly)?[.\u2026]{0,3}$/;
const BANNER = /^Intel\(R\) PRO\/1000 Network Driver(?: - (\S+))?$/;
const BUS = /^\(PCI Express:2\.5G[TB]\/s:Width x\d\) ([0-9a-f:]{17})$/;
const NAME = /^Intel\(R\) PRO\/(?:1000|10\/100) Network Connection$/;
const IDS = /^MAC: (\d+), PHY: (\d+), PBA No: (\S+)$/;
const RENAMED = /^renamed from (\S{1,15})(?: \(while UP\))?$/;

const NO_PROBE = { mac: null, macType: null, phyType: null, partNumber: null } as const;

/**
 * Reads a message that stands behind the driver's prefix. An empty list: known and without meaning here; null: nothing
 * knows it.
 */
export function readDriverMessage(adapter: AdapterRef, text: string): readonly Finding[] | null {
  const line = foldLines(text);
  if (LINK_UP.test(line)) {
    const speed = SPEED.exec(line)?.[1];
    const flow = FLOW.exec(line)?.[1]?.toLowerCase() ?? null;
    return [
      {
        kind: "e1000e.link_up",
        adapter,
        speedMbps: speed === undefined ? null : Number(speed),
        duplex: (DUPLEX.exec(line)?.[1]?.toLowerCase() as "full" | "half" | undefined) ?? null,
        flowControl: flow as "rx/tx" | "rx" | "tx" | "none" | null,
      },
    ];
  }
  if (LINK_DOWN.test(line)) return [{ kind: "e1000e.link_down", adapter }];
  // Drivers until 3.8 lack the last word.
  if (RESET.test(line)) return [{ kind: "e1000e.reset", adapter }];
  const parameter = readParameter(adapter, line);
  if (parameter !== null) return [parameter];
  const banner = BANNER.exec(line);
  if (banner !== null) return [{ kind: "e1000e.driver_load", version: banner[1] ?? null }];
  const bus = BUS.exec(line);
  if (bus !== null) return [{ kind: "e1000e.probe", adapter, ...NO_PROBE, mac: bus[1] ?? null }];
  if (NAME.test(line)) return [{ kind: "e1000e.probe", adapter, ...NO_PROBE }];
  const ids = IDS.exec(line);
  if (ids !== null) {
    const [, macType, phyType, partNumber] = ids;
    const numbers = { macType: Number(macType), phyType: Number(phyType), partNumber: partNumber ?? null };
    return [{ kind: "e1000e.probe", adapter, mac: null, ...numbers }];
  }
  if (line === "removed PHC") return [{ kind: "e1000e.remove", adapter }];
  const renamed = RENAMED.exec(line);
  if (renamed !== null) {
    return [{ kind: "net.rename", adapter, before: renamed[1] ?? "", after: adapter.interface ?? "" }];
  }
  if (/^EEE TX LPI TIMER: [0-9A-F]{8}$/.test(line)) {
    return [{ kind: "e1000e.message", adapter, id: "pm.lpi", text: line }];
  }
  for (const known of CATALOGUE) {
    if (known.pattern.test(line)) return [{ kind: "e1000e.message", adapter, id: known.id, text: line }];
  }
  if (isDebugMessage(line)) return [{ kind: "e1000e.message", adapter, id: "debug", text: line }];
  return NOT_THE_DRIVERS.some((pattern) => pattern.test(line)) ? [] : null;
}
