import type { AdapterRef } from "../../model/event.js";

/** A driver message without what stands before it. */
export interface DriverLine {
  /** First word as printed; null in the forms that had none (2.6.32 to 2.6.34, pastes that lost it). */
  readonly driver: string | null;
  readonly adapter: AdapterRef;
  readonly text: string;
}

/** PCI address; domains of VMD controllers have 5 digits; pastes lose the function, or the domain. */
const BDF = String.raw`[0-9a-fA-F]{4,5}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}(?:\.[0-7])?`;
const SHORT_BDF = String.raw`[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7]`;
/** First words of messages that stand where 2.6.35 to 3.6 had the interface: other subsystems', and the driver's own. */
const NO_NAME = /^(?:Warning|PM|AER|ASPM|DMAR|vgaarb|AMD-Vi|iommu|swiotlb|EDR|DPC|VPD|CXL)$/;
const IFNAME = String.raw`\((?:unregistered|unnamed) net_device\)|[^\s/:()]{1,15}|${BDF}`;
const STATE = String.raw`(?: \((?:uninitialized|unregistering|unregistered|released|dummy|unknown)\))?`;

/** `e1000e 0000:00:19.0 eth0: …` (3.8 on), `e1000e 0000:00:19.0: eth0: …` (2.6.35 to 3.6). */
const WITH_INTERFACE = new RegExp(String.raw`^(?:([a-z][\w-]{1,31}) )?(${BDF}):? (${IFNAME})${STATE}: (.*)$`, "s");
/** `e1000e 0000:00:19.0: …` (dev_err and the like). */
const WITH_DEVICE = new RegExp(String.raw`^([a-z][\w-]{1,31}) (${BDF}): (.*)$`, "s");
/** `e1000e 00:19.0 eth0: …`, `e1000e eth0: …`: pastes that lost the domain or the whole address. */
const SHORTENED = new RegExp(String.raw`^(e1000e[\w-]{0,16}) (?:(${SHORT_BDF}):? )?([^\s/:()]{1,15}): (.*)$`, "s");
/** `e1000e: …` (pr_info); link lines until 4.20 name the interface behind it. */
const WITH_MODULE = /^([a-z][\w-]{1,31}): (.*)$/s;
const LINK_OF = /^([^\s/:()]{1,15}) (NIC Link is .*)$/s;
/** drivers/base/dynamic debug: thread id, module:function:line before the line itself. */
const DYNAMIC_DEBUG = /^(?:\[\d{1,7}\] )?e1000e:[\w]{1,64}:\d{1,5}: /;
/** VMware's vmklinux keeps the level and drops the driver. */
const LEVEL = /^<\d>/;

const isAddress = new RegExp(`^${BDF}$`);
const clean = (name: string): string | null => (name.startsWith("(") || isAddress.test(name) ? null : name);

/**
 * Splits the driver's prefix off a message, in every form that e1000e had since 2.6.32 (e1000.h, e_printk;
 * include/linux/netdevice.h; net/core/dev.c, __netdev_printk). Null when the message has no such prefix. Linear.
 */
export function readDriverLine(message: string): DriverLine | null {
  // Every form has a colon, but for one of VMware's.
  if (!message.includes(":") && !message.includes("vmnic")) return null;
  const line = message.replace(LEVEL, "").replace(DYNAMIC_DEBUG, "");
  const full = WITH_INTERFACE.exec(line);
  if (full !== null && !NO_NAME.test(full[3] ?? "")) {
    const [, driver, pci = "", name = "", text = ""] = full;
    return { driver: driver ?? null, adapter: { pci, interface: clean(name) }, text };
  }
  const device = WITH_DEVICE.exec(line);
  if (device !== null) {
    const [, driver = "", pci = "", text = ""] = device;
    return { driver, adapter: { pci, interface: null }, text };
  }
  const module = WITH_MODULE.exec(line);
  if (module !== null) {
    const [, driver = "", rest = ""] = module;
    const link = LINK_OF.exec(rest);
    if (link !== null) return { driver, adapter: { pci: null, interface: link[1] ?? null }, text: link[2] ?? "" };
    return { driver, adapter: { pci: null, interface: null }, text: rest };
  }
  const shortened = SHORTENED.exec(line);
  if (shortened !== null) {
    const [, driver = "", pci, name = "", text = ""] = shortened;
    return { driver, adapter: { pci: pci ?? null, interface: name }, text };
  }
  const esxi = /^(vmnic\d{1,3}) (NIC Link is .*)$/s.exec(line);
  if (esxi !== null) return { driver: null, adapter: { pci: null, interface: esxi[1] ?? null }, text: esxi[2] ?? "" };
  return null;
}

/** Whether the first word is this driver: e1000e, or an out-of-tree build under a longer name (`e1000e-ext`). */
export function isE1000e(driver: string | null): boolean {
  return driver !== null && /^e1000e(?:[-_]\w{1,16})?$/.test(driver);
}

const DRIVER_WORD = /(?:<\d>)?\be1000e(?:[-_]\w{1,16})?(?: |: )/;
const MOST_MARGIN = 160;
/** List marks, quotes, line numbers; or the name of a file, as grep prints it; or the rest of a log's own head. */
const MARGIN = /^[\s>|*#`\u2022+\d:.)-]{0,24}$|^[\w./-]{1,100}:$|\bkernel: $|\] $/;

/**
 * A line without log form from the driver's name on, where only a margin stands before it: list marks, quotes, what
 * grep prints, a head that no reader knows. Any other line as it is. Linear.
 */
export function behindMargin(message: string): string {
  const at = DRIVER_WORD.exec(message.slice(0, MOST_MARGIN + 32))?.index ?? 0;
  return at > 0 && at <= MOST_MARGIN && MARGIN.test(message.slice(0, at)) ? message.slice(at) : message;
}
