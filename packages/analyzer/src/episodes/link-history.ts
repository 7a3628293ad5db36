import type { Fact } from "../timeline/fact.js";
import type { LogSigns } from "./hang-signs.js";

type Around = Pick<
  LogSigns,
  "linkDowns" | "linkUps" | "sinceLinkUpMs" | "sinceResumeMs" | "linkSpeedMbps" | "flowControl"
>;

/** What the log says of an adapter's link and of its host's sleep, to be asked for spans in ascending order. */
export class LinkHistory {
  readonly #facts: readonly Fact[];
  #next = 0;
  #upMs: number | null = null;
  #resumeMs: number | null = null;
  #speedMbps: LogSigns["linkSpeedMbps"] = null;
  #flowControl: LogSigns["flowControl"] = null;

  /** @param facts of the adapter and of its host, in the order of time */
  constructor(facts: readonly Fact[]) {
    this.#facts = facts;
  }

  /** Both bounds in. `fromMs` must not go down from one call to the next. */
  around(fromMs: number, toMs: number): Around {
    for (let fact = this.#facts[this.#next]; fact !== undefined && fact.timeMs <= fromMs; ) {
      this.#see(fact);
      fact = this.#facts[++this.#next];
    }
    let linkDowns = 0;
    let linkUps = 0;
    for (let i = this.#next; i < this.#facts.length && this.#facts[i]!.timeMs <= toMs; i++) {
      const { kind } = this.#facts[i]!.event;
      if (kind === "e1000e.link_down") linkDowns++;
      else if (kind === "e1000e.link_up") linkUps++;
    }
    return {
      linkDowns,
      linkUps,
      sinceLinkUpMs: this.#upMs === null ? null : fromMs - this.#upMs,
      sinceResumeMs: this.#resumeMs === null ? null : fromMs - this.#resumeMs,
      linkSpeedMbps: this.#speedMbps,
      flowControl: this.#flowControl,
    };
  }

  #see({ event, timeMs }: Fact): void {
    switch (event.kind) {
      case "e1000e.link_up":
        this.#upMs = timeMs;
        this.#speedMbps = event.speedMbps;
        this.#flowControl = event.flowControl;
        break;
      case "host.resume":
        this.#resumeMs = timeMs;
        break;
      case "host.boot":
        this.#upMs = null;
        this.#resumeMs = null;
        break;
      default:
        break;
    }
  }
}
