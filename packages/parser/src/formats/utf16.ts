/** What a byte order mark announces; null: none of UTF-16. Windows PowerShell's `>` writes logs so. */
export function utf16Of(head: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : null;
}

/** UTF-16 in, UTF-8 out, in pieces that may be cut anywhere. Half a character at the end becomes U+FFFD. */
export class Utf16Transcoder {
  readonly #decoder;
  readonly #encoder = new TextEncoder();

  constructor(encoding: "utf-16le" | "utf-16be") {
    this.#decoder = new TextDecoder(encoding);
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.#encoder.encode(this.#decoder.decode(chunk, { stream: true }));
  }

  end(): Uint8Array {
    return this.#encoder.encode(this.#decoder.decode());
  }
}
