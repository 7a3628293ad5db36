/**
 * Realtek's driver, drivers/net/ethernet/realtek/r8169_main.c. It has no hang report of its own: the transmit watchdog of
 * net/sched/sch_generic.c speaks for it. Link lines are phy_print_status()'s, drivers/net/phy/phy.c.
 * @type {import("@hangproof/parser").Pack}
 */
export const r8169 = {
  name: "r8169",
  drivers: [
    {
      driver: "r8169",
      hang: "tx-timeout",
      signs: [
        { sign: "link_up", pattern: /^Link is Up - (?:(?<speed>\d{1,4})Mbps|\S{1,16})\// },
        { sign: "link_down", pattern: /^Link is Down$/ },
      ],
    },
  ],
};
