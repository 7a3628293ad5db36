/** A text that the engine keeps as it is: what UTF-8 or a C string cannot hold becomes U+FFFD. */
export function storable(text: string): string {
  return text.replaceAll(/[\uD800-\uDFFF\0]/gu, "\uFFFD");
}

/** The same of a text that may be missing. */
export function storableOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : storable(text);
}
