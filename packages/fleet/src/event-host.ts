import type { KernelEvent } from "@hangproof/parser";
import { namedHosts } from "./fleet-key.js";
import { storableOrNull } from "./storable.js";

/** The host that a record names, as tables hold it; null where it names none, or stands for no name. */
export function eventHost({ host }: KernelEvent): string | null {
  return storableOrNull(namedHosts(host === null ? [] : [host])[0]);
}
