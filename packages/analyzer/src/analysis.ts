import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { adapterReport } from "./adapter-report.js";
import { Adapters } from "./episodes/adapters.js";
import { hostContext } from "./host-context.js";
import { type AnalyzeOptions, type ResolvedOptions, resolveOptions } from "./options.js";
import { type AdapterReport, type EvidenceReport, REPORT_VERSION, type Report, type Sample } from "./report.js";
import { EventStore, type EvidenceState } from "./timeline/store.js";
import { buildTimelines } from "./timeline/timeline.js";

const MOST_NOT_UNDERSTOOD = 50;

/**
 * From events to the report, one event at a time: a hang report costs about 100 bytes, every other event that a question
 * needs is kept. `finish()` may be called once.
 *
 * The same events in another order give the same report; the order of `addEvidence` decides ties between exports.
 */
export class Analysis {
  readonly #options: ResolvedOptions;
  readonly #store: EventStore;

  /** @throws RangeError that names the option when a value is out of range */
  constructor(options: AnalyzeOptions) {
    this.#options = resolveOptions(options);
    this.#store = new EventStore(this.#options.driver);
  }

  add(event: KernelEvent): void {
    this.#store.add(event);
  }

  /** One input's summary; evidence without kernel records covers nothing. */
  addEvidence(summary: EvidenceSummary): void {
    this.#store.addEvidence(summary);
  }

  finish(): Report {
    const store = this.#store;
    const options = this.#options;
    const { table, hosts, suspicious, unplaced } = buildTimelines(store);
    const series: AdapterReport[] = [];
    for (const timeline of hosts) {
      const adapters = new Adapters(timeline, table, store.names.words.list);
      const context = hostContext(timeline, { table, evidence: store.names.evidence, adapters, options });
      const keys = adapters.keys.length === 0 ? [null] : adapters.keys;
      for (const key of keys) series.push(adapterReport(context, key));
    }
    const evidence = [...store.evidence].sort((a, b) => a.rank - b.rank);
    const { now, ...kept } = options;
    return {
      reportVersion: REPORT_VERSION,
      now,
      options: kept,
      // Hosts stay in the order of their names where they have equally many episodes: the sort is stable.
      series: series.sort((a, b) => b.episodes.length - a.episodes.length),
      evidence: evidence.flatMap(evidenceReport),
      notUnderstood: { count: store.notUnderstood, samples: samplesOf(evidence) },
      suspicious,
      otherDrivers: store.otherDrivers.list(),
      unplaced,
    };
  }
}

/**
 * The report on everything that was read.
 * @param input events in any order, and a summary for each evidence, in the order that the report keeps
 * @throws RangeError that names the option when a value is out of range
 */
export function analyze(
  input: { readonly events: Iterable<KernelEvent>; readonly evidence: readonly EvidenceSummary[] },
  options: AnalyzeOptions,
): Report {
  const analysis = new Analysis(options);
  for (const summary of input.evidence) analysis.addEvidence(summary);
  for (const event of input.events) analysis.add(event);
  return analysis.finish();
}

function evidenceReport({ summary }: EvidenceState): EvidenceReport[] {
  if (summary === null) return [];
  const { evidence, form, formReason, sha256, bytes, lines, records, hosts, span, zone, zoneAssumed, year } = summary;
  return [
    {
      evidence,
      form,
      formReason,
      sha256,
      bytes,
      lines,
      records,
      hosts,
      span,
      zone,
      zoneAssumed,
      year,
      events: summary.events,
      diagnostics: summary.diagnostics,
    },
  ];
}

function samplesOf(evidence: readonly EvidenceState[]): Sample[] {
  return evidence.flatMap((state) => state.notUnderstood).slice(0, MOST_NOT_UNDERSTOOD);
}
