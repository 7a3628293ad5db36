import type { KernelEvent } from "@hangproof/parser";
import type { CollateralCount, CollateralKind } from "../report.js";
import type { Fact } from "../timeline/fact.js";

/** How long before the first report what stands in the log may be a forerunner; 10 minutes. */
const BEFORE_MS = 600_000;
/** Clusters and file servers speak up late: what comes within a minute of recovery is still of the hang. */
const AFTER_MS = 60_000;

/** A span that starts with a hang's first report and ends with recovery. */
interface Hang {
  readonly onsetMs: number;
  readonly endMs: number;
}

/**
 * Counts what the host, its cluster and its storage said around each hang: in the 10 minutes before the first report,
 * and from it to a minute after recovery. Only kinds that occur are listed. O(n log n) in facts, plus what is counted.
 * @param facts of the host, in the order of time
 * @param interfaces names of the adapter: bridge ports count by name
 */
export function collateralOf(
  hangs: readonly Hang[],
  facts: readonly Fact[],
  interfaces: readonly string[],
): readonly CollateralCount[][] {
  const found: { readonly timeMs: number; readonly what: CollateralKind }[] = [];
  for (const { event, timeMs } of facts) {
    const what = kindOf(event, interfaces);
    if (what !== null) found.push({ timeMs, what });
  }
  return hangs.map(({ onsetMs, endMs }) => {
    const counts = new Map<CollateralKind, { before: number; during: number }>();
    for (let i = firstAt(found, onsetMs - BEFORE_MS); i < found.length && found[i]!.timeMs <= endMs + AFTER_MS; i++) {
      const { timeMs, what } = found[i]!;
      const count = counts.get(what) ?? { before: 0, during: 0 };
      if (timeMs < onsetMs) count.before++;
      else count.during++;
      counts.set(what, count);
    }
    return [...counts].map(([what, count]) => ({ what, ...count }));
  });
}

/** What an event tells of a network that is gone; null for what tells of none. */
function kindOf(event: KernelEvent, interfaces: readonly string[]): CollateralKind | null {
  switch (event.kind) {
    case "net.bond_link":
      return event.state === "down" || event.state === "none-active" ? "bond-link-lost" : null;
    case "net.port_state":
      return event.state === "disabled" && interfaces.includes(event.interface) ? "bridge-port-disabled" : null;
    case "cluster.link":
      return event.state === "down" ? "cluster-link-lost" : null;
    case "cluster.token":
      return "cluster-token-late";
    case "cluster.quorum":
      return event.state === "lost" ? "quorum-lost" : null;
    case "storage.server":
      return event.state === "back" ? null : "server-silent";
    case "guest.lock":
      return "guest-locked";
    default:
      return null;
  }
}

/** Place of the first that is not before a moment. */
function firstAt(found: readonly { readonly timeMs: number }[], timeMs: number): number {
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (found[middle]!.timeMs < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
