import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import type { Sample } from "../report.js";
import { HangTable, Names } from "./hang-table.js";
import { asJudged, E1000E } from "./judged-driver.js";
import { OtherDrivers } from "./other-drivers.js";

/** What is known of one evidence after all its events. */
export interface EvidenceState {
  readonly label: string;
  /** Its number in the columns. */
  readonly index: number;
  /** Place in the caller's order; decides ties. */
  rank: number;
  summary: EvidenceSummary | null;
  /** Extent of its events on each clock; NaN when it has none there. */
  firstUnixMs: number;
  lastUnixMs: number;
  firstBootMs: number;
  lastBootMs: number;
  /** Some event of it was vouched for by the container. */
  vouched: boolean;
  readonly hosts: Set<string>;
  readonly notUnderstood: Sample[];
}

const MOST_SAMPLES = 20;

/** Takes events as they come and keeps of each no more than the questions need. Cost: constant an event. */
export class EventStore {
  readonly names: { readonly evidence: Names; readonly hosts: Names; readonly words: Names } = {
    evidence: new Names(),
    hosts: new Names(),
    words: new Names(),
  };
  readonly hangs: HangTable = new HangTable();
  /** Every event that a question asks for, hang reports apart. */
  readonly facts: KernelEvent[] = [];
  readonly evidence: EvidenceState[] = [];
  readonly otherDrivers: OtherDrivers = new OtherDrivers();
  /** Whose hangs are judged. */
  readonly driver: string;
  notUnderstood = 0;
  #summaries = 0;

  constructor(driver: string = E1000E) {
    this.driver = driver;
  }

  add(told: KernelEvent): void {
    const evidence = this.#see(told);
    const event = asJudged(told, this.driver);
    if (event === null) return;
    switch (event.kind) {
      case "e1000e.hang":
        this.hangs.push(event, this.names);
        break;
      case "e1000e.unrecognised":
        this.notUnderstood++;
        keepFirst(evidence.notUnderstood, {
          evidence: event.provenance.evidence,
          line: event.provenance.line,
          byteOffset: event.provenance.byteOffset,
          text: event.text,
        });
        break;
      case "net.port_state":
        // Ports that come up say nothing that the adapter's own link does not.
        if (event.state === "disabled") this.facts.push(event);
        break;
      case "net.other_hang":
        this.otherDrivers.add(event);
        break;
      case "e1000e.message":
      case "host.clock_step":
        // Their times count above; no question asks for more of them.
        break;
      default:
        this.facts.push(event);
    }
  }

  addEvidence(summary: EvidenceSummary): void {
    const evidence = this.#evidenceOf(summary.evidence);
    evidence.summary = summary;
    evidence.rank = this.#summaries++;
    for (const host of summary.hosts) evidence.hosts.add(host);
  }

  /** Settles the order of evidence that came without a summary: after the others, by label. */
  settle(): void {
    const without = this.evidence.filter((evidence) => evidence.summary === null);
    without.sort((a, b) => (a.label < b.label ? -1 : 1));
    without.forEach((evidence, i) => {
      evidence.rank = this.#summaries + i;
    });
  }

  /** Notes when and where an event was told, whatever is asked of it. */
  #see(event: KernelEvent): EvidenceState {
    const evidence = this.#evidenceOf(event.provenance.evidence);
    const { unixMs, bootMs } = event.time;
    if (unixMs !== null) {
      if (!(unixMs >= evidence.firstUnixMs)) evidence.firstUnixMs = unixMs;
      if (!(unixMs <= evidence.lastUnixMs)) evidence.lastUnixMs = unixMs;
    }
    if (bootMs !== null) {
      if (!(bootMs >= evidence.firstBootMs)) evidence.firstBootMs = bootMs;
      if (!(bootMs <= evidence.lastBootMs)) evidence.lastBootMs = bootMs;
    }
    if (event.trust === "kernel") evidence.vouched = true;
    if (event.host !== null) evidence.hosts.add(event.host);
    return evidence;
  }

  #evidenceOf(label: string): EvidenceState {
    const index = this.names.evidence.of(label);
    let state = this.evidence[index];
    if (state === undefined) {
      state = {
        label,
        index,
        rank: 0,
        summary: null,
        firstUnixMs: Number.NaN,
        lastUnixMs: Number.NaN,
        firstBootMs: Number.NaN,
        lastBootMs: Number.NaN,
        vouched: false,
        hosts: new Set(),
        notUnderstood: [],
      };
      this.evidence[index] = state;
    }
    return state;
  }
}

/** Keeps the samples that stand first in the evidence, whatever the order they come in. */
function keepFirst(samples: Sample[], sample: Sample): void {
  const last = samples.at(-1);
  if (samples.length === MOST_SAMPLES && last !== undefined && last.byteOffset <= sample.byteOffset) return;
  let at = samples.length;
  while (at > 0 && samples[at - 1]!.byteOffset > sample.byteOffset) at--;
  samples.splice(at, 0, sample);
  if (samples.length > MOST_SAMPLES) samples.pop();
}
