import type { OpenOptions } from "@hangproof/parser/node";

/** The limits of reading that a user may set, under the library's names; what is absent has its default. */
export type InputLimits = NonNullable<OpenOptions["limits"]> & { readonly maxLineBytes?: number };
export type LimitName = keyof InputLimits;

const MIB = 2 ** 20;

/** From, to, both in. A line is one string at last and a journal one buffer, which Node bounds. */
export const LIMIT_BOUNDS: Readonly<Record<LimitName, readonly [number, number]>> = {
  maxLineBytes: [1024, 256 * MIB],
  maxDepth: [0, 64],
  maxMembers: [1, 1e9],
  maxUnpackedBytes: [1, Number.MAX_SAFE_INTEGER],
  maxRatio: [1, 1e9],
  freeBytes: [0, Number.MAX_SAFE_INTEGER],
  maxJournalBytes: [1, 2048 * MIB],
};

export const LIMIT_NAMES: readonly string[] = Object.keys(LIMIT_BOUNDS);
