import type { DiagnosticCode } from "../model/diagnostic.js";
import type { EvidenceSummary } from "../model/evidence.js";

/** Damage that must be told even of a file that tells nothing: it may have held something. */
const DAMAGE: ReadonlySet<string> = new Set<DiagnosticCode>([
  "input.corrupt",
  "input.truncated",
  "input.unreadable",
  "input.unsupported",
]);

/** The files of one folder or archive that hold neither a kernel record nor an event: counted, told as one evidence. */
export class Quiet {
  readonly label: string;
  readonly #form: "folder" | "archive";
  #files = 0;
  #bytes = 0;
  #lines = 0;
  readonly #diagnostics: Partial<Record<DiagnosticCode, number>> = {};

  constructor(label: string, form: "folder" | "archive") {
    this.label = label;
    this.#form = form;
  }

  get files(): number {
    return this.#files;
  }

  get reason(): string {
    return `${this.#files} without a kernel record or event`;
  }

  /** Takes a file over; false when it has to be told by itself. */
  takes(summary: EvidenceSummary): boolean {
    const hasEvents = Object.keys(summary.events).length > 0;
    const codes = Object.entries(summary.diagnostics) as [DiagnosticCode, number][];
    const saysNothing = summary.kernelRecords === 0 && !hasEvents && summary.machines === undefined;
    if (!saysNothing || codes.some(([code]) => DAMAGE.has(code))) return false;
    this.#files += 1;
    this.#bytes += summary.bytes;
    this.#lines += summary.lines;
    for (const [code, count] of codes) this.#diagnostics[code] = (this.#diagnostics[code] ?? 0) + count;
    return true;
  }

  summary(): EvidenceSummary {
    return {
      evidence: this.label,
      form: this.#form,
      formReason: `${this.#files === 1 ? "1 file" : `${this.#files} files`} without a kernel record or event`,
      formConfidence: 1,
      forms: {},
      sha256: null,
      storedBytes: null,
      bytes: this.#bytes,
      lines: this.#lines,
      records: 0,
      kernelRecords: 0,
      events: {},
      hosts: [],
      boots: 0,
      clocks: {},
      lost: { records: 0, atLeast: false, beforeMs: null, isTail: false },
      suspicious: [],
      span: null,
      activeHours: [],
      zone: null,
      zoneAssumed: false,
      year: null,
      diagnostics: this.#diagnostics,
    };
  }
}
