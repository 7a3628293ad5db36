import { expect, test } from "vitest";
import { EvidenceParser } from "../src/index.js";

function runs(lines: readonly string[], windowUnits: readonly string[], filler = 0) {
  const parser = new EvidenceParser({ evidence: "log", timeZone: "UTC", firstYear: 2025, windowUnits });
  const noise = Array.from({ length: filler }, () => "Oct  5 01:00:00 pve kernel: usb 1-1: new device\n").join("");
  const text =
    noise + lines.map((line, second) => `Oct  5 02:00:${String(second).padStart(2, "0")} pve ${line}\n`).join("");
  const events = [...parser.push(new TextEncoder().encode(text)).events, ...parser.end().events];
  return events.map((event) => [
    event.kind,
    event.kind === "backup.job_start" ? event.command : event.kind === "backup.job_end" ? event.outcome : null,
    new Date(event.time.unixMs ?? 0).getUTCSeconds(),
  ]);
}

test("a unit of systemd is a run from its start to its end, whatever the version says", () => {
  const newer = [
    "systemd[1]: Starting borg.service - Nightly Borg backup...",
    "borg[812]: creating archive",
    "systemd[1]: borg.service: Deactivated successfully.",
    "systemd[1]: Finished borg.service - Nightly Borg backup.",
  ];
  for (const name of ["borg.service", "borg"])
    expect(runs(newer, [name]), name).toEqual([
      ["backup.job_start", name, 0],
      ["backup.job_end", "ok", 2],
    ]);
  const older = ["systemd[1]: Starting Nightly Borg backup...", "systemd[1]: Started Nightly Borg backup."];
  expect(runs([...older, "systemd[1]: Stopped Nightly Borg backup."], ["Nightly Borg backup"])).toEqual([
    ["backup.job_start", "Nightly Borg backup", 0],
    ["backup.job_end", "ok", 2],
  ]);
});

test("a unit that fails is a failed run, and a timer is none", () => {
  expect(
    runs(
      [
        "systemd[1]: Started borg.timer - Timer of Borg.",
        "systemd[1]: Starting borg.service - Borg...",
        "systemd[1]: borg.service: Main process exited, code=exited, status=2/INVALIDARGUMENT",
        "systemd[1]: borg.service: Failed with result 'exit-code'.",
        "systemd[1]: Failed to start borg.service - Borg.",
      ],
      ["borg.service"],
    ),
  ).toEqual([
    ["backup.job_start", "borg.service", 1],
    ["backup.job_end", "failed", 3],
  ]);
});

test("a command of cron is a run up to the end of its session", () => {
  expect(
    runs(
      [
        "CRON[4711]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
        "CRON[4712]: (root) CMD (/usr/local/bin/nas-backup.sh --full >/dev/null)",
        "CRON[4713]: (root) CMD (run-parts /etc/cron.hourly)",
        "CRON[4713]: pam_unix(cron:session): session closed for user root",
        "CRON[4712]: pam_unix(cron:session): session closed for user root",
      ],
      ["nas-backup.sh"],
    ),
  ).toEqual([
    ["backup.job_start", "nas-backup.sh", 1],
    ["backup.job_end", "unknown", 4],
  ]);
});

test("names are found in long logs, too, and nothing is a run that nobody named", () => {
  const lines = ["systemd[1]: Starting borg.service - Borg...", "systemd[1]: Finished borg.service - Borg."];
  expect(runs(lines, ["borg.service"], 2_000)).toHaveLength(2);
  expect(runs(lines, ["Sicherung über Nacht"], 2_000)).toEqual([]);
  expect(runs(lines, [])).toEqual([]);
});
