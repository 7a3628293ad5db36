import type { AdapterReport } from "@hangproof/analyzer";
import type { Block } from "../layout/document.js";

/** Which hardware and software it is about: what a ticket is asked for first. */
export function adapterBlocks(series: AdapterReport): Block[] {
  const { pci, interfaces, mac, driverVersions } = series.adapter;
  const kernels = [...new Set(series.boots.flatMap(({ kernelRelease }) => kernelRelease ?? []))];
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ["PCI address", pci === null ? [] : [pci]],
    ["interface", interfaces],
    ["MAC", mac === null ? [] : [mac]],
    ["driver e1000e", driverVersions],
    ["kernel", kernels],
  ];
  const items = facts
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name}: ${values.join(", ")}`);
  return items.length === 0
    ? []
    : [
        { kind: "heading", text: "Adapter" },
        { kind: "list", items },
      ];
}
