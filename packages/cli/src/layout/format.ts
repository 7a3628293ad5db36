/** Numbers and times for people. Nothing here may print NaN, "p = 0" or more digits than anybody can use. */

/** At most three significant digits, no exponent between 0.001 and 1e6. */
export function number(value: number): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return value > 0 ? "no limit" : "unknown";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(1);
  if (size >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** What follows a `p`: `=0.031`, `<1e-15`; without a blank, so that no line breaks in it. */
export function probability(value: number): string {
  if (value < 1e-15) return "<1e-15";
  return `=${value < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(2)))}`;
}

/** A level or share: `95 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

export function count(n: number, singular: string, plural: string = `${singular}s`): string {
  return `${n} ${n === 1 ? singular : plural}`;
}

/** Hours in the two largest units that fit: `42 s`, `4 min 10 s`, `3 h 5 min`, `6 d 2 h`. */
export function duration(hours: number): string {
  const seconds = Math.round(hours * 3600);
  if (seconds < 60) return `${seconds} s`;
  const [large, small, rest, unit] =
    seconds < 3600
      ? ["min", "s", seconds % 60, Math.floor(seconds / 60)]
      : seconds < 48 * 3600
        ? ["h", "min", Math.floor((seconds % 3600) / 60), Math.floor(seconds / 3600)]
        : ["d", "h", Math.floor((seconds % 86_400) / 3600), Math.floor(seconds / 86_400)];
  return rest === 0 ? `${unit} ${large}` : `${unit} ${large} ${rest} ${small}`;
}

/** Exposure stays in hours, the unit that all rates are in; below one hour a duration says more. */
export function hours(value: number): string {
  return value > 0 && value < 1 ? duration(value) : `${number(value)} h`;
}

/** A size for people: `1.2 MB`. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let scaled = value;
  let unit = -1;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${units[unit]}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** Wall clock less UTC at a moment, milliseconds. `timeZone` must be an IANA name that Intl knows. */
export function zoneOffsetMs(ms: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(ms)) part[type] = Number(value);
  const wall = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
  return wall - Math.floor(ms / 1000) * 1000;
}

function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** `2025-11-02 02:14:07 +01:00`; the offset tells the two 02:30 of an autumn night apart. */
export function localTime(ms: number, timeZone: string): string {
  if (!(Math.abs(ms) <= 8.64e15)) return "unknown time";
  const offset = zoneOffsetMs(ms, timeZone);
  const shifted = Math.floor(ms) + offset;
  if (!(Math.abs(shifted) <= 8.64e15)) return "unknown time";
  return `${new Date(shifted).toISOString().slice(0, -5).replace("T", " ")} ${offsetText(offset)}`;
}

/** The same without seconds, for tables. */
export function localMinute(ms: number, timeZone: string): string {
  return localTime(ms, timeZone).replace(/:\d\d (?=[+-])/, " ");
}

export function localDate(ms: number, timeZone: string): string {
  return localTime(ms, timeZone).split(" ", 1)[0] ?? "";
}

/** `2025-11-02T01:14:07.123Z`; null stays null. */
export function utc(ms: number | null): string | null {
  return ms !== null && Math.abs(ms) <= 8.64e15 ? new Date(Math.floor(ms)).toISOString() : null;
}
