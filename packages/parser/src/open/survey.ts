import { readUpid } from "../backups/upid.js";
import { type InferredYear, inferYear } from "../clock/year-inference.js";
import { containerOf } from "../formats/detect.js";
import { DateProbe } from "../formats/probe.js";
import { utf16Of } from "../formats/utf16.js";
import { hasJournalSignature, type JournalHeader, readHeader } from "../journal-file/header.js";
import { type JournalHole, journalHoles } from "../journal-file/journal-holes.js";
import { memoryAccess, type RandomAccess } from "../journal-file/random-access.js";
import type { UnpackLimits } from "./containers/limits.js";
import { isTar } from "./containers/tar.js";
import { unpack } from "./containers/unpack.js";
import type { Input, Platform } from "./input.js";

const PIECE_BYTES = 65_536;
/** Of a piece that is neither head nor tail. */
const LOOK_BYTES = PIECE_BYTES / 16;
/** What tells a container or an archive stands in these. */
const HEAD_BYTES = 512;
/** Inputs that are looked at at once: compressed ones are taken apart on all cores. */
const AT_ONCE = 4;
/** Pieces between head and tail: in a log of years, still some in each half year. */
const PIECES = 64;

/** What must be known of all inputs together before the first is read. Keys are labels. */
export interface Survey {
  /** Year of the first stamp of each yearless log; logs whose year nothing tells are not in it. */
  readonly years: ReadonlyMap<string, InferredYear>;
  /** Sequence numbers that are missing before the first entry of a native journal file. */
  readonly holes: ReadonlyMap<string, JournalHole>;
}

interface Probed {
  readonly label: string;
  readonly modifiedMs: number | null;
  readonly probe: DateProbe;
}

interface Found {
  readonly probed: Probed[];
  readonly journals: { readonly label: string; readonly header: JournalHeader }[];
}

/**
 * Looks into every input for its dates, and at the heads of native journals. Reads head, tail and pieces of plain files,
 * and the whole of compressed ones and archives. What can be read only once is not looked at.
 */
export async function survey(inputs: readonly Input[], limits: UnpackLimits, platform: Platform): Promise<Survey> {
  const all = inputs.map((): Found => ({ probed: [], journals: [] }));
  let next = 0;
  const look = async (): Promise<void> => {
    for (let at = next++; at < inputs.length; at = next++) {
      const [input, found] = [inputs[at], all[at]];
      if (input === undefined || found === undefined) continue;
      // What cannot be read is diagnosed when it is read.
      await lookInto(input, { limits, platform }, found).catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  return {
    years: yearsOf(all.flatMap(({ probed }) => probed)),
    holes: journalHoles(all.flatMap(({ journals }) => journals)),
  };
}

async function lookInto(
  input: Input,
  how: { readonly limits: UnpackLimits; readonly platform: Platform },
  found: Found,
): Promise<void> {
  if (input.openAccess === null) return;
  const access = input.openAccess({ pageBytes: LOOK_BYTES });
  try {
    if (!isPacked(access)) {
      lookPlain(access, input, found);
      return;
    }
  } finally {
    access.close();
  }
  await lookPacked(input, how, found);
}

/** Gives each yearless log the year of its first stamp. */
function yearsOf(probed: readonly Probed[]): Map<string, InferredYear> {
  const years = new Map<string, InferredYear>();
  const tasks = probed.flatMap(({ label }) => {
    const upid = readUpid(label);
    return upid === null ? [] : [{ hosts: new Set([upid.node]), startMs: upid.startMs, endMs: upid.startMs }];
  });
  const dated = [
    ...tasks,
    ...probed.flatMap(({ probe }) => (probe.dated === null ? [] : [{ hosts: probe.hosts, ...probe.dated }])),
  ];
  const pending = probed.filter(({ probe }) => probe.yearless !== null);
  const give = ({ label, modifiedMs, probe }: Probed, spans: readonly { startMs: number; endMs: number }[]): void => {
    if (probe.yearless === null) return;
    const year = inferYear({ ...probe.yearless, fileMs: modifiedMs }, spans);
    if (year !== null) years.set(label, year);
  };
  // Logs that tell their year themselves are evidence for those beside them.
  for (const one of pending.filter(({ probe }) => probe.yearless?.known !== null)) {
    give(one, []);
    const year = years.get(one.label);
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

function isPacked(access: RandomAccess): boolean {
  const head = access.read(0, HEAD_BYTES);
  return containerOf(head) !== null || isTar(head);
}

/** Looks at head, pieces and tail, or at the head of a journal. */
function lookPlain(access: RandomAccess, { label, modifiedMs }: Input, found: Found): void {
  const { size } = access;
  const head = access.read(0, PIECE_BYTES);
  if (hasJournalSignature(head)) {
    lookJournal(label, head, found);
    return;
  }
  const probe = new DateProbe();
  const starts = new Set<number>();
  if (size <= PIECE_BYTES * 4) for (let at = 0; at < size; at += PIECE_BYTES) starts.add(at);
  else {
    // Whole characters of UTF-16, too.
    const step = Math.floor((size - PIECE_BYTES) / PIECES / 2) * 2;
    for (let piece = 0; piece <= PIECES; piece += 1) starts.add(piece * step);
  }
  const decoder = new TextDecoder(utf16Of(head) ?? "utf-8");
  for (const start of starts) {
    const isEnd = start === 0 || start + PIECE_BYTES >= size;
    const piece = access.read(start, isEnd ? PIECE_BYTES : LOOK_BYTES);
    probe.look(wholeLines(decoder.decode(piece), start > 0));
  }
  found.probed.push({ label, modifiedMs, probe });
}

function lookJournal(label: string, head: Uint8Array, found: Found): void {
  const header = readHeader(memoryAccess(head));
  if ("fileId" in header) found.journals.push({ label, header });
}

async function lookPacked(
  input: Input,
  { limits, platform }: { readonly limits: UnpackLimits; readonly platform: Platform },
  found: Found,
): Promise<void> {
  const packed = { label: input.label, modifiedMs: input.modifiedMs, bytes: input.open() };
  const options = { ...platform, createHash: null, limits, onFault: () => {}, isFatal: () => false };
  for await (const file of unpack(packed, options)) {
    if (file.kind === "archive") continue;
    const { label, modifiedMs } = file;
    if (hasJournalSignature(file.head)) {
      lookJournal(label, file.head, found);
      continue;
    }
    const probe = new DateProbe();
    const decoder = new TextDecoder(utf16Of(file.head) ?? "utf-8");
    let isFirst = true;
    let last: Uint8Array = new Uint8Array(0);
    for await (const chunk of file.bytes) {
      last = chunk;
      const text = decoder.decode(isFirst ? chunk : chunk.subarray(0, LOOK_BYTES));
      probe.look(wholeLines(text, !isFirst));
      isFirst = false;
    }
    const tail = decoder.decode(last.subarray(Math.max(0, last.length - LOOK_BYTES)));
    probe.look(wholeLines(tail, true));
    found.probed.push({ label, modifiedMs, probe });
  }
}

/** Without the parts of lines at the piece's edges. */
function wholeLines(text: string, isCutAtStart: boolean): string {
  return isCutAtStart ? text.slice(text.indexOf("\n") + 1) : text;
}
