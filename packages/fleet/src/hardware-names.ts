import type { ProbeEvent } from "@hangproof/parser";

interface Port {
  nic: string | null;
  readonly macs: Set<string>;
}

/** What the driver said of each port when it took it over: the kind of hardware, and the address. */
export class HardwareNames {
  readonly #ports = new Map<string, Map<string, Port>>();

  add(host: string, { adapter: { pci }, mac, macType, phyType }: ProbeEvent): void {
    if (pci === null) return;
    const ports = this.#ports.get(host) ?? new Map<string, Port>();
    const port = ports.get(pci) ?? { nic: null, macs: new Set() };
    if (macType !== null) port.nic = `MAC type ${macType}${phyType === null ? "" : `, PHY type ${phyType}`}`;
    if (mac !== null) port.macs.add(mac.toLowerCase());
    this.#ports.set(host, ports.set(pci, port));
  }

  /** The kind of hardware, as the driver numbers it (enum e1000_mac_type); null where no line says it. */
  of(host: string, pci: string | null): string | null {
    return pci === null ? null : (this.#ports.get(host)?.get(pci)?.nic ?? null);
  }

  /** Sentences on ports that had several addresses: another card, or two machines of one name. */
  clashes(): string[] {
    return [...this.#ports].flatMap(([host, ports]) =>
      [...ports]
        .filter(([, { macs }]) => macs.size > 1)
        .map(
          ([pci, { macs }]) =>
            `${host}: port ${pci} had ${macs.size} MAC addresses; its card was replaced, or two machines have this name`,
        ),
    );
  }
}
