import { createHash } from "node:crypto";

/**
 * JSON with the keys of every object in code unit order and without blanks: equal values give equal bytes. Properties
 * that are undefined are left out. Numbers must be finite.
 * @throws RangeError for NaN and infinities, which JSON would silently make null
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "number" && !Number.isFinite(inner)) throw new RangeError("a number that JSON cannot hold");
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** SHA-256 of the text's UTF-8, lower-case hex. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
