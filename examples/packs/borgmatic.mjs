/**
 * borgmatic, as it writes to syslog with `--syslog-verbosity 1` and to its own file with `--log-file` (borgmatic/logger.py,
 * borgmatic/commands/borgmatic.py).
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
  forms: [
    {
      name: "borgmatic --log-file",
      resolutionMs: 1,
      isOne: (lines) => LINE.test(lines[0] ?? ""),
      read: (line) => {
        const match = LINE.exec(line);
        if (match === null) return null;
        const [year, month, day, hour, minute, second, millisecond] = match.slice(1, 8).map(Number);
        const stamp = { year, month, day, hour, minute, second, millisecond };
        return { message: `${match[8]} ${match[9]}`, stamp, identifier: "borgmatic" };
      },
    },
  ],
};

/** `[2025-10-05 02:00:00,123] INFO: ssh://nas/./repo: Creating archive`, in local time. */
const LINE = /^\[(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d),(\d{3})\] ([A-Z]{4,8}): (.*)$/;
