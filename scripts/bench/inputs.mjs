import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bigKernLog } from "../../fixtures/make/dist/index.js";

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

const DUMP = [
  "e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:",
  "  TDH                  <5>",
  "  TDT                  <9>",
  "  next_to_use          <9>",
  "  next_to_clean        <5>",
  "buffer_info[next_to_clean]:",
  "  time_stamp           <10004ab12>",
  "  next_to_watch        <6>",
  "  jiffies              <10004ac55>",
  "  next_to_watch.status <0>",
  "MAC Status             <80083>",
  "PHY Status             <796d>",
  "PHY 1000BASE-T Status  <3800>",
  "PHY Extended Status    <3000>",
  "PCI Status             <10>",
].join("\n");

/** Entries of a journal; of every `kernelEvery` one is the kernel's, of every 4,000 of those one is a hang report. */
function* entries(count, kernelEvery) {
  const boot = "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c";
  for (let i = 0; i < count; i += 1) {
    const micros = 1_735_689_600_000_000 + i * 250_000;
    const isKernel = i % kernelEvery === 0;
    const isHang = isKernel && (i / kernelEvery) % 4_000 === 2_000;
    const message = isHang
      ? DUMP
      : isKernel
        ? `usb 1-${i % 7}: reset high-speed USB device number ${i % 90} using xhci_hcd`
        : `pam_unix(cron:session): session opened for user root(uid=0) by (uid=${i % 1000})`;
    yield {
      isHang,
      fields: {
        __CURSOR: `s=6b1c;i=${i.toString(16)};b=${boot};m=${(i * 250_000).toString(16)};t=${micros.toString(16)};x=${i.toString(16)}`,
        __REALTIME_TIMESTAMP: String(micros),
        __MONOTONIC_TIMESTAMP: String(i * 250_000),
        _BOOT_ID: boot,
        _MACHINE_ID: "c0ffee00c0ffee00c0ffee00c0ffee00",
        _HOSTNAME: "pve1",
        PRIORITY: isHang ? "3" : "6",
        _TRANSPORT: isKernel ? "kernel" : "syslog",
        SYSLOG_FACILITY: isKernel ? "0" : "10",
        SYSLOG_IDENTIFIER: isKernel ? "kernel" : "CRON",
        ...(isKernel ? { _SOURCE_MONOTONIC_TIMESTAMP: String(i * 250_000) } : { _PID: String(1000 + (i % 30_000)) }),
        MESSAGE: message,
      },
    };
  }
}

function* rendered(count, kernelEvery, render, onHang) {
  let text = [];
  for (const { fields, isHang } of entries(count, kernelEvery)) {
    if (isHang) onHang();
    text.push(render(fields));
    if (text.length === 4_096) {
      yield Buffer.concat(text);
      text = [];
    }
  }
  yield Buffer.concat(text);
}

const asJson = (fields) => Buffer.from(`${JSON.stringify(fields)}\n`);

function asExport(fields) {
  const parts = [];
  for (const [name, value] of Object.entries(fields)) {
    if (!value.includes("\n")) parts.push(Buffer.from(`${name}=${value}\n`));
    else {
      const size = Buffer.alloc(8);
      size.writeBigUInt64LE(BigInt(Buffer.byteLength(value)));
      parts.push(Buffer.from(`${name}\n`), size, Buffer.from(`${value}\n`));
    }
  }
  parts.push(Buffer.from("\n"));
  return Buffer.concat(parts);
}

const journalText = (form, render) => (count, kernelEvery) =>
  once(`journal-${count}-${kernelEvery}.${form}`, async (path) => {
    let hangs = 0;
    await writeAll(
      path,
      rendered(count, kernelEvery, render, () => (hangs += 1)),
    );
    return { hangs };
  });

export const journalJson = journalText("json", asJson);
export const journalExport = journalText("export", asExport);

export const canMakeJournals = existsSync(REMOTE) && spawnSync("journalctl", ["--version"]).error === undefined;

/** Native journal files, made by systemd's own tool from the same entries. */
export const nativeJournal = (count, kernelEvery) =>
  once(`journal-${count}-${kernelEvery}.native`, async (folder) => {
    let hangs = 0;
    mkdirSync(folder);
    const remote = spawn(REMOTE, ["-o", join(folder, "system.journal"), "-"], { stdio: ["pipe", "ignore", "ignore"] });
    const ended = new Promise((resolve, reject) => remote.on("error", reject).on("close", resolve));
    const made = rendered(count, kernelEvery, asExport, () => (hangs += 1));
    const [status] = await Promise.all([ended, pipeline(made, remote.stdin)]);
    if (status !== 0) throw new Error(`${REMOTE} ended with ${status}`);
    return { hangs };
  });

/** Small ones, for counting instructions. */
export const kernelInputs = async () => ({
  quiet: await kernLog(2 ** 20, { portStates: false }),
  ports: await kernLog(2 ** 20, { portStates: true }),
  flood: await flood(2 ** 19),
  json: await journalJson(1_800, 4),
  export: await journalExport(1_800, 4),
});
