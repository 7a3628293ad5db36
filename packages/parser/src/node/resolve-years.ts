import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { readUpid } from "../backups/upid.js";
import { type InferredYear, inferYear } from "../clock/year-inference.js";
import { DateProbe } from "../formats/probe.js";
import type { Input } from "./find-inputs.js";

const PIECE_BYTES = 65_536;
/** Pieces between head and tail: in a log of years, still some in each half year. */
const PIECES = 64;

interface Probed {
  readonly input: Input;
  readonly probe: DateProbe;
}

/**
 * Looks into every input for its dates and gives each yearless one the year of its first stamp. Inputs whose year
 * nothing tells are not in the map. Reads head, tail and pieces of plain files, and the whole of compressed ones.
 */
export async function resolveYears(inputs: readonly Input[]): Promise<Map<string, InferredYear>> {
  const probed: Probed[] = [];
  for (const input of inputs) {
    const probe = await probeInput(input);
    if (probe !== null) probed.push({ input, probe });
  }
  const years = new Map<string, InferredYear>();
  const tasks = inputs.flatMap((input) => {
    const upid = readUpid(input.label.split(/[\\/]/).at(-1) ?? "");
    return upid === null ? [] : [{ hosts: new Set([upid.node]), startMs: upid.startMs, endMs: upid.startMs }];
  });
  const dated = [
    ...tasks,
    ...probed.flatMap(({ probe }) => (probe.dated === null ? [] : [{ hosts: probe.hosts, ...probe.dated }])),
  ];
  const pending = probed.filter(({ probe }) => probe.yearless !== null);
  const give = ({ input, probe }: Probed, spans: readonly { startMs: number; endMs: number }[]): void => {
    if (probe.yearless === null) return;
    const year = inferYear({ ...probe.yearless, fileMs: input.modifiedMs }, spans);
    if (year !== null) years.set(input.label, year);
  };
  // Logs that tell their year themselves are evidence for those beside them.
  for (const one of pending.filter(({ probe }) => probe.yearless?.known !== null)) {
    give(one, []);
    const year = years.get(one.input.label);
    const { yearless } = one.probe;
    if (year === undefined || yearless === null) continue;
    const startMs = Date.UTC(year.firstYear, yearless.first.month - 1, yearless.first.day);
    const lastYear = year.firstYear + yearless.newYears;
    const endMs = Date.UTC(lastYear, yearless.last.month - 1, yearless.last.day);
    dated.push({ hosts: one.probe.hosts, startMs, endMs });
  }
  for (const one of pending.filter(({ probe }) => probe.yearless?.known === null)) {
    const shared = (hosts: ReadonlySet<string>): boolean =>
      hosts.size === 0 || one.probe.hosts.size === 0 || [...hosts].some((host) => one.probe.hosts.has(host));
    give(
      one,
      dated.filter(({ hosts }) => shared(hosts)),
    );
  }
  return years;
}

async function probeInput(input: Input): Promise<DateProbe | null> {
  if (input.path === null) return null;
  const probe = new DateProbe();
  try {
    const isGzip = lookPlain(input.path, input.size, probe);
    if (isGzip) await lookCompressed(input.path, probe);
  } catch {
    // What cannot be read is diagnosed when it is read.
    return null;
  }
  return probe;
}

/** Looks at head, pieces and tail; true when the file is gzip and nothing was looked at. */
function lookPlain(path: string, size: number, probe: DateProbe): boolean {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(PIECE_BYTES);
    const starts = new Set<number>();
    if (size <= PIECE_BYTES * 4) for (let at = 0; at < size; at += PIECE_BYTES) starts.add(at);
    else {
      const step = Math.floor((size - PIECE_BYTES) / PIECES);
      for (let piece = 0; piece <= PIECES; piece += 1) starts.add(piece * step);
    }
    for (const start of starts) {
      const isEnd = start === 0 || start + PIECE_BYTES >= size;
      const length = readSync(file, buffer, 0, isEnd ? PIECE_BYTES : PIECE_BYTES / 16, start);
      if (start === 0 && buffer[0] === 0x1f && buffer[1] === 0x8b) return true;
      if (start === 0 && buffer.subarray(0, 8).toString("latin1") === "LPKSHHRH") return false;
      probe.look(wholeLines(buffer.toString("utf8", 0, length), start > 0));
    }
  } finally {
    closeSync(file);
  }
  return false;
}

async function lookCompressed(path: string, probe: DateProbe): Promise<void> {
  const plain = createReadStream(path).pipe(createGunzip({ chunkSize: PIECE_BYTES }));
  try {
    let isFirst = true;
    let last = "";
    for await (const chunk of plain as AsyncIterable<Buffer>) {
      last = chunk.toString("utf8");
      const text = wholeLines(isFirst ? last : last.slice(0, PIECE_BYTES / 16), !isFirst);
      probe.look(text);
      isFirst = false;
    }
    probe.look(wholeLines(last.slice(-PIECE_BYTES / 16), true));
  } catch {
    // Damage ends the look; the reading itself diagnoses it.
  }
}

/** Without the parts of lines at the piece's edges. */
function wholeLines(text: string, isCutAtStart: boolean): string {
  return isCutAtStart ? text.slice(text.indexOf("\n") + 1) : text;
}
