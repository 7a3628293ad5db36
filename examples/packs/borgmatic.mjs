/**
 * borgmatic, as it writes to syslog with `--syslog-verbosity 1` (borgmatic/logger.py, borgmatic/commands/borgmatic.py).
 * @type {import("@hangproof/parser").Pack}
 */
export const borgmatic = {
  name: "borgmatic",
  windows: [
    {
      name: "borgmatic",
      by: ["borgmatic"],
      needles: ["Creating archive", "Successfully ran configuration file", "Error running configuration"],
      start: /^INFO (?<job>\S{1,255}): Creating archive/,
      ok: /^INFO \S{1,255}: Successfully ran configuration file/,
      failed: /^(?:ERROR|CRITICAL) \S{1,255}: (?<detail>Error running configuration)/,
    },
  ],
};
