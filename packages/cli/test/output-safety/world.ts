import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FleetReport, Report } from "@hangproof/analyzer";
import { EvidenceParser, type EvidenceSummary, type KernelEvent } from "@hangproof/parser";
import { otherEvents } from "../../../../scripts/docs/events.mjs";
import { dayOf, file } from "../../../fleet/test/support/hosts.js";
import { take, withFolder, withLake } from "../../../fleet/test/support/lakes.js";
import { library } from "../../src/library.js";
import { sampleReport } from "../sample-report.js";

const BUNDLED = fileURLToPath(new URL("../../../../fixtures/cases/pve-backup-hang", import.meta.url));
const NOW = Date.UTC(2026, 1, 1);

/** What the forms are rendered from before hostile text is put into it. */
export interface World {
  /** Some of every kind. */
  readonly events: readonly KernelEvent[];
  readonly evidence: readonly EvidenceSummary[];
  /** One by hand, whose every section is filled, and one on the bundled case. */
  readonly reports: Readonly<Record<"sample" | "case", Report>>;
  readonly fleet: FleetReport;
  /** An empty folder. */
  readonly folder: string;
}

const MOST_OF_A_KIND = 1;

/** Makes it. The folder is the caller's to remove. */
export async function makeWorld(): Promise<World> {
  const analysis = library.startAnalysis({ now: NOW, timeZone: "Europe/Berlin" });
  const perKind = new Map<string, KernelEvent[]>();
  const keep = (event: KernelEvent): void => {
    const same = perKind.get(event.kind) ?? [];
    perKind.set(event.kind, same);
    if (same.length < MOST_OF_A_KIND) same.push(event);
  };
  for (const event of otherEvents(EvidenceParser)) keep(event);
  const reading = library.streamEvidence([BUNDLED], {
    timeZone: "Europe/Berlin",
    signal: new AbortController().signal,
  });
  let step = await reading.next();
  for (; step.done !== true; step = await reading.next())
    for (const event of step.value.events) {
      keep(event);
      analysis.add(event);
    }
  for (const summary of step.value) analysis.addEvidence(summary);
  const place = { evidence: "journal.txt", line: 9, byteOffset: 900 };
  return {
    events: [...perKind.values()].flat(),
    evidence: shortened(step.value.slice(0, 3)),
    reports: {
      sample: {
        ...sampleReport,
        suspicious: [{ ...place, text: "evil[9]: Detected Hardware Unit Hang" }],
      },
      case: shortened(analysis.finish()),
    },
    fleet: shortened(await fleetReport()),
    folder: mkdtempSync(join(tmpdir(), "hangproof-output-")),
  };
}

export const removeWorld = ({ folder }: World): void => rmSync(folder, { recursive: true, force: true });

/** Six hosts, half of which were changed. */
function fleetReport(): Promise<FleetReport> {
  return withFolder((folder) =>
    withLake(join(folder, "lake"), async (lake) => {
      for (const host of ["web1", "web2", "web3", "web4", "web5", "web6"]) {
        const isChanged = host > "web3";
        const days = [1, 2, 3, 4, 5, 6].map((day) =>
          dayOf(host, day, day < 4 || !isChanged ? [2, 9, 17] : [], isChanged && day >= 4),
        );
        await take(lake, file(`/logs/${host}/kern.log`, days.join("")));
      }
      return library.reportLake(lake, { now: NOW });
    }),
  );
}

const MOST_OF_A_LIST = 4;

/** The same with the first few of every list: what is said of the fifth is said of the fourth. */
function shortened<Value>(value: Value): Value {
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.slice(0, MOST_OF_A_LIST).map(walk);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, part]) => [key, walk(part)]));
  };
  return walk(value) as Value;
}
