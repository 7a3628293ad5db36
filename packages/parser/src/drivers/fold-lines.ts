/** A message on one line: line ends, with the blanks around them, become one blank; the whole is trimmed. Linear. */
export function foldLines(message: string): string {
  if (!message.includes("\n")) return message.trim();
  return message
    .split("\n")
    .map((line) => line.trim())
    .join(" ")
    .trim();
}
