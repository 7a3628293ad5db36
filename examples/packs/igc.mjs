/**
 * Intel's 2.5 GbE driver, drivers/net/ethernet/intel/igc/igc_main.c: the hang report of igc_clean_tx_irq(), the reset of
 * igc_reset_task(), the link lines of igc_watchdog_task().
 * @type {import("@hangproof/parser").Pack}
 */
export const igc = {
  name: "igc",
  drivers: [
    {
      driver: "igc",
      hang: {
        head: "Detected Tx Unit Hang",
        lines: [
          { label: "Tx Queue", radix: 10 },
          { label: "TDH" },
          { label: "TDT" },
          { label: "next_to_use" },
          { label: "next_to_clean" },
          { label: "buffer_info[next_to_clean]", fields: [] },
          { label: "time_stamp" },
          { label: "next_to_watch" },
          { label: "jiffies" },
          { label: "desc.status" },
        ],
      },
      signs: [
        { sign: "reset", pattern: /^Reset adapter$/ },
        { sign: "link_up", pattern: /^NIC Link is Up (?<speed>\d{1,6}) Mbps / },
        { sign: "link_down", pattern: /^NIC Link is Down$/ },
      ],
    },
  ],
  recognisers: [
    {
      // igc_ptp.c, igc_ptp_tx_timeout(): the stamp of a packet never came.
      name: "tx-timestamp-timeout",
      by: "kernel",
      needles: ["Tx timestamp timeout"],
      read: (message) => {
        const match = /^igc \S{1,20}(?: (?<interface>\S{1,15}))?: Tx timestamp timeout$/.exec(message);
        return match === null ? null : { interface: match.groups?.interface ?? null };
      },
    },
  ],
};
