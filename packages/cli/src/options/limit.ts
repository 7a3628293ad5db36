import { InvalidArgumentError, Option } from "commander";
import { type InputLimits, LIMIT_BOUNDS, LIMIT_NAMES, type LimitName } from "../limits.js";

const UNITS: Readonly<Record<string, number>> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

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
  const [least, most] = LIMIT_BOUNDS[name];
  if (!(value >= least && value <= most))
    throw new InvalidArgumentError(
      `Expected ${name} from ${least} to ${most}${isBytes ? " bytes, or with KiB, MiB, GiB, TiB" : ""}.`,
    );
  return { ...before, [name]: value };
}

function isLimit(name: string): name is LimitName {
  return Object.hasOwn(LIMIT_BOUNDS, name);
}
