import type { LogRecord } from "../model/record.js";
import type { SplitPattern } from "../scan/split-lines.js";

/** The lines of one message, as its program prints them. */
export interface SplitMessage extends SplitPattern {
  /** How its first line ends. */
  readonly first: string;
  /** The record of a message whose numbers were read: equal to that of its text. */
  readonly record: (origin: Omit<LogRecord, "message">, first: string, values: readonly number[]) => LogRecord;
}

/** The lines behind the first, put together again. */
export function linesOf({ rest }: SplitMessage, values: readonly number[]): string[] {
  let next = 0;
  return rest.map(({ start, isHex }) => (isHex ? `${start}${values[next++]?.toString(16)}>` : start));
}

/** The whole message. */
export function messageOf(split: SplitMessage, first: string, values: readonly number[]): string {
  return [first, ...linesOf(split, values)].join("\n");
}

/** A copy of the numbers of its lines, which stand first in `values`. */
export function numbersOf({ rest }: SplitMessage, values: Float64Array): number[] {
  const numbers: number[] = [];
  for (const { isHex } of rest) if (isHex) numbers.push(values[numbers.length] ?? 0);
  return numbers;
}

/** Digits of a number that a register line may have. */
const MOST_HEX = 16;

const isHexDigit = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 97 && code <= 102);

/** Behind the small hexadecimal digits at a place, at most 16 of them. */
export function hexEnd(text: string, from: number): number {
  let end = from;
  while (end < from + MOST_HEX && isHexDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/**
 * The lines from `from` on, where each begins with the same head and goes on as the message does: their texts behind the
 * head, and where the line after them begins. Null unless all of them are there. Linear in their length.
 */
export function followers(
  text: string,
  from: number,
  head: string,
  rest: SplitMessage["rest"],
): { readonly lines: readonly string[]; readonly end: number } | null {
  const lines: string[] = [];
  let at = from;
  for (const { start, isHex } of rest) {
    const begin = at + head.length;
    if (!text.startsWith(head, at) || !text.startsWith(start, begin)) return null;
    let end = begin + start.length;
    if (isHex) {
      end = hexEnd(text, end);
      if (text.charCodeAt(end) !== 62) return null;
      end += 1;
    }
    if (text.charCodeAt(end) !== 10) return null;
    lines.push(text.slice(begin, end));
    at = end + 1;
  }
  return { lines, end: at };
}
