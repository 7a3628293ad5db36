import { observedRuns } from "@hangproof/analyzer";
import type { KernelEvent } from "@hangproof/parser";
import { eventHost } from "./event-host.js";
import { monthOf } from "./paths.js";
import { storableOrNull } from "./storable.js";

/** A row of `windows`, before its evidence has a key; `host` is null where records name none. */
export interface WindowRow {
  readonly host: string | null;
  readonly month: string;
  readonly start_ms: number;
  readonly end_ms: number | null;
  readonly guests: readonly number[];
  readonly outcome: string;
  readonly storage: string | null;
  readonly mode: string | null;
  readonly bandwidth_kibps: number | null;
  readonly line: number;
  readonly byte_offset: number;
}

/** The backup runs that the events of one evidence tell of, host by host in the order in which they are named first. */
export function windowRows(backups: readonly KernelEvent[]): WindowRow[] {
  const byHost = new Map<string | null, KernelEvent[]>();
  for (const event of backups) {
    const host = eventHost(event);
    const own = byHost.get(host);
    if (own === undefined) byHost.set(host, [event]);
    else own.push(event);
  }
  return [...byHost].flatMap(([host, events]) =>
    observedRuns(events).map((run) => ({
      host,
      month: monthOf(run.startMs),
      start_ms: run.startMs,
      end_ms: run.endMs,
      guests: run.guests,
      outcome: run.outcome,
      storage: storableOrNull(run.storage),
      mode: storableOrNull(run.mode),
      bandwidth_kibps: run.bandwidthLimitKiBps,
      line: run.place.line,
      byte_offset: run.place.byteOffset,
    })),
  );
}
