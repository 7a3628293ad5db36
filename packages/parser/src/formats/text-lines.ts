/** Small questions about lines of text, and what daemons do to messages. */

/** What `plainLine` takes away or changes anywhere in a line. */
const UNCLEAN = ["\r", "\x1b", "\0", "\u00a0", "\ufffd", "&"] as const;

/** Whether a text holds anything that `plainLine` may take away or change, wherever in a line it stands. */
export function needsCleaning(text: string): boolean {
  return UNCLEAN.some((one) => text.includes(one));
}

/** A blank, a quotation mark or a bar before the rest: `plainLine` may take it away. */
export function mayBeIndented(line: string): boolean {
  const first = line.charCodeAt(0);
  return first === 32 || first === 9 || first === 62 || first === 124;
}

/** Whether a line begins with so many blanks. */
export function isBlankUpTo(line: string, width: number): boolean {
  for (let at = 0; at < width; at += 1) if (line.charCodeAt(at) !== 32) return false;
  return true;
}

/** A line without its blanks, at most `width` of them. */
export function withoutIndent(line: string, width: number): string {
  let at = 0;
  while (at < width && line.charCodeAt(at) === 32) at += 1;
  return line.slice(at);
}

/** rsyslog writes control characters as `#ooo`, syslog-ng those of kernel lines as `\xHH`. */
export function unescaped(text: string, isKernel: boolean): string {
  let plain = text;
  if (plain.includes("#0")) plain = plain.replaceAll("#012", "\n").replaceAll("#011", "\t").replaceAll("#015", "");
  if (isKernel && plain.includes("\\x0a")) plain = plain.replaceAll("\\x0a", "\n");
  // netconsole relays repeat the kernel's stamp on every line of a record.
  return plain.includes("\n[") ? plain.replace(/\n\[ *\d{1,10}\.\d{6}\] ?/g, "\n") : plain;
}

/**
 * Where a second record begins on the same line, because its line end was lost; -1: nowhere.
 * @param named - the host between blanks
 */
export function gluedAt(message: string, named: string): number {
  const at = message.indexOf(named);
  if (at < 15) return -1;
  const stamp = /[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d$/.exec(message.slice(at - 15, at));
  // Behind an escaped line break it is what a process put into its message.
  return stamp === null || /(?:#012|\\x0a|\\n)$/.test(message.slice(0, at - 15)) ? -1 : at - 15;
}
