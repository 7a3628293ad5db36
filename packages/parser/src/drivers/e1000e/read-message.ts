import type { AdapterRef, Finding } from "../../model/event.js";
import { CATALOGUE, NOT_THE_DRIVERS } from "./catalogue.js";
import { readParameter } from "./parameters.js";

const LINK_UP = /^(?:NIC )?Link is Up (\d{1,6}) Mbps,? (Full|Half) Duplex(?:, Flow Control: (RX\/TX|RX|TX|None))?/i;
const LINK_DOWN = /^(?:NIC )?Link is Down$/;
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
  const line = text.replace(/\s*\n\s*/g, " ").trim();
  const up = LINK_UP.exec(line);
  if (up !== null) {
    const flow = up[3]?.toLowerCase() ?? null;
    return [
      {
        kind: "e1000e.link_up",
        adapter,
        speedMbps: Number(up[1]),
        duplex: up[2]?.toLowerCase() === "half" ? "half" : "full",
        flowControl: flow as "rx/tx" | "rx" | "tx" | "none" | null,
      },
    ];
  }
  if (LINK_DOWN.test(line)) return [{ kind: "e1000e.link_down", adapter }];
  // VMware prints a level and no colon; drivers until 3.8 lack the last word.
  if (/^Reset adapter(?: unexpectedly)?$/.test(line)) return [{ kind: "e1000e.reset", adapter }];
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
  return NOT_THE_DRIVERS.some((pattern) => pattern.test(line)) ? [] : null;
}
