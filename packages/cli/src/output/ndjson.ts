import type { KernelEvent } from "@hangproof/parser";
import { printableJson } from "../layout/escape.js";
import { utc } from "../layout/format.js";

/** One event, one line: `kind` first, then `time`, led by its ISO form (UTC, cut to milliseconds). */
export function eventLine(event: KernelEvent): string {
  const { kind, time, ...rest } = event;
  return `${printableJson(JSON.stringify({ kind, time: { utc: utc(time.unixMs), ...time }, ...rest }))}\n`;
}
