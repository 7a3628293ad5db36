import { statedSettings } from "@hangproof/analyzer";
import type { KernelEvent } from "@hangproof/parser";
import { eventHost } from "./event-host.js";
import { monthOf } from "./paths.js";
import { storable, storableOrNull } from "./storable.js";

/** A row of `settings`, before its evidence has a key; `host` is null where the record names none. */
export interface SettingRow {
  readonly host: string | null;
  readonly month: string;
  readonly name: string;
  readonly how: string;
  readonly value: string;
  readonly source: string;
  readonly reason: string | null;
  readonly adapter_pci: string | null;
  readonly adapter_interface: string | null;
  readonly unix_ms: number | null;
  readonly line: number;
  readonly byte_offset: number;
}

/** What one event says of settings; nothing for most events. */
export function settingRows(event: KernelEvent): SettingRow[] {
  const { line, byteOffset } = event.provenance;
  const adapter = "adapter" in event ? event.adapter : null;
  return statedSettings(event).map((stated) => ({
    host: eventHost(event),
    month: monthOf(event.time.unixMs),
    name: storable(stated.name),
    how: stated.how,
    value: storable(stated.value),
    source: stated.source,
    reason: stated.reason === "" ? null : stated.reason,
    adapter_pci: storableOrNull(adapter?.pci),
    adapter_interface: storableOrNull(adapter?.interface ?? stated.interface),
    unix_ms: event.time.unixMs,
    line,
    byte_offset: byteOffset,
  }));
}
