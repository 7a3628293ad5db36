import type { HangField } from "../../../model/event.js";

/** One bit, or a group of bits with one value, of a status word. */
export interface BitMeaning {
  /** The bits that are looked at. */
  readonly mask: number;
  /** What they hold; a single bit set where absent. */
  readonly value?: number;
  readonly name: string;
  readonly meaning: string;
  /** Points at a fault: of the link, of the bus. */
  readonly alarming?: true;
}

/** What a field of the dump is, in plain words (netdev.c, e1000_print_hw_hang()). */
export const FIELD_MEANINGS: Readonly<Record<HangField, string>> = {
  TDH: "transmit descriptor head: the descriptor that the hardware would fetch next",
  TDT: "transmit descriptor tail: the first descriptor that the hardware may not touch yet",
  next_to_use: "the driver's next free slot",
  next_to_clean: "the oldest slot that the driver has not got back: the stuck packet begins here",
  time_stamp: "kernel ticks when the stuck packet was queued",
  next_to_watch: "the last descriptor of the stuck packet",
  jiffies: "kernel ticks when this was printed",
  "next_to_watch.status": "status byte of that last descriptor",
  "MAC Status": "device status register (STATUS)",
  "PHY Status": "MII register 1, basic mode status (IEEE 802.3, 22.2.4.2)",
  "PHY 1000BASE-T Status": "MII register 10, master-slave status (IEEE 802.3, 40.5.1.1)",
  "PHY Extended Status": "MII register 15, extended status (IEEE 802.3, 22.2.4.4)",
  "PCI Status": "status word of the PCI configuration space (offset 6)",
};

/** defines.h, E1000_STATUS_*; speed as mac.c, e1000e_get_speed_and_duplex_copper() tells it. */
export const MAC_STATUS: readonly BitMeaning[] = [
  { mask: 0x1, name: "FD", meaning: "full duplex" },
  { mask: 0x1, value: 0, name: "not FD", meaning: "half duplex", alarming: true },
  { mask: 0x2, name: "LU", meaning: "link is up" },
  { mask: 0x2, value: 0, name: "not LU", meaning: "link is down", alarming: true },
  { mask: 0xc, value: 0x4, name: "FUNC", meaning: "second PCI function" },
  { mask: 0x10, name: "TXOFF", meaning: "transmission is paused by the link partner's flow control", alarming: true },
  { mask: 0xc0, value: 0x00, name: "SPEED_10", meaning: "10 Mb/s", alarming: true },
  { mask: 0xc0, value: 0x40, name: "SPEED_100", meaning: "100 Mb/s" },
  { mask: 0x80, name: "SPEED_1000", meaning: "1000 Mb/s" },
  { mask: 0x200, name: "LAN_INIT_DONE", meaning: "the NVM was loaded" },
  { mask: 0x400, name: "PHYRA", meaning: "the PHY was reset since the last look" },
  { mask: 0x80000, name: "GIO_MASTER_ENABLE", meaning: "the device may read and write memory" },
  { mask: 0x80000, value: 0, name: "not GIO_MASTER_ENABLE", meaning: "no access to memory", alarming: true },
  { mask: 0x40000000, name: "PCIM_STATE", meaning: "power state bit, usual on I219" },
];

/** MII register 1: IEEE 802.3 clause 22.2.4.2; include/uapi/linux/mii.h, BMSR_*. */
export const PHY_STATUS: readonly BitMeaning[] = [
  { mask: 0x1, name: "ERCAP", meaning: "extended registers" },
  { mask: 0x2, name: "JCD", meaning: "jabber detected", alarming: true },
  { mask: 0x4, name: "LSTATUS", meaning: "link is up" },
  {
    mask: 0x4,
    value: 0,
    name: "not LSTATUS",
    meaning: "link is down, or was since the last look (the bit keeps a drop until it is read)",
    alarming: true,
  },
  { mask: 0x8, name: "ANEGCAPABLE", meaning: "can negotiate" },
  { mask: 0x10, name: "RFAULT", meaning: "the partner tells of a fault", alarming: true },
  { mask: 0x20, name: "ANEGCOMPLETE", meaning: "negotiation is complete" },
  { mask: 0x20, value: 0, name: "not ANEGCOMPLETE", meaning: "negotiation is not complete", alarming: true },
  { mask: 0x40, name: "preamble suppression", meaning: "takes management frames without preamble" },
  { mask: 0x100, name: "ESTATEN", meaning: "register 15 holds more" },
  { mask: 0x200, name: "100HALF2", meaning: "can 100BASE-T2 half duplex" },
  { mask: 0x400, name: "100FULL2", meaning: "can 100BASE-T2 full duplex" },
  { mask: 0x800, name: "10HALF", meaning: "can 10 Mb/s half duplex" },
  { mask: 0x1000, name: "10FULL", meaning: "can 10 Mb/s full duplex" },
  { mask: 0x2000, name: "100HALF", meaning: "can 100 Mb/s half duplex" },
  { mask: 0x4000, name: "100FULL", meaning: "can 100 Mb/s full duplex" },
  { mask: 0x8000, name: "100BASE4", meaning: "can 100BASE-T4" },
];

/** MII register 10: IEEE 802.3 clause 40.5.1.1; include/uapi/linux/mii.h, LPA_1000*. The idle error count is apart. */
export const PHY_1000T_STATUS: readonly BitMeaning[] = [
  { mask: 0x8000, name: "MSFAIL", meaning: "master/slave could not be settled", alarming: true },
  { mask: 0x4000, name: "MSRES", meaning: "this PHY is the clock master" },
  { mask: 0x4000, value: 0, name: "not MSRES", meaning: "this PHY is the clock slave" },
  { mask: 0x2000, name: "LOCALRXOK", meaning: "local receiver fine" },
  { mask: 0x2000, value: 0, name: "not LOCALRXOK", meaning: "local receiver not fine", alarming: true },
  { mask: 0x1000, name: "REMRXOK", meaning: "partner's receiver fine" },
  { mask: 0x1000, value: 0, name: "not REMRXOK", meaning: "partner's receiver not fine", alarming: true },
  { mask: 0x800, name: "1000FULL", meaning: "partner can 1000 Mb/s full duplex" },
  { mask: 0x400, name: "1000HALF", meaning: "partner can 1000 Mb/s half duplex" },
];

/** MII register 15: IEEE 802.3 clause 22.2.4.4; include/uapi/linux/mii.h, ESTATUS_1000_*. */
export const PHY_EXTENDED_STATUS: readonly BitMeaning[] = [
  { mask: 0x8000, name: "1000_XFULL", meaning: "can 1000BASE-X full duplex" },
  { mask: 0x4000, name: "1000_XHALF", meaning: "can 1000BASE-X half duplex" },
  { mask: 0x2000, name: "1000_TFULL", meaning: "can 1000BASE-T full duplex" },
  { mask: 0x1000, name: "1000_THALF", meaning: "can 1000BASE-T half duplex" },
];

/** include/uapi/linux/pci_regs.h, PCI_STATUS_*. */
export const PCI_STATUS: readonly BitMeaning[] = [
  { mask: 0x1, name: "IMM_READY", meaning: "ready at once" },
  { mask: 0x8, name: "INTERRUPT", meaning: "legacy interrupt pending" },
  { mask: 0x10, name: "CAP_LIST", meaning: "has a list of capabilities" },
  { mask: 0x20, name: "66MHZ", meaning: "can 66 MHz" },
  { mask: 0x40, name: "UDF", meaning: "user definable features" },
  { mask: 0x80, name: "FAST_BACK", meaning: "can fast back-to-back" },
  { mask: 0x100, name: "PARITY", meaning: "master data parity error", alarming: true },
  { mask: 0x600, value: 0x200, name: "DEVSEL_MEDIUM", meaning: "medium device select" },
  { mask: 0x600, value: 0x400, name: "DEVSEL_SLOW", meaning: "slow device select" },
  { mask: 0x800, name: "SIG_TARGET_ABORT", meaning: "the device aborted an access to it", alarming: true },
  { mask: 0x1000, name: "REC_TARGET_ABORT", meaning: "an access of the device was aborted", alarming: true },
  { mask: 0x2000, name: "REC_MASTER_ABORT", meaning: "nobody answered an access of the device", alarming: true },
  { mask: 0x4000, name: "SIG_SYSTEM_ERROR", meaning: "the device signalled a system error", alarming: true },
  { mask: 0x8000, name: "DETECTED_PARITY", meaning: "the device saw a parity error", alarming: true },
];

/** defines.h, E1000_TXD_STAT_*. */
export const DESCRIPTOR_STATUS: readonly BitMeaning[] = [
  { mask: 0x1, name: "DD", meaning: "the hardware is done with it by now" },
  { mask: 0x1, value: 0, name: "not DD", meaning: "the hardware never reported it done", alarming: true },
  { mask: 0x2, name: "EC", meaning: "given up after too many collisions", alarming: true },
  { mask: 0x4, name: "LC", meaning: "late collision", alarming: true },
  { mask: 0x8, name: "TU", meaning: "transmit underrun", alarming: true },
];
