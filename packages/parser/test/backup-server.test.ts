import { expect, test } from "vitest";
import { parseText } from "./support/records.js";

const UPID = "UPID:pbs:0000A3C1:00B1F2E3:0000002A:68E1C0D0:backup:store1\\x3avm-103:root@pam:";
const START = 0x68e1c0d0 * 1000;

test("a backup server's task log is a run, with its datastore, start and failure", () => {
  const log = [
    "2025-10-05T02:50:24+02:00: starting new backup on datastore 'store1' from ::ffff:10.0.0.2: \"vm/103/2025-10-05T00:50:20Z\"",
    "2025-10-05T02:50:24+02:00: download 'index.json.blob' from previous backup.",
    "2025-10-05T03:01:10+02:00: backup failed: connection error: timed out",
    "2025-10-05T03:01:10+02:00: removing failed backup",
    "2025-10-05T03:01:10+02:00: TASK ERROR: connection error: timed out",
  ].join("\n");
  const { events } = parseText(`${log}\n`, `/var/log/proxmox-backup/tasks/E3/${UPID}`);
  expect(events).toMatchObject([
    { kind: "backup.job_start", storage: "store1", upid: UPID, time: { unixMs: START, source: "offset" } },
    { kind: "backup.job_end", outcome: "failed", detail: "connection error: timed out" },
    { kind: "backup.job_end", outcome: "failed", time: { unixMs: Date.parse("2025-10-05T01:01:10Z") } },
  ]);
});

test("a backup server's task index is read like a node's, other tasks are passed over", () => {
  const gc = "UPID:pbs:0000A3C1:00B1F2E3:0000002B:68E1C0D0:garbage_collection:store1:root@pam:";
  const { events } = parseText(`${UPID} 68E1C400 OK\n${gc} 68E1C400 OK\n`, "archive");
  expect(events).toMatchObject([
    { kind: "backup.job_start", time: { unixMs: START, source: "utc" } },
    { kind: "backup.job_end", outcome: "ok", time: { unixMs: 0x68e1c400 * 1000 } },
  ]);
});

test("the server's own lines in a journal are runs, too", () => {
  const { events } = parseText(
    "Oct  5 02:00:01 pbs proxmox-backup-proxy[812]: starting new backup on datastore 'a b' from 10.0.0.2: \"ct/104/2025-10-05T00:00:00Z\"\n" +
      "Oct  5 02:10:01 pbs proxmox-backup-proxy[812]: backup finished successfully\n",
  );
  expect(events).toMatchObject([
    { kind: "backup.job_start", storage: "a b" },
    { kind: "backup.job_end", outcome: "ok" },
  ]);
});
