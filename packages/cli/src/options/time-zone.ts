import { usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";

const OFFSET = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i;

/**
 * The zone of an option as a name that Intl knows. `+02:00` becomes `Etc/GMT-2` (POSIX counts the other way round);
 * Intl of Node 20 has no zones of other offsets, so those need a name.
 * @throws CliError (usage) when it is neither.
 */
export function parseTimeZone(text: string): string {
  const offset = OFFSET.exec(text.trim());
  if (offset !== null) {
    const hours = Number(offset[2]);
    if (Number(offset[3] ?? 0) !== 0)
      throw usageError(`--tz ${visible(text)}: only whole hours have an offset zone; name it, as in Asia/Kolkata`);
    if (hours === 0) return "UTC";
    const east = offset[1] === "+";
    if (hours > (east ? 14 : 12)) throw usageError(`--tz ${visible(text)}: no zone is that far from UTC`);
    return `Etc/GMT${east ? "-" : "+"}${hours}`;
  }
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: text.trim() }).resolvedOptions().timeZone;
  } catch {
    throw usageError(`--tz ${visible(text)}: not a time zone; use an IANA name (Europe/Berlin) or an offset (+02:00)`);
  }
}
