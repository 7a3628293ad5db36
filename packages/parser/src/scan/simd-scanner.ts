import { COUNTED_FIELDS } from "./entry-fields.js";
import { canWalk, FileEntries, type WalkedFile } from "./file-entries.js";
import { writeHosts } from "./hosts.js";
import { KERNEL_BASE64 } from "./kernel-base64.js";
import { fieldSlot, LAYOUT, LINE_FIELDS, MOST_LINES, SLACK_BYTES } from "./layout.js";
import type { EntryPattern, LikeEntries } from "./like-entries.js";
import { DIGIT, type HeadPattern, type LikeLines, MOST_HEAD_BYTES } from "./like-lines.js";
import { writeOrigins } from "./origins.js";
import type { ScanPlan } from "./plan.js";
import { type CountedAhead, checkCapacity, checkPart, type Scanner, type SharedKernel } from "./scanner.js";
import { type HeadPlace, MOST_SPLIT_LINES, SPLIT_START_BYTES, type SplitPattern } from "./split-lines.js";

const PAGE_BYTES = 65_536;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface Kernel {
  readonly memory: Memory;
  readonly scan: (from: number, to: number) => number;
  readonly pass: (from: number, to: number) => number;
  readonly entries: (from: number, to: number) => number;
  readonly hidingAt: (from: number, to: number) => number;
  readonly holdsNeedle: (from: number, to: number) => number;
  readonly fileEntries: (from: number, to: number) => number;
  readonly split: (head: number, length: number, from: number, to: number) => number;
}

/** What is used of WebAssembly: the language's own library has no types for it, a browser's and Node's differ. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

let compiled: object | null = null;

/** A new kernel with a memory of its own; the module is compiled once. Throws where WebAssembly SIMD is missing. */
function instantiate(): { readonly module: object; readonly kernel: Kernel } {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(KERNEL_BASE64), (one) => one.charCodeAt(0)));
  return { module: compiled, kernel: new WebAssembly.Instance(compiled).exports as Kernel };
}

/** The kernel of `packages/parser/wasm/kernel.ts` over its own linear memory. */
export class SimdScanner implements Scanner {
  readonly kind = "simd";
  readonly buffer: Uint8Array;
  readonly overlapBytes: number;
  readonly lines: Uint32Array;
  readonly values: Float64Array;
  readonly kernel: SharedKernel;
  ahead: CountedAhead | null = null;
  readonly #kernel: Kernel;
  readonly #results: Uint32Array;
  readonly #stamps: BigUint64Array;
  /** The head, and what entries have in common, that the kernel's memory holds. */
  #pattern: HeadPattern | null = null;
  #hosts: HeadPattern["hosts"] = null;
  #entryPattern: EntryPattern | null = null;
  #splitPattern: SplitPattern | null = null;

  /**
   * @throws RangeError unless the capacity is 1 byte to 1 GiB, or when there is no memory for it
   * @throws TypeError or WebAssembly.CompileError where there is no WebAssembly SIMD or it is forbidden
   */
  constructor(plan: ScanPlan, capacity: number) {
    checkCapacity(capacity);
    const { module, kernel } = instantiate();
    const { memory } = kernel;
    const pages = Math.ceil((LAYOUT.text + capacity + SLACK_BYTES) / PAGE_BYTES);
    memory.grow(pages - memory.buffer.byteLength / PAGE_BYTES);
    this.#kernel = kernel;
    this.kernel = { module, tables: new Uint8Array(memory.buffer, 0, LAYOUT.text) };
    this.#results = new Uint32Array(memory.buffer, LAYOUT.results, 12);
    this.#stamps = new BigUint64Array(memory.buffer, LAYOUT.results + 48, 2);
    this.lines = new Uint32Array(memory.buffer, LAYOUT.lines, MOST_LINES * LINE_FIELDS);
    this.values = new Float64Array(memory.buffer, LAYOUT.values, MOST_SPLIT_LINES);
    this.buffer = new Uint8Array(memory.buffer, LAYOUT.text, capacity);
    this.overlapBytes = Math.max(0, ...plan.needles.map((needle) => needle.bytes.length - 1));
    writePlan(plan, memory);
    writeFields(memory);
  }

  get count(): number {
    return this.#results[0]!;
  }

  get lineFeeds(): number {
    return this.#results[1]!;
  }

  scan(from: number, to: number): number {
    checkPart(from, to, this.buffer.length);
    return this.#kernel.scan(LAYOUT.text + from, LAYOUT.text + to) - LAYOUT.text;
  }

  countLike(pattern: HeadPattern, from: number, to: number): LikeLines {
    checkPart(from, to, this.buffer.length);
    const { memory } = this.#kernel;
    if (pattern.hosts !== null && this.#hosts !== pattern.hosts) writeHosts(pattern.hosts, memory.buffer);
    if (this.#pattern !== pattern) writeHead(pattern, memory);
    this.#hosts = pattern.hosts ?? this.#hosts;
    this.#pattern = pattern;
    const end = this.#kernel.pass(LAYOUT.text + from, LAYOUT.text + to) - LAYOUT.text;
    const [, , isLike, lines = 0, kernelLines = 0, firstKernelUs = 0, lastKernelUs = 0] = this.#results;
    return { isLike: isLike === 1, lines, kernelLines, end, firstKernelUs, lastKernelUs };
  }

  readSplit(pattern: SplitPattern, head: HeadPlace, from: number, to: number): number {
    checkPart(from, to, this.buffer.length);
    if (this.#splitPattern !== pattern) writeSplit(pattern, this.#kernel.memory);
    this.#splitPattern = pattern;
    const { text } = LAYOUT;
    const end = this.#kernel.split(text + head.from, head.length, text + from, text + to);
    return end === 0 ? -1 : end - text;
  }

  hidingAt(from: number, to: number): number {
    checkPart(from, to, this.buffer.length);
    return this.#kernel.hidingAt(LAYOUT.text + from, LAYOUT.text + to) - LAYOUT.text;
  }

  holdsNeedle(from: number, to: number): boolean {
    checkPart(from, to, this.buffer.length);
    return this.#kernel.holdsNeedle(LAYOUT.text + from, LAYOUT.text + to) !== 0;
  }

  fileEntries(pieces: readonly [Uint8Array, Uint8Array], file: WalkedFile): FileEntries | null {
    const isHere = pieces.every(({ buffer }) => buffer === this.buffer.buffer);
    return isHere && canWalk(pieces, file) ? new FileEntries(this.#kernel, pieces, file) : null;
  }

  countEntries(pattern: EntryPattern, from: number, to: number): LikeEntries {
    checkPart(from, to, this.buffer.length);
    const { memory } = this.#kernel;
    if (this.#entryPattern?.origins !== pattern.origins) writeOrigins(pattern.origins, memory.buffer);
    if (this.#entryPattern !== pattern) writeEntryPattern(pattern, memory);
    this.#entryPattern = pattern;
    const { ahead } = this;
    if (ahead?.holds(from) !== true) return this.#count(from, to);
    ahead.lookFor(pattern);
    const known = ahead.entriesAt(from, to);
    if (known !== null) return known;
    const end = ahead.knownBehind(from, to);
    const found = this.#count(from, end);
    return end < to && found.end === end ? { ...found, goesOn: true } : found;
  }

  #count(from: number, to: number): LikeEntries {
    const end = this.#kernel.entries(LAYOUT.text + from, LAYOUT.text + to) - LAYOUT.text;
    const [entries = 0, lines = 0, kernelEntries = 0, isOtherHour = 0] = this.#results.subarray(8);
    const [first = 0n, last = 0n] = this.#stamps;
    return {
      entries,
      lines,
      kernelEntries,
      end,
      goesOn: isOtherHour === 1,
      firstKernelUs: Number(first),
      lastKernelUs: Number(last),
    };
  }
}

/** @throws RangeError for more or other lines than the kernel's memory has room for */
function writeSplit({ rest }: SplitPattern, memory: Memory): void {
  const bytes = new Uint8Array(memory.buffer, LAYOUT.split);
  const { least, most } = SPLIT_START_BYTES;
  if (rest.length > MOST_SPLIT_LINES || rest.some(({ start }) => start.length < least || start.length > most))
    throw new RangeError(
      `scan: a split message has at most ${MOST_SPLIT_LINES} lines of ${least} to ${most} characters`,
    );
  bytes.fill(0, 0, 16);
  bytes[0] = rest.length;
  rest.forEach(({ start, isHex }, index) => {
    const line = 16 + 64 * index;
    bytes[line] = start.length;
    bytes[line + 1] = isHex ? 1 : 0;
    for (let at = 0; at < start.length; at += 1) bytes[line + 16 + at] = start.charCodeAt(at);
  });
}

function writeEntryPattern(pattern: EntryPattern, memory: Memory): void {
  const view = new DataView(memory.buffer, LAYOUT.entry);
  view.setUint32(0, pattern.form === "journal-json" ? 1 : 0, true);
  view.setBigUint64(8, BigInt(pattern.earliestUs), true);
}

/** The table by which the kernel knows the fields that count. */
function writeFields(memory: Memory): void {
  const bytes = new Uint8Array(memory.buffer, LAYOUT.fields);
  COUNTED_FIELDS.forEach((name, index) => {
    const number = index + 1;
    const entry = 256 + 64 * number;
    for (let at = 0; at < name.length; at += 1) bytes[entry + at] = name.charCodeAt(at);
    bytes.fill(0xff, entry + 32, entry + 32 + name.length);
    bytes[fieldSlot(name)] = number;
  });
}

function writeHead({ prefix, clockAt, decimals, hosts }: HeadPattern, memory: Memory): void {
  const view = new DataView(memory.buffer);
  view.setUint32(LAYOUT.head, prefix.length, true);
  view.setUint32(LAYOUT.head + 4, clockAt, true);
  view.setUint32(LAYOUT.head + 8, decimals, true);
  view.setUint32(LAYOUT.head + 12, hosts === null ? 0 : 1, true);
  for (let at = 0; at < MOST_HEAD_BYTES; at += 1) {
    const wanted = prefix[at] ?? DIGIT;
    view.setUint8(LAYOUT.head + 16 + at, Math.max(0, wanted));
    view.setUint8(LAYOUT.head + 16 + MOST_HEAD_BYTES + at, wanted < 0 ? 0 : 0xff);
  }
}

function writePlan(plan: ScanPlan, memory: Memory): void {
  const bytes = new Uint8Array(memory.buffer);
  const view = new DataView(memory.buffer);
  bytes.set(plan.nibbles, LAYOUT.nibbles);
  bytes.set(plan.fold, LAYOUT.fold);
  bytes.set(plan.heads, LAYOUT.heads);
  let text: number = LAYOUT.needleBytes;
  plan.needles.forEach((needle, index) => {
    const entry = LAYOUT.needles + 8 * (index + 1);
    view.setUint32(entry, text, true);
    view.setUint8(entry + 4, needle.bytes.length);
    view.setUint8(entry + 5, needle.at + 2);
    view.setUint8(entry + 6, plan.next[index + 1]!);
    bytes.set(needle.bytes, text);
    text += needle.bytes.length;
  });
}
