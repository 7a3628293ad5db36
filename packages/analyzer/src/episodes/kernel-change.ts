/** Stable series that took commit 95ecba62e2fd, and their first release with it. */
const FIRST_WITH: Readonly<Record<string, number>> = { "6.11": 6, "6.6": 59, "6.1": 115 };

/** Red Hat's and SUSE's kernels: old numbers, newer code. */
const ENTERPRISE = /\.el\d|-150\d{3}\./;

/**
 * Whether a kernel carries commit 95ecba62e2fd, "net: fix races in netdev_tx_sent_queue()/dev_watchdog()" (6.12-rc5,
 * 6.11.6, 6.6.59, 6.1.115): each hang report then pushes the stack's deadline forward, and at 1000 Mb/s nothing resets
 * the adapter any more. Null where the release does not say: distributions take patches back and hide the third number.
 * @param release as in `Linux version 6.8.12-15-pve`
 */
export function keepsPostponing(release: string | null): boolean | null {
  const match = /^(\d{1,3})\.(\d{1,4})(?:\.(\d{1,5}))?(.*)$/.exec(release ?? "");
  if (match === null || ENTERPRISE.test(match[4] ?? "")) return null;
  const major = Number(match[1]);
  const minor = Number(match[2]);
  const patch = Number(match[3] ?? 0);
  if (major === 6 && minor === 12 && /^-rc[1-4]\b/.test(match[4] ?? "")) return false;
  if (major > 6 || (major === 6 && minor >= 12)) return true;
  if (major < 5 || (major === 5 && minor <= 15)) return false;
  const first = FIRST_WITH[`${major}.${minor}`];
  if (first !== undefined && patch >= first) return true;
  const isPlain = !/^-\d/.test(match[4] ?? "");
  return isPlain ? false : null;
}
