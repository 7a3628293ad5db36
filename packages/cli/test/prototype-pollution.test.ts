import { EvidenceParser, FORM_ABILITIES, type FormName } from "@hangproof/parser";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { parseLimit } from "../src/options/limit.js";

const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"] as const;
const FORMS = (Object.keys(FORM_ABILITIES) as FormName[]).filter((form) => form !== "journal-file");
const before = snapshot();
afterEach(() => expect(snapshot()).toEqual(before));

/** What every object, array and function inherits. */
function snapshot(): unknown[] {
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype].map((one) =>
    Reflect.ownKeys(one).map(String).sort(),
  );
}

const name = fc.constantFrom(...NAMES);
const payload = fc.constantFrom('{"polluted":1}', '"polluted"', '["polluted"]', '{"prototype":{"polluted":1}}');
const HANG = "e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:";

/** One line of each kind in which a log may name a field. */
const line = fc.oneof(
  fc
    .tuple(name, payload)
    .map(
      ([key, value]) =>
        `{"__REALTIME_TIMESTAMP":"1759631400000000","_TRANSPORT":"kernel","${key}":${value},"MESSAGE":"${HANG}"}`,
    ),
  fc.tuple(name, payload).map(([key, value]) => `{"dmesg":[{"pri":3,"time":1,"${key}":${value},"msg":"${HANG}"}]}`),
  name.map((key) => `${key}=polluted\n_TRANSPORT=kernel\n__REALTIME_TIMESTAMP=1759631400000000\nMESSAGE=${HANG}\n`),
  name.map((key) => `Oct  5 02:00:01 ${key} kernel: e1000e 0000:00:1f.6 ${key}: Detected Hardware Unit Hang:`),
  name.map((key) => `Oct  5 02:00:01 pve kernel: e1000e 0000:00:1f.6 eno1: ${key}  <polluted>`),
  name.map((key) => `options e1000e ${key}=polluted`),
  name.map((key) => `iface ${key} inet manual\n  ${key} polluted`),
  name.map((key) => `<3>1 2025-10-05T02:00:01Z ${key} kernel - - [${key} ${key}="polluted"] ${HANG}`),
);

function assertClean(value: unknown): void {
  if (value === null || typeof value !== "object") return;
  const prototype = Object.getPrototypeOf(value);
  expect(prototype === Object.prototype || prototype === Array.prototype || prototype === null).toBe(true);
  expect("polluted" in value).toBe(false);
  for (const part of Object.values(value)) assertClean(part);
}

test("no field that a log names changes or replaces what objects inherit, in any form", () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 6 }),
      fc.option(fc.constantFrom(...FORMS), { nil: undefined }),
      (lines, form) => {
        const parser = new EvidenceParser({
          evidence: "__proto__",
          timeZone: "UTC",
          firstYear: 2025,
          ...(form === undefined ? {} : { form }),
        });
        const bytes = new TextEncoder().encode(`${lines.join("\n")}\n`);
        assertClean([parser.push(bytes), parser.end(), parser.summary()]);
        expect(Reflect.get({}, "polluted")).toBeUndefined();
      },
    ),
    { numRuns: 500 },
  );
});

test("no inherited name is taken for a limit", () => {
  for (const key of NAMES) expect(() => parseLimit(`${key}=1`)).toThrow(/Expected NAME=VALUE/);
});
