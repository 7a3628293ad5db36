import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const folder = fileURLToPath(new URL("../../../../../shared/samples/formats/", import.meta.url));

/** Native journals of systemd 252 to 262, which are not part of the project. */
export const haveSamples: boolean = existsSync(`${folder}journal`);
if (!haveSamples) console.warn("journal samples are not here: their tests are skipped");

export const WHOLE_SAMPLES: readonly string[] = [
  "v252-zstd-compact-keyed.journal",
  "v252-zstd-regular-jenkins.journal",
  "v252-zstd-regular-keyed.journal",
  "v254-lz4-compact-keyed.journal",
  "v254-lz4-regular-jenkins.journal",
  "v254-lz4-regular-keyed.journal",
  "v254-none-compact-keyed.journal",
  "v254-none-regular-jenkins.journal",
  "v254-xz-regular-jenkins.journal",
  "v254-zstd-compact-keyed.journal",
  "v262-default.journal.gz",
  "sealed/v252-sealed.journal",
];

export function samplePath(name: string): string {
  return `${folder}journal/${name}`;
}

export function sample(name: string): Uint8Array {
  const bytes = readFileSync(samplePath(name));
  return new Uint8Array(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}

export interface TrueEvent {
  readonly n: number;
  readonly boot_id: string;
  readonly realtime_usec: number;
  readonly monotonic_usec: number;
  readonly source_monotonic_usec?: number;
  readonly transport: string | null;
  readonly facility?: number | null;
  readonly priority: number | null;
  readonly identifier: string | null;
  readonly pid?: number | null;
  readonly message: string | null;
  readonly message_base64?: string;
}

/** The events that all whole samples hold. */
export function trueEvents(): TrueEvent[] {
  const text = readFileSync(`${folder}source/events.jsonl`, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TrueEvent);
}

/** The message of an event as bytes; null if it has none. */
export function messageBytes(event: TrueEvent): Uint8Array | null {
  if (event.message_base64 !== undefined) return new Uint8Array(Buffer.from(event.message_base64, "base64"));
  return event.message === null ? null : new TextEncoder().encode(event.message);
}
