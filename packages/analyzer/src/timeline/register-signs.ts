import type { HangEvent } from "@hangproof/parser";

/** What a dump's status words show, one bit a sign: a million reports keep them in a column. */
export const SIGN = {
  /** Some register was printed. */
  registers: 0x1,
  /** MAC Status, PCI Status or TDH reads all ones: nothing answered on the bus. */
  allOnes: 0x2,
  /** MAC Status: no link (defines.h, E1000_STATUS_LU). */
  linkDown: 0x4,
  /** PHY Status: the link is or was down since the last look (BMSR_LSTATUS keeps a drop). */
  phyDrop: 0x8,
  /** MAC Status: paused by flow control (E1000_STATUS_TXOFF). */
  txOff: 0x10,
  /** next_to_watch.status: done by print time (E1000_TXD_STAT_DD). */
  done: 0x20,
  /** PCI Status: abort, system error or parity error (pci_regs.h, 0xf900). */
  pciError: 0x40,
  /** TDH 0 and TDT 1: the first packet of a ring that was just set up. */
  ringStart: 0x80,
  /** TDH is TDT: everything was fetched. */
  headIsTail: 0x100,
  /** MAC Status tells 10, 100 or 1000 Mb/s. */
  speed10: 0x200,
  speed100: 0x400,
  speed1000: 0x800,
} as const;

const ALL_ONES = 0xffffffff;
const ALL_ONES_16 = 0xffff;

/** The signs of one dump, as bits of `SIGN`. */
export function registerSigns(registers: HangEvent["registers"]): number {
  const { TDH: head, TDT: tail, "MAC Status": mac, "PHY Status": phy, "PCI Status": pci } = registers;
  let signs = Object.keys(registers).length > 0 ? SIGN.registers : 0;
  if (mac === ALL_ONES || pci === ALL_ONES_16 || head === ALL_ONES) signs |= SIGN.allOnes;
  if (mac !== undefined && mac !== ALL_ONES) {
    if ((mac & 0x2) === 0) signs |= SIGN.linkDown;
    if ((mac & 0x10) !== 0) signs |= SIGN.txOff;
    // mac.c, e1000e_get_speed_and_duplex_copper(): 0x80 is looked at first.
    signs |= (mac & 0x80) !== 0 ? SIGN.speed1000 : (mac & 0x40) !== 0 ? SIGN.speed100 : SIGN.speed10;
  }
  if (phy !== undefined && phy !== 0 && phy !== ALL_ONES_16 && (phy & 0x4) === 0) signs |= SIGN.phyDrop;
  if (pci !== undefined && pci !== ALL_ONES_16 && (pci & 0xf900) !== 0) signs |= SIGN.pciError;
  if (((registers["next_to_watch.status"] ?? 0) & 0x1) !== 0) signs |= SIGN.done;
  if (head === 0 && tail === 1) signs |= SIGN.ringStart;
  if (head !== undefined && head === tail) signs |= SIGN.headIsTail;
  return signs;
}
