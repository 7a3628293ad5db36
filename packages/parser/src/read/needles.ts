import { createScanner } from "../scan/create-scanner.js";
import { lendingCapacity, textHoldsNeedle } from "../scan/lent-memory.js";
import type { Scanner } from "../scan/scanner.js";
import { NEEDLE_PLACES } from "./needle-places.js";

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

/**
 * Lines that hold none of these matter to nobody: the needles, the line that ties the clocks of a ring buffer
 * (`BootAnchor`), and what `plainLine` makes needles of.
 */
export const SCANNED: readonly string[] = [...NEEDLES, "setting system clock", "&lt;", "&gt;", "&amp;", "&nbsp;"];

/** Tells what can matter from what cannot. */
export interface Wanted {
  /** Whether a text holds any needle. Linear. */
  readonly holds: (text: string) => boolean;
  /** Whether a text holds a needle that no pack brought: then it is read as it is without packs. Linear. */
  readonly isOwn: (text: string) => boolean;
  /**
   * The scanner for lines that can matter; null where a name is one that it cannot look for. One for all parsers, since
   * each uses it up within a call; made when first asked for.
   */
  readonly scanner: (() => Scanner) | null;
  /** Whether JSON writes every needle as it is, so that the scanner finds those of its strings, too. */
  readonly isJsonSafe: boolean;
}

const matcher = (literals: readonly string[]): RegExp =>
  new RegExp(literals.map((needle) => needle.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"));

function wanted(names: readonly string[], packs: readonly string[]): Wanted {
  const literals = [...NEEDLES, ...names, ...packs];
  const any = matcher(literals);
  const own = packs.length === 0 ? any : matcher([...NEEDLES, ...names]);
  const canScan = names.every((name) => /^[ -~]{3,200}$/.test(name));
  let scanner: Scanner | null = null;
  // Floods repeat themselves: what was found last is looked for first.
  let usual = NEEDLES[0] ?? "";
  return {
    holds: (text) => {
      if (text.includes(usual)) return true;
      // It looks for some literals more.
      if (scanner !== null && textHoldsNeedle(text, scanner) === false) return false;
      const found = any.exec(text);
      if (found !== null) usual = found[0];
      return found !== null;
    },
    isOwn: (text) => own.test(text),
    scanner: canScan
      ? () => {
          const isUsual = names.length === 0 && packs.length === 0;
          scanner ??= createScanner([...SCANNED, ...names, ...packs], {
            capacity: lendingCapacity(),
            ...(isUsual ? { places: NEEDLE_PLACES } : {}),
          });
          return scanner;
        }
      : null,
    isJsonSafe: !literals.some((literal) => /["\\/]/.test(literal)),
  };
}

const DEFAULT = wanted([], []);
/** The last that was made: the files of one reading ask for the same, and planning a scanner takes 25 ms. */
let last: { readonly key: string; readonly wanted: Wanted } | null = null;

/**
 * @param names of units and commands that the user looks for in addition
 * @param packs needles of packs
 */
export function wantedWith(names: readonly string[], packs: readonly string[] = []): Wanted {
  if (names.length === 0 && packs.length === 0) return DEFAULT;
  const key = JSON.stringify([names, packs]);
  if (last?.key !== key)
    last = { key, wanted: wanted(names.length === 0 ? [] : [...names, "session closed for user"], packs) };
  return last.wanted;
}

/** Whether a text holds any needle. Linear. */
export const holdsNeedle = (text: string): boolean => DEFAULT.holds(text);
