import type { AdapterRef } from "../../model/event.js";
import type { LogRecord } from "../../model/record.js";
import { readDumpPart, readRegisterLine } from "./hang-assembler.js";
import { isE1000e, readDriverLine } from "./prefix.js";

const HEAD = /^[*_`]{0,3}Detected (Hardware|Tx) Unit Hang(:?)/;
/** What may stand behind a head in a text that has no log form: register lines, an elision, a pointer, emphasis. */
const CLEAN_TAIL = /^[*_`]{0,3}\s*(?:$|\.\.\.|\[?\u2026|<-|\u2190|#|\(|TD[HT]\b|next_to_|time_stamp|[A-Z]{3} Status)/;

/** A line that begins a hang report, of whatever driver. */
export interface HangHead {
  readonly adapter: AdapterRef;
  /** e1000e's own; false: a look-alike of a sister driver. */
  readonly own: boolean;
  /** `Tx Unit Hang`: the 2.6.32 form. */
  readonly isOld: boolean;
  /** First word as printed; null where there is none. */
  readonly driver: string | null;
}

/**
 * Reads the head of a hang report. `Detected Hardware Unit Hang` is e1000e's alone in the mainline kernel (netdev.c,
 * e1000_print_hw_hang()); `Detected Tx Unit Hang` is its sisters' and, with a colon and without their `Tx Queue` line,
 * e1000e's of 2.6.32 (e1000_print_tx_hang()).
 * @param bare the record has no log form: prose that names the message must not count
 */
export function readHangHead(record: LogRecord, bare: boolean): HangHead | null {
  if (!record.message.includes("Unit") || !record.message.includes("Hang")) return null;
  const message = foldedHead(record.message);
  const line = readDriverLine(message);
  const text = line?.text ?? message;
  const match = HEAD.exec(text.trimStart());
  if (match === null) {
    // e1000 of 2.6: interface and function before the message.
    const named = /^(\S{1,15}): \w{1,32}: Detected Tx Unit Hang/.exec(text);
    if (named === null) return null;
    const adapter = { pci: line?.adapter.pci ?? null, interface: named[1] ?? null };
    return { adapter, own: false, isOld: true, driver: line?.driver ?? null };
  }
  const [whole, unit, colon] = match;
  const tail = text.trimStart().slice(whole.length);
  const driver = line?.driver ?? null;
  const pci = line?.adapter.pci ?? null;
  const isOld = unit === "Tx";
  const adapter = line?.adapter ?? NOBODY;
  if (driver !== null && !isE1000e(driver)) return { adapter, own: false, isOld, driver };
  if (bare && !CLEAN_TAIL.test(tail)) return null;
  if (line === null && colon === "") return null;
  if (!isOld) return { adapter, own: true, isOld, driver };
  const own = colon === ":" && (driver !== null || pci !== null) && readDumpPart(record.message)?.foreign !== true;
  return { adapter, own, isOld, driver };
}

const NOBODY: AdapterRef = { pci: null, interface: null };

/** A message with its first lines, wrapped at a column, joined again; register lines keep theirs. */
function foldedHead(message: string): string {
  const first = message.indexOf("\n");
  if (first === -1) return message.trim();
  const second = message.indexOf("\n", first + 1);
  // As the driver prints it: nothing was wrapped.
  if (readRegisterLine(message.slice(first + 1, second === -1 ? message.length : second)) !== null)
    return message.slice(0, first).trim() + message.slice(first);
  const lines = message.split("\n");
  const at = lines.findIndex((line, index) => index > 0 && readDumpPart(line) !== null);
  const head = at === -1 ? lines : lines.slice(0, at);
  const joined = head.map((line) => line.trim()).join(" ");
  return at === -1 ? joined : [joined, ...lines.slice(at)].join("\n");
}
