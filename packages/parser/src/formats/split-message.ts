/** The lines of one message, as its program prints them. */
export interface SplitMessage {
  /** How its first line ends. */
  readonly first: string;
  /** The other lines from their first character on; with `isHex`, a number and `>` end them. */
  readonly rest: readonly { readonly start: string; readonly isHex: boolean }[];
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
