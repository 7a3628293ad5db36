import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NEEDLES } from "../../packages/parser/dist/read/needles.js";
import * as inputs from "./inputs.mjs";
import { has } from "./measure.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const NEEDLE = "Detected Hardware Unit Hang";
const node = (script, ...args) => [process.execPath, [join(here, script), ...args]];
const parse = (name, ...paths) => ({ name, run: node("parse.mjs", ...paths), answer: "hangs" });
/** Lines with any of the literals that hangproof looks for. */
const ALL_LITERALS = ["-c", "-F", ...NEEDLES.flatMap((needle) => ["-e", needle])];
const cli = (...args) => [process.execPath, [join(root, "packages/cli/dist/hangproof.mjs"), ...args]];

/**
 * Each case: what is read, and who reads it. The first contender is hangproof; `reference` is whom the others are set
 * against. `answer: "hangs"` prints the number of hang reports, which is checked; those of another answer must print the
 * same, and `read` finds it in what is printed where that is more; others' output is thrown away.
 * @param bytes of the large logs
 */
export function cases(bytes) {
  const journalEntries = Math.round(bytes / 920);
  return [
    {
      name: "kern.log, hangs rare",
      input: () => inputs.kernLog(bytes, { portStates: false }),
      contenders: ({ path }) => [
        parse("hangproof, typed events", path),
        { name: "grep -c -F", run: ["grep", ["-c", "-F", NEEDLE, path]], answer: "hangs" },
        ...(has("rg") ? [{ name: "rg -c -F", run: ["rg", ["-c", "-F", NEEDLE, path]], answer: "hangs" }] : []),
        { name: "grep -c -F, hangproof's literals", run: ["grep", [...ALL_LITERALS, path]], answer: "lines" },
        ...(has("rg")
          ? [{ name: "rg -c -F, hangproof's literals", run: ["rg", [...ALL_LITERALS, path]], answer: "lines" }]
          : []),
        { name: "node readline + includes", run: node("readline.mjs", path, NEEDLE), answer: "hangs" },
      ],
      reference: "grep -c -F",
    },
    {
      name: "log tools",
      input: () => inputs.kernLog(bytes / 8, { portStates: false }),
      contenders: ({ path }) => [parse("hangproof, typed events", path), ...logTools(path)],
      reference: "hangproof, typed events",
    },
    {
      name: "kern.log of a hypervisor: one line in nine is an event of a bridge port",
      input: () => inputs.kernLog(bytes, { portStates: true }),
      contenders: ({ path }) => [
        parse("hangproof, typed events", path),
        { name: "grep -c -F", run: ["grep", ["-c", "-F", NEEDLE, path]], answer: "hangs" },
      ],
      reference: "grep -c -F",
    },
    {
      name: "complete report with the SHA-256 of the evidence",
      input: () => inputs.kernLog(bytes, { portStates: false }),
      contenders: ({ path }) => [
        { name: "hangproof report", run: cli("report", path, "--tz", "UTC", "-q", "--now", "2026-01-01T00:00:00Z") },
        { name: "sha256sum", run: ["sha256sum", [path]] },
      ],
      reference: "sha256sum",
    },
    {
      name: "flood: nothing but hang reports",
      input: () => inputs.flood(bytes),
      contenders: ({ path }) => [
        parse("hangproof, typed events", path),
        { name: "grep -c -F", run: ["grep", ["-c", "-F", NEEDLE, path]], answer: "hangs" },
      ],
      reference: "grep -c -F",
    },
    ...inputs.cliffs.map((kind) => ({
      name: `a hundred MB of nothing but ${kind}`,
      input: () => inputs.cliff(kind, 100e6),
      contenders: ({ path }) => [
        parse("hangproof, typed events", path),
        { name: "grep -c -F", run: ["grep", ["-c", "-F", NEEDLE, path]], answer: "hangs" },
      ],
      reference: "grep -c -F",
    })),
    {
      name: "rotated and packed: four .gz",
      input: () => inputs.rotated(bytes / 4, 4),
      contenders: ({ path }) => [
        parse("hangproof, typed events", path),
        { name: "zcat", run: ["zcat", readdirSync(path).map((name) => join(path, name))] },
      ],
      reference: "zcat",
    },
    {
      name: "journal as JSON",
      input: () => inputs.journalJson(journalEntries, 4),
      contenders: ({ path }) => [
        parse("hangproof, typed events", path),
        ...(has("jq")
          ? [{ name: "jq", run: ["jq", ["-c", `select(.MESSAGE | contains("${NEEDLE}")) | .MESSAGE`, path]] }]
          : []),
        { name: "node readline + JSON.parse", run: node("count-json.mjs", path, NEEDLE), answer: "hangs" },
      ],
      reference: "jq",
    },
    ...(inputs.canMakeJournals ? journals(journalEntries) : []),
    {
      name: "start: the report of the bundled case",
      input: async () => ({ path: join(root, "fixtures/cases/pve-backup-hang"), hangs: null }),
      contenders: ({ path }) => [
        { name: "hangproof report", run: cli("report", path, "--tz", "UTC", "-q", "--now", "2026-01-01T00:00:00Z") },
        { name: "node -e 0", run: [process.execPath, ["-e", "0"]] },
      ],
      reference: "node -e 0",
    },
  ];
}

/** Those that are installed, each asked for the hang reports alone. */
function logTools(path) {
  const programs = join(root, ".cache/mtail");
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, "hangs.mtail"), `counter hangs\n/${NEEDLE}/ {\n  hangs++\n}\n`);
  const mtail = ["--one_shot", "--one_shot_format=prometheus", "--progs", programs, "--logs", path];
  const miller = ["--inidx", "--ifs", "\\001", "--onidx", "filter", `$1 =~ "${NEEDLE}"`, path];
  const lines = (output) => String(output.split("\n").length);
  return [
    { name: "lnav", run: ["lnav", ["-n", "-c", `:filter-in ${NEEDLE}`, path]], read: lines },
    { name: "mtail", run: ["mtail", mtail], read: (output) => /^hangs\{.*\} (\d+)$/m.exec(output)?.[1] },
    { name: "mlr", run: ["mlr", miller], read: lines },
  ]
    .filter(({ name }) => has(name))
    .map((one) => ({ ...one, answer: "hangs" }));
}

/** Native journals of more than 2 GiB have so many times the entries of a GiB of JSON. */
const MANY = 2.9;

function journals(entries) {
  const few = Math.round(entries / 4);
  const native = async (count, kernelEvery, isAsked) => {
    const { path, hangs } = await inputs.nativeJournal(count, kernelEvery, isAsked);
    return { path, hangs };
  };
  const reading = ({ path }) => [
    parse("hangproof, typed events", path),
    { name: "journalctl -k -o export", run: ["journalctl", ["-k", "-o", "export", "-D", path]] },
  ];
  return [
    {
      name: "journal in export format",
      input: async () => {
        const { path, hangs } = await inputs.journalExport(entries, 4);
        return { path, hangs, native: (await native(entries, 4)).path };
      },
      contenders: ({ path, native: folder }) => [
        parse("hangproof, typed events", path),
        { name: "journalctl -o json, from the native file", run: ["journalctl", ["-o", "json", "-D", folder]] },
      ],
      reference: "journalctl -o json, from the native file",
    },
    {
      name: "native journal, one entry in four the kernel's, the others of senders that nobody asks for",
      input: () => native(few, 4, false),
      contenders: reading,
      reference: "journalctl -k -o export",
    },
    {
      name: "native journal, as many kernel entries among ten times the others",
      input: () => native(10 * few, 40, false),
      contenders: reading,
      reference: "journalctl -k -o export",
    },
    {
      name: "native journals in many files, of all senders",
      input: () => native(Math.round(MANY * entries), 4),
      contenders: reading,
      reference: "journalctl -k -o export",
    },
  ];
}
