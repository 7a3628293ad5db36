/** A calendar date and time of day without zone (proleptic Gregorian). Month 1 to 12, second 0 to 60. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 in, 1000 out; fractions carry microseconds. */
  readonly millisecond: number;
}

/** Milliseconds since 1970 as if the civil time were UTC. */
export function civilToMs(civil: CivilTime): number {
  const { year, month, day, hour, minute, second, millisecond } = civil;
  return Date.UTC(year, month - 1, day, hour, minute, second) + millisecond;
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Days of a month, 28 to 31. */
function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS[month - 1] ?? 0);
}

/** Whether the fields name a moment that exists; a leap second (60) does. */
export function isCivilTime(civil: CivilTime): boolean {
  const { year, month, day, hour, minute, second } = civil;
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 60
  );
}
