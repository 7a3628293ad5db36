import { createHash, type Hash } from "node:crypto";
import { isBackup } from "@hangproof/analyzer";
import { canonicalJson, payloadOf, readingDoubt } from "@hangproof/ledger";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { type CoverageRow, coverageRows } from "./coverage-rows.js";
import { eventHost } from "./event-host.js";
import { fleetKey, namedHosts, onlyHost } from "./fleet-key.js";
import { machineIds } from "./machine-ids.js";
import { monthOf } from "./paths.js";
import { type SettingRow, settingRows } from "./setting-rows.js";
import { storable, storableOrNull } from "./storable.js";
import { type WindowRow, windowRows } from "./window-rows.js";

/** An event as a row of `events`, before its evidence has a key; `host` is null where the record names none. */
export interface EventRow {
  readonly host: string | null;
  readonly month: string;
  readonly kind: string;
  readonly unix_ms: number | null;
  readonly boot_ms: number | null;
  readonly adapter_pci: string | null;
  readonly adapter_interface: string | null;
  readonly trust: string;
  readonly line: number;
  readonly byte_offset: number;
  readonly byte_length: number;
  readonly payload: string;
}

/** What one evidence comes to when it has been read: its row of `evidence`, and what its other rows lack. */
export interface EvidenceRow {
  readonly key: string;
  readonly reading: string;
  readonly sha256: string | null;
  readonly form: string;
  readonly label: string;
  readonly hosts: readonly string[];
  readonly machines: readonly string[];
  readonly start_ms: number | null;
  readonly end_ms: number | null;
  readonly summary: string;
  /** Takes the place of a host that an event does not name. */
  readonly only_host: string | null;
  /** Of readings of the same key the one with the least doubt counts, then the greatest `reading`. */
  readonly doubt: number;
}

/**
 * Makes the rows of one evidence: events and settings as they come, the rest at the end. Every engine's rows are these.
 * Memory: its backup messages.
 */
export class TableRows {
  readonly #hash: Hash = createHash("sha256");
  readonly #backups: KernelEvent[] = [];

  event(event: KernelEvent): EventRow {
    const { line, byteOffset, byteLength } = event.provenance;
    const payload = payloadOf(event);
    this.#hash.update(`${byteOffset} ${line} ${byteLength} ${payload}\n`);
    const adapter = "adapter" in event ? event.adapter : null;
    if (isBackup(event)) this.#backups.push(event);
    return {
      host: eventHost(event),
      month: monthOf(event.time.unixMs),
      kind: event.kind,
      unix_ms: event.time.unixMs,
      boot_ms: event.time.bootMs,
      adapter_pci: storableOrNull(adapter?.pci),
      adapter_interface: storableOrNull(adapter?.interface),
      trust: event.trust,
      line,
      byte_offset: byteOffset,
      byte_length: byteLength,
      payload,
    };
  }

  settings(event: KernelEvent): SettingRow[] {
    return settingRows(event);
  }

  /** Of all events so far. */
  windows(): WindowRow[] {
    return windowRows(this.#backups);
  }

  /** Ends it: the reading follows from all events and the summary. */
  evidence(summary: EvidenceSummary): EvidenceRow {
    const text = canonicalJson({ ...summary, evidence: "" });
    const reading = this.#hash.update(text).digest("hex");
    const [named] = namedHosts(summary.hosts);
    return {
      key: storable(fleetKey(summary, reading)),
      reading,
      sha256: summary.sha256,
      form: summary.form,
      label: storable(summary.evidence),
      hosts: summary.hosts.map(storable),
      machines: machineIds(summary),
      start_ms: summary.span?.startMs ?? null,
      end_ms: summary.span?.endMs ?? null,
      summary: text,
      only_host: onlyHost(summary.hosts) === null ? null : storableOrNull(named),
      doubt: readingDoubt(summary),
    };
  }

  coverage(summary: EvidenceSummary): (CoverageRow & { readonly host: string | null })[] {
    const named = namedHosts(summary.hosts).map(storable);
    const rows = coverageRows(summary);
    return (named.length === 0 ? [null] : named).flatMap((host) => rows.map((row) => ({ host, ...row })));
  }
}
