import type { Redactor } from "@hangproof/analyzer";
import type { Diagnostic } from "@hangproof/parser";
import { visible } from "../layout/escape.js";
import { count } from "../layout/format.js";
import { LIMIT_NAMES } from "../limits.js";

/** Codes that mean: part of an input was not read, or was damaged. They make the exit status 3. */
const DAMAGE: ReadonlySet<string> = new Set<Diagnostic["code"]>([
  "input.truncated",
  "input.corrupt",
  "input.unsupported",
  "input.unreadable",
  "record.damaged",
  "record.value_lost",
]);

/** What a detail ends with, or nearly, where a limit that an option sets was met. */
const MET_LIMIT = new RegExp(`\\(limits? (${LIMIT_NAMES.join("|")})`);

interface Tally {
  count: number;
  readonly first: Diagnostic;
}

/** Counts diagnostics by code and keeps the first of each: bounded memory however many there are. */
export class DiagnosticSummary {
  readonly #byCode = new Map<string, Tally>();
  /** The first limit that was met. */
  #limit: string | null = null;

  add(diagnostics: Iterable<Diagnostic>): void {
    for (const diagnostic of diagnostics) {
      this.#limit ??= MET_LIMIT.exec(diagnostic.detail)?.[1] ?? null;
      const tally = this.#byCode.get(diagnostic.code);
      if (tally === undefined) this.#byCode.set(diagnostic.code, { count: 1, first: diagnostic });
      else tally.count++;
    }
  }

  get damaged(): boolean {
    return [...this.#byCode.keys()].some((code) => DAMAGE.has(code));
  }

  /** A sentence a code with its first place, most frequent first; log text in it is made visible. */
  get lines(): string[] {
    return this.#lines(null);
  }

  #lines(redactor: Redactor | null): string[] {
    return [...this.#byCode.entries()]
      .sort(([codeA, a], [codeB, b]) => b.count - a.count || (codeA < codeB ? -1 : 1))
      .map(([code, { count: n, first: real }]) => {
        const first = redactor === null ? real : redactor.data(real);
        const place = first.line === null ? first.evidence : `${first.evidence}:${first.line}`;
        return `${count(n, code, code)}, first at ${visible(place)}: ${visible(first.detail)}`;
      });
  }

  /** The same for a terminal, and how a limit that was met is raised; empty without any. */
  text(redactor: Redactor | null = null): string {
    const lines = this.#lines(redactor);
    if (this.#limit !== null) lines.push(`--limit ${this.#limit}=VALUE sets another limit`);
    return lines.map((line) => `hangproof: ${line}\n`).join("");
  }
}
