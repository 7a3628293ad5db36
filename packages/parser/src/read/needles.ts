import { createScanner } from "../scan/create-scanner.js";
import type { Scanner } from "../scan/scanner.js";

/**
 * Every record that can yield an event, or belong to a register dump, holds at least one of these. They decide speed:
 * the rest of a log is counted and timed, and not looked at further. Tested over all recognisers' samples.
 */
export const NEEDLES: readonly string[] = [
  "e1000e",
  "Hang",
  "NETDEV WATCHDOG",
  "Link is ",
  "Reset adapter",
  // Second halves of lines that a mail program wrapped.
  "unexpectedly",
  " Mbps",
  "Control: ",
  "timed out",
  "renamed network",
  "Tx Queue",
  "TDH",
  "TDT",
  "next_to_",
  "time_stamp",
  "jiffies  ",
  "jiffies <",
  "buffer_info",
  " Status",
  "Linux version",
  ", BIOS ",
  "ommand line: ",
  ") enter",
  "suspend",
  "Restarting system",
  "Power down",
  "System halted",
  "Reached target",
  "ebooting",
  "owering down",
  "Powering ",
  "sleep",
  "kernel messages",
  "to syslog missed",
  "messages from pid",
  "Suppressed ",
  "suppressed",
  "buffer overrun",
  "printk messages dropped",
  "rate-limiting",
  "lock was stepped",
  "Time has been changed",
  "lock change detected",
  "umped backwards",
  "UPID:",
  "backup job: ",
  "starting new backup",
  "backup finished",
  "backup failed",
  "finish failed",
  "Backup of VM ",
  "Backup job ",
  "TASK ",
  "COMMAND=",
  "offload",
  "Offload",
  "EEE",
  "options ",
  "0000:",
  // What others say of a network that is gone.
  "link status definitely",
  "the new active one",
  "any active interface",
  "] link: host: ",
  "] rx: host: ",
  "Token has not been received",
  "primary component",
  "node lost quorum",
  "node has quorum",
  ": server ",
  "has not responded in",
  " is locked (",
];

const ANY = new RegExp(NEEDLES.map((needle) => needle.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"));

/** Whether a text holds any needle. Linear. */
export function holdsNeedle(text: string): boolean {
  return ANY.test(text);
}

/**
 * Lines that hold none of these matter to nobody: the needles, the line that ties the clocks of a ring buffer
 * (`BootAnchor`), and what `plainLine` makes needles of.
 */
const SCANNED: readonly string[] = [...NEEDLES, "setting system clock", "&lt;", "&gt;", "&amp;", "&nbsp;"];

let scanner: Scanner | null = null;

/** The scanner for those lines. One for all parsers, since each uses it up within a call; made when first asked for. */
export function needleScanner(): Scanner {
  scanner ??= createScanner(SCANNED);
  return scanner;
}
