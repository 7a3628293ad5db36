import type { UnpackLimits } from "@hangproof/parser/open";
import { InvalidArgumentError, Option } from "commander";

/** The limits of reading that a user may set, under the library's names; what is absent has its default. */
export type InputLimits = Partial<UnpackLimits & { readonly maxLineBytes: number }>;
export type LimitName = keyof InputLimits;

const MIB = 2 ** 20;
const UNITS: Readonly<Record<string, number>> = { "": 1, KiB: 2 ** 10, MiB: MIB, GiB: 2 ** 30, TiB: 2 ** 40 };

/** From, to, both in. A line is one string at last and a journal one buffer, which Node bounds. */
const BOUNDS: Readonly<Record<LimitName, readonly [number, number]>> = {
  maxLineBytes: [1024, 256 * MIB],
  maxDepth: [0, 64],
  maxMembers: [1, 1e9],
  maxUnpackedBytes: [1, Number.MAX_SAFE_INTEGER],
  maxRatio: [1, 1e9],
  freeBytes: [0, Number.MAX_SAFE_INTEGER],
  maxJournalBytes: [1, 2048 * MIB],
};

export const LIMIT_NAMES: readonly string[] = Object.keys(BOUNDS);

/** `--limit NAME=VALUE`, once for each limit; bytes may have a unit, as in `4MiB`. */
export function limitOption(): Option {
  return new Option(
    "--limit <name=value>",
    `another limit of reading, as in maxLineBytes=4MiB; may be repeated (${LIMIT_NAMES.join(", ")})`,
  ).argParser(parseLimit);
}

/** @throws InvalidArgumentError when the name is unknown, or the value none or out of its bounds */
export function parseLimit(text: string, before: InputLimits = {}): InputLimits {
  const [, name = "", digits = "", unit = ""] = /^([A-Za-z]+)=(\d+)([KMGT]iB|)$/.exec(text) ?? [];
  if (!isLimit(name)) throw new InvalidArgumentError(`Expected NAME=VALUE with a name of ${LIMIT_NAMES.join(", ")}.`);
  const isBytes = name.endsWith("Bytes");
  const value = unit !== "" && !isBytes ? Number.NaN : Number(digits) * (UNITS[unit] ?? Number.NaN);
  const [least, most] = BOUNDS[name];
  if (!(value >= least && value <= most))
    throw new InvalidArgumentError(
      `Expected ${name} from ${least} to ${most}${isBytes ? " bytes, or with KiB, MiB, GiB, TiB" : ""}.`,
    );
  return { ...before, [name]: value };
}

function isLimit(name: string): name is LimitName {
  return Object.hasOwn(BOUNDS, name);
}
