import type { ToldChange } from "@hangproof/analyzer";
import { usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { parseTime } from "./time-range.js";

/**
 * A change that no log shows: `TIME: TITLE`, as in `2025-10-05 14:30: cable replaced`.
 * @throws CliError (usage) when the time is not one, lies in the future, or the title is missing
 */
export function parseToldChange(text: string, timeZone: string, now: number): ToldChange {
  const match = /^(.+?):\s+(\S.*)$/s.exec(text.trim());
  if (match === null) {
    throw usageError(
      `--change ${JSON.stringify(visible(text))}: expected "TIME: TITLE", as in "2025-10-05 14:30: cable replaced"`,
    );
  }
  const [, time = "", title = ""] = match;
  const timeMs = parseTime("--change", time, timeZone, now);
  if (timeMs > now) throw usageError(`--change ${JSON.stringify(visible(text))}: lies in the future`);
  return { timeMs, title };
}
