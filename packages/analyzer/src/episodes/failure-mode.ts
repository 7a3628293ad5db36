import type { FailureCandidate, FailureJudgement, FailureMode } from "../report.js";
import * as say from "./failure-wording.js";
import type { HangSigns } from "./hang-signs.js";
import { keepsPostponing } from "./kernel-change.js";

/**
 * The weight of a clue. Not a probability: it orders the modes, and a reader sees the sentences themselves.
 * `deciding` outweighs everything else together that could speak for another mode.
 */
const WEIGHT = { deciding: 20, strong: 4, fair: 2, slight: 1 } as const;

interface Clue {
  readonly text: string;
  readonly weight: number;
}

/** Collects what speaks for and against one mode. */
class Case {
  readonly mode: FailureMode;
  readonly #for: Clue[] = [];
  readonly #against: Clue[] = [];

  constructor(mode: FailureMode) {
    this.mode = mode;
  }

  pro(holds: boolean, weight: keyof typeof WEIGHT, text: () => string): this {
    if (holds) this.#for.push({ text: text(), weight: WEIGHT[weight] });
    return this;
  }

  con(holds: boolean, weight: keyof typeof WEIGHT, text: () => string): this {
    if (holds) this.#against.push({ text: text(), weight: WEIGHT[weight] });
    return this;
  }

  get score(): number {
    const sum = (clues: readonly Clue[]): number => clues.reduce((total, { weight }) => total + weight, 0);
    return sum(this.#for) - sum(this.#against);
  }

  get hasSupport(): boolean {
    return this.#for.length > 0;
  }

  /** Slight clues alone, however many, decide nothing. */
  get isFounded(): boolean {
    return this.score > 0 && this.#for.some(({ weight }) => weight > WEIGHT.slight);
  }

  toCandidate(): FailureCandidate {
    const texts = (clues: readonly Clue[]): string[] =>
      [...clues].sort((a, b) => b.weight - a.weight).map(({ text }) => text);
    return { mode: this.mode, for: texts(this.#for), against: texts(this.#against) };
  }
}

/** A first report this soon after a link-up is of the ring's first packets; the driver waits 1 s at 1000 Mb/s. */
const SOON_AFTER_LINK_UP_MS = 10_000;
/** A first report this soon after a resume belongs to it: link, negotiation and the first packets included. */
const SOON_AFTER_RESUME_MS = 120_000;
/** Longer than the stack's watchdog takes to reset a hung adapter at 1000 Mb/s: 5 to 13 s. */
const LONGER_THAN_WATCHDOG_MS = 20_000;
/** The driver's reports come every 2 s: so many are as long, where no clock tells. */
const REPORTS_OF_WATCHDOG = 10;

/**
 * Which failure an episode looks like. Every mode that has a sign is weighed by what speaks for and against it; without
 * any sign the mode is `unclear`, and nothing is guessed. Sources of the clues: netdev.c, e1000_print_hw_hang(),
 * e1000_watchdog_task(), e1000_reset_task(); net/sched/sch_generic.c, dev_watchdog().
 */
export function judgeFailureMode(signs: HangSigns): FailureJudgement {
  const cases = CASES.flatMap((make) => make(signs) ?? []).filter((one) => one.hasSupport);
  cases.sort((a, b) => b.score - a.score);
  const best = cases.find((one) => one.isFounded);
  if (best === undefined) {
    return {
      mode: "unclear",
      for: [say.nothingDecides(signs.reports)],
      against: [],
      others: cases.map((one) => one.toCandidate()),
    };
  }
  return { ...best.toCandidate(), others: cases.filter((one) => one !== best).map((one) => one.toCandidate()) };
}

const speedOf = (signs: HangSigns): number | null => signs.speedMbps ?? signs.linkSpeedMbps;
const isSlow = (signs: HangSigns): boolean => {
  const speed = speedOf(signs);
  return speed !== null && speed < 1000;
};
const isSilent = (signs: HangSigns): boolean => signs.resets === 0 && signs.timeouts === 0;
/** Age of the oldest packet at the fastest tick that kernels are built with, HZ 1000: it is that old at least. */
const leastAgeMs = (signs: HangSigns): number => signs.oldestTicks ?? 0;
const isAged = (signs: HangSigns): boolean => leastAgeMs(signs) >= LONGER_THAN_WATCHDOG_MS;
const lasts = (signs: HangSigns): boolean =>
  isAged(signs) ||
  (signs.spanMs === null ? signs.reports >= REPORTS_OF_WATCHDOG : signs.spanMs >= LONGER_THAN_WATCHDOG_MS);

/** In the order that decides ties: what excludes a hang first, what is common last. */
const CASES: readonly ((signs: HangSigns) => Case | null)[] = [
  (signs) =>
    signs.otherDrivers.length === 0
      ? null
      : new Case("other-driver")
          .pro(true, "strong", () => say.otherDrivers(signs.otherDrivers))
          .con(signs.reports > 0, "deciding", () => say.ownReportsToo(signs.reports)),

  (signs) =>
    signs.allOnes === 0 && signs.pciError === 0
      ? null
      : new Case("device-vanished")
          .pro(signs.allOnes > 0, "deciding", () => say.allOnes(signs.allOnes, signs.dumped))
          .pro(signs.pciError > 0, "strong", () => say.pciErrors(signs.pciError, signs.dumped))
          .con(signs.allOnes === 0, "fair", say.stillAnswers)
          .con(signs.allOnes > 0 && signs.allOnes < signs.dumped, "slight", () =>
            say.answeredInOthers(signs.dumped - signs.allOnes),
          ),

  (signs) =>
    signs.ringStart === 0
      ? null
      : new Case("link-up-false-positive")
          .pro(true, "fair", () => say.ringStart(signs.ringStart, signs.dumped))
          .pro(within(signs.sinceLinkUpMs, SOON_AFTER_LINK_UP_MS), "strong", () =>
            say.soonAfterLinkUp(signs.sinceLinkUpMs ?? 0),
          )
          .con(signs.sinceLinkUpMs === null, "slight", say.linkUpUnknown)
          .con(beyond(signs.sinceLinkUpMs, SOON_AFTER_LINK_UP_MS), "strong", () =>
            say.longAfterLinkUp(signs.sinceLinkUpMs ?? 0),
          )
          .con(lasts(signs), "strong", () => say.goesOn(signs.reports, signs.spanMs))
          .con(signs.ringStart < signs.dumped, "fair", () => say.ringElsewhere(signs.dumped - signs.ringStart)),

  (signs) =>
    !within(signs.sinceResumeMs, SOON_AFTER_RESUME_MS)
      ? null
      : new Case("after-resume")
          .pro(true, "strong", () => say.soonAfterResume(signs.sinceResumeMs ?? 0))
          .pro(true, "fair", say.resumeSetsUp)
          .con(signs.nearEpisodes > 0, "fair", () => say.alsoWithoutResume(signs.nearEpisodes)),

  (signs) =>
    signs.reports > 0 || signs.timeouts + signs.resets === 0
      ? null
      : new Case("timeout-without-report")
          .pro(true, "strong", () => say.timeoutAlone(signs.timeouts, signs.resets))
          .pro(/rx/.test(signs.flowControl ?? ""), "fair", () => say.pauseAccepted(signs.flowControl ?? ""))
          .con(signs.flowControl === "none" || signs.flowControl === "tx", "fair", () =>
            say.pauseIgnored(signs.flowControl ?? ""),
          )
          .con(isSlow(signs), "slight", () => say.slowLinkTimesOutFirst(speedOf(signs) ?? 0)),

  (signs) =>
    signs.reports === 0 || signs.resets + signs.linkDowns === 0
      ? null
      : new Case("flapping")
          .pro(signs.resets >= 2, "strong", () => say.manyResets(signs.resets))
          .pro(isSlow(signs), "strong", () => say.slowLink(speedOf(signs) ?? 0))
          .pro(signs.linkDowns >= 2, "fair", () => say.manyLinkDowns(signs.linkDowns))
          .pro(signs.linkDown + signs.phyDrop > 0, "fair", () =>
            say.linkLostInDump(Math.max(signs.linkDown, signs.phyDrop), signs.dumped),
          )
          .pro(signs.resets > 0 && signs.nearEpisodes >= 2, "fair", () => say.nearEpisodes(signs.nearEpisodes))
          .con(signs.resets <= 1, "fair", () => say.fewResets(signs.resets))
          .con(speedOf(signs) === 1000, "slight", say.fullSpeed)
          .con(signs.dumped > 0 && signs.linkDown + signs.phyDrop === 0, "slight", say.linkStayedUp),

  (signs) => {
    if ((signs.reports < 3 && !isAged(signs)) || signs.reports === 0 || !isSilent(signs) || isSlow(signs)) return null;
    const postpones = keepsPostponing(signs.kernelRelease);
    return new Case("endless-reports")
      .pro(isAged(signs), "fair", () => say.agedPacket(leastAgeMs(signs)))
      .pro(lasts(signs) && !isAged(signs), "fair", () => say.noResetInTime(signs.reports, signs.spanMs))
      .pro(postpones === true, "strong", () => say.postponingKernel(signs.kernelRelease ?? ""))
      .con(postpones === false, "strong", () => say.resettingKernel(signs.kernelRelease ?? ""))
      .con(postpones === null, "slight", () => say.kernelUnknown(signs.kernelRelease))
      .con(!lasts(signs), "slight", say.tooShort)
      .con(signs.end === "stall-dissolved", "fair", say.endedByItself)
      .con(signs.headMoved > 0, "fair", () => say.headMoved(signs.headMoved, signs.headPairs));
  },

  (signs) =>
    signs.reports < 2 && !(signs.reports === 1 && isAged(signs))
      ? null
      : new Case("wedge")
          .pro(isAged(signs) && !isSlow(signs), "fair", () => say.agedPacket(leastAgeMs(signs)))
          .pro(signs.headPairs > 0 && signs.headMoved === 0, "fair", () => say.headStands(signs.headPairs + 1))
          .pro(signs.reports > 1 && signs.packets === 1, "slight", say.onePacket)
          .pro(signs.resets === 0, "slight", say.noReset)
          .pro(LASTING.has(signs.end ?? ""), "fair", () => say.lastedUntil(signs.end ?? ""))
          .con(signs.headMoved > 0, "strong", () => say.headMoved(signs.headMoved, signs.headPairs))
          .con(signs.resets > 0, "fair", () => say.wasReset(signs.resets))
          .con(signs.end === "stall-dissolved", "strong", say.endedByItself)
          .con(isSilent(signs) && keepsPostponing(signs.kernelRelease) === true && lasts(signs), "fair", () =>
            say.looksSoOnThisKernel(signs.kernelRelease ?? ""),
          ),

  (signs) =>
    signs.reports === 0
      ? null
      : new Case("passing-stall")
          .pro(signs.headMoved > 0 && signs.resets === 0, "fair", () => say.headMoved(signs.headMoved, signs.headPairs))
          .pro(signs.end === "stall-dissolved", "strong", say.endedByItself)
          .pro(signs.done > 0, "slight", () => say.wasDone(signs.done, signs.dumped))
          .pro(signs.txOff > 0, "fair", () => say.paused(signs.txOff, signs.dumped))
          .con(signs.resets > 0, "fair", () => say.wasReset(signs.resets))
          .con(LASTING.has(signs.end ?? ""), "fair", () => say.lastedUntil(signs.end ?? "")),

  (signs) =>
    signs.reports === 0 || signs.resets === 0
      ? null
      : new Case("recovered-by-reset")
          .pro(signs.end === "driver-reset" || signs.end === null, "strong", say.resetEndedIt)
          .con(signs.end === null, "slight", say.afterwardsUnknown)
          .con(signs.resets >= 2, "strong", () => say.manyResets(signs.resets))
          .con(isSlow(signs), "slight", () => say.slowLink(speedOf(signs) ?? 0)),
];

/** Ends that nothing but intervention, or nothing that is known, brought about. */
const LASTING: ReadonlySet<string> = new Set(["link-cycle", "driver-reload", "reboot", "host-crash", "log-ends"]);

function within(ms: number | null, limitMs: number): boolean {
  return ms !== null && ms <= limitMs;
}

function beyond(ms: number | null, limitMs: number): boolean {
  return ms !== null && ms > limitMs;
}
