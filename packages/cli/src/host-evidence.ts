import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** The persistent journal, or else the one in memory. */
const JOURNALS = ["/var/log/journal", "/run/log/journal"];
/** Kernel logs of hosts without a journal, with their rotations. */
const TEXT_LOGS = /^(?:kern\.log|syslog|messages)(?:[.-][\d.]+)?(?:\.(?:gz|xz|bz2|zst))?$/;
/** What tells of backups, and of what was asked of the driver. */
const BESIDE = ["/var/log/pve/tasks", "/var/log/proxmox-backup/tasks", "/etc/modprobe.d", "/etc/network/interfaces"];

/** What a Linux host has to read, of what is there; null on another system. `/proc/cmdline` tells of this boot only. */
export async function hostEvidence(root: string = "/"): Promise<readonly string[] | null> {
  if (process.platform !== "linux") return null;
  const at = (path: string) => join(root, path);
  const journal = JOURNALS.map(at).find(existsSync);
  const logs = journal !== undefined ? [journal] : textLogs(at("/var/log"));
  return [...logs, ...BESIDE.map(at).filter(existsSync)];
}

function textLogs(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => TEXT_LOGS.test(name))
    .sort()
    .map((name) => join(folder, name));
}
