import type { Platform } from "@hangproof/parser/open";
import { createSHA256 } from "hash-wasm";
import { gunzipped } from "./gunzip.js";

/** What a browser has for the parser. Its own SHA-256 wants all bytes at once, so the hash is a library's. */
export const BROWSER: Platform = { createHash: createSHA256, gunzipped, reasonOf };

const REASONS: Readonly<Record<string, string>> = {
  NotReadableError: "it cannot be read: no permission, or it was changed after it was picked",
  NotFoundError: "it is no longer there",
  EncodingError: "this browser gives no such folder to a page from a disk: drop it alone, or use Choose a folder",
  SecurityError: "the browser does not allow it to be read",
};

/** What went wrong with a file, in words. */
export function reasonOf(error: unknown): string {
  const { name, message } = error as Partial<Error>;
  return REASONS[name ?? ""] ?? message ?? String(error);
}
