/** A result, or the reason why there is none. "Cannot say" is an answer; NaN is not. */
export type Outcome<Value> =
  | { readonly status: "ok"; readonly value: Value }
  | {
      readonly status: "insufficient";
      /** Why it cannot be said, one sentence without a full stop. */
      readonly because: string;
      /** What would be needed; null when nothing could. */
      readonly need: string | null;
    };

/** Start in, end out; Unix milliseconds. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** A value that could be worked out. */
export const ok = <Value>(value: Value): Outcome<Value> => ({ status: "ok", value });
/** "Cannot say": why, and what would help. */
export const insufficient = (because: string, need: string | null = null): Outcome<never> => ({
  status: "insufficient",
  because,
  need,
});
