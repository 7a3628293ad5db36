/** One message of the driver that has no event kind of its own. */
export interface CatalogueEntry {
  readonly id: string;
  /** Matches the text behind the driver's prefix. */
  readonly pattern: RegExp;
  /** Kernel source file and function, under drivers/net/ethernet/intel/e1000e/ where no folder is named. */
  readonly printedBy: string;
  /** One line for each form that the message had. */
  readonly samples: readonly string[];
}

const entry = (id: string, pattern: RegExp, printedBy: string, ...samples: string[]): CatalogueEntry => ({
  id,
  pattern,
  printedBy,
  samples,
});

/** Messages of the driver (K2.6.32 to 6.19) besides those with an event kind of their own. Ids are API. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  entry(
    "copyright",
    /^Copyright ?\(c\) 1999 ?- ?20\d\d Intel Corporation\.$/,
    "netdev.c, e1000_init_module()",
    "Copyright(c) 1999 - 2015 Intel Corporation.",
    "Copyright (c) 1999-2008 Intel Corporation.",
  ),
  entry(
    "aspm.disable",
    /^Disabling (?:ASPM( +L0s)?( +L1)?\s*|L1 ASPM)$/,
    "netdev.c, __e1000e_disable_aspm()",
    "Disabling ASPM L0s L1",
    "Disabling ASPM  L1",
    "Disabling L1 ASPM",
  ),
  entry(
    "aspm.eeprom",
    /^Warning: detected (?:ASPM|DSPD) enabled in EEPROM$/,
    "netdev.c, e1000_eeprom_checks()",
    "Warning: detected DSPD enabled in EEPROM",
  ),
  entry(
    "dma.noconfig",
    /^No usable DMA configuration, aborting$/,
    "netdev.c, e1000_probe()",
    "No usable DMA configuration, aborting",
  ),
  entry(
    "phy.reset_blocked",
    /^PHY reset is blocked due to SOL\/IDER session\.$/,
    "netdev.c, e1000_probe()",
    "PHY reset is blocked due to SOL/IDER session.",
  ),
  entry("nvm.checksum", /^The NVM Checksum Is Not Valid$/, "netdev.c, e1000_probe()", "The NVM Checksum Is Not Valid"),
  entry(
    "nvm.mac_read",
    /^NVM Read Error while reading MAC address$/,
    "netdev.c, e1000_probe()",
    "NVM Read Error while reading MAC address",
  ),
  entry(
    "mac.invalid",
    /^Invalid MAC Address: [0-9a-f:]{17}$/,
    "netdev.c, e1000_probe()",
    "Invalid MAC Address: 00:00:00:00:00:00",
  ),
  entry(
    "tso.disabled_speed",
    /^10\/100 speed: disabling TSO$/,
    "netdev.c, e1000_watchdog_task()",
    "10/100 speed: disabling TSO",
  ),
  entry(
    "probe.failed",
    /^(?:probe of \S+ failed with error -?\d+|probe with driver \S+ failed with error -?\d+)$/,
    "drivers/base/dd.c, call_driver_probe()",
    "probe of 0000:00:1f.6 failed with error -2",
    "probe with driver e1000e failed with error -2",
  ),
  entry(
    "msix.fallback",
    /^Failed to initialize MSI(?:-X)? interrupts\. {1,2}Falling back to (?:MSI|legacy) interrupts\.$/,
    "netdev.c, e1000e_set_interrupt_capability()",
    "Failed to initialize MSI-X interrupts.  Falling back to MSI interrupts.",
  ),
  entry(
    "irq.alloc",
    /^(?:Unable to allocate (?:MSI )?interrupt,? Error: -?\d+|Interrupt allocation failed)$/,
    "netdev.c, e1000_request_irq()",
    "Unable to allocate interrupt, Error: -22",
    "Unable to allocate MSI interrupt Error: -22",
    "Interrupt allocation failed",
  ),
  entry(
    "msi.test_failed",
    /^MSI interrupt test failed(?:!|, using legacy interrupt\.)$/,
    "netdev.c, e1000_test_msi_interrupt()",
    "MSI interrupt test failed, using legacy interrupt.",
    "MSI interrupt test failed!",
  ),
  entry(
    "param.no_board",
    /^(?:Warning: no configuration for board #\d+|Using defaults for all values|Failed to allocate memory)$/,
    "param.c, e1000e_check_options()",
    "Warning: no configuration for board #32",
  ),
  entry(
    "aim.off",
    /^Interrupt Throttle Rate (?:turned )?off$/,
    "netdev.c, e1000e_reset()",
    "Interrupt Throttle Rate off",
    "Interrupt Throttle Rate turned off",
  ),
  entry("aim.on", /^Interrupt Throttle Rate (?:turned )?on$/, "netdev.c, e1000e_reset()", "Interrupt Throttle Rate on"),
  entry(
    "hang.advice",
    /^Try turning off Tx pause \(flow control\) via ethtool$/,
    "netdev.c, e1000_print_hw_hang()",
    "Try turning off Tx pause (flow control) via ethtool",
  ),
  entry(
    "hang.tso_context",
    /^Hardware hanged on TSO context\. Reset it\.$/,
    "VMware's e1000e of vmklinux",
    "Hardware hanged on TSO context. Reset it.",
  ),
  entry(
    "hang.false",
    /^false hang detected, ignoring$/,
    "netdev.c, e1000_print_hw_hang()",
    "false hang detected, ignoring",
  ),
  entry(
    "link.smartspeed",
    /^Link Speed was downgraded by SmartSpeed$/,
    "netdev.c, e1000_watchdog_task()",
    "Link Speed was downgraded by SmartSpeed",
  ),
  entry(
    "link.half_autoneg",
    /^Autonegotiated half duplex but link partner cannot autoneg\. {1,2}Try forcing full duplex if link gets many collisions\.$/,
    "netdev.c, e1000_watchdog_task()",
    "Autonegotiated half duplex but link partner cannot autoneg.  Try forcing full duplex if link gets many collisions.",
  ),
  entry(
    "link.gig_disabled",
    /^Gigabit has been disabled, downgrading speed$/,
    "netdev.c, e1000e_has_link()",
    "Gigabit has been disabled, downgrading speed",
  ),
  entry(
    "link.phy_read",
    /^Error reading PHY register$/,
    "netdev.c, e1000_phy_read_status()",
    "Error reading PHY register",
  ),
  entry("reset.hwerror", /^Hardware Error$/, "netdev.c, e1000e_reset()", "Hardware Error"),
  entry(
    "me.tail",
    /^ME firmware caused invalid [RT]DT - resetting$/,
    "netdev.c, e1000e_update_tdt_wa()",
    "ME firmware caused invalid TDT - resetting",
  ),
  entry(
    "me.blocked",
    /^(?:Reset blocked by ME|ME blocked access to PHY after reset)$/,
    "ich8lan.c, e1000_init_phy_workarounds_pchlan()",
    "Reset blocked by ME",
  ),
  entry(
    "ulp",
    /^(?:Failed to (?:disable|enable) ULP|Failed to enable wakeup|ULP_CONFIG_DONE took \d+ ?msec\. {1,2}This is a firmware bug)$/,
    "ich8lan.c, e1000_init_phy_workarounds_pchlan()",
    "Failed to disable ULP",
    "ULP_CONFIG_DONE took 1200 msec. This is a firmware bug",
  ),
  entry(
    "k1.config",
    /^Failed to reconfigure K1 (?:parameters|exit timeout)$/,
    "ich8lan.c, e1000_init_phy_workarounds_pchlan()",
    "Failed to reconfigure K1 parameters",
  ),
  entry(
    "dpg.slow",
    /^DPG_EXIT_DONE took \d+ msec\. This is a firmware bug$/,
    "netdev.c, e1000e_s0ix_exit_flow()",
    "DPG_EXIT_DONE took 1100 msec. This is a firmware bug",
  ),
  entry(
    "eee",
    /^(?:Invalid PHY type setting EEE advertisement|EEE advertisement - unable to acquire PHY)$/,
    "netdev.c, e1000e_reset()",
    "EEE advertisement - unable to acquire PHY",
  ),
  entry(
    "dma.map",
    /^(?:Rx|RX|Tx|TX) DMA (?:page )?map failed$/,
    "netdev.c, e1000_alloc_rx_buffers()",
    "Tx DMA map failed",
  ),
  entry(
    "data.pull",
    /^(?:pskb_may_pull failed\.|__pskb_pull_tail failed\.)$/,
    "netdev.c, e1000_xmit_frame()",
    "__pskb_pull_tail failed.",
  ),
  entry("tx.csum", /^checksum_partial proto=[0-9a-f]+!$/, "netdev.c, e1000_tx_csum()", "checksum_partial proto=8!"),
  entry(
    "mem",
    /^(?:Unable to allocate memory for (?:the (?:transmit|receive) descriptor ring|queues)|multicast array memory allocation failed)$/,
    "netdev.c, e1000e_setup_tx_resources()",
    "Unable to allocate memory for queues",
  ),
  entry(
    "mng.filter",
    /^Unable to create IPMI pass-through filter$/,
    "netdev.c, e1000_init_manageability_pt()",
    "Unable to create IPMI pass-through filter",
  ),
  entry(
    "ts.txhang",
    /^clearing Tx timestamp hang$/,
    "netdev.c, e1000e_tx_hwtstamp_work()",
    "clearing Tx timestamp hang",
  ),
  entry(
    "cstate",
    /^Some CPU C-states have been disabled in order to enable jumbo frames$/,
    "netdev.c, e1000_configure_rx()",
    "Some CPU C-states have been disabled in order to enable jumbo frames",
  ),
  entry(
    "mtu",
    /^(?:changing MTU from \d+ to \d+|Jumbo Frames not supported.*|(?:Unsupported|Invalid) MTU setting|MTU > 9216 not supported\.)$/,
    "netdev.c, e1000_change_mtu()",
    "changing MTU from 1500 to 9000",
    "Jumbo Frames not supported.",
    "MTU > 9216 not supported.",
  ),
  entry(
    "ethtool",
    /^(?:Unsupported Speed\/Duplex configuration|Cannot change link characteristics when SoL\/IDER is active\.|forcing MDI\/MDI-X state is not supported.*|o(?:ff|n)line testing starting|testing (?:un)?shared interrupt|pattern test .{0,300}failed.{0,300}|set\/check .{0,300}test failed.{0,300}|failed STATUS register test.*|Cannot setup 1Gbps loopback\.|Cannot do PHY loopback test.*|Interface does not support directed.*|Setting EEE .*is not supported|EEE advertisement supports only.*|S0ix is not supported on this device|Disabling K1 is not supported on this device|TSO is (?:En|Dis)abled)$/,
    "ethtool.c",
    "offline testing starting",
    "TSO is Disabled",
  ),
  entry(
    "dump",
    /^(?:Net device Info|Register Dump|[TR][xX] Rings? (?:Summary|Dump)|Device Name +state .*|Register Name +Value|Queue \[NTU\] \[NTC\].*|[TR](?:[lcd]|WB)? *\[desc\] .*|packet dump for ps_page \d+:)$/,
    "netdev.c, e1000e_dump()",
    "Register Dump",
    "Device Name     state            trans_start",
    "Queue [NTU] [NTC] [bi(ntc)->dma  ] leng ntw timestamp",
    "Tl[desc]     [address 63:0  ] [SpeCssSCmCsLen] [bi->dma       ] leng  ntw timestamp        bi->skb <-- Legacy format",
    "packet dump for ps_page 0:",
  ),
  entry(
    "dump.row",
    /^(?:[A-Z][A-Z_]{2,9}(?:\[0-1\])? +[0-9a-f]{8}(?: [0-9a-f]{8})?|\S{1,15} +[0-9A-F]{16} [0-9A-F]{16}(?: [0-9A-F]{16})?|\d{1,5} +[0-9A-F]{1,5} +[0-9A-F]{1,5}(?: [0-9A-F]{16} [0-9A-F]{4} +[0-9A-F]{1,3} [0-9A-F]{16})?|[TR](?:[lcd]|WB| )? *\[0x[0-9A-F]{3}\] .*)$/,
    "netdev.c, e1000_regdump() and e1000e_dump()",
    "CTRL            18140240",
    "RXDCTL[0-1]     01040420 01040420",
    "eno1            0000000000000003 00000000FFFEDB08",
    "    0     4    1 00000000FFFEDB08 0042   1 00000000FFFEDB08",
  ),
  entry(
    "ptp",
    /^(?:registered PHC clock|ptp_clock_register failed|Timesync [TR]x Control register not set as expected|Failed to restore TIMINCA clock rate delta: -?\d+|No HW timestamp support|Unsupported [TR]X HW timestamp \w+)$/,
    "ptp.c, e1000e_ptp_init()",
    "registered PHC clock",
  ),
  entry(
    "pm.wake",
    /^(?:PHY|MAC) Wakeup cause - .{1,32}$/,
    "netdev.c, __e1000_resume()",
    "PHY Wakeup cause - Magic Packet",
  ),
  entry(
    "pm",
    /^(?:Could not acquire PHY|Could not read PHY page 769|Could not set PHY Host Wakeup bit|Cannot enable PCI device from suspend|Cannot re-enable PCI device after reset\.|can't bring device back up after reset|PCI AF capability not found)$/,
    "netdev.c, e1000_init_phy_wakeup()",
    "Could not acquire PHY",
  ),
  entry(
    "node",
    /^(?:node used for allocation: -?\d+|ignoring node set to invalid value -?\d+|Using NUMA node -?\d+ for memory allocations)$/,
    "param.c of the out-of-tree driver",
    "Using NUMA node 0 for memory allocations",
  ),
];

/**
 * What others say of the device under the driver's prefix: the PCI core, power management tracing, the network core,
 * the module loader. None of it is the driver's word on the adapter.
 */
export const NOT_THE_DRIVERS: readonly RegExp[] = [
  // drivers/pci
  /^(?:enabling device|disabling device|can't (?:change power state|derive routing)|[Rr]efused to change power state|Unable to change power state|restoring config space|saving config space|save state|BAR \d|not ready |saved |disabled boot interrupts?|PME# |supports D|reg 0x|\[[0-9a-f]{4}:[0-9a-f]{4}\]|no PCI slot information|invalid (?:large )?VPD tag|disabling (?:already-disabled|bus mastering)|setting latency timer|enabling bus mastering|found PCI INT|PCI INT |PCI->APIC|irq \d+ for MSI|Disabling L0s|PCI bridge|quirk_|device not available|pci_|Max Payload|extended capability|default PCI )/,
  /^(?:PM|AER|ASPM|DMAR|vgaarb|AMD-Vi|iommu|swiotlb|EDR|DPC|VPD|D3cold|CXL)\b/,
  /^ *(?:PCIe Bus Error|device \[[0-9a-f]{4}:|\[ ?\d{1,2}\] |TLP Header|aer_|(?:AER: +)?Error of this Agent|Multiple (?:Correct|Uncorrect)|(?:Correct|Uncorrect)(?:ed|able) )/,
  // drivers/acpi, drivers/iommu, drivers/base
  /^(?:wake-up capability (?:en|dis)abled by ACPI|[Ss]ystem wakeup (?:en|dis)abled by ACPI|Adding to iommu group|Removing from iommu group|Using \d+-bit (?:IOVA|DMA)|\d+bit DMA uses|Device is bound|probe of \S+ returned|calling |driver core|Dropping the link|Linked as a|swiotlb buffer)/,
  /\breturned -?\d+(?: after \d+ usecs|\.)?$/,
  /^e1000 probe reached$/,
  // net/core
  /^(?:entered|left) (?:promiscuous|allmulticast) mode$/,
  /^(?:unregister_netdevice|mtu (?:less|greater) than device|failed to |hw csum failure|Dropping |set_features\(\) failed)/,
  // kernel/module, kernel/params.c
  /^(?:module verification failed|loading out-of-tree module|disagrees about version|[Uu]nknown parameter|`.*' invalid for parameter|can only take \d+ arguments|Unknown symbol|no symbol version|exports duplicate symbol|version magic|unsupported module|module license)/,
];
