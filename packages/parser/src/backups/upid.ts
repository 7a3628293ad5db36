/** A Proxmox VE task id (pve-common, src/PVE/UPID.pm); Proxmox Backup Server's has the task's number in addition. */
export interface Upid {
  readonly text: string;
  readonly node: string;
  /** Unix milliseconds UTC, whole seconds: the task's start. */
  readonly startMs: number;
  readonly type: string;
  /** Guest id, disk, …; empty for a job of several guests. */
  readonly id: string;
  readonly user: string;
}

const UPID =
  /UPID:([A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):(?:[0-9A-Fa-f]{8,16}:)?([0-9A-Fa-f]{8}):([^:\s/]{1,64}):([^:\s/]{0,256}):([^:\s/]{1,128}):/;

/** The first task id of a text; null when there is none. Linear. */
export function readUpid(text: string): Upid | null {
  const match = UPID.exec(text);
  if (match === null) return null;
  const [whole, node = "", , , start = "0", type = "", id = "", user = ""] = match;
  return { text: whole, node, startMs: Number.parseInt(start, 16) * 1000, type, id, user };
}
