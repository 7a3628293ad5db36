/**
 * The work whose instructions `scripts/instructions.mjs` counts: each kernel over a small input that the machine makes the
 * same every time. Arguments: `NAME=ROUNDS …`; without any it prints the kernels' names, and the bytes of a round.
 */
import { readFileSync } from "node:fs";
import { EvidenceParser } from "../../packages/parser/dist/index.js";
import { NEEDLES } from "../../packages/parser/dist/read/needles.js";
import { createScanner } from "../../packages/parser/dist/scan/create-scanner.js";
import { kernelInputs } from "./inputs.mjs";

/** Enough that the compiler's own work is little beside it; as much as the scanner's buffer holds with ease. */
const MOST_BYTES = 900_000;

function wholeLines(bytes) {
  return bytes.subarray(0, bytes.subarray(0, MOST_BYTES).lastIndexOf(10) + 1);
}

const inputs = Object.fromEntries(
  Object.entries(await kernelInputs()).map(([name, { path }]) => [name, wholeLines(readFileSync(path))]),
);
const scanner = createScanner(NEEDLES);
const origin = {
  bootId: "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c",
  machineId: "c0ffee00c0ffee00c0ffee00c0ffee00",
  host: "pve1",
};

const parse = (bytes, form) => () => {
  const parser = new EvidenceParser({ timeZone: "UTC", firstYear: 2025, ...(form === undefined ? {} : { form }) });
  parser.push(bytes);
  parser.end();
  return parser.summary().records;
};

/** Where the next entry begins. */
function behindEntry(form, bytes, from) {
  const [end, length] = form === "json" ? ["\n", 1] : ["\n\n__CURSOR=", 2];
  const at = bytes.indexOf(end, from);
  return at === -1 ? bytes.length : at + length;
}

/** Each kernel's bytes a round, and a round of it. */
const KERNELS = {
  "scan: lines with a needle": {
    bytes: inputs.quiet.length,
    round: () => {
      let count = 0;
      for (let at = 0; at < inputs.quiet.length; count += scanner.lineFeeds) at = scanner.scan(at, inputs.quiet.length);
      return count;
    },
    before: () => scanner.buffer.set(inputs.quiet),
  },
  ...Object.fromEntries(
    ["json", "export"].map((form) => [
      `entries: journal ${form}`,
      {
        bytes: inputs[form].length,
        round: () => {
          let entries = 0;
          const pattern = { form: `journal-${form}`, origins: [origin], earliestUs: 0 };
          for (let at = 0; at < inputs[form].length; ) {
            const found = scanner.countEntries(pattern, at, inputs[form].length);
            entries += found.entries;
            // Behind the entry that has to be read.
            at = found.goesOn ? found.end : behindEntry(form, inputs[form], found.end);
          }
          return entries;
        },
        before: () => scanner.buffer.set(inputs[form]),
      },
    ]),
  ),
  "events: kern.log, one line in nine a port state": { bytes: inputs.ports.length, round: parse(inputs.ports) },
  "events: nothing but hang reports": { bytes: inputs.flood.length, round: parse(inputs.flood) },
};

const wanted = process.argv.slice(2).map((one) => one.split("="));
for (const [name, rounds] of wanted) {
  const { round, before } = KERNELS[name];
  before?.();
  let found = 0;
  for (let at = 0; at < Number(rounds); at += 1) found += round();
  if (!(found > 0)) throw new Error(`${name} found nothing`);
}
if (wanted.length === 0) for (const [name, { bytes }] of Object.entries(KERNELS)) console.log(`${name}\t${bytes}`);
