import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bigKernLog } from "../../fixtures/make/dist/index.js";
import { asExport, asJson, hostEntries } from "./host-entries.mjs";

/** What the benchmarks read: made once into .cache, under names that say what is in them. */

const cache = join(dirname(fileURLToPath(import.meta.url)), "..", "..", ".cache");
const REMOTE = "/usr/lib/systemd/systemd-journal-remote";

/** Makes a file once; what is known of it stands beside it. */
async function once(name, make) {
  mkdirSync(cache, { recursive: true });
  const path = join(cache, name);
  const facts = `${path}.json`;
  if (!existsSync(path) || !existsSync(facts)) {
    process.stderr.write(`> making .cache/${name} (once)\n`);
    rmSync(`${path}.part`, { recursive: true, force: true });
    const known = await make(`${path}.part`);
    rmSync(path, { recursive: true, force: true });
    renameSync(`${path}.part`, path);
    writeFileSync(facts, JSON.stringify(known));
  }
  return { path, ...JSON.parse(readFileSync(facts, "utf8")) };
}

async function writeAll(path, chunks) {
  const out = createWriteStream(path);
  for await (const chunk of chunks) if (!out.write(chunk)) await new Promise((resume) => out.once("drain", resume));
  await new Promise((done) => out.end(done));
}

/** rsyslog's traditional form; without port states, or with them, each of which is an event. */
export const kernLog = (bytes, { portStates }) =>
  once(`kern-${portStates ? "ports" : "quiet"}-${bytes}.log`, async (path) => {
    let hangs = 0;
    const onHang = () => (hangs += 1);
    await writeAll(path, bigKernLog({ bytes, hangsEvery: 4 * 2 ** 20, seed: 1, portStates, onHang }));
    return { hangs };
  });

/** Nothing but hang reports, each split into lines as rsyslog does. */
export const flood = (bytes) =>
  once(`flood-${bytes}.log`, async (path) => {
    let hangs = 0;
    await writeAll(path, bigKernLog({ bytes, hangsEvery: 1, seed: 1, portStates: false, onHang: () => (hangs += 1) }));
    return { hangs };
  });

/** What a reader that looks for lines or needles likes least. */
const CLIFFS = {
  "one line": Buffer.alloc(2 ** 20, "no end of this line "),
  "empty lines": Buffer.alloc(2 ** 20, "\n"),
  "lines of one needle": Buffer.alloc(7 * 2 ** 17, "e1000e\n"),
  "coloured lines": Buffer.from(
    "Jan  9 10:14:09 pve1 app[812]: \x1b[32mINFO\x1b[0m nothing that a NIC says\n".repeat(15_000),
  ),
  "one line of needles": Buffer.alloc(7 * 2 ** 17, "e1000e "),
};

/** @param kind - a key of CLIFFS */
export const cliff = (kind, bytes) =>
  once(`cliff-${kind.replaceAll(" ", "-")}-${bytes}`, async (path) => {
    const piece = CLIFFS[kind];
    const head = Buffer.from("Jan  9 10:14:09 pve1 kernel: usb 1-5: USB disconnect\n");
    await writeAll(path, [head, ...Array.from({ length: Math.ceil(bytes / piece.length) }, () => piece)]);
    return { hangs: 0 };
  });
export const cliffs = Object.keys(CLIFFS);

/** The same log, rotated and packed. */
export const rotated = (bytes, parts) =>
  once(`rotated-${bytes}-${parts}`, async (folder) => {
    const whole = await kernLog(bytes, { portStates: false });
    const text = readFileSync(whole.path);
    mkdirSync(folder);
    for (let part = 0, from = 0; part < parts; part += 1) {
      const to =
        part === parts - 1 ? text.length : text.indexOf(10, Math.round((text.length * (part + 1)) / parts)) + 1;
      writeFileSync(join(folder, `kern.log.${parts - part}.gz`), gzipSync(text.subarray(from, to), { level: 6 }));
      from = to;
    }
    return { hangs: whole.hangs };
  });

function* rendered({ count, kernelEvery, isAsked }, render, onHang) {
  let text = [];
  for (const { fields, isHang } of hostEntries(count, kernelEvery, isAsked)) {
    if (isHang) onHang();
    text.push(render(fields));
    if (text.length === 4_096) {
      yield Buffer.concat(text);
      text = [];
    }
  }
  yield Buffer.concat(text);
}

const journalText = (form, render) => (count, kernelEvery) =>
  once(`host-${count}-${kernelEvery}.${form}`, async (path) => {
    let hangs = 0;
    await writeAll(
      path,
      rendered({ count, kernelEvery, isAsked: true }, render, () => (hangs += 1)),
    );
    return { hangs };
  });

export const journalJson = journalText("json", asJson);
export const journalExport = journalText("export", asExport);

export const canMakeJournals = existsSync(REMOTE) && spawnSync("journalctl", ["--version"]).error === undefined;

/**
 * Native journal files, made by systemd's own tool from the same entries.
 * @param isAsked - whether the others are all of a host's, or only those whom the parser asks for nothing
 */
export const nativeJournal = (count, kernelEvery, isAsked = true) =>
  once(`host-${count}-${kernelEvery}${isAsked ? "" : "-unasked"}.native`, async (folder) => {
    let hangs = 0;
    mkdirSync(folder);
    const remote = spawn(REMOTE, ["-o", join(folder, "system.journal"), "-"], { stdio: ["pipe", "ignore", "ignore"] });
    const ended = new Promise((resolve, reject) => remote.on("error", reject).on("close", resolve));
    const made = rendered({ count, kernelEvery, isAsked }, asExport, () => (hangs += 1));
    const [status] = await Promise.all([ended, pipeline(made, remote.stdin)]);
    if (status !== 0) throw new Error(`${REMOTE} ended with ${status}`);
    return { hangs };
  });

/** Small ones, for counting instructions. */
export const kernelInputs = async () => ({
  quiet: await kernLog(2 ** 20, { portStates: false }),
  ports: await kernLog(2 ** 20, { portStates: true }),
  flood: await flood(2 ** 19),
  json: await journalJson(900, 4),
  export: await journalExport(900, 4),
});
